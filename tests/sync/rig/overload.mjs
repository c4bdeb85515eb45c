/**
 * An overloaded machine: two listeners that are corrected beside two that are started in the same way and then left
 * alone, while processes burn what the machine has. Correcting must never be worse. What is left alone keeps what its start
 * happened to be, so there are several starts, and both pairs stand by all of them. Devices of the rig are one device and
 * drift alike: how far uncorrected play leaves the line shows where one of each kind are compared.
 */

import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { endWithUs } from "./children.mjs";
import { differences, summary } from "./measure.mjs";
import { gather, sleep } from "./room.mjs";

const STARTS = 6;
const [BEFORE_MS, BURNING_MS, AFTER_MS] = [3_000, 10_000, 3_000];
/** After a start or an overload this is left out, in seconds. */
const SETTLED_S = 1.5;

export const overload = {
  name: "overloaded machine",
  async run(rig) {
    const room = await gather(rig, ["loopback", "loopback", "loopback", "loopback"], [await rig.longSong(70)]);
    for (const l of room.listeners.slice(2)) await l.page.evaluate("rig.leaveAlone()");
    const recording = await rig.recording(async (mark) => {
      for (let n = 0; n < STARTS; n++) {
        mark("start");
        const control = n === 0 ? { action: "play" } : { action: "seek", position_us: (5 + n) * 1e6 };
        await room.listeners[0].ask({ type: "control", ...control });
        await sleep(BEFORE_MS);
        const burners = Array.from({ length: 2 * cpus().length }, burn);
        mark("burn");
        await sleep(BURNING_MS);
        for (const b of burners) b.kill("SIGKILL");
        mark("end");
        await sleep(AFTER_MS);
      }
      mark("over");
    });
    await room.leave();
    const at = (what) => recording.marks.filter((m) => m.what === what).map((m) => m.at);
    const found = differences(recording.channels, 2, recording.seconds - 0.2, [0, 1, 2, 3]);
    const pairs = (a, b) => found.filter((d) => d.a === a && d.b === b);
    const [corrected, alone, mixed] = [pairs(0, 1), pairs(2, 3), pairs(0, 2)];
    const [starts, over] = [at("start"), at("over")[0]];
    const meanwhile = at("burn").map((from, n) => [from, at("end")[n]]);
    const after = at("end").map((from, n) => [from + SETTLED_S, starts[n + 1] ?? over]);
    const rows = [
      [`during ${STARTS} overloads after as many starts`, meanwhile],
      [`from ${SETTLED_S} s after them on`, after],
    ].flatMap(([name, spans]) => {
      const within = (points) => summary(points.filter((d) => spans.some(([from, to]) => d.at > from && d.at + 0.25 < to)));
      const left = within(alone);
      const { load } = recording;
      return [
        { name: `${name}, corrected`, target: [left.p50, left.p99], load, ...within(corrected) },
        { name: `${name}, left alone`, load, ...left },
        { name: `${name}, one of each`, load, ...within(mixed) },
      ];
    });
    return { rows, points: [...corrected, ...alone] };
  },
};

function burn() {
  const child = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  endWithUs(child);
  return child;
}
