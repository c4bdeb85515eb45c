// Every screen and everything that opens over it, in both themes, on a phone and on a desk: axe finds nothing.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const axe = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

let server, browser, ana, ben, stage;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  ben = await Person.arrives(browser, server.url, "ben");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Looks at what a person sees, in every size and theme; `act` comes before each look. */
async function looks(person, where, act = async () => undefined) {
  const { page } = person;
  for (const size of [DESK, PHONE]) {
    await page.setViewportSize(size);
    await act(size);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
      // Who asked for less motion gets none, also none that goes on for ever in an instant.
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0, `${where} moves`);
      if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      const found = violations.map(({ id, help, nodes }) => [id, help, ...nodes.map(({ html, any }) => `${any[0]?.message ?? ""} ${html.slice(0, 160)}`)]);
      assert.deepEqual(found, [], `${where}, ${size.width} px, ${colorScheme}`);
    }
  }
}
const visits = async (person, path, heading) => {
  await person.page.goto(path);
  await person.page.getByRole("heading", { name: heading }).first().waitFor();
};
const closes = (person) => person.page.keyboard.press("Escape");

test("a stranger's screens", async () => {
  await looks(ana, "an empty lobby");
  await visits(ana, "/sign-in", "Sign in");
  await looks(ana, "signing in");
  await ana.page.getByText("New here?").click();
  await looks(ana, "registering");
  await ana.page.goto("/");
  await visits(ana, "/nowhere", "Nothing here");
  await looks(ana, "no such page");
});

test("a library", async () => {
  await ana.page.goto("/");
  await ana.registers();
  await visits(ana, "/library", "Library");
  await looks(ana, "an empty library");
  await ana.uploads("Harbour lights.wav", wav({ hertz: 220, seconds: 60 }));
  await ana.uploads("Slack tide.wav", wav({ hertz: 330, seconds: 60 }));
  await looks(ana, "a library with uploads");
  await ana.presses("Close uploads");
  await ana.presses("New playlist");
  await looks(ana, "a new playlist");
  await ana.page.getByLabel("Name", { exact: true }).fill("Rainy day");
  await ana.presses("Create playlist");
  await ana.page.getByRole("heading", { name: "Rainy day" }).waitFor();
  await looks(ana, "an empty playlist");
  await visits(ana, "/library", "Library");
  await ana.chooses("Actions for Slack tide", "Add to playlist: Rainy day");
  await ana.page.getByRole("button", { name: "Actions for Slack tide" }).click();
  await looks(ana, "a song's menu", async () => {
    if (!(await ana.page.getByRole("menu").count())) await ana.page.getByRole("button", { name: "Actions for Slack tide" }).click();
  });
  await closes(ana);
  await ana.page.getByRole("link", { name: /Rainy day/ }).click();
  await ana.page.getByRole("heading", { name: "Rainy day" }).waitFor();
  await looks(ana, "a playlist");
});

test("a song, an album, an artist, and what is said of them", async () => {
  const [song] = (await ana.asks("GET", "/songs?q=harbour")).items;
  await ana.asks("PATCH", `/songs/${song.id}`, { artist: "The Quays", album: "Low water", year: 2021, genres: ["Shanty"] });
  const { artist_id, album_id } = await ana.asks("GET", `/songs/${song.id}`);
  await ana.asks("POST", `/songs/${song.id}/comments`, { body: "what a bass line", position_us: 1_000_000 });
  await ana.page.route("**/lyrics", (route) => route.fulfill({ json: { lyrics: "[00:01.00]one\n[00:30.00]two" } }));
  await visits(ana, `/songs/${song.id}`, "Lyrics");
  await looks(ana, "a song");
  await visits(ana, `/albums/${album_id}`, "Low water");
  await looks(ana, "an album");
  await visits(ana, `/artists/${artist_id}`, "The Quays");
  await ana.presses("Follow");
  await ana.page.getByRole("button", { name: "Unfollow" }).waitFor();
  await looks(ana, "an artist");
  await visits(ana, "/search", "Search");
  await looks(ana, "a search");
  await ana.page.getByRole("searchbox").fill("h");
  await ana.page.getByRole("listitem", { name: /^Harbour lights/ }).waitFor();
  await looks(ana, "what was found");
});

test("a playlist of another player", async () => {
  await visits(ana, "/library", "Library");
  await ana.presses("Import a playlist");
  await looks(ana, "importing");
  const file = "#EXTM3U\n#EXTINF:60,Somebody - Harbour lights by night\n/music/a.mp3\n#EXTINF:60,The Quays - Harbour lights\n/music/b.mp3\n";
  await ana.page.getByRole("dialog").locator('input[type="file"]').setInputFiles({ name: "a.m3u8", mimeType: "audio/x-mpegurl", buffer: Buffer.from(file) });
  await ana.page.getByText("1 of 2 songs found.").waitFor();
  await looks(ana, "what was not found");
  await ana.presses(/^Choose a song for/);
  await looks(ana, "choosing a song");
  await closes(ana);
});

test("people's screens", async () => {
  await ben.registers();
  await visits(ana, "/friends", "Friends");
  await looks(ana, "no friends");
  await ana.page.getByLabel("Add a friend").fill("ben");
  await ana.presses("Ask");
  await ana.page.getByText("You asked").waitFor();
  await looks(ana, "somebody asked");
  await visits(ben, "/friends", "Friends");
  await looks(ben, "somebody asks");
  await ben.presses("Accept");
  await ben.page.getByRole("button", { name: "Actions for ana" }).waitFor();
  await looks(ben, "a friend");
  await visits(ana, "/u/ana", "ana");
  await looks(ana, "the own profile");
  await visits(ana, "/u/ben", "ben");
  await looks(ana, "another's profile");
  await visits(ana, "/u/nobody", "Nobody has this username");
  await looks(ana, "nobody's profile");
  await visits(ana, "/notifications", "Notifications");
  await looks(ana, "notifications");
  await visits(ana, "/history", "What you heard");
  await looks(ana, "an empty history");
  await visits(ana, "/settings", "Settings");
  await looks(ana, "settings");
  await ana.presses("End the account");
  await ana.page.getByRole("dialog").getByText("deleted").first().waitFor();
  await looks(ana, "ending the account");
  await closes(ana);
  await ana.presses("Show all keys");
  await looks(ana, "the keys");
  await closes(ana);
  await ana.presses("Tap test");
  await looks(ana, "the tap test");
  await closes(ana);
});

test("a stage, with a cover's colour", async () => {
  await visits(ana, "/", "On stage now");
  await ana.presses("Open a stage");
  await looks(ana, "opening a stage");
  await closes(ana);
  await ana.opensStage("Late shift");
  stage = new URL(ana.page.url()).pathname;
  const tabs = (tab) => async (size) => size === PHONE && ana.page.getByRole("tab", { name: tab }).click();
  await looks(ana, "an empty stage", tabs("Queue"));
  await looks(ana, "an empty conversation", tabs("Chat"));
  await ana.page.setViewportSize(DESK);
  await ana.queues("Harbour lights");
  await ana.queues("Slack tide");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
  await ana.page.evaluate(async (stage) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#2040d0";
    paint.fillRect(0, 0, 64, 64);
    const body = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await fetch(`/api/v1/stages/${stage.split("/").at(-1)}/cover`, { method: "PUT", headers: { "content-type": "image/png" }, body });
  }, stage);
  await ana.page.waitForFunction(() => document.documentElement.style.getPropertyValue("--accent"));
  await ben.page.setViewportSize(DESK);
  await ben.page.goto(stage);
  await ben.seesPlaying("Harbour lights");
  await ben.says("what a bass line");
  await ana.reads("what a bass line");
  await ana.says("it is a sine, see https://example.org");
  await ana.page.getByRole("button", { name: /^Vote for Slack tide/ }).click();
  for (const [person, who] of [[ana, "the host"], [ben, "a guest"]]) {
    const open = (tab) => async (size) => size === PHONE && person.page.getByRole("tab", { name: tab }).click();
    for (const tab of ["Queue", "Chat", "People"]) await looks(person, `a stage for ${who}: ${tab}`, open(tab));
  }
});

test("what opens on a stage", async () => {
  await ana.page.setViewportSize(DESK);
  await ana.presses("Add songs");
  await looks(ana, "adding songs");
  await closes(ana);
  await ana.chooses("More", "Stage settings");
  await looks(ana, "stage settings");
  await closes(ana);
  await ana.page.setViewportSize(DESK);
  await ana.chooses("More", "What happened here");
  await ana.page.getByText("ana queued Slack tide").waitFor();
  await ana.page.locator("summary", { hasText: "Keep the evening" }).click();
  await looks(ana, "what happened on a stage");
  await closes(ana);
  await ana.page.setViewportSize(DESK);
  await ana.presses("Lyrics");
  await ana.page.getByRole("region", { name: "Lyrics" }).getByText("one").waitFor();
  await looks(ana, "a stage with lyrics");
  await ana.page.setViewportSize(DESK);
  await ana.presses("Comments");
  await ana.page.getByRole("dialog").getByText("what a bass line").waitFor();
  await looks(ana, "comments on what plays");
  await closes(ana);
  await ana.presses("Lyrics");
  await ana.page.setViewportSize(DESK);
  await ana.page.keyboard.press("s");
  await looks(ana, "sync figures");
  await ana.page.setViewportSize(DESK);
  await ana.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Lobby" }).click();
  await ana.page.getByRole("complementary", { name: "Now playing" }).waitFor();
  await looks(ana, "a lobby with a stage and the player");
  const cem = await Person.arrives(browser, server.url, "cem");
  await visits(cem, stage, "Late shift");
  await looks(cem, "a stage's door");
});

test("what goes wrong on a stage, and its end", async () => {
  await ana.page.setViewportSize(DESK);
  await ana.page.goto(stage);
  await ana.seesPlaying("Harbour lights");
  await ben.page.setViewportSize(DESK);
  await ben.page.goto("/friends");
  await ana.asks("PUT", `${stage.replace("/s/", "/stages/")}/bans/ben`);
  await ana.chooses("More", "Who is banned");
  await ana.page.getByRole("dialog").getByText("ben").waitFor();
  await looks(ana, "who is banned");
  await ana.presses("Lift the ban of ben");
  const question = ana.page.getByRole("dialog", { name: "Lift the ban of ben" });
  await question.waitFor();
  await looks(ana, "a question");
  await question.getByRole("button", { name: "Lift the ban", exact: true }).click();
  await ana.page.getByText("Nobody is banned from this stage.").waitFor();
  await closes(ana);
  await ana.page.setViewportSize(DESK);
  await ana.page.evaluate(() => {
    navigator.clipboard.write = navigator.clipboard.writeText = () => Promise.reject(new Error("not here"));
    document.execCommand = () => false;
  });
  await ana.presses("Invite");
  await looks(ana, "a link to copy by hand");
  await closes(ana);
  await ben.page.goto(stage);
  await ben.seesPlaying("Harbour lights");
  await ana.page.setViewportSize(DESK);
  await ana.chooses("More", "End this stage");
  await ana.presses("End this stage");
  await ben.page.getByRole("heading", { level: 1, name: /ended/ }).waitFor();
  await looks(ben, "a stage that has ended");
});

test("past evenings, whom one follows, and invitations to the server", async () => {
  await visits(ana, "/evenings", "Past evenings");
  await looks(ana, "past evenings");
  await ana.presses("What happened in Late shift");
  await ana.page.getByRole("dialog").getByRole("listitem").first().waitFor();
  await looks(ana, "what happened in the past");
  await visits(ana, "/following", "Whom you follow");
  await looks(ana, "whom one follows");
  await visits(ana, "/admin/invites", "Invitations to this server");
  await ana.presses("Make a link");
  await ana.page.getByLabel("Link that makes an account").waitFor();
  await looks(ana, "invitations to the server");
});

test("a song and its form", async () => {
  const { items } = await ana.asks("GET", "/songs?q=harbour");
  await ana.asks("POST", `/songs/${items[0].id}/comments`, { body: "here", position_us: 12_000_000 });
  await visits(ana, `/songs/${items[0].id}`, "Harbour lights");
  await ana.page.getByRole("button", { name: "0:12, ana: here" }).waitFor();
  await looks(ana, "a song");
  await ana.presses("Edit the song");
  await ana.page.getByRole("dialog", { name: "Edit the song" }).waitFor();
  await looks(ana, "a song's form");
});

test("the palette, and several songs at once", async () => {
  await visits(ana, "/library", "Library");
  await ana.page.keyboard.press("Control+k");
  await ana.page.getByRole("option", { name: "Open a stage" }).waitFor();
  await looks(ana, "the palette at rest");
  await ana.page.keyboard.type("harbour");
  await ana.page.getByRole("option", { name: /^Harbour lights/ }).waitFor();
  await looks(ana, "what the palette found");
  await ana.page.getByRole("dialog").getByRole("combobox").fill("qqqq");
  await ana.page.getByRole("dialog").getByText("Nothing is called anything like “qqqq”.").last().waitFor();
  await looks(ana, "what the palette did not find");
  await closes(ana);
  await ana.page.setViewportSize(DESK);
  await ana.presses("Choose several");
  await ana.page.getByRole("checkbox", { name: "Choose Harbour lights" }).check();
  await looks(ana, "several songs at once");
});

test("administration", async () => {
  await visits(ana, "/admin", "Administration");
  await looks(ana, "administration");
});

test("a guest's door, their stage, and what keeps their name", async () => {
  await ana.page.setViewportSize(DESK);
  await ana.opensStage("Open house");
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ana.chooses("More", "Let guests in");
  const sheet = ana.page.getByRole("dialog", { name: "Let guests in" });
  await sheet.getByRole("button", { name: "Make a link" }).click();
  const link = await sheet.getByLabel("Link for guests").inputValue();
  await looks(ana, "letting guests in");
  await closes(ana);
  const gus = await Person.arrives(browser, server.url, "Gus");
  await visits(gus, link, "Open house");
  await looks(gus, "a guest's door");
  await gus.page.setViewportSize(DESK);
  await gus.page.getByLabel("Your name").fill("Gus");
  await gus.presses("Listen");
  await gus.seesPlaying("Harbour lights");
  await gus.page.getByPlaceholder("Say something").fill("hi @an");
  await gus.page.getByRole("option", { name: "ana" }).waitFor();
  const open = async (size) => size === PHONE && gus.page.getByRole("tab", { name: "Chat" }).click();
  await looks(gus, "whom a guest means", async (size) => {
    await open(size);
    await gus.page.getByPlaceholder("Say something").press("End");
    await gus.page.getByPlaceholder("Say something").fill("hi @an");
  });
  await gus.page.getByPlaceholder("Say something").fill("hi @ana");
  await gus.page.keyboard.press("Escape");
  await gus.page.keyboard.press("Enter");
  await gus.reads("hi @ana");
  await looks(gus, "a guest's stage", open);
  await ana.page.setViewportSize(DESK);
  await looks(ana, "a line that calls one", async (size) => size === PHONE && ana.page.getByRole("tab", { name: "Chat" }).click());
  await gus.page.keyboard.press("Control+k");
  await gus.page.getByRole("option", { name: "Keep my name" }).waitFor();
  await looks(gus, "a guest's palette");
  await closes(gus);
  await visits(gus, "/keep", "Keep your name");
  await looks(gus, "keeping one's name");
  await visits(gus, "/g/AAAAAAAAAAAAAAAAAAAAAA", "This link lets nobody in any more");
  await looks(gus, "a link that lets nobody in");
  gus.hasNoProblems();
});

test("what another app shares, and a lobby with one that sounds in front", async () => {
  await visits(ana, "/share?text=harbour", "There is nothing here to open");
  await looks(ana, "nothing to open");
  const dee = await Person.arrives(browser, server.url, "dee");
  await dee.page.getByRole("link", { name: /Open house/ }).waitFor();
  await looks(dee, "a lobby with one in front");
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
