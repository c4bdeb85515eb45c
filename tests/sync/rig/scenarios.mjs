/** What is tried. Each gives rows of figures `{ name, target, ...summary }` and, where it shows something, points to plot. */

import { bare, bareJoins } from "./control.mjs";
import { commands } from "./commands.mjs";
import { differences, firstSound, gaps, heard, placeOf, summary } from "./measure.mjs";
import { crossfade, interrupted } from "./overlap.mjs";
import { overload } from "./overload.mjs";
import { page } from "./page.mjs";
import { bareHindered, hindered } from "./stall.mjs";
import { gather, sleep } from "./room.mjs";
import { channelsOf, noiseWav, quantile } from "./signal.mjs";

const seatsOf = (listeners) => listeners.map((l) => l.seat);

/** `count` starts by play, skip and seek in turn, `each` seconds of play after each. */
async function playStarts({ listeners }, mark, count, each) {
  for (let n = 0; n < count; n++) {
    const control = { type: "control", ...(n === 0 ? { action: "play" } : n % 2 ? { action: "seek", position_us: (5 + n) * 1e6 } : { action: "skip" }) };
    mark("start");
    await listeners[n % listeners.length].ask(control);
    await sleep(each * 1_000);
  }
  mark("end");
}

/** Differences of all starts: the first second and a half apart from the rest. */
function byStart(recording, seats) {
  const { channels, marks } = recording;
  const starts = marks.filter((m) => m.what === "start").map((m) => m.at);
  const end = marks.at(-1).at;
  const rest = [];
  const early = [];
  starts.forEach((at, i) => {
    const until = starts[i + 1] ?? end;
    early.push(...differences(channels, at + 0.7, at + 2.2, seats));
    rest.push(...differences(channels, at + 2.2, until - 0.1, seats));
  });
  return { early, rest };
}

/** `early` is the target of the first 2.2 s of a start, in which players are still being put right. */
function network(name, lines, targets, starts = 5, each = 8, options = []) {
  return {
    name,
    async run(rig) {
      const room = await gather(rig, lines, [...rig.songs, ...rig.songs, ...rig.songs].slice(0, 10), { options });
      const recording = await rig.recording((mark) => playStarts(room, mark, starts, each));
      const { early, rest } = byStart(recording, seatsOf(room.listeners));
      await room.leave();
      return {
        rows: [
          { name: `${name}: 0.7 to 2.2 s after each of ${starts} starts`, target: targets.early, load: recording.load, ...summary(early) },
          { name: `${name}: from then on`, target: targets.later, load: recording.load, ...summary(rest) },
        ],
        points: [...early, ...rest],
      };
    },
  };
}

/** Two listeners on equal lines, from 5 s after the join on: what the clock makes of jitter, and nothing else. */
function steady(name, line, target, seconds = 40) {
  return {
    name,
    async run(rig) {
      const song = await rig.longSong(seconds + 20);
      const room = await gather(rig, [line, line], [song]);
      await sleep(3_000);
      const recording = await rig.recording(async (mark) => {
        mark("start");
        await room.listeners[0].ask({ type: "control", action: "play" });
        await sleep(seconds * 1_000);
      });
      const found = differences(recording.channels, recording.marks[0].at + 2, recording.seconds - 0.2, seatsOf(room.listeners));
      await room.leave();
      return { rows: [{ name: `${name}: from 5 s after the join on`, target, load: recording.load, ...summary(found) }], points: found };
    },
  };
}

/** The first play of pages that have just been opened, of ever new ones. */
const first = {
  name: "first play of a page, direct line",
  async run(rig) {
    const found = [];
    let load = 0;
    for (let n = 0; n < 5; n++) {
      const room = await gather(rig, ["direct", "direct"], rig.songs);
      const recording = await rig.recording(async (mark) => {
        mark("start");
        await room.listeners[0].ask({ type: "control", action: "play" });
        await sleep(8_000);
      });
      const from = recording.marks[0].at + 0.7;
      found.push(...differences(recording.channels, from, recording.seconds - 0.2, seatsOf(room.listeners)));
      load = Math.max(load, recording.load);
      await room.leave();
    }
    return { rows: [{ name: "from 0.7 s after each of 5 first plays on", target: [0.5, 1], load, ...summary(found) }], points: found };
  },
};

/**
 * What no two-way method sees of an asymmetric path is put right by hand: the offset is set to what was measured, in whole
 * milliseconds, as the page keeps what its tap test shows.
 */
const calibrated = {
  name: "loopback and LTE 45/25 ms, its offset set by hand",
  async run(rig) {
    const room = await gather(rig, ["loopback", "lte"], [...rig.songs, ...rig.songs, ...rig.songs].slice(0, 10));
    const [near, far] = room.listeners;
    const measured = await rig.recording((mark) => playStarts(room, mark, 2, 10));
    const before = byStart(measured, seatsOf(room.listeners)).rest;
    await near.ask({ type: "control", action: "pause" });
    const late = Math.round(quantile(heard(before).map((d) => d.ms), 0.5));
    await far.setOffset(late);
    const recording = await rig.recording((mark) => playStarts(room, mark, 5, 8));
    const { early, rest } = byStart(recording, seatsOf(room.listeners));
    await room.leave();
    const { load } = recording;
    return {
      rows: [
        { name: "LTE 45/25 ms, before", target: [12, 12], load: measured.load, ...summary(before) },
        { name: `offset set to ${late} ms: 0.7 to 2.2 s after each of 5 starts`, target: [0.5, 1.5], load, ...summary(early) },
        { name: "from then on", target: [1, 1], load, ...summary(rest) },
      ],
      points: [...early, ...rest],
    };
  },
};

function long(seconds) {
  return {
    name: `long play, ${seconds} s`,
    async run(rig) {
      const song = await rig.longSong(seconds + 20);
      const lines = ["loopback", "loopback", "loopback"];
      const options = [{ ppm: 0 }, { ppm: 100 }, { ppm: -100 }];
      const room = await gather(rig, lines, [song], { options });
      const recording = await rig.recording(async (mark) => {
        mark("start");
        await room.listeners[0].ask({ type: "control", action: "play" });
        await sleep(seconds * 1_000);
      });
      const from = recording.marks[0].at + 2;
      const found = differences(recording.channels, from, recording.seconds - 0.2, [0, 1, 2]);
      const holes = recording.channels.slice(0, 3).flatMap((x) => gaps(x, from, recording.seconds - 0.2, 3));
      await room.leave();
      return {
        rows: [{ name: `${seconds} s in one go, clocks 0, +100, −100 ppm`, target: [0.5, 2], load: recording.load, ...summary(found), note: `${holes.length} holes of 3 ms or more` }],
        points: found,
      };
    },
  };
}

const late = {
  name: "late joiner",
  async run(rig) {
    const rows = [];
    const points = [];
    const room = await gather(rig, ["loopback", "loopback"], rig.songs);
    for (let n = 0; n < 3; n++) {
      let joiner;
      const recording = await rig.recording(async (mark) => {
        if (n === 0) await room.listeners[0].ask({ type: "control", action: "play" });
        await sleep(3_000);
        mark("join");
        joiner = await rig.listener(room.stage, 2, "wan");
        await sleep(9_000);
      });
      await joiner.leave();
      const { at } = recording.marks[0];
      const first = firstSound(recording.channels, at, recording.seconds)[2];
      const found = differences(recording.channels, first, recording.seconds - 0.2, [0, 1, 2]);
      const joined = found.filter((d) => d.b === 2);
      const others = found.filter((d) => d.b !== 2);
      const { load } = recording;
      rows.push({ name: `join ${n + 1}: from 1.5 s after its first sound`, target: [5, 5], load, ...summary(joined.filter((d) => d.at > first + 1.5 && d.at < first + 5)), note: `first sound ${(first - at).toFixed(1)} s after the browser was started` });
      rows.push({ name: `join ${n + 1}: from 5 s on`, target: [1, 1], load, ...summary(joined.filter((d) => d.at > first + 5)) });
      rows.push({ name: `join ${n + 1}: the others among themselves`, target: [0.5, 2], load, ...summary(others) });
      points.push(...joined);
    }
    await room.leave();
    return { rows, points };
  },
};

/** Delays the sound, and what is told of it, by `globalThis.stepMs`: a new route, as far as the page can tell. */
const SHIM = `(() => {
  const stamp = AudioContext.prototype.getOutputTimestamp;
  let step = 0;
  AudioContext.prototype.getOutputTimestamp = function () {
    const t = stamp.call(this);
    return { contextTime: t.contextTime - step, performanceTime: t.performanceTime };
  };
  const lines = new WeakMap();
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (!(to instanceof AudioDestinationNode)) return connect.call(this, to, ...rest);
    let line = lines.get(to);
    if (!line) {
      line = new DelayNode(to.context, { delayTime: 0.01, maxDelayTime: 1 });
      connect.call(line, to);
      lines.set(to, line);
      globalThis.stepLatency = (s) => { step = s; line.delayTime.value = 0.01 + s; };
    }
    return connect.call(this, line, ...rest);
  };
})();`;

const step = {
  name: "latency step of 50 ms",
  async run(rig) {
    const room = await gather(rig, ["loopback", "loopback"], rig.songs, { options: [{}, { shim: SHIM }] });
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      for (const s of [0.05, 0, 0.05, 0]) {
        await sleep(5_000);
        mark("step");
        await room.listeners[1].page.evaluate(`stepLatency(${s})`);
      }
      await sleep(5_000);
    });
    // The shim's own 10 ms stay: its line is never without delay.
    const found = differences(recording.channels, 2, recording.seconds - 0.2, [0, 1]).map((d) => (d.silent ? d : { ...d, ms: d.ms - 10 }));
    const steps = recording.marks.map((m) => m.at);
    const after = found.filter((d) => steps.some((s) => d.at - 0.25 > s + 1.5 && d.at < s + 4.5));
    await room.leave();
    return { rows: [{ name: "from 1.5 s after each of 4 steps", target: [2, 2], load: recording.load, ...summary(after) }], points: found };
  },
};

const ending = {
  name: "end of a song",
  async run(rig) {
    const room = await gather(rig, ["loopback", "loopback", "loopback"], rig.songs);
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(1_500);
      for (let n = 0; n < 3; n++) {
        await room.listeners[0].ask({ type: "control", action: "seek", position_us: 33e6 });
        mark("seek");
        await sleep(10_000);
      }
    });
    const reference = (i) => channelsOf(toFloats(noiseWav(40, i)), 2)[0];
    const seams = [];
    recording.marks.forEach(({ at }, n) => {
      const [before, after] = [reference(n + 1), reference(n + 2)];
      for (const x of recording.channels.slice(0, 3)) {
        // The seam comes seven seconds after the seek's instant, which lies a lead after the command.
        const roughly = placeOf(x, at + 6.35, before, 39.1, 0.8).at + 0.9;
        // Short stretches close to the seam: a slew within them would blur the match.
        const tail = placeOf(x, roughly - 0.35, before, 39.65, 0.3);
        const seam = tail.at + 0.35;
        const head = placeOf(x, seam + 0.05, after, 0.05, 0.3);
        if (tail.sharp && head.sharp) seams.push((head.at - 0.05 - seam) * 1000);
      }
    });
    const holes = recording.channels.slice(0, 3).flatMap((x) => recording.marks.flatMap(({ at }) => gaps(x, at + 1.5, at + 9.5, 1)));
    await room.leave();
    const found = seams.map((ms) => ({ ms, sharp: true }));
    return {
      rows: [{ name: "gap (or overlap) between songs", target: [10, 10], load: recording.load, ...summary(found), note: `${holes.length} silences of 1 ms or more` }],
      points: [],
    };
  },
};

function toFloats(wav) {
  const samples = new Int16Array(wav.buffer, wav.byteOffset + 44, (wav.byteLength - 44) / 2);
  return Buffer.from(Float32Array.from(samples, (s) => s / 32_768).buffer);
}

const cut = {
  name: "ten seconds without network",
  async run(rig) {
    const room = await gather(rig, ["loopback", "loopback", "loopback"], rig.songs);
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(15_000);
      mark("cut");
      room.listeners[1].relay.cut();
      await sleep(10_000);
      room.listeners[1].relay.mend();
      mark("mend");
      await sleep(8_000);
    });
    const [lost, back] = recording.marks.map((m) => m.at);
    const found = differences(recording.channels, 2, recording.seconds - 0.2, [0, 1, 2]);
    const holes = gaps(recording.channels[1], lost, recording.seconds - 0.2, 3);
    await room.leave();
    const row = (name, a, b) => ({ name, target: [1, 2], load: recording.load, ...summary(found.filter((d) => d.at > a && d.at < b)) });
    return {
      rows: [
        { ...row("while one listener is cut off", lost, back), note: `${holes.length} holes of 3 ms or more` },
        row("after it is back", back, recording.seconds),
      ],
      points: found,
    };
  },
};

const restart = {
  name: "server restarted",
  async run(rig) {
    const room = await gather(rig, ["loopback", "loopback", "loopback"], rig.songs);
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(8_000);
      mark("restart");
      await rig.octave.restart();
      mark("back");
      await sleep(12_000);
    });
    const [down, up] = recording.marks.map((m) => m.at);
    const found = differences(recording.channels, 2, recording.seconds - 0.2, [0, 1, 2]);
    const holes = recording.channels.slice(0, 3).flatMap((x) => gaps(x, down - 1, recording.seconds - 0.2, 3));
    await room.leave();
    const row = (name, a, b) => ({ name, target: [1, 2], load: recording.load, ...summary(found.filter((d) => d.at > a && d.at < b)) });
    return {
      rows: [
        { ...row("during the restart and the 3 s after", down, up + 3), note: `${holes.length} holes of 3 ms or more` },
        row("from 3 s after it on", up + 3, recording.seconds),
      ],
      points: found,
    };
  },
};

const same = (line) => [line, line, line];

export const SCENARIOS = {
  starts: network("loopback", same("loopback"), { early: [0.3, 2], later: [0.5, 2] }, 8, 6),
  wifi: network("Wi-Fi with spikes", same("wifi"), { early: [0.5, 3], later: [1, 4] }),
  wan: network("80 ms of wide area", same("wan"), { early: [0.5, 3], later: [1.5, 5] }),
  lte: network("loopback, LTE 45/25 ms, wide area", ["loopback", "lte", "wan"], { early: [12, 13], later: [12, 12] }),
  first,
  direct: steady("direct", "direct", [0.5, 1]),
  jitter: steady("40 ± 15 ms, normal, each way", "jitter", [1, 4]),
  uneven: steady("80 ± 20 ms up, 20 ± 5 down", "uneven", [3, 6]),
  standing: steady("60 ± 25 / 40 ± 15 ms, and 200 ms of standstill each way every 5 s", "standing", [3, 6]),
  pair: network("two of one kind", ["loopback", "loopback"], {}, 4, 10),
  firefox: network("Firefox and Firefox", ["loopback", "loopback"], {}, 4, 10, [{ firefox: true }, { firefox: true }]),
  kinds: network("Chromium and Firefox", ["loopback", "loopback"], {}, 4, 10, [{}, { firefox: true }]),
  calibrated,
  play: long(60),
  hour: long(600),
  late,
  step,
  commands,
  ending,
  crossfade,
  interrupted,
  cut,
  restart,
  overload,
  page,
  stalls: hindered("stalls", 60),
  steal: hindered("steal", 45),
  bare: bare(60),
  bareJoins,
  bareStalls: bareHindered("stalls", 60),
  bareSteal: bareHindered("steal", 45),
};
/** Without a name, these. */
export const USUAL = ["starts", "wifi", "wan", "lte", "direct", "jitter", "uneven", "standing", "first", "calibrated", "play", "late", "step", "commands", "ending", "crossfade", "interrupted", "cut", "restart", "overload", "page"];
