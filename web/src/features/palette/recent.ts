/** Where somebody went by the palette lately, kept on this device for who is signed in and for nobody else. */

export interface Place {
  readonly name: string;
  readonly more: string;
  readonly href: string;
}

/** As many as are seen without scrolling on a phone. */
const KEPT = 5;
const NAME = "octave.palette";

type Kept = { user: number; places: Place[] };

/** The latest first. */
export function recent(user: number, store: Pick<Storage, "getItem"> = localStorage): readonly Place[] {
  try {
    const kept = JSON.parse(store.getItem(NAME) ?? "null") as Kept | null;
    return kept?.user === user ? kept.places : [];
  } catch {
    return [];
  }
}

export function remember(user: number, place: Place, store: Pick<Storage, "getItem" | "setItem"> = localStorage): void {
  const others = recent(user, store).filter(({ href }) => href !== place.href);
  const kept: Kept = { user, places: [place, ...others].slice(0, KEPT) };
  try {
    store.setItem(NAME, JSON.stringify(kept));
  } catch {
    // Where nothing may be kept, nothing is.
  }
}
