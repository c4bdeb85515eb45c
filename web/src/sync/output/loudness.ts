/** All songs about as loud as each other. */

/** Where most streaming services play; leaves headroom for what is mastered quietly. */
const TARGET_LUFS = -16;

/** Linear gain for a song of the measured loudness: louder ones are turned down. To turn up could clip: peaks are not known. */
export function loudnessGain(lufs: number | null): number {
  if (lufs === null || !Number.isFinite(lufs)) return 1;
  return Math.min(1, 10 ** ((TARGET_LUFS - lufs) / 20));
}
