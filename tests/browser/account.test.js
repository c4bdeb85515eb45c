// What concerns one's account: notifications, what one heard, sign-ins, people, what is taken along, and the end.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const PASSWORD = "correct horse battery";

let server, browser, ana, ben, song;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  ben = await Person.known(browser, server.url, "ben");
  song = await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 16 }));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const visits = async (person, path, heading) => {
  await person.page.goto(path);
  await person.page.getByRole("heading", { name: heading, level: 1 }).waitFor();
};
const weight = (row) => row.evaluate((el) => getComputedStyle(el.querySelector(".line")).fontWeight);
/** In a while: the list is fetched anew when it was read, and an old row has no style. */
async function weighs(row, wanted) {
  for (let tries = 0; (await weight(row)) !== wanted; tries++) {
    assert.ok(tries < 50, `the row does not get to weigh ${wanted}`);
    await row.page().waitForTimeout(100);
  }
}

test("what is new is counted, stands out for as long as one looks, and is read after that", async () => {
  await visits(ana, "/", "On stage now");
  await ben.asks("POST", `/songs/${song.id}/comments`, { body: "what a bass line" });
  await ana.page.getByRole("link", { name: "Notifications, 1 new" }).click();
  const row = ana.page.getByRole("list", { name: "Notifications" }).getByRole("listitem");
  await row.getByText("ben commented on Harbour lights").waitFor();
  await ana.page.getByRole("banner").getByRole("link", { name: "Notifications", exact: true }).waitFor();
  await weighs(row, "600");
  await ana.reloads();
  await row.waitFor();
  await weighs(row, "400");
  await row.getByRole("link").click();
  await ana.page.getByRole("heading", { name: "Harbour lights", level: 1 }).waitFor();
  await ana.page.getByText("what a bass line").waitFor();
});

test("a kind of notification that is turned off stays so", async () => {
  await visits(ana, "/settings", "Settings");
  const kind = ana.page.getByRole("checkbox", { name: "Comments on what is mine" });
  // A page that goes away takes a request with it that nobody has answered.
  await Promise.all([ana.page.waitForResponse((answer) => answer.request().method() === "PATCH"), kind.uncheck()]);
  await ana.reloads();
  await kind.waitFor();
  assert.equal(await kind.isChecked(), false);
  await ben.asks("POST", `/songs/${song.id}/comments`, { body: "unheard" });
  const told = await ana.asks("GET", "/notifications");
  assert.equal(told.unread, 0);
});

test("a profile says what is between two people, and offers what comes next", async () => {
  await ben.asks("PUT", "/friends/ana");
  await visits(ana, "/u/ben", "ben");
  await ana.presses("Accept");
  await ana.page.getByText("ben is now your friend").waitFor();
  await ana.page.getByRole("main").getByText("Friends", { exact: true }).waitFor();
  await ana.page.getByRole("button", { name: "Follow", exact: true }).click();
  await ana.presses("1 follower");
  await ana.page.getByRole("dialog", { name: "Followers" }).getByText("ana").waitFor();
  await ana.page.keyboard.press("Escape");
});

test("who is blocked is no friend any more, until the block is lifted", async () => {
  await ana.chooses("Actions for ben", "Block");
  await ana.page.getByRole("dialog", { name: "Block ben?" }).getByRole("button", { name: "Block" }).click();
  await ana.page.getByRole("button", { name: "Add as friend" }).waitFor();
  await ben.asks("PUT", "/friends/ana", undefined, [403, 404]);
  await ana.chooses("Actions for ben", "Lift the block");
  await ana.page.getByRole("button", { name: "Actions for ben" }).click();
  await ana.page.getByRole("menuitem", { name: "Block", exact: true }).waitFor();
  await ana.page.keyboard.press("Escape");
});

test("who is muted on a stage is told, and told again when it is over", async () => {
  await visits(ana, "/", "On stage now");
  await ana.opensStage("Late shift");
  const stage = new URL(ana.page.url()).pathname;
  await ben.page.goto(stage);
  await ana.sees(2);
  await ana.chooses("Actions for ben", "Mute in the conversation");
  const note = ben.page.getByText("A moderator has muted you");
  await note.waitFor();
  await ana.chooses("Actions for ben", "Let them speak again");
  await note.waitFor({ state: "detached" });
});

test("what one has heard stands in the history, with the way to the song, until it is forgotten", async () => {
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  // Half of it, by what the player tells every few seconds.
  for (let tries = 0; (await ana.asks("GET", "/me/history")).items.length === 0; tries++) {
    assert.ok(tries < 100, "nothing was heard");
    await ana.page.waitForTimeout(200);
  }
  await visits(ana, "/history", "What you heard");
  await ana.page.getByRole("link", { name: "Harbour lights", exact: true }).click();
  await ana.page.getByRole("heading", { name: "Harbour lights", level: 1 }).waitFor();
  // Ben is on the stage too.
  await ana.page.getByText(/heard [12] time/).waitFor();
  await ana.page.goBack();
  await ana.presses("Forget it all");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Forget it all" }).click();
  await ana.page.getByRole("heading", { name: "Nothing yet" }).waitFor();
});

test("another sign-in is seen with its device, and ended from here", async () => {
  const other = await Person.arrives(browser, server.url, "ana");
  await other.page.goto("/sign-in");
  await other.signsIn();
  await other.page.getByRole("button", { name: "Your menu" }).waitFor();
  await visits(ana, "/settings", "Settings");
  const logins = ana.page.getByRole("list", { name: "Where you are signed in" });
  await logins.getByRole("listitem").nth(1).waitFor();
  assert.match(await logins.textContent(), /Chrom\w+ on Linux.*127\.0\.0\.1/);
  await logins.getByRole("button", { name: "End" }).click();
  await other.page.getByText("This sign-in has ended.").waitFor();
  await logins.getByRole("listitem").nth(1).waitFor({ state: "detached" });
});

test("all that is one's own is taken along as one archive", async () => {
  const [download] = await Promise.all([
    ana.page.waitForEvent("download"),
    ana.page.getByRole("link", { name: "Take it all along" }).click(),
  ]);
  const archive = await readFile(await download.path());
  assert.equal(archive.subarray(0, 2).toString(), "PK");
  assert.ok(archive.includes("RIFF"), "the song's file is not in it");
});

test("who ends the account is told what goes and what stays, and must know the password", async () => {
  await ana.presses("End the account");
  const dialog = ana.page.getByRole("dialog", { name: "End the account" });
  await dialog.getByText(/^It takes along/).waitFor();
  assert.doesNotMatch(await dialog.textContent(), /\b0 /);
  await dialog.getByText("What you have said in stages, without your name.").waitFor();
  await dialog.getByLabel("Current password").fill("something else");
  await dialog.getByRole("button", { name: "End it for good" }).click();
  await dialog.getByText("It is not your password.").waitFor();
  await dialog.getByLabel("Current password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "End it for good" }).click();
  await ana.page.getByText("Your account has ended").waitFor();
  await ana.page.getByRole("link", { name: "Sign in" }).first().waitFor();
  await ana.asks("POST", "/auth/login", { login: "ana", password: PASSWORD }, [401]);
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
