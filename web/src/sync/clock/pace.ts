/** How often the server is asked: as the noise of the path asks for, which the clock's own doubt tells. */

/** A burst: from one probe to the next, and from the last one's answer to the next burst, in milliseconds. */
export interface Pace {
  readonly probes: number;
  readonly paceMs: number;
  readonly pauseMs: number;
}

/** Usable after a fifth of a second, good after one. */
const JOIN: Pace = { probes: 8, paceMs: 20, pauseMs: 20 };
const JOIN_BURSTS = 5;

/** Until so long after the beginning: what is asked where the clock's standard deviation is above `noisyUs`, and else. */
interface Stage {
  readonly untilMs: number;
  readonly noisyUs: number;
  readonly noisy: Pace;
  readonly calm: Pace;
}

const DENSE: Pace = { probes: 8, paceMs: 125, pauseMs: 125 };
const LEARNING: Pace = { probes: 8, paceMs: 20, pauseMs: 3_000 };
const SPARSE: Pace = { probes: 8, paceMs: 20, pauseMs: 10_000 };
const STEADY: Pace = { probes: 10, paceMs: 100, pauseMs: 100 };

/** The drift takes a minute to learn. Never more than 25 a second after the join: a server allows 50 frames. */
const STAGES: readonly Stage[] = [
  { untilMs: 6_000, noisyUs: 220, noisy: { probes: 8, paceMs: 40, pauseMs: 40 }, calm: DENSE },
  { untilMs: 10_000, noisyUs: 410, noisy: { probes: 10, paceMs: 60, pauseMs: 60 }, calm: DENSE },
  { untilMs: 60_000, noisyUs: 600, noisy: STEADY, calm: LEARNING },
  { untilMs: Infinity, noisyUs: 600, noisy: STEADY, calm: SPARSE },
];
/** In the long run a path that is neither calm nor noisy is asked as while learning. */
const UNCALM_US = 260;
/** Whether an odd burst was one of a kind is asked soon. */
const DOUBT_MS = 500;

/** The burst after `bursts` others, `sinceMs` after the first; `doubted` tells that the one before was not believed. */
export function paceOf(bursts: number, sinceMs: number, sdUs: number, doubted: boolean): Pace {
  if (bursts < JOIN_BURSTS) return JOIN;
  const stage = STAGES.find((s) => sinceMs < s.untilMs) ?? STAGES[STAGES.length - 1];
  if (!stage) return SPARSE;
  const quiet = stage.calm === SPARSE && sdUs > UNCALM_US ? LEARNING : stage.calm;
  const pace = sdUs > stage.noisyUs ? stage.noisy : quiet;
  return doubted ? { ...pace, pauseMs: Math.min(pace.pauseMs, DOUBT_MS) } : pace;
}
