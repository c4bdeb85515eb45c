/** What is said of a song or an album, as it is at this moment. */

import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from "solid-js";
import { api, told } from "../../net/client";
import type { Comment } from "../../protocol";
import { watchComments } from "../../state/session";
import type { About } from "../../state/watching";

const PAGE = 200;

const page = (about: About, after?: string) => {
  const query = { limit: PAGE, after };
  return told(
    "song" in about
      ? api.GET("/api/v1/songs/{id}/comments", { params: { path: { id: about.song }, query } })
      : api.GET("/api/v1/albums/{id}/comments", { params: { path: { id: about.album }, query } }),
  );
};

export function createComments(about: Accessor<About | null>) {
  const [items, setItems] = createSignal<readonly Comment[]>([]);
  const [error, setError] = createSignal<unknown>(null);
  const [loading, setLoading] = createSignal(true);
  const [next, setNext] = createSignal<string | null>(null);
  let run = 0;

  async function load(whose: About, after?: string): Promise<void> {
    const mine = after === undefined ? ++run : run;
    setLoading(true);
    try {
      const piece = await page(whose, after);
      if (mine !== run) return;
      setItems((before) => (after === undefined ? piece.items : [...before, ...piece.items]));
      setNext(piece.next ?? null);
      setError(null);
    } catch (failure) {
      if (mine === run) setError(failure);
    } finally {
      if (mine === run) setLoading(false);
    }
  }
  /** My own comes twice: as an answer and as an event. */
  const put = (comment: Comment) =>
    setItems((all) =>
      all.some(({ id }) => id === comment.id)
        ? all.map((other) => (other.id === comment.id ? comment : other))
        : [comment, ...all],
    );
  const take = (id: number) => setItems((all) => all.filter((other) => other.id !== id));

  createEffect(
    on(about, (whose) => {
      setItems([]);
      setNext(null);
      if (!whose) return;
      void load(whose);
      const stop = watchComments(whose, {
        hear: ({ op, comment }) => (op === "deleted" ? take(comment.id) : put(comment)),
        back: () => void load(whose),
      });
      onCleanup(stop);
    }),
  );
  onCleanup(() => run++);
  const again = async () => {
    const whose = untrack(about);
    if (whose) await load(whose);
  };
  const more = () => {
    const [whose, after] = [about(), next()];
    if (whose && after && !loading()) void load(whose, after);
  };
  return { items, error, loading, again, value: items, hasMore: () => next() !== null, more, put, take };
}
