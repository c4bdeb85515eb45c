/**
 * An overloaded machine: two listeners that are corrected beside two that are started in the same way and then left
 * alone, while processes burn what the machine has. Correcting must never be worse.
 */

import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { endWithUs } from "./children.mjs";
import { differences, summary } from "./measure.mjs";
import { gather, sleep } from "./room.mjs";

const [BEFORE_MS, BURNING_MS, AFTER_MS] = [6_000, 30_000, 12_000];
/** Differences of the two pairs are chance to this extent. */
const SLACK_MS = 0.5;

export const overload = {
  name: "overloaded machine",
  async run(rig) {
    const room = await gather(rig, ["loopback", "loopback", "loopback", "loopback"], [await rig.longSong(70)]);
    for (const l of room.listeners.slice(2)) await l.page.evaluate("rig.leaveAlone()");
    const recording = await rig.recording(async (mark) => {
      await room.listeners[0].ask({ type: "control", action: "play" });
      await sleep(BEFORE_MS);
      const burners = Array.from({ length: 2 * cpus().length }, burn);
      mark("burn");
      await sleep(BURNING_MS);
      for (const b of burners) b.kill("SIGKILL");
      mark("end");
      await sleep(AFTER_MS);
    });
    await room.leave();
    const [burn_, end] = recording.marks.map((m) => m.at);
    const found = differences(recording.channels, 2, recording.seconds - 0.2, [0, 1, 2, 3]);
    const of = (a, b, from, to) => summary(found.filter((d) => d.a === a && d.b === b && d.at > from && d.at < to));
    const rows = [
      ["during it", burn_, end],
      ["from 3 s after it on", end + 3, recording.seconds],
    ].flatMap(([name, from, to]) => {
      const alone = of(2, 3, from, to);
      const { load } = recording;
      return [
        { name: `${name}, corrected`, target: [alone.p50 + SLACK_MS, alone.p99 + SLACK_MS], load, ...of(0, 1, from, to) },
        { name: `${name}, left alone`, load, ...alone },
      ];
    });
    const pairs = (a, b) => found.filter((d) => d.a === a && d.b === b);
    return { rows, points: [...pairs(0, 1), ...pairs(2, 3)] };
  },
};

function burn() {
  const child = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  endWithUs(child);
  return child;
}
