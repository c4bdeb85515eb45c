/** Families of jitter for simulations of the clock, in milliseconds: what one way takes at a true time. */

import { seeded } from "./network";

type Random = () => number;
type Way = (at: number) => number;

export interface Family {
  readonly up: (random: Random) => Way;
  readonly down: (random: Random) => Way;
  /** How fast the page's clock runs (its sign is the listener's), and from when on otherwise. */
  readonly ppm?: number;
  readonly later?: { readonly at: number; readonly ppm: number };
}

const gauss = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const wait = (random: Random, mean: number) => -mean * Math.log(1 - random());

const normal = (middle: number, sd: number) => (random: Random) => () => Math.max(0, middle + sd * gauss(random));
const queue = (least: number, mean: number) => (random: Random) => () => least + wait(random, mean);
const flat = (least: number, width: number) => (random: Random) => () => least + width * random();
const erlang = (least: number, k: number, mean: number) => (random: Random) => () => {
  let sum = least;
  for (let i = 0; i < k; i++) sum += wait(random, mean / k);
  return sum;
};
const spiky = (mean: number) => (random: Random) => () => (random() < 0.04 ? 50 + 120 * random() : 2 + wait(random, mean));
const logNormal = (random: Random) => () => 20 + 8 * Math.exp(0.8 * gauss(random));
const weibull = (shape: number, scale: number) => (random: Random) => () => 20 + scale * wait(random, 1) ** (1 / shape);
const twoRoutes = (near: number, far: number, share: number, sd: number) => (random: Random) => () =>
  Math.max(0, (random() < share ? far : near) + sd * gauss(random));
const laplace = (random: Random) => () => Math.max(0, 40 + (random() < 0.5 ? -1 : 1) * wait(random, 10));
const student = (random: Random) => () => {
  let squares = 0;
  for (let i = 0; i < 3; i++) squares += gauss(random) ** 2;
  return Math.max(0, 60 + (6 * gauss(random)) / Math.sqrt(squares / 3));
};
const millis = (random: Random) => () => 30 + Math.round(wait(random, 5));

/** Queues that remember: an autoregression of the first order. */
const slow = (spread: number, memory: number) => (random: Random) => {
  let state = gauss(random);
  let last = 0;
  return (at: number) => {
    const kept = Math.exp(-Math.max(0, at - last) / memory);
    last = at;
    state = kept * state + Math.sqrt(1 - kept * kept) * gauss(random);
    return 20 + spread * Math.exp(0.8 * state);
  };
};

/** A second or two of somebody's upload, every eight. */
const congested = (random: Random) => {
  let from = wait(random, 8_000);
  let until = 0;
  let more = 0;
  return (at: number) => {
    if (at > from) {
      until = from + wait(random, 1_500);
      more = 10 + 30 * random();
      from = until + wait(random, 8_000);
    }
    return 20 + wait(random, 2) + (at < until ? more + wait(random, 8) : 0);
  };
};

/** A queue that is calm or busy, for some seconds each. */
const markov = (calm: number, busy: number) => (random: Random) => {
  let isBusy = random() < 0.3;
  let until = wait(random, 2_000);
  return (at: number) => {
    while (at > until) {
      isBusy = !isBusy;
      until += wait(random, isBusy ? 1_500 : 4_000);
    }
    return 25 + wait(random, isBusy ? busy : calm) + (isBusy ? busy : 0);
  };
};

/** What TCP does about a loss: this share comes a timeout later, and holds up what follows. */
const lossy = (share: number, way: (random: Random) => Way) => (random: Random) => {
  const sound = way(random);
  return (at: number) => sound(at) + (random() < share ? 220 + wait(random, 40) : 0);
};

/** Three radio slots, one of which is seldom used. */
const slots = (random: Random) => () => {
  const draw = random();
  return 22 + (draw < 0.5 ? 0 : draw < 0.92 ? 8 : 24) + 1.2 * random();
};

/** Nothing moves for 200 ms of every 5 s. */
const standing = (way: (random: Random) => Way) => (random: Random) => {
  const moving = way(random);
  const phase = random() * 5_000;
  return (at: number) => moving(at) + Math.max(0, 200 - ((at + phase) % 5_000));
};

const stepped = (before: (random: Random) => Way, after: (random: Random) => Way) => (random: Random) => {
  const [first, second] = [before(random), after(random)];
  return (at: number) => (at < 40_000 ? first(at) : second(at));
};

const same = (way: (random: Random) => Way): Family => ({ up: way, down: way });

export const FAMILIES: Readonly<Record<string, Family>> = {
  "normal, sd 5": same(normal(40, 5)),
  "normal, sd 15": same(normal(40, 15)),
  "normal, sd 25": same(normal(60, 25)),
  "exponential 3": same(queue(40, 3)),
  "exponential 10": same(queue(30, 10)),
  "exponential 6 up only": { up: queue(20, 6), down: flat(20, 0.3) },
  "Wi-Fi, 6 / 4, 4 % spikes": { up: spiky(6), down: spiky(4) },
  "gamma, k = 2": same(erlang(20, 2, 10)),
  "gamma, k = 5": same(erlang(15, 5, 15)),
  "uniform 20 up, 4 down": { up: flat(40, 20), down: flat(20, 4) },
  "uniform 30": same(flat(20, 30)),
  "60 ± 25 / 40 ± 15, standstills": { up: standing(normal(60, 25)), down: standing(normal(40, 15)) },
  "exponential 3, standstills": same(standing(queue(30, 3))),
  "80 ± 20 / 20 ± 5": { up: normal(80, 20), down: normal(20, 5) },
  "60 ± 25 / 40 ± 15": { up: normal(60, 25), down: normal(40, 15) },
  "normal 10 up, exponential 5 down": { up: normal(40, 10), down: queue(30, 5) },
  loopback: same(flat(0.5, 0.5)),
  "wide area": same(flat(40, 0.5)),
  direct: same(queue(0.05, 0.05)),
  "log-normal": same(logNormal),
  "Weibull 1.5": same(weibull(1.5, 10)),
  "Weibull 0.7": same(weibull(0.7, 4)),
  "two routes": same(twoRoutes(30, 45, 0.35, 1.5)),
  "two routes up only": { up: twoRoutes(30, 55, 0.5, 4), down: normal(40, 5) },
  Laplace: same(laplace),
  "Student, 3 degrees": same(student),
  "whole milliseconds": same(millis),
  "remembered 150 ms": same(slow(6, 150)),
  "remembered 2 s": same(slow(4, 2_000)),
  "remembered 600 ms up only": { up: slow(5, 600), down: flat(20, 1) },
  congested: same(congested),
  "Markov, 2 and 12": same(markov(2, 12)),
  "3 % retransmitted": same(lossy(0.03, queue(30, 4))),
  "10 % retransmitted, normal 8": same(lossy(0.1, normal(40, 8))),
  "gamma, k = 0.5": same((random) => () => 20 + 4 * gauss(random) ** 2),
  "three slots": same(slots),
  "Weibull 0.8 up, 2.5 down": { up: weibull(0.8, 6), down: weibull(2.5, 9) },
  "log-normal, 70 ppm": { ...same(logNormal), ppm: 70 },
  "gamma, k = 2, 0 then 90 ppm": { ...same(erlang(20, 2, 10)), later: { at: 40_000, ppm: 90 } },
  "longer up at 40 s": { up: stepped(queue(20, 3), queue(45, 3)), down: queue(20, 3) },
  "longer both at 40 s": { up: stepped(queue(20, 3), queue(45, 3)), down: stepped(queue(20, 3), queue(40, 3)) },
  "shorter at 40 s": { up: stepped(queue(45, 3), queue(20, 3)), down: stepped(queue(30, 3), queue(20, 3)) },
  "normal, longer up at 40 s": { up: stepped(normal(40, 8), normal(70, 8)), down: normal(40, 8) },
  "exponential 3, 100 ppm": { ...same(queue(40, 3)), ppm: 100 },
  "wide area, 100 ppm": { ...same(flat(40, 0.5)), ppm: 100 },
  "normal, sd 15, 30 ppm": { ...same(normal(40, 15)), ppm: 30 },
  "normal, sd 15, 100 ppm": { ...same(normal(40, 15)), ppm: 100 },
  "Wi-Fi, 50 ppm": { up: spiky(6), down: spiky(4), ppm: 50 },
  "exponential 3, 20 then -60 ppm": { ...same(queue(40, 3)), ppm: 20, later: { at: 50_000, ppm: -60 } },
  "wide area, 20 then -60 ppm": { ...same(flat(40, 0.5)), ppm: 20, later: { at: 50_000, ppm: -60 } },
};

/** A listener's line of a family: what a probe sent at a true time would have shown. Answers come in order, as TCP's do. */
export class Line {
  readonly random: Random;
  private readonly up: Way;
  private readonly down: Way;
  private lastUp = 0;
  private lastDown = 0;

  constructor(
    private readonly family: Family,
    seed: number,
    private readonly sign: number,
  ) {
    this.random = seeded(seed * 7_919 + 13);
    this.up = family.up(this.random);
    this.down = family.down(this.random);
  }

  /** The page's clock, in milliseconds. */
  local(at: number): number {
    const { ppm = 0, later } = this.family;
    const changed = later && at > later.at ? (at - later.at) * (later.ppm - ppm) : 0;
    return 5_000 + at + this.sign * 1e-6 * (at * ppm + changed);
  }

  server(at: number): number {
    return 1e6 + at;
  }

  probe(at: number) {
    const read = Math.max(this.lastUp, at + this.up(at));
    const sent = read + 0.02;
    const back = Math.max(this.lastDown, sent + this.down(sent));
    [this.lastUp, this.lastDown] = [read, back];
    const us = (ms: number) => Math.round(ms * 1e3);
    const probe = { t0: us(this.local(at)), t1: us(this.server(read)), t2: us(this.server(sent)), t3: us(this.local(back)) };
    return { probe, back };
  }
}
