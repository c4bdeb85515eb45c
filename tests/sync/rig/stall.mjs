/**
 * A machine that stands still now and then, as a virtual one does whose host is busy: every processor is taken away for a
 * tenth of a second or two, in all browsers and the sound server at once. Sound is lost; what counts is how soon all are
 * together again.
 */

import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { endWithUs } from "./children.mjs";
import { bareRoom, fromFirst, holesNote, holesOf } from "./control.mjs";
import { differences, summary } from "./measure.mjs";
import { seeded } from "./relay.mjs";
import { gather, sleep } from "./room.mjs";

/** `stalls`: from one to the next, and how long it lasts, in milliseconds; nothing is lost below some 90. */
const PAUSE_MS = [4_000, 7_000];
const STALL_MS = [60, 240];
/** `steal`: each processor by itself is given and taken for times around these means, for this long from the middle on. */
const [GIVEN_MS, TAKEN_MS, LONGEST_MS] = [60, 40, 250];
const STEAL_MS = 15_000;
const SEED = Number(process.env.RIG_SEED ?? 5);
const [SETTLE_MS, BEFORE_MS] = [6_000, 2_000];
/** So long after a stall all should be together again, in seconds. */
const RECOVERED_S = 1.5;

/** For each processor, when it is taken away: `[from, for]` in milliseconds. */
const PLANS = {
  /** All together, now and then. */
  stalls(ms) {
    const random = seeded(SEED);
    const between = ([least, most]) => Math.round(least + (most - least) * random());
    const stalls = [];
    for (let at = between(PAUSE_MS); at < ms - PAUSE_MS[0]; at += between(PAUSE_MS)) stalls.push([at, between(STALL_MS)]);
    return cpus().map(() => stalls);
  },
  /** Each by itself, much of the time for a while. */
  steal(ms) {
    const random = seeded(SEED);
    const around = (mean) => Math.ceil(-mean * Math.log(1 - random()));
    return cpus().map(() => {
      const stalls = [];
      for (let at = (ms - STEAL_MS) / 2; at < (ms + STEAL_MS) / 2; ) {
        const taken = Math.min(LONGEST_MS, around(TAKEN_MS));
        stalls.push([at, taken]);
        at += taken + around(GIVEN_MS);
      }
      return stalls;
    });
  },
};

/** One process on each processor, above all others, that burns at these times after `origin` (milliseconds since the epoch). */
function stallers(origin, plan) {
  const burn = `
    const [origin, stalls] = JSON.parse(process.argv[1]);
    for (const [from, ms] of stalls) setTimeout(() => { while (Date.now() < origin + from + ms); }, Math.max(0, origin + from - Date.now()));`;
  return plan.map((stalls, i) => {
    const child = spawn("chrt", ["-f", "50", "taskset", "-c", String(i), process.execPath, "-e", burn, JSON.stringify([origin, stalls])], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    endWithUs(child);
    return child;
  });
}

/** Play of `seconds` on a machine of that kind; `start` begins it. */
async function disturbed(rig, kind, seats, seconds, start) {
  const plan = PLANS[kind](seconds * 1_000);
  let failed = false;
  // To start them takes the processors away too: that is over when the music begins.
  const origin = Date.now() + SETTLE_MS;
  const burners = stallers(origin, plan);
  for (const b of burners) b.once("exit", (code) => (failed ||= code !== null && code !== 0));
  await sleep(SETTLE_MS - BEFORE_MS);
  const recording = await rig.recording(async (mark) => {
    await start();
    mark("start");
    mark("origin", origin - performance.timeOrigin);
    await sleep(BEFORE_MS + seconds * 1_000);
    for (const b of burners) b.kill("SIGKILL");
  });
  if (failed) throw new Error("stalls need chrt, taskset and the right to use real-time priorities");
  const [begun, zero] = recording.marks.map((m) => m.at);
  const [from, to] = [begun + 2, recording.seconds - 0.2];
  const found = differences(recording.channels, from, to, seats);
  const holes = holesOf(recording.channels.slice(0, seats.length), from, to);
  // Of single stalls each has its end, of a time of many there is one.
  const spans = plan.flat().map(([at, ms]) => [zero + at / 1_000, zero + (at + ms) / 1_000]);
  const disturbances = kind === "steal" ? [[Math.min(...spans.map((x) => x[0])), Math.max(...spans.map((x) => x[1]))]] : spans;
  const during = found.filter((d) => disturbances.some(([a, b]) => d.at + 0.25 > a && d.at - 0.25 < b + RECOVERED_S));
  return { found, during, after: found.filter((d) => !during.includes(d)), load: recording.load, note: holesNote(holes, seats.length, to - from) };
}

const ABOUT = {
  stalls: "a machine that stands still now and then",
  steal: "a machine whose processors are taken away much of the time for a while",
};

export function hindered(kind, seconds) {
  return {
    name: `${ABOUT[kind]}, ${seconds} s`,
    async run(rig) {
      const room = await gather(rig, ["loopback", "loopback", "loopback"], [await rig.longSong(seconds + 20)]);
      const start = () => room.listeners[0].ask({ type: "control", action: "play" });
      const { found, during, after, load, note } = await disturbed(rig, kind, [0, 1, 2], seconds, start);
      await room.leave();
      return {
        rows: [
          { name: `meanwhile, and ${RECOVERED_S} s after`, load, ...summary(during), note },
          { name: "otherwise", target: [0.5, 2], load, ...summary(after) },
        ],
        points: found,
      };
    },
  };
}

/** The same without a player: nothing was aligned, so what counts is how far each pair leaves its first difference. */
export function bareHindered(kind, seconds) {
  return {
    name: `${ABOUT[kind]}, ${seconds} s, no player`,
    async run(rig) {
      const { pages, start } = await bareRoom(rig, seconds + 20);
      const { found, load, note } = await disturbed(rig, kind, [0, 1, 2], seconds, start);
      await Promise.all(pages.map((p) => p.leave()));
      const points = fromFirst(found);
      return { rows: [{ name: "bare play: how far a pair leaves its first difference", load, ...summary(points), note }], points };
    },
  };
}
