/** Delays between attempts to reconnect, in milliseconds. */

const FIRST_MS = 500;
const MOST_MS = 20_000;
/** After a restart of the server everybody comes back: spread over this long. */
const RESTART_MS = 2_000;

export type Closing = { retry: false; why: "signed-out" | "refused" } | { retry: true; atMostMs: number };

/** What a close code means for coming back; `attempt` counts failures in a row from 0. */
export function afterClose(code: number, attempt: number): Closing {
  switch (code) {
    case 4401:
    case 4409:
      return { retry: false, why: "signed-out" };
    case 4400:
      return { retry: false, why: "refused" };
    case 1012:
      return { retry: true, atMostMs: Math.max(RESTART_MS, exponential(attempt)) };
    case 1008:
    case 1013:
      return { retry: true, atMostMs: MOST_MS };
    default:
      return { retry: true, atMostMs: exponential(attempt) };
  }
}

/** Full jitter: anywhere from nothing to the bound, so that many clients never come back in step. */
export function jittered(atMostMs: number, random: () => number = Math.random): number {
  return random() * atMostMs;
}

function exponential(attempt: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
}
