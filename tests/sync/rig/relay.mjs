/** An ordered TCP relay that makes a good line into a bad one: delay, jitter, spikes and stalls, each way by itself. */

import { createServer, connect } from "node:net";

/** Kinds of line: one-way delays in milliseconds, up (to the server) and down. `random` is uniform in [0, 1). */
export const LINES = {
  direct: () => ({ up: () => 0, down: () => 0 }),
  loopback: (random) => ({ up: () => 0.5 + 0.5 * random(), down: () => 0.5 + 0.5 * random() }),
  lan: (random) => ({ up: () => 1 + random(), down: () => 1 + random() }),
  wifi: (random) => {
    const way = () => (random() < 0.04 ? 50 + 120 * random() : 2 + 2 * -Math.log(1 - random()));
    return { up: way, down: way };
  },
  wan: (random) => ({ up: () => 40 + random(), down: () => 40 + random() }),
  jitter: (random) => ({ up: normal(random, 40, 15), down: normal(random, 40, 15) }),
  uneven: (random) => ({ up: normal(random, 80, 20), down: normal(random, 20, 5) }),
  standing: (random) => ({ up: standing(normal(random, 60, 25)), down: standing(normal(random, 40, 15)) }),
  lte: (random) => ({ up: () => 45 - 3 * Math.log(1 - random()), down: () => 25 - 3 * Math.log(1 - random()) }),
};

/** Normal distribution, never below nought. */
function normal(random, middle, sd) {
  return () => Math.max(0, middle + sd * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Nothing comes through for 200 ms of every 5 s. */
function standing(way) {
  return () => way() + Math.max(0, 200 - (performance.now() % 5_000));
}

/** A small generator with a seed, so that a run can be had again. */
export function seeded(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Relays to `target` (a port of this machine) over `line`. `cut()` drops all and refuses, `mend()` allows again. */
export async function startRelay(target, line) {
  const sockets = new Set();
  let open = true;
  const server = createServer((client) => {
    if (!open) return client.destroy();
    const upstream = connect(target, "127.0.0.1");
    for (const s of [client, upstream]) {
      s.setNoDelay(true);
      sockets.add(s);
      s.once("close", () => sockets.delete(s));
      s.on("error", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    pipe(client, upstream, line.up);
    pipe(upstream, client, line.down);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: server.address().port,
    cut() {
      open = false;
      for (const s of sockets) s.destroy();
    },
    mend() {
      open = true;
    },
    close() {
      this.cut();
      server.close();
    },
  };
}

/** Timers of Node are whole milliseconds: what is due within one is waited for by turns of the event loop. */
function at(due, act) {
  const left = due - performance.now();
  if (left <= 0) act();
  else if (left < 1.5) setImmediate(() => at(due, act));
  else setTimeout(() => at(due, act), left - 1.2);
}

function pipe(from, to, delay) {
  const queue = [];
  let last = 0;
  let busy = false;
  const drain = () => {
    const head = queue[0];
    if (!head) {
      busy = false;
      return;
    }
    at(head.due, () => {
      queue.shift();
      if (!to.destroyed) head.chunk === null ? to.end() : to.write(head.chunk);
      drain();
    });
  };
  const put = (chunk) => {
    last = Math.max(last, performance.now() + delay());
    queue.push({ chunk, due: last });
    if (!busy) {
      busy = true;
      drain();
    }
  };
  from.on("data", put);
  from.on("end", () => put(null));
  from.on("close", () => queue.length === 0 && to.destroy());
}
