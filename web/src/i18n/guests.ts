/** What is said of guests: at their door, to who lets them in, and of how they stay. */

import { plural } from "./plural";

export const guests = {
  door: {
    lead: (names: readonly string[], listeners: number) => {
      const others = listeners - names.length;
      const who = others > 0 ? [...names, plural(others, "other", "others")] : names;
      return listeners === 0 ? "" : `${new Intl.ListFormat("en").format(who)} ${listeners === 1 ? "is" : "are"}`;
    },
    hears: (who: string, title: string, artist: string) => `${who} hearing ${title} by ${artist}`,
    there: (who: string) => `${who} there`,
    alone: "Nobody is there yet. Be the first.",
    name: "Your name",
    nameHint: "So that the others know who listens. No account, no password.",
    listen: "Listen",
    account: "I have an account",
    known: (name: string) => `You are signed in as ${name}.`,
    enter: "Go in",
    gone: "This link lets nobody in any more",
    goneHint: "Ask whoever has sent it for a new one.",
  },
  sheet: {
    title: "Let guests in",
    hint: "Whoever has the link comes in with a name and no account, and stays in this stage.",
    rights: "Guests may",
    right: { chat: "Chat and react", add: "Add songs", vote: "Vote and suggest songs" },
    people: "For how many people",
    peopleHint: "Empty for as many as come.",
    make: "Make a link",
    link: "Link for guests",
    code: "The link as a picture to be scanned",
    links: "Links for guests",
    none: "No link lets anybody in at the moment.",
    stage: "In this stage",
    off: "Let no guests in",
    offDone: "No guests are let in, and those who were here are gone.",
    on: "Let guests in again",
    onDone: "Guests may come in by links again.",
    home: "Send all guests home",
    homeSure: "Every guest has to come in anew, by a link that is still good. Call links back to keep them out.",
    homeDone: "All guests are gone.",
    may: (rights: string) => `may ${rights}`,
    words: { listen: "listen", chat: "chat", add: "add songs", vote: "vote" },
  },
  keep: {
    title: "Keep your name",
    why: "With an account you keep what you have said and added, and can open stages, upload music and find friends.",
    submit: "Create account",
    done: "You have an account now. Welcome!",
    already: "You have an account.",
    back: "Back to the stage",
  },
} as const;
