/** The whole web client instead of its engine alone: people who open a stage's page and press its buttons. */

import { join } from "node:path";
import { differences, summary } from "./measure.mjs";
import { buildSite, sleep } from "./room.mjs";

const LINES = ["loopback", "wifi", "wan"];
const STARTS = 6;
const EACH_MS = 7_000;

export const page = {
  name: "the whole page",
  async run(rig) {
    const site = buildSite(join(rig.folder, "site"));
    const stage = await rig.stage();
    const helper = await rig.listener(stage, 0, "loopback");
    for (const song of [...rig.songs, ...rig.songs]) await helper.ask({ type: "queue", action: "add", song: song.id });
    await helper.leave();
    const people = [];
    for (const [seat, line] of LINES.entries()) {
      people.push(await rig.listener(stage, seat, line, { site }));
      await appears(people[seat], "Play for everyone");
    }
    await sleep(4_000);
    const recording = await rig.recording(async (mark) => {
      for (let n = 0; n < STARTS; n++) {
        mark("start");
        await press(people[n % LINES.length], n === 0 ? "Play for everyone" : "Next song");
        await sleep(EACH_MS);
      }
    });
    for (const person of people) await person.leave();
    const found = recording.marks.flatMap(({ at }) => differences(recording.channels, at + 2.2, at + EACH_MS / 1000 - 0.1, [0, 1, 2]));
    const between = (a, b) => summary(found.filter((d) => d.a === a && d.b === b));
    const { load } = recording;
    return {
      rows: [
        { name: "loopback and Wi-Fi with spikes: from 2.2 s after each start on", target: [1, 4], load, ...between(0, 1) },
        { name: "loopback and 80 ms of wide area", target: [1.5, 5], load, ...between(0, 2) },
        { name: "Wi-Fi and wide area", target: [1.5, 5], load, ...between(1, 2) },
      ],
      points: found,
    };
  },
};

const button = (label) => `document.querySelector('button[aria-label="${label}"]:not([disabled])')`;

async function appears({ page: { evaluate } }, label) {
  for (let i = 0; i < 100; i++) {
    if (await evaluate(`${button(label)} !== null`)) return;
    await sleep(100);
  }
  throw new Error(`the page shows no button "${label}"`);
}

const press = ({ page: { evaluate } }, label) => evaluate(`${button(label)}.click()`);
