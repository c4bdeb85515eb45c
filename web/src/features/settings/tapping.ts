/** How late sound is, by how somebody taps along to clicks. Milliseconds of page time. */

import { median } from "../../sync/clock/clock";

/** From one click to the next: a pace that most people keep well. */
export const CLICK_EVERY_MS = 800;
/** A tap belongs to the click that it follows by at most this, or comes before by the rest of the pace. */
const LATEST_MS = 600;
/** The first taps find the beat. */
const FINDING = 3;
/** Taps that count, before there is a result. */
export const TAPS_NEEDED = 8;

export interface Lateness {
  ms: number;
  /** Median distance of the taps from it. */
  spreadMs: number;
}

/** The lateness that the taps show; null while they are too few. */
export function lateness(clicks: readonly number[], taps: readonly number[]): Lateness | null {
  const late = taps.slice(FINDING).flatMap((tap) => {
    const click = clicks.findLast((at) => at <= tap + CLICK_EVERY_MS - LATEST_MS);
    return click === undefined || tap - click > LATEST_MS ? [] : [tap - click];
  });
  if (late.length < TAPS_NEEDED) return null;
  const ms = median(late);
  return { ms, spreadMs: median(late.map((one) => Math.abs(one - ms))) };
}
