import { createSignal, For, Show } from "solid-js";
import { exchange as say } from "../../i18n/exchange";
import { api } from "../../net/client";
import { explain } from "../../state/errors";
import { Icon } from "../../ui/Icon";
import { Pick, type Picked } from "./Pick";
import { leaveOut, placeIn, resolved, type Waiting, waiting } from "./unresolved";
import "../../styles/exchange.css";

/** So many are looked at by nobody at once. */
const SHOWN = 50;

/** The entries of an imported playlist without a song: each gets one by hand, or is left out. */
export function Resolve(props: { playlist: number; onChanged(): void }) {
  const [picking, setPicking] = createSignal<Waiting | null>(null);
  const [shown, setShown] = createSignal(SHOWN);
  const [said, setSaid] = createSignal({ words: "", wrong: false });
  const entries = () => waiting(props.playlist);
  const rest = () => entries().length - shown();
  let list: HTMLUListElement | undefined;
  let heading!: HTMLHeadingElement;
  /** The row is gone; what has the focus next is the one in its place. */
  const goOn = (index: number) => {
    const rows = list?.querySelectorAll<HTMLElement>("li") ?? [];
    (rows[Math.min(index, rows.length - 1)]?.querySelector("button") ?? heading).focus();
  };
  const done = (entry: Waiting, how: (playlist: number, position: number) => void, words: string) => {
    const index = entries().findIndex(({ position }) => position === entry.position);
    setPicking(null);
    how(props.playlist, entry.position);
    setSaid({ words, wrong: false });
    queueMicrotask(() => goOn(index));
  };
  async function use(entry: Waiting, song: Picked): Promise<void> {
    const body = { song_id: song.id, position: placeIn(props.playlist, entry.position) };
    try {
      await api.POST("/api/v1/playlists/{id}/songs", { params: { path: { id: props.playlist } }, body });
      done(entry, resolved, say.placed(song.title));
      props.onChanged();
    } catch (failure) {
      setSaid({ words: explain(failure), wrong: true });
    }
  }
  return (
    <section class="stack tight" aria-labelledby="unresolved-title">
      <h3 id="unresolved-title" ref={heading} tabindex={-1}>
        {say.left(entries().length)}
      </h3>
      <p class="small" classList={{ wrong: said().wrong, soft: !said().wrong }} role="status">
        {said().words || (entries().length > 0 ? say.missingHint : say.complete)}
      </p>
      <Show
        when={picking()}
        keyed
        fallback={
          <>
            <ul class="unresolved" aria-label={say.missing} ref={list}>
              <For each={entries().slice(0, shown())}>
                {(entry) => (
                  <Row
                    entry={entry}
                    onUse={(song) => use(entry, song)}
                    onPick={() => setPicking(entry)}
                    onLeaveOut={() => done(entry, leaveOut, say.leftOut(entry.said))}
                  />
                )}
              </For>
            </ul>
            <Show when={rest() > 0}>
              <button type="button" class="btn self-start" onClick={() => setShown((n) => n + SHOWN)}>
                {say.more(Math.min(SHOWN, rest()))}
              </button>
            </Show>
          </>
        }
      >
        {(entry) => <Pick entry={entry} onPick={(song) => use(entry, song)} onBack={() => setPicking(null)} />}
      </Show>
    </section>
  );
}

function Row(props: { entry: Waiting; onUse(song: Picked): void; onPick(): void; onLeaveOut(): void }) {
  const nearest = () => props.entry.proposed[0];
  return (
    <li>
      <p class="entry-said">
        {props.entry.said}
        <Show when={props.entry.location && props.entry.location !== props.entry.said}>
          <span class="line cut soft small">{props.entry.location}</span>
        </Show>
      </p>
      <div class="row wrap tight">
        <Show when={nearest()}>
          {(song) => (
            <button type="button" class="btn near" onClick={() => props.onUse(song())}>
              <Icon name="add" size={16} />
              <span class="cut">{say.use(song().title, song().artist)}</span>
            </button>
          )}
        </Show>
        <button type="button" class="btn" aria-label={say.pickFor(props.entry.said)} onClick={props.onPick}>
          {say.pick}
        </button>
        <button type="button" class="btn plain" aria-label={say.leaveOutOf(props.entry.said)} onClick={props.onLeaveOut}>
          {say.leaveOut}
        </button>
      </div>
    </li>
  );
}
