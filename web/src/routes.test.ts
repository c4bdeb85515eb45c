import { expect, test, vi } from "vitest";

vi.stubGlobal("location", new URL("http://here.example/"));
vi.mock("@solidjs/router", () => ({}));
const { decoded, placeWithin } = await import("./routes");

test("a path's parts are read as text", () => {
  expect(decoded("an%20a")).toBe("an a");
});

test("what stands for no text is none", () => {
  expect(decoded("%E0%A4%A")).toBeNull();
  expect(decoded("%")).toBeNull();
});

test("an address leads on within this site, or to the lobby", () => {
  expect(placeWithin("/playlists/7?x=1")).toBe("/playlists/7?x=1");
  const elsewhere = [null, "", "//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "http://["];
  for (const to of elsewhere) expect(placeWithin(to)).toBe("/");
});
