// A stay on a stage ends: by one's own wish, by the host's, or because there is no stage any more. Each time sound and seat
// are gone at once, and the page says what happened.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Line } from "./line.js";
import { Person, keepSounds, launch } from "./person.js";
import { Server } from "./server.js";

const NAME = "Late shift";

let server, browser, ana, ben;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana", keepSounds);
  ben = await Person.known(browser, server.url, "ben", keepSounds);
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await plays();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Ana opens the stage and plays. */
async function plays() {
  await ana.opensStage(NAME);
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
}

async function comesIn(person) {
  await person.page.goto("/");
  await person.enters(NAME);
  await person.seesPlaying("Harbour lights");
  await person.isHeard();
  await ana.sees(2);
}

const told = (person, words) => person.page.getByRole("heading", { name: words, level: 1 }).waitFor();
const seats = (person) => person.sent.map(({ type }) => type).filter((type) => type === "join" || type === "leave");

for (const [how, leave] of [
  [
    "the stage's menu",
    async () => {
      await ben.chooses("More", "Leave the stage");
      await told(ben, "On stage now");
    },
  ],
  [
    "the keyboard",
    async () => {
      await ben.page.getByRole("button", { name: "More" }).first().focus();
      await ben.page.keyboard.press("Enter");
      await ben.page.getByText("Leave the stage", { exact: true }).waitFor();
      await ben.page.keyboard.press("ArrowUp");
      await ben.page.keyboard.press("Enter");
      await told(ben, "On stage now");
    },
  ],
  [
    "the bar below the library",
    async () => {
      await ben.page.getByRole("link", { name: "Library" }).first().click();
      await ben.page.getByRole("complementary", { name: "Now playing" }).waitFor();
      await ben.presses("Leave the stage");
    },
  ],
]) {
  test(`leaving by ${how} leaves nothing behind`, async () => {
    await comesIn(ben);
    ben.sent.length = 0;
    await leave();
    await ben.hasLeftNothing();
    await ana.sees(1);
    assert.deepEqual(seats(ben), ["leave"]);
    await ben.page.getByText("You have left Late shift.").first().waitFor();
  });
}

test("who left by mistake comes back in by the note of it", async () => {
  await comesIn(ben);
  await ben.chooses("More", "Leave the stage");
  await ben.page.getByRole("link", { name: "Come back in" }).last().click();
  await ben.isHeard();
  await ana.sees(2);
  await ben.chooses("More", "Leave the stage");
  await ana.sees(1);
});

test("leaving by touch on a phone leaves nothing behind", async () => {
  const cem = await Person.known(browser, server.url, "cem", keepSounds);
  await cem.page.setViewportSize({ width: 390, height: 844 });
  await comesIn(cem);
  await cem.chooses("More", "Leave the stage");
  await told(cem, "On stage now");
  await cem.hasLeftNothing();
  await ana.sees(1);
});

for (const [how, end] of [
  ["signing out", () => ben.chooses("Your menu", "Sign out")],
  [
    "a sign-in that is ended elsewhere",
    async () => {
      const { items } = await ben.asks("GET", "/auth/sessions");
      await ben.asks("DELETE", `/auth/sessions/${items.find(({ current }) => current).id}`);
    },
  ],
]) {
  test(`${how} ends the stay`, async () => {
    await comesIn(ben);
    await end();
    await ben.page.getByRole("link", { name: "Sign in" }).waitFor();
    await ben.hasLeftNothing();
    await ana.sees(1);
    await ben.signsIn();
    await ben.isHeard();
    await ana.sees(2);
    await ben.chooses("More", "Leave the stage");
  });
}

test("going to another stage leaves the first", async () => {
  await comesIn(ben);
  const { id } = await ben.asks("POST", "/stages", { name: "Next door" });
  await ben.page.goto(`/s/${id}`);
  await told(ben, "Next door");
  await ana.sees(1);
  await ben.page.goBack();
  await ben.seesPlaying("Harbour lights");
  await ben.page.goForward();
  await told(ben, "Next door");
  await ana.sees(1);
  await ben.chooses("More", "Leave the stage");
  await ben.hasLeftNothing();
  await ben.asks("DELETE", `/stages/${id}`);
});

test("who is banned is told so, and hears nothing more", async () => {
  const dia = await Person.known(browser, server.url, "dia", keepSounds);
  await comesIn(dia);
  const at = new URL(dia.page.url()).pathname;
  await ana.chooses("Actions for dia", "Ban from the stage");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Ban dia" }).click();
  await told(dia, "You were banned from Late shift");
  await dia.isSilent();
  await ana.sees(1);
  await dia.presses("Back to the lobby");
  await told(dia, "On stage now");
  await dia.hasLeftNothing();
  // By its address, since the lobby shows it to them no more.
  await dia.page.goto(at);
  await told(dia, /The host does not let you into this stage|There is no such stage/);
  await dia.hasLeftNothing();
});

test("who is banned while the line is down falls silent when it is back", async () => {
  const eve = await Person.known(browser, server.url, "eve", keepSounds);
  const line = await Line.of(eve);
  await comesIn(eve);
  await line.cut();
  await eve.isHeard();
  const { items } = await ana.asks("GET", "/stages?live=true");
  await ana.asks("PUT", `/stages/${items[0].id}/bans/eve`);
  await line.mend();
  await told(eve, "The host does not let you into this stage");
  await eve.isSilent();
});

test("an ended stage says who has ended it, wherever one is", async () => {
  const fay = await Person.known(browser, server.url, "fay", keepSounds);
  const gus = await Person.known(browser, server.url, "gus", keepSounds);
  const line = await Line.of(gus);
  await comesIn(ben);
  await fay.enters(NAME);
  await gus.enters(NAME);
  await ana.sees(4);
  await fay.page.getByRole("link", { name: "Library" }).first().click();
  await fay.page.getByRole("complementary", { name: "Now playing" }).waitFor();
  await line.cut();

  await ana.chooses("More", "End this stage");
  await ana.page.getByRole("dialog").getByRole("button", { name: "End this stage" }).click();

  await told(ana, "You have ended Late shift");
  await told(ben, "ana has ended Late shift");
  await fay.page.getByText("ana has ended Late shift").waitFor();
  await fay.hasLeftNothing();
  await line.mend();
  await told(gus, "ana has ended Late shift");
  for (const person of [ana, ben, gus]) {
    await person.isSilent();
    await person.presses("Back to the lobby");
    await told(person, "On stage now");
    await person.hasLeftNothing();
  }
});
