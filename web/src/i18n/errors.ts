/** What is said of what went wrong. */

import type { FailureCode } from "../net/client";
import type { ErrorCode } from "../protocol";
import { plural } from "./plural";

export const errors = {
  codes: {
    offline: "The server can’t be reached. Check the connection and try again.",
    bad_credentials: "Username or password is wrong.",
    wrong_password: "It is not your password.",
    username_taken: "This username is taken.",
    email_taken: "There is an account with this email already.",
    invite_required: "The invitation is used up, or too old. Ask for another one.",
    registration_closed: "Whoever runs this server makes the accounts.",
    rate_limited: "That was a little fast. Wait a moment and try again.",
    unauthenticated: "Sign in first.",
    not_joined: "You are not in this stage any more.",
    conflict: "Somebody else was faster. Look again, and try once more if it is still needed.",
    internal: "Something broke on the server. Whoever runs it finds it in its log.",
    busy: "The server is busy. Try again in a moment.",
    storage_full: "The server’s disk is full. Nothing was saved.",
    storage_unavailable: "The server can’t save at the moment. Try again.",
    stage_unreachable: "The stage does not answer. Try again.",
    too_long: "This is too long.",
  } satisfies { [code in FailureCode | ErrorCode]?: string },
  rateLimitedFor: (seconds: number) => `That was a little fast. Wait ${plural(seconds, "second", "seconds")} and try again.`,
  noAnswer: "The server does not answer at the moment. Try again soon.",
  isYou: "That is you.",
  other: "That did not work. Try again.",
  noPart: "This part of the page did not come. Try again; if it stays so, load the page anew.",
  notFoundTitle: "Nothing here",
  notFound: "This page does not exist.",
} as const;
