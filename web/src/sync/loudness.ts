/** All songs about as loud as each other. */

/** Where most streaming services play; leaves headroom for what is mastered quietly. */
const TARGET_LUFS = -16;
/** Quiet songs are raised by at most this, and never so far that their peaks clip. */
const BOOST_MAX_DB = 6;

/** Linear gain for a song of the measured loudness; `peak` is its largest sample, null if unknown. */
export function loudnessGain(lufs: number | null, peak: number | null): number {
  if (lufs === null || !Number.isFinite(lufs)) return 1;
  const wanted = 10 ** (Math.min(TARGET_LUFS - lufs, BOOST_MAX_DB) / 20);
  const room = peak === null ? 1 : 1 / Math.max(peak, 1e-3);
  return wanted <= 1 ? wanted : Math.max(1, Math.min(wanted, room));
}
