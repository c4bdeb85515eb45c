// Lighthouse's accessibility and performance (mobile) of every screen: 100 and at least 95, of a stage 90, or it says what is missing and
// fails. Not part of the gate, whose axe sees more, because Lighthouse is large, and because performance wants a machine that does
// nothing else:
//
//   npm install --no-save lighthouse@13 && OCTAVE_BINARY=… node lighthouse.js
import { chromium } from "playwright-core";

import { wav } from "./audio.js";
import { Person } from "./person.js";
import { Server } from "./server.js";

const { default: lighthouse } = await import("lighthouse");
const PORT = 9_333;
const SCREENS = [
  "/",
  "/sign-in",
  "/sign-in?new",
  "/library",
  "/playlists/1",
  "/songs/1",
  "/friends",
  "/notifications",
  "/search",
  "/u/ana",
  "/u/nobody",
  "/settings",
  "/admin",
  "/s/1",
  "/s/999",
  "/nowhere",
];
/** What each is to have at least. */
const atLeast = (path) => ({ accessibility: 1, performance: path === "/s/1" ? 0.9 : 0.95 });

const server = await Server.start("--limits", "off");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", `--remote-debugging-port=${PORT}`],
});
try {
  // Lighthouse opens its pages where the browser's own ones are, so that is where somebody signs in.
  const own = (await chromium.connectOverCDP(`http://127.0.0.1:${PORT}`)).contexts()[0];
  const ana = new Person("ana", await own.newPage());
  await ana.page.setViewportSize({ width: 1280, height: 800 });
  await ana.page.goto(server.url);
  let failed = 0;
  const judge = async (path, who) => {
    const wanted = atLeast(path);
    const { lhr } = await lighthouse(server.url + path, { port: PORT, onlyCategories: Object.keys(wanted), logLevel: "error" });
    const missing = lhr.categories.accessibility.auditRefs.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1);
    const scores = Object.entries(wanted).map(([name, least]) => [lhr.categories[name].score, least]);
    failed += scores.filter(([score, least]) => score < least).length;
    console.log(scores.map(([score]) => String(Math.round(score * 100)).padStart(3)).join(" "), ` ${who} ${path}`, ...missing.map(({ title }) => `\n     ${title}`));
  };
  console.log("accessibility, performance");
  for (const path of ["/", "/sign-in", "/sign-in?new"]) await judge(path, "a stranger at");
  await ana.registers();
  await ana.uploads("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  const { id } = await ana.page.evaluate(async () => {
    const post = (path, body) =>
      fetch(`/api/v1${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).then((r) => r.json());
    const list = await post("/playlists", { name: "Rainy day" });
    await post(`/playlists/${list.id}/songs`, { song_id: 1 });
    return list;
  });
  if (id !== 1) throw new Error(`the first playlist is number ${id}`);
  await ana.opensStage("Late shift");
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ana.says("what a bass line");
  for (const path of SCREENS) await judge(path, "ana at");
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await browser.close();
  await server.stop();
}
