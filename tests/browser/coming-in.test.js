// Somebody comes who is not signed in: what they wanted is what they get.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Person, launch } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;
let names = 0;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Somebody without an account, at an address. */
async function stranger(path, ...before) {
  const person = await Person.arrives(browser, server.url, `guest${++names}`, ...before);
  if (path !== "/") await person.page.goto(path);
  return person;
}

const heading = (person, name) => person.page.getByRole("heading", { name }).first().waitFor();

test("an invited stranger registers at the door and is in", async () => {
  const { id } = await ana.asks("POST", "/stages", { name: "Kitchen", visibility: "invite" });
  const { url } = await ana.asks("POST", `/stages/${id}/invites`, {});
  const ben = await stranger(url);
  await ben.page.getByRole("heading", { name: "Kitchen", level: 1 }).waitFor();
  await ben.page.getByText("Hosted by ana").waitFor();
  await ben.page.getByText("ana invites you.").waitFor();
  assert.equal(await ben.page.getByText("Welcome back").count(), 0);
  await ben.fillsIn();
  await ben.page.getByRole("region", { name: "Queue" }).waitFor();
  ben.hasNoProblems();
});

test("an invitation that does not hold says what to do, and not where it led", async () => {
  const { id } = await ana.asks("POST", "/stages", { name: "Locked", visibility: "invite" });
  const nat = await stranger(`/s/${id}?invite=wrong`);
  await nat.page.getByText("If it does not hold any more, ask for a new one.").waitFor();
  assert.equal(await nat.page.getByText("Locked").count(), 0);
});

test("who has been here before signs in at the door, by the keyboard alone", async () => {
  const { id } = await ana.asks("POST", "/stages", { name: "Cellar", visibility: "invite" });
  const ben = await Person.known(browser, server.url, "ben");
  await ben.chooses("Your menu", "Sign out");
  await ben.page.getByRole("link", { name: "Sign in" }).waitFor();
  const { url } = await ana.asks("POST", `/stages/${id}/invites`, { username: "ben" });
  await ben.page.goto(url);
  await heading(ben, "Welcome back");
  await ben.page.getByLabel("Username or email").focus();
  await ben.page.keyboard.type("ben");
  await ben.page.keyboard.press("Tab");
  await ben.page.keyboard.type("correct horse battery");
  await ben.page.keyboard.press("Enter");
  await ben.page.getByRole("region", { name: "Queue" }).waitFor();
});

test("an invitation works after a refusal of the same stage", async () => {
  const { id } = await ana.asks("POST", "/stages", { name: "Attic", visibility: "invite" });
  const cem = await Person.known(browser, server.url, "cem");
  await cem.page.goto(`/s/${id}`);
  await heading(cem, /by invitation|no such stage/);
  const { url } = await ana.asks("POST", `/stages/${id}/invites`, { username: "cem" });
  await cem.page.getByRole("link", { name: "Join" }).click();
  await cem.page.waitForURL(url);
  await cem.page.getByRole("region", { name: "Queue" }).waitFor();
});

test("a stage that was to be opened is opened after signing in, on a phone too", async () => {
  const dia = await stranger("/");
  await dia.page.setViewportSize({ width: 390, height: 844 });
  await dia.presses("Open a stage");
  await dia.fillsIn();
  const dialog = dia.page.getByRole("dialog", { name: "Open a stage" });
  await dialog.getByLabel("Name", { exact: true }).fill("Late shift");
  await dialog.getByRole("button", { name: "Open the stage" }).click();
  await heading(dia, "Late shift");
});

test("a playlist's address leads to the playlist", async () => {
  const { id } = await ana.asks("POST", "/playlists", { name: "Rainy day" });
  const eve = await stranger(`/playlists/${id}`);
  await eve.fillsIn();
  await heading(eve, "Rainy day");
});

test("somebody who was to be followed is followed", async () => {
  const fay = await stranger("/u/ana");
  await fay.page.getByRole("button", { name: "Follow", exact: true }).click();
  await fay.fillsIn();
  await fay.page.getByRole("button", { name: "Unfollow" }).waitFor();
  await fay.page.getByText("1 follower", { exact: false }).waitFor();
});

test("who thinks better of it has wanted nothing", async () => {
  const gus = await stranger("/u/ana");
  await gus.presses("Add as friend");
  await gus.page.getByRole("link", { name: "Lobby" }).first().click();
  await gus.page.getByRole("link", { name: "Sign in" }).click();
  await gus.page.getByText("New here? Create an account").click();
  await gus.fillsIn();
  await gus.page.getByRole("button", { name: "Your menu" }).waitFor();
  assert.deepEqual((await gus.asks("GET", "/friends?status=outgoing")).items, []);
});

test("a page that nobody is signed in on has nothing in its log", async () => {
  const said = [];
  const hal = await Person.arrivesWithWorker(browser, server.url, "hal");
  hal.page.on("console", (message) => said.push(message.text()));
  await hal.page.reload();
  await heading(hal, "On stage now");
  await hal.page.goto("/sign-in");
  await heading(hal, "Sign in");
  assert.deepEqual(said, []);
});

test("a server that can't say who one is does not make one a stranger", async () => {
  const ida = await Person.known(browser, server.url, "ida");
  let down = true;
  await ida.page.route(/\/api\/v1\/(me|server)$/, (route) => (down ? route.fulfill({ status: 503, body: "" }) : route.continue()));
  await ida.page.goto("/library");
  await heading(ida, "The server does not answer");
  assert.equal(await ida.page.getByLabel("Password").count(), 0);
  down = false;
  await heading(ida, "Library");
});

test("a demo says how to sign in to it", async () => {
  await Person.known(browser, server.url, "everybody");
  const mia = await stranger("/");
  await mia.page.route("**/api/v1/server", async (route) => {
    const demo = { username: "everybody", password: "correct horse battery" };
    await route.fulfill({ json: { ...(await (await route.fetch()).json()), demo } });
  });
  await mia.page.goto("/sign-in");
  await mia.page.getByText("“everybody” with the password “correct horse battery”").waitFor();
  await mia.presses("Come in with the demo account");
  await heading(mia, "On stage now");
  await mia.page.getByRole("button", { name: "Your menu" }).waitFor();
});

test("an address that stands for nothing says so, with a heading", async () => {
  for (const path of ["/u/%E0%A4%A", "/nowhere", "/s/x"]) {
    const jon = await stranger(path);
    await jon.page.getByRole("heading", { name: "Nothing here", level: 1 }).waitFor();
    await jon.page.getByRole("link", { name: "Back to the lobby" }).click();
    await heading(jon, "On stage now");
    jon.hasNoProblems();
    await jon.page.context().close();
  }
});

test("a stage that opens comes into the lobby by itself", async () => {
  const kim = await stranger("/");
  await heading(kim, "On stage now");
  await ana.asks("POST", "/stages", { name: "Just opened" });
  await kim.page.getByRole("link", { name: /Just opened/ }).waitFor();
});

test("what one signs in with is changed with the password that holds", async () => {
  const lea = await Person.known(browser, server.url, "lea");
  await lea.page.goto("/settings");
  await lea.page.getByLabel("New password").fill("another horse battery");
  await lea.page.getByLabel("Current password").fill("not this one");
  await lea.presses("Save the account");
  await lea.page.getByText("It is not your password.").waitFor();
  await lea.page.getByLabel("Current password").fill("correct horse battery");
  await lea.presses("Save the account");
  await lea.page.getByText("Your account is changed").waitFor();
  await lea.page.getByLabel("Username", { exact: true }).fill("leah");
  await lea.page.getByLabel("Current password").fill("another horse battery");
  await lea.page.keyboard.press("Enter");
  await lea.page.getByText("Signed in as leah").waitFor();
  await lea.asks("POST", "/auth/login", { login: "leah", password: "another horse battery" });
});
