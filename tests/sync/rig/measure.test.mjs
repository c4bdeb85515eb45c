/** What the rig makes of recordings that are known: run by the gate, without a browser. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, meets, summary } from "./measure.mjs";
import { RATE } from "./pulse.mjs";
import { plot, table } from "./report.mjs";
import { channelsOf, noiseWav } from "./signal.mjs";

const SECONDS = 4;

/** Seconds of noise, `lateMs` late, silent within `[from, to)`. */
function channel(lateMs, [from, to] = [0, 0]) {
  const wav = noiseWav(SECONDS, 1);
  const samples = new Int16Array(wav.buffer, wav.byteOffset + 44, (wav.byteLength - 44) / 2);
  const [noise] = channelsOf(Buffer.from(Float32Array.from(samples, (s) => s / 32_768).buffer), 2);
  const late = new Float32Array(noise.length);
  late.set(noise.subarray(0, noise.length - Math.round((lateMs * RATE) / 1000)), Math.round((lateMs * RATE) / 1000));
  return late.fill(0, from * RATE, to * RATE);
}

const found = (...channels) => differences(channels, 0, SECONDS, [...channels.keys()]);

test("listeners that sound alike have figures for each window", () => {
  const { windows, silent, unmatched, p50 } = summary(found(channel(0), channel(3)));
  assert.deepEqual({ windows, silent, unmatched }, { windows: 7, silent: 0, unmatched: 0 });
  assert.ok(Math.abs(p50 - 3) < 0.05, `${p50} ms`);
});

test("a listener that falls silent is counted, not left out", () => {
  const figures = summary(found(channel(0), channel(0, [1, 3])));
  assert.equal(figures.windows, 7);
  assert.equal(figures.silent, 4);
  assert.equal(figures.p99, 0);
  assert.ok(!meets({ target: [1, 1], ...figures }));
  assert.ok(!meets({ target: [1, 1], ...figures, silentAtMost: 3 }));
  assert.ok(meets({ target: [1, 1], ...figures, silentAtMost: 4 }));
});

test("listeners of whom nobody plays miss every target", () => {
  const mute = channel(0, [0, SECONDS]);
  assert.ok(!meets({ target: [100, 100], ...summary(found(mute, mute)), silentAtMost: 100 }));
});

test("tables say how many windows were silent, and pictures leave them out", () => {
  const points = found(channel(0), channel(0, [1, 3]));
  const row = { name: "one falls silent", target: [1, 1], load: 1, ...summary(points) };
  assert.match(table([row]), /\| 7 \| 4 \| 1\.0 \| \*\*missed\*\* \|$/);
  assert.equal(plot("one falls silent", points).match(/<circle/g).length, 3);
});
