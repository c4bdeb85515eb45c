/**
 * What of the client stays on the device: its page and what that names, of one build at a time. The server is always asked for
 * the page first, so nobody ever sees an old one while it answers; what the page names is called by its content, and
 * is the same wherever it comes from. Of what the API or a song's address answers nothing is kept.
 */

import type { Fetching } from "./scope";

declare const __SHELL__: { readonly version: string; readonly files: readonly string[] };

const KEPT = "octave-shell-";
const CACHE = KEPT + __SHELL__.version;
const FILES: ReadonlySet<string> = new Set(__SHELL__.files);
const PAGE = "/";

/** What proxies say while what stands behind them does not answer. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/** Fetches this build's shell; fails where the server has another one by now, whose own worker will come. */
export async function keepShell(): Promise<void> {
  const page = await fetch(PAGE, { cache: "no-cache", redirect: "error" });
  const text = await page.clone().text();
  const files = [...FILES].filter((path) => path.startsWith("/assets/"));
  if (!page.ok || !files.every((path) => text.includes(path))) throw new Error("the page is of another build");
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES]);
  await cache.put(PAGE, page);
}

export async function forgetOldShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** What answers a request in the server's stead or after it; null where the server alone does. */
export function answer(event: Fetching): Promise<Response> | null {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (request.mode === "navigate") return isScreen(pathname) ? page(event) : null;
  return FILES.has(pathname) ? file(request, pathname) : null;
}

/** As `is_screen` in the server's `site/assets.rs`. */
const isScreen = (path: string) => !/^\/(api|assets)(\/|$)/.test(path) && !path.split("/").at(-1)?.includes(".");

const kept = async (path: string) => (await caches.open(CACHE)).match(path, { ignoreVary: true });

async function page(event: Fetching): Promise<Response> {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    return AWAY.has(answer.status) ? ((await kept(PAGE)) ?? answer) : answer;
  } catch (failure) {
    const known = await kept(PAGE);
    if (known) return known;
    throw failure;
  }
}

const file = async (request: Request, path: string) => (await kept(path)) ?? fetch(request);
