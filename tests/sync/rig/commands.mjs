/** How long commands take to the loudspeaker, and whether all listeners follow at one instant. */

import { RATE } from "./pulse.mjs";
import { gather, sleep } from "./room.mjs";
import { noiseWav, quantile, withSilence } from "./signal.mjs";

/** The songs are silent here, so that a seek and a skip show as edges as plainly as play and pause do. */
const SILENT = [
  [0, 1.5],
  [20, 30],
];
const [SILENT_US, LOUD_US] = [22e6, 5e6];
const ROUNDS = 5;

/** What is done in a round: for how long, and what all loudspeakers do on the instant. */
const STEPS = [
  { name: "play", frame: { action: "play" }, ms: 2_000, edge: "begins" },
  { name: "seek", frame: { action: "seek", position_us: SILENT_US }, ms: 1_300, edge: "ends" },
  { name: "seek", frame: { action: "seek", position_us: LOUD_US }, ms: 2_000, edge: "begins" },
  { name: "skip", frame: { action: "skip" }, ms: 1_300, edge: "ends" },
  { name: "", frame: { action: "seek", position_us: LOUD_US }, ms: 2_000 },
  { name: "pause", frame: { action: "pause" }, ms: 1_300, edge: "ends" },
];

export const commands = {
  name: "commands",
  async run(rig) {
    const songs = [];
    songs.push(rig.songs[0]);
    for (let i = 0; i <= ROUNDS; i++) songs.push(await rig.song(`Stretches ${i}`, withSilence(noiseWav(40, 20 + i), SILENT)));
    const room = await gather(rig, ["lan", "lan", "lan"], songs);
    const recording = await rig.recording(async (mark) => {
      // The first play of a stage may find nothing loaded.
      mark({ name: "first play of a stage", edge: "begins", ms: 4_000 });
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(4_000);
      await room.listeners[0].ask({ type: "control", action: "skip" });
      await sleep(2_000);
      await room.listeners[0].ask({ type: "control", action: "pause" });
      await sleep(1_300);
      for (let n = 0; n < ROUNDS; n++) {
        for (const step of STEPS) {
          if (step.name) mark(step);
          await room.listeners[n % 3].ask({ type: "control", ...step.frame });
          await sleep(step.ms);
        }
      }
    });
    await room.leave();
    const found = new Map();
    for (const { at, what } of recording.marks) {
      const { name } = what;
      const edges = recording.channels.slice(0, 3).map((x) => edgeOf(x, at, what));
      const of = found.get(name) ?? { delays: [], spreads: [], missing: 0 };
      found.set(name, of);
      if (edges.includes(undefined)) of.missing += 1;
      else {
        of.delays.push(...edges.map((e) => (e - at) * 1000));
        of.spreads.push((Math.max(...edges) - Math.min(...edges)) * 1000);
        if (of.spreads.at(-1) > 20) console.log(`    ${name} at ${at.toFixed(2)}: ${edges.map((e) => Math.round((e - at) * 1000))} ms`);
      }
    }
    const rows = [...found].map(([name, { delays, spreads, missing }]) => {
      const ms = (q) => Math.round(quantile(delays, q));
      return {
        name: `${name}: from the command to the loudspeaker`,
        // An edge that is missing is a target missed.
        target: missing ? [-1, -1] : [400, 400],
        load: recording.load,
        windows: delays.length,
        p50: ms(0.5),
        p90: ms(0.9),
        p99: ms(0.99),
        max: ms(1),
        note: `listeners within ${quantile(spreads, 0.5).toFixed(1)} ms of each other at the median, ${Math.max(...spreads).toFixed(1)} at most${missing ? `; ${missing} edges missing` : ""}`,
      };
    });
    return { rows, points: [] };
  },
};

const LOUD = 1e-2;

/** When channel `x` begins or ends to sound after a mark at `at`, in seconds; undefined if it doesn't before the next step. */
function edgeOf(x, at, { edge, ms }) {
  const [from, to] = [Math.round(at * RATE), Math.min(x.length, Math.round((at + ms / 1000 - 0.1) * RATE))];
  if (edge === "begins") {
    for (let i = from; i < to; i++) if (Math.abs(x[i]) > LOUD) return i / RATE;
    return undefined;
  }
  for (let i = to - 1; i >= from; i--) if (Math.abs(x[i]) > LOUD) return i < to - 1 ? i / RATE : undefined;
  return undefined;
}
