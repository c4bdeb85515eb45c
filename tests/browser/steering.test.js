// The slider of the song's position under a hand that is slow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, launch } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, other;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await ana.has("Slack tide.wav", wav({ hertz: 330, seconds: 240 }));
  await ana.opensStage("Late shift");
  await ana.queues("Harbour lights");
  await ana.queues("Slack tide");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
  other = await ana.opensTab(new URL(ana.page.url()).pathname);
  await other.seesPlaying("Harbour lights");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const steered = () => ana.sent.filter(({ type }) => type === "control").map(({ action }) => action);

/** Where on the page a part of the song is. */
async function place(part) {
  const box = await ana.page.getByRole("slider", { name: "Position" }).boundingBox();
  return [box.x + box.width * part, box.y + box.height / 2];
}

test("a slider that is brought back to where it was pressed goes on with the song", async () => {
  await ana.page.mouse.move(...(await place(0.5)));
  await ana.page.mouse.down();
  await ana.page.mouse.up();
  await ana.page.waitForFunction(() => document.querySelector('[aria-label="Position"]').ariaValueNow >= 115);
  const at = (await ana.position()) / 240;
  await ana.page.mouse.move(...(await place(at)));
  await ana.page.mouse.down();
  await ana.page.mouse.move(...(await place(0.8)), { steps: 4 });
  await ana.page.mouse.move(...(await place(at)), { steps: 4 });
  await ana.page.mouse.up();
  const now = await ana.position();
  await ana.page.waitForFunction((now) => document.querySelector('[aria-label="Position"]').ariaValueNow >= now + 2, now);
});

test("a slider that is held over a change of songs leaves the new song alone", async () => {
  await ana.page.mouse.move(...(await place(0.2)));
  await ana.page.mouse.down();
  await ana.page.mouse.move(...(await place(0.6)), { steps: 4 });
  await other.presses("Next song");
  await ana.seesPlaying("Slack tide");
  ana.sent.length = 0;
  await ana.page.mouse.move(...(await place(0.7)), { steps: 2 });
  await ana.page.mouse.up();
  await ana.page.waitForFunction(() => {
    const now = Number(document.querySelector('[aria-label="Position"]').ariaValueNow);
    return now >= 2 && now < 60;
  });
  assert.deepEqual(steered(), []);
});

test("the arrow keys on the slider seek", async () => {
  await ana.page.getByRole("slider", { name: "Position" }).focus();
  ana.sent.length = 0;
  await ana.page.keyboard.press("End");
  await ana.page.keyboard.press("Home");
  await ana.page.waitForFunction(() => document.querySelector('[aria-label="Position"]').ariaValueNow < 20);
  assert.ok(steered().includes("seek"));
});
