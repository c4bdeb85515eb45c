/**
 * What the bridge and the clock of now make of what pages were told in runs of before: `tests/sync/run replay PATH…`, of files
 * that `--notes` has written or folders of them. A change of either is judged by that first: one run of the rig is a few pages.
 * Not for `step`, which moves the sound behind the page's back; of an asymmetric path the clocks show the ten milliseconds.
 *
 * A recording says how far apart two listeners sounded, their notes which frame each believed to be heard. So the
 * difference of their bridges' errors is known, and with it that of any other bridge that is given the same readings.
 * Some are left out at random, in several rounds: what hangs on one reading would be chance.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Bridge } from "../../../web/src/sync/output/bridge";
import { ClockEstimator } from "../../../web/src/sync/clock/clock";
import { seeded } from "../../../web/src/sync/testing/network";

const ROUNDS = 3;
const LEFT_OUT = 0.12;
/** Pairs are told apart by the age of the younger page, in seconds. */
const AGES = [8, 20, Infinity];
/** Probes of the first bursts; see `prober.ts`. */
const BURSTS = [8, 8, 8, ...Array<number>(10).fill(4)];
/** Beyond this a loss of sound or a jump of the song lies between two views. */
const NONSENSE_MS = 60;

interface View {
  at: number;
  page: number;
  stamp: [number, number];
  rendered: number;
  heard: number;
  song: number | null;
  offset: number | null;
}
interface Listener {
  seat: number;
  block?: number;
  views: View[];
  probes?: [number, number, number, number][];
}
interface Notes {
  points: { at: number; a: number; b: number; ms: number; sharp: boolean; recording?: number }[];
  recordings: { clock: [[number, number], [number, number]] }[];
  listeners: Listener[];
}
/** A place between two views of a listener. */
interface Place {
  listener: Listener;
  index: number;
  share: number;
}

const bridges = { before: AGES.map((): number[] => []), now: AGES.map((): number[] => []) };
const clocks = { before: [] as number[], now: [] as number[] };
for (const path of process.argv.slice(2)) {
  const files = path.endsWith(".json") ? [path] : readdirSync(path).map((file) => join(path, file));
  for (const file of files) replay(JSON.parse(readFileSync(file, "utf8")) as Notes);
}
console.log("difference between two listeners, ms: p50 / p90 / p99 / greatest");
AGES.forEach((age, i) => {
  const name = `bridges, ${age === Infinity ? "later" : `to the younger page's ${age}th second`}`;
  console.log(`${name}: then ${figures(bridges.before[i] ?? [])}, now ${figures(bridges.now[i] ?? [])}`);
});
console.log(`clocks: then ${figures(clocks.before)}, now ${figures(clocks.now)}`);

function replay(notes: Notes): void {
  const offsets = new Map(notes.listeners.map((l) => [l, l.probes ? offsetsOf(l) : undefined]));
  const pairs = notes.points.flatMap((p) => {
    const clock = notes.recordings[p.recording ?? 0]?.clock;
    if (!clock || !p.sharp) return [];
    const [[at, second], [atLater, secondLater]] = clock;
    const time = at + ((p.at - second) * (atLater - at)) / (secondLater - second);
    const [a, b] = [placeAt(notes, p.a, time), placeAt(notes, p.b, time)];
    return a && b ? [{ a, b, ms: p.ms, age: Math.min(ageOf(a), ageOf(b)) / 1e3 }] : [];
  });
  for (let round = 0; round < ROUNDS; round++) {
    const heard = new Map(notes.listeners.map((l) => [l, heardOf(l, round)]));
    for (const { a, b, ms, age } of pairs) {
      const then = between(a, (v) => v.song) - between(b, (v) => v.song) - ms;
      const moved = (p: Place) => between(p, (v, i) => (heard.get(p.listener)?.[i] ?? NaN) - v.heard);
      const now = then + moved(a) - moved(b);
      if (!(Math.abs(then) < NONSENSE_MS) || Number.isNaN(now)) continue;
      const i = AGES.findIndex((most) => age < most);
      bridges.before[i]?.push(then);
      bridges.now[i]?.push(now);
    }
  }
  for (const { a, b } of pairs) {
    const then = (p: Place) => between(p, (v) => (v.offset === null ? null : v.page + v.offset - v.at));
    const now = (p: Place) => between(p, (_, i) => offsets.get(p.listener)?.[i] ?? null);
    const [before, after] = [then(a) - then(b), now(a) - now(b)];
    if (Number.isNaN(before) || Number.isNaN(after)) continue;
    clocks.before.push(before);
    clocks.now.push(after);
  }
}

/** The context time that a bridge of now believes to be heard at each view, in milliseconds. */
function heardOf({ views, block = 0 }: Listener, round: number): number[] {
  const random = seeded(round + 1);
  const bridge = new Bridge(block * 1e3);
  return views.map(({ page, stamp, rendered }) => {
    if (round === 0 || random() > LEFT_OUT) bridge.timestamp(stamp[0] * 1e3, stamp[1] * 1e3, rendered * 1e3);
    return (bridge.toContext(page * 1e3, page * 1e3) ?? NaN) / 1e3;
  });
}

/** How far a clock of now is ahead of true time at each view, in milliseconds; undefined before its first burst. */
function offsetsOf({ views, probes = [] }: Listener): (number | undefined)[] {
  const clock = new ClockEstimator();
  const left = [...probes];
  let bursts = 0;
  return views.map(({ page, at }) => {
    const size = BURSTS[bursts] ?? 8;
    const last = left[size - 1];
    if (last && last[3] < page) {
      clock.burst(left.splice(0, size).map(([t0, t1, t2, t3]) => ({ t0: t0 * 1e3, t1, t2, t3: t3 * 1e3 })));
      bursts += 1;
    }
    return clock.ready ? clock.toServer(page * 1e3) / 1e3 - at : undefined;
  });
}

function placeAt({ listeners }: Notes, seat: number, time: number): Place | undefined {
  for (const listener of listeners) {
    const index = listener.views.findLastIndex((v) => v.at <= time);
    const [before, after] = [listener.views[index], listener.views[index + 1]];
    if (listener.seat === seat && before && after) return { listener, index, share: (time - before.at) / (after.at - before.at) };
  }
  return undefined;
}

function ageOf({ listener, index }: Place): number {
  return (listener.views[index]?.at ?? 0) - (listener.views[0]?.at ?? 0);
}

function between({ listener, index, share }: Place, of: (view: View, index: number) => number | null): number {
  const [before, after] = [index, index + 1].map((i) => {
    const view = listener.views[i];
    return (view && of(view, i)) ?? NaN;
  }) as [number, number];
  return before + (after - before) * share;
}

function figures(values: readonly number[]): string {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  const at = (q: number) => (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN).toFixed(2);
  return `${at(0.5)} / ${at(0.9)} / ${at(0.99)} / ${at(1)} (${sorted.length})`;
}
