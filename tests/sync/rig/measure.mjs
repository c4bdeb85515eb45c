/** From a recording to figures. Times are seconds of the recording, differences milliseconds. */

import { RATE } from "./pulse.mjs";
import { delayBetween, quantile, rms } from "./signal.mjs";

/** Quieter than this is silence. */
const SILENT = 1e-3;
const WINDOW_S = 0.5;
/** Differences are looked for this far. */
const REACH_MS = 180;
/** A peak that stands out less is no match: another song, or a cross-fade within the window. */
const SHARP = 12;

/** When each channel first sounds from `from` on; undefined if it does not before `to`. */
export function firstSound(channels, from, to) {
  return channels.map((x) => {
    for (let i = Math.round(from * RATE); i < Math.min(x.length, to * RATE); i++) {
      if (Math.abs(x[i]) > SILENT) return i / RATE;
    }
    return undefined;
  });
}

/**
 * Pairwise differences in windows over [from, to): `{ at, a, b, ms }`, `b` being `ms` later than `a`, and which recording it
 * is. A window in which one of the two is silent has no `ms` but `silent`, so that who plays nothing is not left out.
 */
export function differences(channels, from, to, seats) {
  const found = [];
  const length = Math.round(WINDOW_S * RATE);
  for (let at = from; at + WINDOW_S < to; at += WINDOW_S) {
    const begin = Math.round(at * RATE);
    for (const [i, a] of seats.entries()) {
      for (const b of seats.slice(i + 1)) {
        const window = { at: at + WINDOW_S / 2, a, b, recording: channels.recording };
        if ([a, b].some((s) => rms(channels[s], begin, begin + length) < SILENT)) {
          found.push({ ...window, silent: true });
          continue;
        }
        const { frames, sharpness } = delayBetween(channels[a], channels[b], begin, length, (REACH_MS * RATE) / 1000);
        found.push({ ...window, ms: (frames / RATE) * 1000, sharp: sharpness > SHARP });
      }
    }
  }
  return found;
}

/** Those in which both sound. */
export const heard = (found) => found.filter((d) => !d.silent);

export function summary(found) {
  const sizes = heard(found).map((d) => Math.abs(d.ms));
  const figure = (q) => Math.round(quantile(sizes, q) * 100) / 100;
  return {
    windows: found.length,
    p50: figure(0.5),
    p90: figure(0.9),
    p99: figure(0.99),
    max: Math.round(Math.max(0, ...sizes) * 100) / 100,
    silent: found.filter((d) => d.silent).length,
    unmatched: heard(found).filter((d) => !d.sharp).length,
  };
}

/** Whether a row's figures keep its target, and no more of its windows are silent than `silentAtMost` (none). */
export function meets({ target, p50, p99, silent = 0, silentAtMost = 0 }) {
  return !target || (p50 <= target[0] && p99 <= target[1] && silent <= silentAtMost);
}

/** Stretches of silence of at least `leastMs` within [from, to), as `{ at, ms }`. */
export function gaps(x, from, to, leastMs) {
  const found = [];
  let quiet = 0;
  for (let i = Math.round(from * RATE); i < to * RATE; i++) {
    if (Math.abs(x[i]) < 1e-4) quiet += 1;
    else {
      if ((quiet * 1000) / RATE >= leastMs) found.push({ at: i / RATE, ms: (quiet * 1000) / RATE });
      quiet = 0;
    }
  }
  return found;
}

/** Where in `x`, near `about` (seconds), the stretch `reference` [from, from + length) begins, in seconds. */
export function placeOf(x, about, reference, from, length) {
  const part = reference.subarray(Math.round(from * RATE), Math.round((from + length) * RATE));
  const begin = Math.round(about * RATE);
  const stretch = x.subarray(begin, begin + part.length);
  const { frames, sharpness } = delayBetween(part, stretch, 0, part.length, Math.round(0.4 * part.length));
  return { at: (begin + frames) / RATE, sharp: sharpness > SHARP };
}
