/** The address bar as a signal. Links are plain `<a href>`; those within this site are followed without a reload. */

import { batch, createSignal } from "solid-js";

const [path, setPath] = createSignal(location.pathname);
const [query, setQuery] = createSignal(new URLSearchParams(location.search), {
  equals: (a, b) => a.toString() === b.toString(),
});

export { path, query };

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  arrive();
  scrollTo(0, 0);
}

/** A place on this site that an address asks to go to, or the lobby. */
export function placeWithin(to: string | null): string {
  const lobby = "/";
  if (!to) return lobby;
  try {
    const place = new URL(to, location.origin);
    return place.origin === location.origin ? place.pathname + place.search : lobby;
  } catch {
    return lobby;
  }
}

/** The parts that stand for `:name` in a pattern such as `/s/:id`, or null when the path is another one. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = actual.replace(/\/+$/, "").split("/");
  if (pattern === "/") return actual === "/" ? {} : null;
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? "";
    if (part.startsWith(":")) {
      const name = decoded(value);
      if (name === null) return null;
      found[part.slice(1)] = name;
    } else if (part !== value) return null;
  }
  return found;
}

/** Null for what stands for no text, such as `%E0%A4%A`. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export function followLinks(): void {
  addEventListener("popstate", arrive);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest("a");
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
    if (link.pathname.startsWith("/api/")) return;
    // To a place on this page the browser goes itself, and takes the focus along.
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    if (link.href !== location.href) navigate(link.pathname + link.search);
  });
}

function arrive(): void {
  batch(() => {
    setPath(location.pathname);
    setQuery(new URLSearchParams(location.search));
  });
}
