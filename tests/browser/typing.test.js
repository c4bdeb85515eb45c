// What is typed is not lost: input methods, an edit that fails, a reload without a connection, a selection that ends
// outside of its dialog.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;
/** What becomes of the frames that ana's page sends; a frame that is answered here does not reach the server. */
let fate = () => undefined;

const field = () => ana.page.getByLabel("Say something");

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.page.routeWebSocket(/\/ws$/, (page) => {
    const toServer = page.connectToServer();
    page.onMessage((message) => {
      const answer = fate(JSON.parse(message));
      if (answer === undefined) toServer.send(message);
      else if (answer) page.send(JSON.stringify(answer));
    });
  });
  await ana.registers();
  await ana.opensStage("Late shift");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the Enter that ends an input method's word does not send, in Safari too", async () => {
  await field().fill("にほんご");
  await field().evaluate((el) => {
    for (const told of [{ isComposing: true }, { keyCode: 229 }]) {
      el.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...told }));
    }
  });
  assert.equal(await field().inputValue(), "にほんご");
  await field().press("Enter");
  await ana.reads("にほんご");
});

test("an edit that fails keeps its words for another try", async () => {
  await ana.says("helo");
  await ana.reads("helo");
  fate = ({ type, id }) => (type === "edit_chat" ? { type: "error", re: id, code: "busy", detail: "" } : undefined);
  await field().press("ArrowUp");
  await field().fill("hello");
  await field().press("Enter");
  await ana.page.getByText("The server is busy.").waitFor();
  assert.equal(await field().inputValue(), "hello");
  fate = () => undefined;
  await field().press("Enter");
  await ana.reads("hello (edited)");
  assert.equal(await field().inputValue(), "");
});

test("a line that nobody answered for, and a draft, outlast a reload", async () => {
  fate = ({ type }) => (type === "chat" ? null : undefined);
  await ana.says("into the tunnel");
  await field().fill("and out of");
  await ana.reloads();
  fate = () => undefined;
  assert.equal(await field().inputValue(), "and out of");
  await ana.presses("Send again");
  await ana.page.getByRole("button", { name: "Send again" }).waitFor({ state: "detached" });
  await ana.reads("into the tunnel");
});

test("a selection that ends outside of a dialog does not close it; a click outside does", async () => {
  await ana.page.getByRole("link", { name: "Lobby" }).first().click();
  await ana.presses("Open a stage");
  const dialog = ana.page.getByRole("dialog");
  const name = dialog.getByLabel("Name", { exact: true });
  await name.fill("Sunday records");
  const box = await name.boundingBox();
  await ana.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await ana.page.mouse.down();
  await ana.page.mouse.move(20, box.y + box.height / 2, { steps: 4 });
  await ana.page.mouse.up();
  assert.equal(await name.inputValue(), "Sunday records");
  await ana.page.mouse.click(20, 300);
  await dialog.waitFor({ state: "detached" });
});

test("no page threw", () => ana.hasNoProblems());
