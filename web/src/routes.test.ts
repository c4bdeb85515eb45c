import { expect, test, vi } from "vitest";

vi.stubGlobal("location", new URL("http://here.example/"));
const { match, placeWithin } = await import("./routes");

test("a path's parts are read as text", () => {
  expect(match("/u/:name", "/u/an%20a")).toEqual({ name: "an a" });
  expect(match("/s/:id", "/s/7/")).toEqual({ id: "7" });
  expect(match("/s/:id", "/u/7")).toBeNull();
});

test("what stands for no text is no such path", () => {
  expect(match("/u/:name", "/u/%E0%A4%A")).toBeNull();
  expect(match("/u/:name", "/u/%")).toBeNull();
});

test("an address leads on within this site, or to the lobby", () => {
  expect(placeWithin("/playlists/7?x=1")).toBe("/playlists/7?x=1");
  const elsewhere = [null, "", "//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "http://["];
  for (const to of elsewhere) expect(placeWithin(to)).toBe("/");
});
