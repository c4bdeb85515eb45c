import { createEffect, createMemo, For, on, onCleanup, onMount, Show } from "solid-js";
import { lyrics as say } from "../../i18n/lyrics";
import { api, orNone, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { usePosition } from "../../state/position";
import { lineAt, linesOf, type WordsLine } from "./lrc";
import "../../styles/lyrics.css";

/** So long a hand's scrolling keeps the words where it left them. */
const HELD_MS = 5_000;
/** A line of song is not much shorter. */
const POSITION_EVERY_MS = 200;

function createLyrics(song: () => number) {
  const found = createFetched(song, async (id) => {
    const answer = await orNone(told(api.GET("/api/v1/songs/{id}/lyrics", { params: { path: { id } } })));
    return { song: id, lines: linesOf(answer?.lyrics ?? "") };
  });
  /** Another song's words are none. */
  const lines = createMemo(() => {
    const known = found.value();
    return known && known.song === song() ? known.lines : undefined;
  });
  return { found, lines };
}

/** The words of a song; nothing of a song without any. */
export function SongLyrics(props: { song: number }) {
  const { lines } = createLyrics(() => props.song);
  return (
    <Show when={lines()?.length}>
      <section class="stack" aria-labelledby="lyrics-title">
        <h2 id="lyrics-title">{say.title}</h2>
        <Lines lines={lines() ?? []} current={-1} />
      </section>
    </Show>
  );
}

/** The words beside what plays: the line that is sung stands out and stays in view. Nobody is told aloud what they hear. */
export function StageLyrics(props: { song: number }) {
  const { found, lines } = createLyrics(() => props.song);
  const position = usePosition(POSITION_EVERY_MS);
  const current = createMemo(() => lineAt(lines() ?? [], position.us()));
  let box!: HTMLElement;
  let heldUntil = 0;
  const hold = () => {
    heldUntil = performance.now() + HELD_MS;
  };
  const follow = () => {
    if (performance.now() < heldUntil) return;
    const line = box.querySelectorAll("li")[current()];
    box.scrollTo({ top: line ? line.offsetTop - (box.clientHeight - line.offsetHeight) / 2 : 0 });
  };
  createEffect(on([lines, current], follow));
  onMount(() => {
    const resized = new ResizeObserver(follow);
    resized.observe(box);
    onCleanup(() => resized.disconnect());
  });
  return (
    <section
      ref={box}
      class="lyrics-box"
      aria-label={say.title}
      // What scrolls must be reached by who has keys alone.
      tabindex={0}
      onWheel={hold}
      onTouchMove={hold}
      onKeyDown={hold}
    >
      <Trouble of={found} />
      <Show when={lines()?.length === 0}>
        <p class="soft">{say.none}</p>
      </Show>
      <Lines lines={lines() ?? []} current={current()} />
    </section>
  );
}

function Lines(props: { lines: readonly WordsLine[]; current: number }) {
  /** What begins at the same moment is sung together. */
  const sung = (line: WordsLine) => {
    const now = props.lines[props.current];
    return now !== undefined && line.us === now.us;
  };
  return (
    <ol class="lyrics" dir="auto">
      <For each={props.lines}>
        {(line) => (
          <li dir="auto" aria-current={sung(line) ? "true" : undefined}>
            {line.text || "\u00a0"}
          </li>
        )}
      </For>
    </ol>
  );
}
