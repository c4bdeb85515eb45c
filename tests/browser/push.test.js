// Told while no page is open: from the settings to a push service of the test's own, and from there to the device.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, createHmac, createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben, service;
/** The device's half of the secret. */
const device = createECDH("prime256v1");
device.generateKeys();
const auth = Buffer.alloc(16, 7);

const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();

/** RFC 8291, section 3.4, by other code than the server's. */
function open(body) {
  const [salt, key, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
  const shared = hmac(auth, device.computeSecret(key));
  const material = hmac(shared, "WebPush: info\0", device.getPublicKey(), key, Buffer.of(1));
  const prk = hmac(salt, material);
  const content = hmac(prk, "Content-Encoding: aes128gcm\0", Buffer.of(1)).subarray(0, 16);
  const nonce = hmac(prk, "Content-Encoding: nonce\0", Buffer.of(1)).subarray(0, 12);
  const cipher = createDecipheriv("aes-128-gcm", content, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  const record = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  assert.equal(record.at(-1), 2);
  return record.subarray(0, -1).toString();
}

/** A push service: what comes to it, one by one. */
async function listen() {
  const came = [];
  let waiting = null;
  const http = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      response.writeHead(201).end();
      came.push({ headers: request.headers, body: Buffer.concat(parts) });
      waiting?.();
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    close: () => http.close(),
    async hears() {
      if (came.length === 0) await new Promise((done) => (waiting = done));
      return came.shift();
    },
  };
}

/** Stands for the browser's own push service, which no test may ask. */
function subscribesWith({ url, p256dh, auth }) {
  let current = null;
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    globalThis.subscribedWith = { applicationServerKey, userVisibleOnly };
    current = {
      toJSON: () => ({ endpoint: `${url}/send/ben`, keys: { p256dh, auth } }),
      unsubscribe: async () => {
        current = null;
        return true;
      },
    };
    return current;
  };
}

before(async () => {
  service = await listen();
  server = await Server.start("--limits", "off", "--push", "anywhere");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  ben = await Person.arrivesWithWorker(browser, server.url, "ben");
  const keys = { url: service.url, p256dh: device.getPublicKey("base64url"), auth: auth.toString("base64url") };
  await ben.page.context().addInitScript(subscribesWith, keys);
  await ben.page.context().grantPermissions(["notifications"]);
  await ben.hasAnAccount();
  await ben.page.goto("/settings");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  service?.close();
});

const here = () => ben.page.getByLabel("Tell this device too while Octave is closed");

test("a device is told from the moment that it is wanted in the settings", async () => {
  await here().waitFor();
  assert.equal(await here().isChecked(), false);
  await here().check();
  await ben.page.waitForFunction(() => globalThis.subscribedWith);
  const key = await ben.page.evaluate(() => globalThis.subscribedWith);
  const { public_key } = await ben.asks("GET", "/me/push");
  assert.deepEqual(key, { applicationServerKey: public_key, userVisibleOnly: true });
  await ben.page.waitForFunction(async () => (await (await fetch("/api/v1/me/push")).json()).subscribed);
});

let told;
test("a request comes sealed for the device and signed by the server", async () => {
  await ana.asks("PUT", "/friends/ben");
  const { headers, body } = await service.hears();
  told = open(body);
  assert.equal(JSON.parse(told).text, "ana would like to be friends");
  assert.equal(headers["content-encoding"], "aes128gcm");
  const [, token, key] = headers.authorization.match(/^vapid t=(.+), k=(.+)$/);
  const [head, claims, signature] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const by = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
  assert.ok(verify("sha256", Buffer.from(`${head}.${claims}`), by, Buffer.from(signature, "base64url")));
  assert.equal(JSON.parse(Buffer.from(claims, "base64url")).aud, service.url);
});

test("the system shows it while nobody looks, and a press on it leads there without a reload", async () => {
  const { page } = ben;
  const [worker] = page.context().serviceWorkers();
  await page.goto("about:blank");
  // Events of a test's own can't prolong the worker's life, which says so; what they are for has begun by then.
  await worker.evaluate((told) => void self.dispatchEvent(new PushEvent("push", { data: told })), told);
  const shown = () => worker.evaluate(async () => (await self.registration.getNotifications()).map(({ title, data }) => [title, data]));
  for (let tries = 0; tries < 100 && (await shown()).length === 0; tries += 1);
  assert.deepEqual(await shown(), [["ana would like to be friends", "/friends"]]);
  await page.goto("/settings");
  await here().waitFor();
  await page.evaluate(() => (globalThis.unbroken = true));
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
  await page.getByRole("heading", { name: "Friends", level: 1 }).waitFor();
  assert.ok(await page.evaluate(() => globalThis.unbroken));
  assert.deepEqual(await shown(), []);
  await page.goto("/settings");
  await here().waitFor();
});

test("what one does not want to hear of is not pushed, nor anything once it is turned off", async () => {
  const { page } = ben;
  await page.getByLabel("Requests to be friends").uncheck();
  await page.waitForFunction(async () => !(await (await fetch("/api/v1/notifications/settings")).json()).friend_request);
  const cem = await Person.known(browser, server.url, "cem");
  await cem.asks("PUT", "/friends/ben");
  const { id } = await ana.asks("POST", "/stages", { name: "Attic" });
  await ana.asks("POST", `/stages/${id}/invites`, { username: "ben" });
  assert.equal(JSON.parse(open((await service.hears()).body)).text, "ana invites you to Attic", "the request was not pushed");
  await here().uncheck();
  await page.waitForFunction(async () => !(await (await fetch("/api/v1/me/push")).json()).subscribed);
  assert.equal(await here().isChecked(), false);
  ben.hasNoProblems();
  ana.hasNoProblems();
});
