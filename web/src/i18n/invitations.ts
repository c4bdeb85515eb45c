/** What is said of invitations: into a stage, and to this server. */

import { plural } from "./plural";

export const invitations = {
  stage: {
    title: "Invitations",
    hint: "Whoever comes by one stays, when it is called back too.",
    none: "Nobody is invited at the moment.",
    username: "For whom",
    usernameHint: "A username, who is told at once. Empty makes a link for whoever has it.",
    make: "Invite",
    made: (name: string) => `${name} is invited`,
    link: "Link into the stage",
    anybody: "Whoever has the link",
    by: (name: string) => `by ${name}`,
  },
  server: {
    title: "Invitations to this server",
    hint: {
      open: "Everybody can make an account here. Invitations count where the server is started with --registration invite.",
      invite: "Whoever has such a link can make an account here.",
      closed: "Nobody can make an account here, invited or not: the server was started with --registration closed.",
    },
    none: "No invitation is open.",
    make: "Make a link",
    link: "Link that makes an account",
    by: (name: string | null) => (name ? `by ${name}` : "by the command line"),
    onlyAdmins: "Only administrators invite to this server.",
  },
  lives: "Good for",
  lifetimes: { hour: "An hour", day: "A day", week: "A week", month: "30 days" },
  forever: "Until called back",
  uses: "How many people",
  usesHint: "Empty: as many as come.",
  once: "This link is shown this once. Copy it now.",
  copy: "Copy",
  copied: "Copied",
  byHand: "This browser lets pages copy only if they come by https: copy it from the field.",
  used: (uses: number, most: number | null | undefined) =>
    most == null ? `${plural(uses, "person", "people")} came` : `${uses} of ${most} came`,
  until: (when: string) => `until ${when}`,
  over: "lets nobody in any more",
  revoke: "Call back",
  revokeOf: (what: string) => `Call back the invitation: ${what}`,
  revoked: "Called back",
} as const;
