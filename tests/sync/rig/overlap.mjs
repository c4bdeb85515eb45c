/** Songs that overlap, and a device that is taken away: what two listeners are heard to do. */

import { differences, firstSound, placeOf, summary } from "./measure.mjs";
import { gather, sleep } from "./room.mjs";
import { RATE } from "./pulse.mjs";
import { noiseWav, quantile } from "./signal.mjs";

const FADE_S = 6;
/** Levels are compared in stretches of this length. */
const STEP_S = 0.25;

/** The rig's song `i` (40 s of noise), as floats. */
function reference(i) {
  const wav = noiseWav(40, i);
  const samples = new Int16Array(wav.buffer, wav.byteOffset + 44, (wav.byteLength - 44) / 2);
  return Float32Array.from({ length: samples.length / 2 }, (_, n) => samples[2 * n] / 32_768);
}

/** Matches are made over so long: a slew moves the song within it by less than what tells its tones apart. */
const MATCH = Math.round(0.01 * RATE);
/** From one match to the next the song moves by no more than this, in frames. */
const NEAR = 4;

/** How well `x` at `frame` matches `song` at `from`: the part of the song that is in it. */
function share(x, song, frame, from) {
  let [both, own] = [0, 0];
  for (let i = 0; i < MATCH; i++) {
    const wanted = song[from + i] ?? 0;
    both += (x[frame + i] ?? 0) * wanted;
    own += wanted * wanted;
  }
  return own > 0 ? both / own : 0;
}

/**
 * How loud `song` is in `x` from `at` on, match by match in the direction `step` (1 or -1), followed from `start`, the second
 * at which it would have begun: the device's clock and slews move it.
 */
function levelsOf(x, song, start, at, count, step) {
  let lag = Math.round(start * RATE);
  const levels = [];
  for (let n = 0; n < count; n++) {
    const frame = Math.round(at * RATE) + step * n * MATCH;
    const shares = Array.from({ length: 2 * NEAR + 1 }, (_, i) => share(x, song, frame, frame - (lag + i - NEAR)));
    const best = shares.indexOf(Math.max(...shares));
    const [a, b, c] = [shares[best - 1] ?? 0, shares[best], shares[best + 1] ?? 0];
    const bend = a - 2 * b + c;
    levels.push(bend < 0 ? b - (a - c) ** 2 / (8 * bend) : b);
    // Where there is little of it the match says little of its place.
    if (b > 0.3 * Math.max(...levels)) lag += best - NEAR;
  }
  return step > 0 ? levels : levels.reverse();
}

const middle = (values) => quantile(values, 0.5);

/** Where both songs are in a listener's sound, and how loud in the crossfade; 1 is before or after it. */
function crossfadeIn(x, songs, about) {
  const tail = placeOf(x, about - 1, songs[0], 40 - FADE_S - 1, 0.3);
  const head = placeOf(x, about + FADE_S + 1, songs[1], FADE_S + 1, 0.3);
  const starts = [tail.at - (40 - FADE_S - 1), head.at - (FADE_S + 1)];
  const [seam, around] = [starts[1], Math.round((1 * RATE) / MATCH)];
  const within = Math.round((FADE_S * RATE) / MATCH);
  const first = levelsOf(x, songs[0], starts[0], seam - 1, around + within, 1);
  const second = levelsOf(x, songs[1], starts[1], seam + FADE_S + 1 - MATCH / RATE, around + within, -1);
  const full = [middle(first.slice(0, around)), middle(second.slice(within))];
  const per = Math.round((STEP_S * RATE) / MATCH);
  const levels = Array.from({ length: FADE_S / STEP_S }, (_, n) => [
    middle(first.slice(around + n * per, around + (n + 1) * per)) / full[0],
    middle(second.slice(n * per, (n + 1) * per)) / full[1],
  ]);
  return { sharp: tail.sharp && head.sharp, starts, levels };
}

export const crossfade = {
  name: `crossfade of ${FADE_S} s`,
  async run(rig) {
    const room = await gather(rig, ["loopback", "wan"], rig.songs, { stage: { crossfade_us: FADE_S * 1e6 } });
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(2_000);
      mark("seek");
      await room.listeners[0].ask({ type: "control", action: "seek", position_us: 24e6 });
      await sleep((16 + FADE_S + 4) * 1_000);
    });
    const { channels, load } = recording;
    // The seek takes effect a lead after the command; song 2 begins 10 s after that.
    const about = recording.marks[0].at + 0.25 + 40 - FADE_S - 24;
    const songs = [reference(1), reference(2)];
    const heard = [0, 1].map((seat) => crossfadeIn(channels[seat], songs, about));
    const seam = heard[0].starts[1];
    const found = differences(channels, seam + 0.2, seam + FADE_S - 0.2, [0, 1]);
    await room.leave();
    const percent = (values) => ({ load, ...summary(values.map((v) => ({ ms: v * 100, sharp: true }))) });
    const wanted = (n) => [Math.cos, Math.sin].map((of) => of((((n + 0.5) * STEP_S) / FADE_S) * (Math.PI / 2)));
    const off = heard.flatMap(({ levels }) => levels.flatMap((pair, n) => pair.map((level, i) => level - wanted(n)[i])));
    const apart = heard[0].levels.flatMap((pair, n) => pair.map((level, i) => level - heard[1].levels[n][i]));
    const places = [0, 1].map((i) => ({ ms: (heard[0].starts[i] - heard[1].starts[i]) * 1e3, sharp: heard.every((h) => h.sharp) }));
    return {
      rows: [
        { name: "within the crossfade, ms apart", target: [1, 4], load, ...summary(found) },
        { name: "both songs before and after it, ms apart", target: [1, 4], load, ...summary(places) },
        { name: "levels of one listener less the other's, in percent of full", target: [4, 15], ...percent(apart) },
        { name: "levels less what the statement asks for, in percent of full", target: [4, 15], ...percent(off) },
      ],
      points: found,
    };
  },
};

/** The system takes a page's device away and gives it back: asked for in vain meanwhile. */
const TAKE = `(async () => {
  const context = theContext;
  context.resume = () => Promise.reject(new DOMException("taken", "InvalidStateError"));
  globalThis.giveBack = () => { delete context.resume; dispatchEvent(new Event("focus")); };
  await context.suspend();
})()`;

export const interrupted = {
  name: "a device that is taken away for 3 s",
  async run(rig) {
    const room = await gather(rig, ["loopback", "wan"], [await rig.longSong(90)]);
    const { page } = room.listeners[1];
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(4_000);
      for (let n = 0; n < 4; n++) {
        await page.evaluate(TAKE);
        await sleep(3_000);
        mark("back");
        await page.evaluate("giveBack()");
        await sleep(5_000);
      }
      mark("end");
    });
    const { channels, load, marks } = recording;
    const backs = marks.filter((m) => m.what === "back").map((m) => m.at);
    const found = backs.flatMap((at) => differences(channels, at + 0.5, at + 4.8, [0, 1]));
    const times = backs.map((at) => ({ ms: ((firstSound(channels, at, at + 4)[1] ?? Infinity) - at) * 1e3, sharp: true }));
    await room.leave();
    return {
      rows: [
        { name: "from its return to the first sound", target: [500, 500], load, ...summary(times) },
        { name: "from 0.5 s after its return on, ms apart", target: [2, 5], load, ...summary(found) },
      ],
      points: found,
    };
  },
};
