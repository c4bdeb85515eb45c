// One person, two tabs of one browser: one sounds, the other says where the sound is and can take it over.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, keepSounds, launch } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, stage;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana", keepSounds);
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await ana.opensStage("Late shift");
  stage = new URL(ana.page.url()).pathname;
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ana.isHeard();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const elsewhere = (tab) => tab.page.getByRole("button", { name: /Listen here/ });

/** The tab that sounds is `one`, and `other` says so. */
async function soundsIn(one, other) {
  await one.isHeard();
  await elsewhere(other).waitFor();
  await other.isSilent();
  assert.equal(await elsewhere(one).count(), 0);
}

for (const [where, unlock] of [
  ["on a secure origin", () => {}],
  ["where there are no locks", () => delete Navigator.prototype.locks],
]) {
  test(`one tab sounds, and the next one after it, ${where}`, async () => {
    const ben = await Person.known(browser, server.url, `ben${unlock.toString().length}`, keepSounds, unlock);
    await ben.page.goto(stage);
    await ben.seesPlaying("Harbour lights");
    await ben.isHeard();
    const tab = await ben.opensTab(stage);
    await tab.seesPlaying("Harbour lights");
    await soundsIn(ben, tab);

    await elsewhere(tab).click();
    await soundsIn(tab, ben);

    await elsewhere(ben).focus();
    await ben.page.keyboard.press("Enter");
    await soundsIn(ben, tab);

    await ben.page.close();
    await tab.isHeard();
    await elsewhere(tab).waitFor({ state: "detached" });
    tab.hasNoProblems();
    await tab.page.context().close();
  });
}

test("who leaves in the tab that sounds hears the other one", async () => {
  const tab = await ana.opensTab(stage);
  await tab.seesPlaying("Harbour lights");
  await soundsIn(ana, tab);
  await ana.chooses("More", "Leave the stage");
  await ana.hasLeftNothing();
  await tab.isHeard();
  await tab.page.close();
});
