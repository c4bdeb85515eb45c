// Lighthouse's accessibility (mobile) of every screen: 100, or it says what is missing and fails. Not part of the gate,
// whose axe sees more, because Lighthouse is large:
//
//   npm install --no-save lighthouse@13 && OCTAVE_BINARY=… node lighthouse.js
import { chromium } from "playwright-core";

import { wav } from "./audio.js";
import { Person } from "./person.js";
import { Server } from "./server.js";

const { default: lighthouse } = await import("lighthouse");
const PORT = 9_333;
const SCREENS = ["/", "/sign-in", "/sign-in?new", "/library", "/playlists/1", "/friends", "/u/ana", "/u/nobody", "/settings", "/s/1", "/s/999", "/nowhere"];

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
  let worst = 1;
  const judge = async (path, who) => {
    const { lhr } = await lighthouse(server.url + path, { port: PORT, onlyCategories: ["accessibility"], logLevel: "error" });
    const { score } = lhr.categories.accessibility;
    const missing = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 1);
    worst = Math.min(worst, score);
    console.log(`${Math.round(score * 100)}  ${who} ${path}`, ...missing.map(({ title }) => `\n     ${title}`));
  };
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
  process.exitCode = worst < 1 ? 1 : 0;
} finally {
  await browser.close();
  await server.stop();
}
