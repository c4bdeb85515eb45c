/** Test songs, and how far apart two recordings of one are. */

import { seeded } from "./relay.mjs";

/** Band-limited noise as a 16-bit stereo WAV file: no instant of it is like another. */
export function noiseWav(seconds, seed, rate = 48_000) {
  const random = seeded(seed);
  const frames = Math.round(seconds * rate);
  const data = Buffer.alloc(44 + frames * 4);
  data.write("RIFF", 0);
  data.writeUInt32LE(36 + frames * 4, 4);
  data.write("WAVEfmt ", 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(2, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 4, 28);
  data.writeUInt16LE(4, 32);
  data.writeUInt16LE(16, 34);
  data.write("data", 36);
  data.writeUInt32LE(frames * 4, 40);
  let low = 0;
  let high = 0;
  for (let i = 0; i < frames; i++) {
    const white = random() * 2 - 1;
    low += 0.6 * (white - low);
    high += 0.02 * (low - high);
    const sample = Math.round((low - high) * 12_000);
    data.writeInt16LE(sample, 44 + i * 4);
    data.writeInt16LE(sample, 46 + i * 4);
  }
  return data;
}

/** Silences stretches `[from, to)` (seconds) of a file made by `noiseWav`. */
export function withSilence(wav, stretches, rate = 48_000) {
  for (const [from, to] of stretches) wav.fill(0, 44 + Math.round(from * rate) * 4, 44 + Math.round(to * rate) * 4);
  return wav;
}

/** Splits interleaved floats into channels. */
export function channelsOf(buffer, count) {
  const all = new Float32Array(buffer.buffer, buffer.byteOffset, Math.floor(buffer.byteLength / 4));
  const frames = Math.floor(all.length / count);
  return Array.from({ length: count }, (_, c) => {
    const one = new Float32Array(frames);
    for (let i = 0; i < frames; i++) one[i] = all[i * count + c];
    return one;
  });
}

export function rms(x, from, to) {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i] * x[i];
  return Math.sqrt(sum / Math.max(1, to - from));
}

/**
 * How much later `b` is than `a` within [from, from + length), in frames, by generalised cross-correlation (phase
 * transform, so that the peak is sharp whatever the sound). `sharpness` is the peak over the rest's deviation.
 */
export function delayBetween(a, b, from, length, reach) {
  const size = 2 ** Math.ceil(Math.log2(length + reach));
  const fa = spectrum(a, from, length, size);
  const fb = spectrum(b, from, length, size);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const lowest = Math.round((150 / 48_000) * size);
  const highest = Math.round((9_000 / 48_000) * size);
  for (let k = lowest; k <= highest; k++) {
    // Conj(A) · B
    const x = fa.re[k] * fb.re[k] + fa.im[k] * fb.im[k];
    const y = fa.re[k] * fb.im[k] - fa.im[k] * fb.re[k];
    const size2 = Math.hypot(x, y) || 1;
    re[k] = x / size2;
    im[k] = y / size2;
    re[size - k] = re[k];
    im[size - k] = -im[k];
  }
  fft(re, im, true);
  let best = 0;
  for (let d = -reach; d <= reach; d++) if (re[(d + size) % size] > re[(best + size) % size]) best = d;
  const y = (d) => re[(d + size) % size];
  const [l, m, r] = [y(best - 1), y(best), y(best + 1)];
  const curve = l - 2 * m + r;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += re[i] * re[i];
  return { frames: best + (curve ? (0.5 * (l - r)) / curve : 0), sharpness: m / Math.sqrt(sum / size) };
}

function spectrum(x, from, length, size) {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let i = 0; i < length; i++) re[i] = (x[from + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
  fft(re, im, false);
  return { re, im };
}

/** Cosines and sines of a transform of n points: computed once per size. */
const turns = new Map();
function turnsOf(n) {
  if (!turns.has(n)) {
    const cos = new Float64Array(n / 2).map((_, k) => Math.cos((2 * Math.PI * k) / n));
    const sin = new Float64Array(n / 2).map((_, k) => Math.sin((2 * Math.PI * k) / n));
    turns.set(n, { cos, sin });
  }
  return turns.get(n);
}

/** In place, radix 2; the inverse is not scaled. */
function fft(re, im, inverse) {
  const n = re.length;
  const { cos, sin } = turnsOf(n);
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  for (let len = 2; len <= n; len <<= 1) {
    const half = len >> 1;
    const stride = n / len;
    for (let i = 0; i < n; i += len) {
      for (let k = 0; k < half; k++) {
        const p = i + k;
        const q = p + half;
        const c = cos[k * stride];
        const s = inverse ? sin[k * stride] : -sin[k * stride];
        const tr = re[q] * c - im[q] * s;
        const ti = re[q] * s + im[q] * c;
        re[q] = re[p] - tr;
        im[q] = im[p] - ti;
        re[p] += tr;
        im[p] += ti;
      }
    }
  }
}

/** Quantile of sorted or unsorted figures; NaN of none. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}
