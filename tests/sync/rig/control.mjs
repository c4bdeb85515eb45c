/**
 * The control: the same machine, browsers, sound server and recording, but a page that plays one long source and has no
 * player. Its holes and the wander of its differences are the environment's own.
 */

import { differences, gaps, heard, summary } from "./measure.mjs";
import { sleep } from "./room.mjs";

const SETTLE_MS = 4_000;
const LEAD_MS = 500;
const JOIN_MS = 7_000;
/** Holes of this length count, in milliseconds; a cross-fade of the player's is none. */
const HOLE_MS = 3;

export function holesOf(channels, from, to) {
  return channels.flatMap((x, channel) => gaps(x, from, to, HOLE_MS).map((hole) => ({ ...hole, channel })));
}

/** "n holes of 3 ms or more, m a minute of one listener's play, longest k ms". */
export function holesNote(holes, listeners, seconds) {
  const longest = Math.round(Math.max(0, ...holes.map((h) => h.ms)));
  const rate = (holes.length * 60) / (seconds * listeners);
  return `${holes.length} holes of ${HOLE_MS} ms or more, ${rate.toFixed(1)} a minute of one listener's play, longest ${longest} ms`;
}

/** Three pages without a player, and how to have them play `seconds` of noise at about the same time. */
export async function bareRoom(rig, seconds) {
  const song = await rig.longSong(seconds);
  const stage = await rig.stage();
  const pages = await Promise.all([0, 1, 2].map((seat) => rig.listener(stage, seat, "loopback", { bare: song })));
  await sleep(SETTLE_MS);
  const start = () => {
    const at = performance.timeOrigin + performance.now() + LEAD_MS;
    return Promise.all(pages.map(({ page }) => page.evaluate(`rig.started = rig.play(${at})`)));
  };
  return { pages, start };
}

/** How far each pair leaves its first difference. */
export function fromFirst(found) {
  const first = (d) => heard(found).find((f) => f.a === d.a && f.b === d.b).ms;
  return found.map((d) => (d.silent ? d : { ...d, ms: d.ms - first(d) }));
}

export function bare(seconds) {
  return {
    name: `bare play, ${seconds} s, no player`,
    async run(rig) {
      const { pages, start } = await bareRoom(rig, seconds + 20);
      const recording = await rig.recording(async (mark) => {
        mark("start");
        await start();
        await sleep(seconds * 1_000);
      });
      await Promise.all(pages.map((p) => p.leave()));
      const [from, to] = [recording.marks[0].at + 2, recording.seconds - 0.2];
      const points = fromFirst(differences(recording.channels, from, to, [0, 1, 2]));
      const holes = holesOf(recording.channels.slice(0, 3), from, to);
      const name = "bare play: how far a pair leaves its first difference";
      return { rows: [{ name, load: recording.load, ...summary(points), note: holesNote(holes, 3, to - from) }], points };
    },
  };
}

/** Pages that join one after the other and play at once: what a device does in its first seconds. */
export const bareJoins = {
  name: "bare joins, no player",
  async run(rig) {
    const song = await rig.longSong(60);
    const stage = await rig.stage();
    const pages = [];
    const recording = await rig.recording(async () => {
      for (const seat of [0, 1, 2]) {
        pages.push(await rig.listener(stage, seat, "loopback", { bare: song }));
        await pages[seat].page.evaluate("rig.started = rig.play(realNow() + 200)");
        await sleep(JOIN_MS);
      }
      await sleep(JOIN_MS);
    });
    await Promise.all(pages.map((p) => p.leave()));
    const points = fromFirst(differences(recording.channels, 0, recording.seconds - 0.2, [0, 1, 2]));
    return { rows: [{ name: "bare joins: how far a pair leaves its first difference", load: recording.load, ...summary(points) }], points };
  },
};
