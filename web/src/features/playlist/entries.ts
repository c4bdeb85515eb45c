import { createEffect, createSignal, on } from "solid-js";
import { api, type PlaylistDetail, type PlaylistEntry, told } from "../../net/client";
import { attempt } from "../../state/notices";

const PAGE = 200;

/** A playlist's entries, of which those are fetched that are seen; `null` until they are known. */
export function createEntries(list: () => PlaylistDetail | null | undefined) {
  const [items, setItems] = createSignal<readonly (PlaylistEntry | null)[]>([]);
  let run = 0;
  let busy = false;
  createEffect(
    on(list, (now) => {
      run++;
      busy = false;
      const told = now?.items ?? [];
      setItems([...told, ...new Array<null>(Math.max(0, (now?.songs_count ?? 0) - told.length)).fill(null)]);
    }),
  );

  let seen = { from: 0, to: 0 };
  function show(from: number, to: number): void {
    seen = { from, to };
    if (!busy) void load();
  }
  async function load(): Promise<void> {
    const shown = list();
    const missing = items().slice(seen.from, seen.to).indexOf(null);
    if (missing < 0 || !shown) return;
    const mine = run;
    busy = true;
    const offset = Math.floor((seen.from + missing) / PAGE) * PAGE;
    let got = 0;
    await attempt(async () => {
      const window = { path: { id: shown.id }, query: { offset, limit: PAGE } };
      const page = await told(api.GET("/api/v1/playlists/{id}/songs", { params: window }));
      if (mine !== run) return;
      got = page.items.length;
      setItems((before) => before.toSpliced(offset, got, ...page.items));
    });
    if (mine !== run) return;
    busy = false;
    if (got > 0) void load();
  }
  /** Shows an entry at another place, before the server has said so. */
  function put(item: PlaylistEntry, to: number): void {
    setItems((before) => before.filter((other) => other !== item).toSpliced(to, 0, item));
  }
  return { items, show, put };
}
