// Who administers the server sees who is here and what goes on, and what was done is told.
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben;

before(async () => {
  server = await Server.start();
  browser = await launch();
  // The first one administers.
  ana = await Person.known(browser, server.url, "ana");
  ben = await Person.known(browser, server.url, "ben");
  await ben.asks("POST", "/stages", { name: "Cellar", visibility: "invite" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("an account is disabled, and whoever used it is out", async () => {
  await ana.chooses("Your menu", "Administration");
  await ana.page.getByRole("heading", { name: "Administration" }).waitFor();
  await ana.page.getByText("Sound files").waitFor();
  // The rows are new ones when the answer is there.
  const found = ana.page.waitForResponse((answer) => /\/admin\/users\?.*=ben/.test(answer.url()));
  await ana.page.getByLabel("Find an account").fill("ben");
  await found;
  await ana.chooses("What to do with ben", "Disable the account");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Disable the account" }).click();
  await ana.page.getByText("ana disabled ben").waitFor();
  await ben.page.getByRole("link", { name: "Sign in" }).first().waitFor();
  if (process.env.OCTAVE_TEST_PICTURES) await ana.page.screenshot({ path: `${process.env.OCTAVE_TEST_PICTURES}/admin-1280.png`, fullPage: true });
});

test("a stage is ended that is not theirs", async () => {
  await ana.presses("End Cellar");
  await ana.page.getByRole("dialog").getByRole("button", { name: "End", exact: true }).click();
  await ana.page.getByText("ana ended Cellar").waitFor();
  await ana.page.getByText("No stage is open.").waitFor();
});

test("who does not administer sees nothing of it", async () => {
  const cem = await Person.known(browser, server.url, "cem");
  await cem.page.goto("/admin");
  await cem.page.getByText("This is for who administers the server.").waitFor();
  cem.hasNoProblems();
  ana.hasNoProblems();
});
