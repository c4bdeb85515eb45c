// Invitations into a stage and to the server: made, counted, called back, and what becomes of whoever follows one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, stage;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  ({ id: stage } = await ana.asks("POST", "/stages", { name: "Back room", visibility: "invite" }));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const invitations = (person) => person.page.getByRole("dialog", { name: "Invitations" });
const rows = (within, name) => within.getByRole("list", { name }).getByRole("listitem");
/** The link that was just made, by what its field is called. */
const made = (within, label) => within.getByLabel(label).inputValue();

test("a link into a stage lets in as many as it says, and none once it is called back", async () => {
  const ben = await Person.known(browser, server.url, "ben");
  const cem = await Person.known(browser, server.url, "cem");
  await ana.page.goto(`/s/${stage}`);
  await ana.chooses("More", "Invitations");
  await invitations(ana).getByText("Nobody is invited at the moment.").waitFor();
  await invitations(ana).getByLabel("How many people").fill("0");
  await invitations(ana).getByRole("button", { name: "Make a link" }).click();
  await invitations(ana).getByText("It must be 1 to 10000.").waitFor();
  await invitations(ana).getByLabel("How many people").fill("2");
  await invitations(ana).getByRole("button", { name: "Make a link" }).click();
  await rows(invitations(ana), "Invitations").getByText("0 of 2 came · until").waitFor();
  const link = new URL(await made(invitations(ana), "Link into the stage"));
  await ben.page.goto(link.pathname + link.search);
  await ben.page.getByRole("heading", { name: "Back room" }).waitFor();
  await ana.page.keyboard.press("Escape");
  await ana.chooses("More", "Invitations");
  await rows(invitations(ana), "Invitations").getByText("1 of 2 came · until").waitFor();
  await invitations(ana).getByRole("button", { name: /^Call back the invitation/ }).click();
  await invitations(ana).getByText("Nobody is invited at the moment.").waitFor();
  await cem.page.goto(link.pathname + link.search);
  await cem.page.getByText(/There is no such stage, or it is not open to you|by invitation/).waitFor();
  for (const person of [ana, ben, cem]) person.hasNoProblems();
});

test("who is invited by name is told, and is listed by name", async () => {
  const dia = await Person.known(browser, server.url, "dia");
  await invitations(ana).getByLabel("For whom").fill("nobody-of-this-name");
  await invitations(ana).getByRole("button", { name: "Invite" }).click();
  await invitations(ana).locator(".wrong").waitFor();
  await invitations(ana).getByLabel("For whom").fill("dia");
  await invitations(ana).getByRole("button", { name: "Invite" }).click();
  await rows(invitations(ana), "Invitations").getByText("dia").waitFor();
  await dia.page.getByText("ana invites you to Back room").first().waitFor();
  for (const person of [ana, dia]) person.hasNoProblems();
});

test("only administrators have the screen of the server's invitations", async () => {
  const eva = await Person.known(browser, server.url, "eva");
  await eva.page.getByRole("button", { name: "Your menu" }).click();
  assert.equal(await eva.page.getByRole("menuitem", { name: "Invite to this server" }).count(), 0);
  await eva.page.goto("/admin/invites");
  await eva.page.getByText("Only administrators invite to this server.").waitFor();
  eva.hasNoProblems();
});

for (const [mode, said] of [
  ["invite", "To make an account here you need a link from whoever runs this server."],
  ["closed", "Whoever runs this server makes the accounts."],
]) {
  test(`a server whose registration is ${mode} says so where one signs in`, async () => {
    const other = await Server.start("--limits", "off", "--registration", mode);
    try {
      const fay = await Person.arrives(browser, other.url, "fay");
      await fay.page.goto("/sign-in?new");
      await fay.page.getByText(said).waitFor();
      assert.equal(await fay.page.getByText("New here?").count(), 0);
      assert.equal(await fay.page.getByRole("button", { name: "Create account" }).count(), 0);
      fay.hasNoProblems();
    } finally {
      await other.stop();
    }
  });
}

test("by an administrator's link one makes an account, until it is used up or called back", async () => {
  await server.restartWith("--limits", "off", "--registration", "invite");
  await ana.page.goto("/admin/invites");
  await ana.page.getByText("Whoever has such a link can make an account here.").waitFor();
  await ana.page.getByText("No invitation is open.").waitFor();
  await ana.presses("Make a link");
  await rows(ana.page, "Invitations to this server").getByText("0 of 1 came · until").waitFor();
  const first = new URL(await made(ana.page, "Link that makes an account"));

  const gil = await Person.arrives(browser, server.url, "gil");
  await gil.page.goto(first.pathname + first.search);
  await gil.fillsIn();
  await gil.page.getByRole("button", { name: "Your menu" }).waitFor();

  const hal = await Person.arrives(browser, server.url, "hal");
  await hal.page.goto(first.pathname + first.search);
  await hal.fillsIn();
  await hal.page.getByText("The invitation is used up, or too old. Ask for another one.").waitFor();

  await ana.reloads();
  await ana.page.getByText("No invitation is open.").waitFor();
  await ana.presses("Make a link");
  const second = new URL(await made(ana.page, "Link that makes an account"));
  await rows(ana.page, "Invitations to this server").getByRole("button", { name: /^Call back/ }).click();
  await ana.page.getByText("No invitation is open.").waitFor();
  await hal.page.goto(second.pathname + second.search);
  await hal.fillsIn();
  await hal.page.getByText("The invitation is used up, or too old. Ask for another one.").waitFor();
  for (const person of [ana, gil, hal]) person.hasNoProblems();
});
