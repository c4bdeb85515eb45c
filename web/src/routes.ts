/**
 * Where this page is and how it goes elsewhere, also for what is no component. The router says so once it stands; links are
 * plain `<a href>`, which it follows without a reload.
 */

import { type Location, type Navigator, useLocation, useNavigate } from "@solidjs/router";

let here: Location | null = null;
let go: Navigator | null = null;

/** To be called within the router, once. */
export function followRouter(): void {
  here = useLocation();
  go = useNavigate();
}

export const path = (): string => here?.pathname ?? location.pathname;
export const query = (): URLSearchParams => new URLSearchParams(here?.search ?? location.search);

/** The screen and the address change a moment later. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  go?.(to, options);
}

/** A place on this site that an address asks to go to, or the lobby. */
export function placeWithin(to: string | null): string {
  const lobby = "/";
  if (!to) return lobby;
  try {
    const place = new URL(to, location.origin);
    return place.origin === location.origin ? place.pathname + place.search : lobby;
  } catch {
    return lobby;
  }
}

/** What a part of a path says; null for what stands for no text, such as `%E0%A4%A`. */
export function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
