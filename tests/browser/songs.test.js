// Songs that sound everywhere, and songs that can't: over plain http, before the first gesture, gone, refused and broken.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { longMp3, wav } from "./audio.js";
import { hears, isQuiet, listenIn } from "./ear.js";
import { flac, pictureWithoutSize } from "./flac.js";
import { atHome, launch, launchAtHome, Person } from "./person.js";
import { Server } from "./server.js";

const AUDIO = /\/songs\/\d+\/audio/;
/** What the head of a file takes, and some. */
const HEAD_BYTES = 64 * 1024;

let server, browser, ana;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana", listenIn);
  await ana.registers();
  await ana.uploads("Harbour lights.wav", wav({ hertz: 440, seconds: 60, rate: 12_000 }));
  await ana.uploads("Slack tide.mp3", await longMp3(60));
  await ana.uploads("Ebb.flac", flac({ hertz: 660, seconds: 60, blocks: [pictureWithoutSize()] }));
  await ana.opensStage("Late shift");
  const [harbour, slack, ebb] = ["Harbour lights", "Slack tide", "Ebb"];
  for (const title of [harbour, slack, ebb, harbour, slack, ebb, harbour, slack, ebb]) await ana.queues(title);
  await ana.presses("Play for everyone");
  await hears(ana);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Goes to the next song and waits until the one before can't be heard any more. */
async function goesOnTo(title, ...people) {
  await ana.presses("Next song");
  for (const person of people) {
    await person.seesPlaying(title);
    await person.seesPast(1);
  }
}

test("before the first gesture nothing is fetched but what the present song is", async () => {
  const strict = await launch("document-user-activation-required");
  try {
    const account = await Person.known(strict, server.url, "dia", listenIn);
    const asked = [];
    const dia = await account.opensUntouchedTab(ana.page.url(), (page) =>
      page.on("request", (request) => AUDIO.test(request.url()) && asked.push(request.headers().range)),
    );
    await dia.seesPast((await dia.position()) + 3);
    const ends = asked.map((range) => Number(range?.split("-")[1]));
    assert.ok(asked.length > 0 && ends.every((end) => end < HEAD_BYTES), `asked for ${asked}`);
    await dia.page.getByRole("button", { name: /^Listen/ }).click();
    await hears(dia);
    dia.hasNoProblems();
  } finally {
    await strict.close();
  }
});

test("over plain http, where browsers keep their decoders back, every song sounds", async () => {
  const home = await launchAtHome();
  try {
    const ben = await Person.arrives(home, atHome(server.url), "ben", listenIn);
    assert.deepEqual(await ben.page.evaluate(() => [isSecureContext, typeof AudioDecoder]), [false, "undefined"]);
    await ben.registers();
    await ben.enters("Late shift");
    await hears(ben);
    for (const title of ["Slack tide", "Ebb"]) {
      await goesOnTo(title, ben);
      await hears(ben);
    }
    ben.hasNoProblems();
  } finally {
    await home.close();
  }
});

for (const [how, name, title, follower, answer, said] of [
  ["is gone", "cem", "Harbour lights", "Slack tide", { status: 404, body: "" }, "the server has it no more"],
  ["is refused", "eva", "Ebb", "Harbour lights", { status: 403, body: "" }, "the server doesn't give it to you"],
  ["is broken", "fay", "Slack tide", "Ebb", { status: 200, body: Buffer.alloc(20_000, 7) }, "this browser can't decode the file"],
]) {
  test(`a song that ${how} is said to be so, is not asked for again, and the next one begins in time`, async () => {
    const person = await Person.arrives(browser, server.url, name, listenIn);
    await person.registers();
    const id = await person.page.evaluate(
      (q) =>
        fetch(`/api/v1/songs?q=${q}`)
          .then((r) => r.json())
          .then((found) => found.items[0].id),
      title,
    );
    let asked = 0;
    await person.page.route(new RegExp(`/songs/${id}/audio`), (route) => {
      asked += 1;
      return route.fulfill(answer);
    });
    await person.enters("Late shift");
    await goesOnTo(title, person);
    const reason = person.page.getByText(new RegExp(said));
    await reason.waitFor();
    await isQuiet(person);
    const before = asked;
    await ana.seeks(55);
    await person.seesPlaying(follower);
    const late = await hears(person);
    assert.ok(late < 1.5, `${late} s late`);
    assert.ok(before > 0 && before <= 3 && asked === before, `asked for ${before} times, then ${asked}`);
    await reason.waitFor({ state: "hidden" });
    person.hasNoProblems();
    await person.page.close();
  });
}

test("no page threw", () => {
  ana.hasNoProblems();
});
