// Four hours of conversation in fast motion: the page stays as light as at the beginning, and what one reads stays where
// it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const EVENING = 4_000;
/** A line costs about as much in a long conversation as in a short one; this much more may be chance. */
const DEARER_AT_MOST = 3;

let server, browser, ana, devtools;
/** The page's end of its WebSocket, and where its stage is. */
let socket, stage, seq;
const firstOfUs = Date.now() * 1000;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.page.routeWebSocket(/\/ws$/, (page) => {
    socket = page;
    page.connectToServer().onMessage((message) => {
      const frame = JSON.parse(message);
      if (frame.type === "joined") ({ stage, seq } = frame);
      page.send(message);
    });
  });
  // Of what the page forgets it is told again.
  await ana.page.route(/\/chats\?/, (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [end, count] = [Number(query.get("before")), Number(query.get("limit"))];
    const items = Array.from({ length: count }, (_, n) => line(end - count + n)).filter((said) => said.seq > 1);
    return route.fulfill({ json: { items, next: null } });
  });
  await ana.registers();
  await ana.opensStage("All night");
  devtools = await ana.page.context().newCDPSession(ana.page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Three people take turns, some lines each. */
function line(seq) {
  const id = 1_000 + (Math.floor(seq / 4) % 3);
  return { seq, from: { id, username: `guest ${id}`, avatar_url: null }, text: `line ${seq}`, at_us: firstOfUs + seq * 3_600_000 };
}
const say = () => socket.send(JSON.stringify({ type: "chat", stage, ...line(++seq) }));
const types = (name) => socket.send(JSON.stringify({ type: "typing", stage, users: [{ id: 1_000, username: name, avatar_url: null }] }));

/** Waits until the page has taken in all that was sent. */
async function takenIn() {
  const mark = `mark ${Math.random()}`;
  types(mark);
  await ana.page.getByText(`${mark} is typing`).waitFor({ state: "attached" });
}
async function goesOn(lines) {
  for (let said = 0; said < lines; said += 50) {
    for (let n = 0; n < 50; n++) say();
    await takenIn();
  }
}
/** Milliseconds of the main thread's processor time that some events take each. */
async function cost(event, times = 100) {
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1_000;
  };
  const before = await spent();
  for (let n = 0; n < times; n++) {
    event(n);
    // One by one, as people are.
    await ana.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await takenIn();
  return ((await spent()) - before) / times;
}
const elements = () => ana.page.evaluate(() => document.getElementsByTagName("*").length);
const scroller = () => ana.page.getByRole("log").locator("xpath=ancestor::*[contains(@class, 'scroll')]");
const topOf = (words) => ana.page.getByText(words, { exact: true }).evaluate((el) => Math.round(el.getBoundingClientRect().top));

test("a long conversation costs what a short one does", async (t) => {
  await goesOn(200);
  const short = { elements: await elements(), line: await cost(say), typing: await cost((n) => types(`guest ${n}`)) };
  await goesOn(EVENING);
  const long = { elements: await elements(), line: await cost(say), typing: await cost((n) => types(`guest ${n}`)) };
  t.diagnostic(JSON.stringify({ short, long }));
  assert.ok(long.elements <= short.elements + 50, `${short.elements} elements became ${long.elements}`);
  for (const what of ["line", "typing"]) {
    assert.ok(long[what] <= DEARER_AT_MOST * short[what], `${what}: ${short[what]} ms became ${long[what]} ms`);
  }
});

test("that somebody types touches no line", async () => {
  await ana.page.evaluate(() => {
    globalThis.touched = 0;
    const log = document.querySelector('[role="log"]');
    new MutationObserver((changes) => (globalThis.touched += changes.length)).observe(log, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  for (const name of ["ben", "cem", "dia"]) types(name);
  await takenIn();
  assert.equal(await ana.page.evaluate(() => touched), 0);
});

test("who reads along sees the newest line, and the beginning by scrolling", async () => {
  await ana.page.getByText(`line ${seq}`, { exact: true }).waitFor();
  const light = await elements();
  await scroller().hover();
  for (let turns = 0; turns < 400; turns++) {
    await ana.page.mouse.wheel(0, -4_000);
    await ana.page.evaluate(() => new Promise(requestAnimationFrame));
    if (turns % 20 === 0) assert.ok((await elements()) < 3 * light, "more and more lines exist");
    if (await ana.page.getByText("line 5", { exact: true }).count()) break;
  }
  await ana.page.getByText("line 5", { exact: true }).waitFor();
});

test("what one reads stays where it is while others talk", async () => {
  await ana.page.mouse.wheel(0, 3_000);
  await ana.page.waitForTimeout(300);
  const read = await scroller().evaluate((box) => {
    const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
    return [...box.querySelectorAll(".text")].find((el) => el.getBoundingClientRect().top > middle).textContent;
  });
  const place = await topOf(read);
  for (let n = 0; n < 30; n++) say();
  await takenIn();
  assert.equal(await topOf(read), place);
  await ana.presses("New lines below");
  await ana.page.getByText(`line ${seq}`, { exact: true }).waitFor();
  say();
  await ana.page.getByText(`line ${seq}`, { exact: true }).waitFor();
});

test("no page threw", () => ana.hasNoProblems());
