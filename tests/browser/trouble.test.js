// The server can't answer at a moment: the page says that, not that there is nothing, and goes on when it can.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Person, launch } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, playlist;
/** What the server does not answer at this moment. */
let broken = /^$/;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  await Person.known(browser, server.url, "ben");
  ({ id: playlist } = await ana.asks("POST", "/playlists", { name: "Rainy day" }));
  await ana.asks("PUT", "/friends/ben");
  await ana.page.route("**/api/v1/**", (route) => {
    if (!broken.test(new URL(route.request().url()).pathname)) return route.continue();
    const problem = { status: 503, code: "busy", detail: "the server is too busy at this moment" };
    return route.fulfill({ status: 503, contentType: "application/problem+json", json: problem });
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const again = async () => {
  await ana.page.getByText("The server is busy. Try again in a moment.").waitFor();
  broken = /^$/;
  await ana.presses("Try again");
};

for (const [what, path, part, there, notThere] of [
  ["a profile", "/u/ben", /\/users\/ben$/, "ben", "Nobody has this username."],
  ["a playlist", () => `/playlists/${playlist}`, /\/playlists\/\d+$/, "Rainy day", "There is no such playlist."],
]) {
  test(`${what} that can't be had at a moment is not one that does not exist`, async () => {
    broken = part;
    await ana.page.goto(typeof path === "string" ? path : path());
    await ana.page.getByText("The server is busy").waitFor();
    assert.equal(await ana.page.getByText(notThere).count(), 0);
    await again();
    await ana.page.getByRole("heading", { name: there }).waitFor();
    await ana.page.goto(part.source.includes("users") ? "/u/nobody" : "/playlists/4000");
    await ana.page.getByRole("heading", { name: notThere, level: 1 }).waitFor();
  });
}

test("friends that can't be had at a moment come later", async () => {
  broken = /\/friends$/;
  await ana.page.goto("/friends");
  await again();
  await ana.page.getByRole("link", { name: "ben" }).waitFor();
});

test("the lobby keeps what it shows when a refresh fails", async () => {
  await ana.asks("POST", "/stages", { name: "Late shift" });
  await ana.page.goto("/");
  await ana.page.getByRole("link", { name: /Late shift/ }).waitFor();
  broken = /\/stages$/;
  await ana.page.getByText("The server is busy").waitFor();
  assert.equal(await ana.page.getByRole("link", { name: /Late shift/ }).count(), 1);
  await again();
  await ana.page.getByText("The server is busy").waitFor({ state: "detached" });
});

test("songs to add that can't be had at a moment are not none", async () => {
  await ana.enters("Late shift");
  broken = /\/songs$/;
  await ana.presses("Add songs");
  await ana.page.getByText("The server is busy").waitFor();
  assert.equal(await ana.page.getByText("No songs yet").count(), 0);
  await again();
  await ana.page.getByText("No songs yet").waitFor();
  ana.hasNoProblems();
});
