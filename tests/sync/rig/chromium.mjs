/** One Chromium per listener, driven over its debugging pipe: no library between the rig and the browser. */

import { spawn } from "node:child_process";
import { endWithUs } from "./children.mjs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  // A page whose files come from the rig counts as a public one, which may not speak to this machine.
  "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
  "--autoplay-policy=no-user-gesture-required",
  "--remote-debugging-pipe",
];

/**
 * Scripts of workers are fetched where the rig can't put in its own: pages fetch them instead. For pages whose files come
 * from the rig.
 */
const WORKERS = `(() => {
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    constructor(url, options) {
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.send();
      super(URL.createObjectURL(new Blob([request.responseText], { type: "text/javascript" })), options);
    }
  };
})();`;

/** Starts a browser whose sound goes to `sink` of the sound server at `pulse`. */
export async function launch({ sink, pulse, binary = process.env.CHROMIUM ?? "/usr/bin/chromium" }) {
  const profile = await mkdtemp(join(tmpdir(), "octave-listener-"));
  const child = spawn(binary, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    env: { ...process.env, PULSE_SERVER: pulse, PULSE_SINK: sink },
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  endWithUs(child);
  const [, , , toBrowser, fromBrowser] = child.stdio;
  const waiting = new Map();
  const events = [];
  let id = 0;
  let rest = "";
  fromBrowser.setEncoding("utf8");
  fromBrowser.on("data", (chunk) => {
    const parts = (rest + chunk).split("\0");
    rest = parts.pop();
    for (const part of parts) {
      const message = JSON.parse(part);
      if (message.id) {
        const { done, fail } = waiting.get(message.id) ?? {};
        waiting.delete(message.id);
        if (message.error) fail?.(new Error(message.error.message));
        else done?.(message.result);
      } else for (const hear of events) hear(message);
    }
  });
  const send = (method, params = {}, sessionId) =>
    new Promise((done, fail) => {
      waiting.set(++id, { done, fail });
      toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  const close = async () => {
    const gone = new Promise((done) => child.once("exit", done));
    send("Browser.close").catch(() => undefined);
    const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
    await gone;
    clearTimeout(timer);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { send, close, onEvent: (hear) => events.push(hear) };
}

/**
 * Opens a page; `before` runs in it ahead of its own scripts, and `site` gives the files of the page itself, by their
 * path, where the server has none. Returns how to evaluate in it.
 */
export async function openPage(browser, url, { before = "", cookies = [], site, log = () => undefined } = {}) {
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params) => browser.send(method, params, sessionId);
  browser.onEvent((e) => {
    if (e.method === "Runtime.consoleAPICalled") log(e.params.args.map((a) => a.value ?? a.description).join(" "));
    if (e.method === "Runtime.exceptionThrown") log(e.params.exceptionDetails.exception?.description ?? "exception");
  });
  await send("Page.enable");
  await send("Runtime.enable");
  if (cookies.length) await send("Network.setCookies", { cookies });
  if (site) {
    const kinds = ["Document", "Script", "Stylesheet", "Image", "Font", "XHR"];
    await send("Fetch.enable", { patterns: kinds.map((resourceType) => ({ urlPattern: "http*", resourceType })) });
    browser.onEvent(async ({ method, params, sessionId: from }) => {
      if (method !== "Fetch.requestPaused" || from !== sessionId) return;
      const { requestId, request } = params;
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/api/")) return send("Fetch.continueRequest", { requestId });
      const { type, body } = await site(pathname);
      const headers = { "content-type": type, "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
      const responseHeaders = Object.entries(headers).map(([name, value]) => ({ name, value }));
      send("Fetch.fulfillRequest", { requestId, responseCode: 200, responseHeaders, body: body.toString("base64") });
    });
  }
  if (site) await send("Page.addScriptToEvaluateOnNewDocument", { source: WORKERS });
  if (before) await send("Page.addScriptToEvaluateOnNewDocument", { source: before });
  await send("Page.navigate", { url });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return { evaluate, send, targetId };
}

/**
 * Shifts the page's wall clock and time origin by `ms`: browsers of one machine share a wall clock, and a player that
 * trusts it would look perfect. `ppm` makes its monotonic clock run faster, together with all that is told in it. For the
 * rig's own log the true time stays at hand, as `realNow()`, and so does the page's context, as `theContext`.
 */
export function otherClock(ms, ppm = 0) {
  return `(() => {
    const rate = 1 + ${ppm} * 1e-6, shift = ${ms};
    const realOrigin = performance.timeOrigin, monotonic = performance.now.bind(performance);
    globalThis.realNow = () => realOrigin + monotonic();
    globalThis.AudioContext = class extends AudioContext {
      constructor(...args) { super(...args); globalThis.theContext = this; }
    };
    const RealDate = Date, realNow = Date.now.bind(Date);
    globalThis.Date = class extends RealDate {
      constructor(...args) { if (args.length) super(...args); else super(realNow() + shift); }
      static now() { return realNow() + shift; }
    };
    const origin = performance.timeOrigin + shift;
    Object.defineProperty(Performance.prototype, "timeOrigin", { get: () => origin });
    if (rate !== 1) {
      Performance.prototype.now = function () { return monotonic() * rate; };
      const stamp = AudioContext.prototype.getOutputTimestamp;
      AudioContext.prototype.getOutputTimestamp = function () {
        const t = stamp.call(this);
        return { contextTime: t.contextTime, performanceTime: t.performanceTime * rate };
      };
    }
  })();`;
}
