/** What somebody wanted who was not signed in: it waits until they are. */

import { navigate } from "../routes";
import { preferences } from "./preferences";

let wish: (() => Promise<unknown>) | null = null;

/** Asks to sign in, and goes on to `to` after it; what is to be done there as well is `then`. */
export function signInFirst(to: string, then?: () => Promise<unknown>): void {
  navigate(`/sign-in?${preferences.known() ? "" : "new&"}then=${encodeURIComponent(to)}`);
  wish = then ?? null;
}

/** Does what was wanted, once. */
export async function fulfil(): Promise<void> {
  const wanted = wish;
  wish = null;
  await wanted?.();
}

/** Nothing is wanted any more. */
export function forgetWish(): void {
  wish = null;
}
