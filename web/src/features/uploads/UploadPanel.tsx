import { createMemo, For, Match, Show, Switch } from "solid-js";
import { text } from "../../i18n/en";
import type { UploadedSong } from "../../net/client";
import { bring, brings } from "../../state/bringing";
import { sentence } from "../../state/errors";
import { Icon } from "../../ui/Icon";
import { again, cancel, cancelAll, clearSettled, hidden, hide, listed, show, type Upload, underway, uploads } from "./uploads";

const done = () => `${uploads().filter((item) => item.status === "done").length}/${uploads().length}`;

export function UploadPanel() {
  const shown = createMemo(() => new Map(listed(uploads()).map((item) => [item.id, item])));
  return (
    <Show when={!hidden()} fallback={<Hidden />}>
      <section class="uploads" aria-labelledby="uploads-title">
        <header>
          <h2 id="uploads-title">
            {text.upload.title} <span class="soft num">{done()}</span>
          </h2>
          <Show
            when={underway()}
            fallback={
              <button type="button" class="btn icon-only" aria-label={text.upload.close} onClick={clearSettled}>
                <Icon name="close" />
              </button>
            }
          >
            <span class="row tight">
              <button type="button" class="btn plain" onClick={cancelAll}>
                {text.upload.cancelAll}
              </button>
              <button type="button" class="btn icon-only" aria-label={text.upload.hide} title={text.upload.hide} onClick={hide}>
                <Icon name="down" />
              </button>
            </span>
          </Show>
        </header>
        <ul>
          <For each={[...shown().keys()]}>
            {(id) => <Show when={shown().get(id)}>{(item) => <UploadRow item={item()} />}</Show>}
          </For>
          <Show when={uploads().length > shown().size}>
            <li class="soft">{text.upload.more(uploads().length - shown().size)}</li>
          </Show>
        </ul>
      </section>
    </Show>
  );
}

/** Uploads go on while one does not look at them; this is the way back. */
function Hidden() {
  return (
    <button type="button" class="btn uploads-hidden" aria-label={text.upload.show} onClick={show}>
      <Icon name="upload" size={18} />
      <span class="num">{done()}</span>
    </button>
  );
}

function UploadRow(props: { item: Upload }) {
  const name = () => props.item.song?.title ?? props.item.file.name;
  const stop = () => (
    <button type="button" class="btn icon-only" aria-label={text.upload.cancel(name())} onClick={() => cancel(props.item.id)}>
      <Icon name="close" />
    </button>
  );
  return (
    <li>
      <Show when={props.item.song} fallback={<span class="cut">{name()}</span>}>
        {(song) => (
          <a class="cut" href={`/songs/${song().id}`}>
            {name()}
          </a>
        )}
      </Show>
      <Switch>
        <Match when={props.item.status === "waiting"}>
          <span class="row tight">
            <span class="soft">{text.upload.waiting}</span>
            {stop()}
          </span>
        </Match>
        <Match when={props.item.status === "sending"}>{stop()}</Match>
        <Match when={props.item.status === "done" && props.item.song}>
          {(song) => (
            <Show when={brings()} fallback={<span class="soft">{text.upload.done}</span>}>
              <button type="button" class="btn" onClick={() => bring(song())}>
                {brings() === "suggest" ? text.suggestions.suggestOne : text.upload.queue}
              </button>
            </Show>
          )}
        </Match>
        <Match when={props.item.status === "cancelled"}>
          <span class="soft">{text.upload.cancelled}</span>
        </Match>
        <Match when={props.item.status === "failed" && !props.item.retryable}>
          <span class="wrong">{text.upload.refused}</span>
        </Match>
        <Match when={props.item.status === "failed"}>
          <button type="button" class="btn" onClick={() => again(props.item.id)}>
            {text.common.retry}
          </button>
        </Match>
      </Switch>
      <Show when={props.item.status === "sending"}>
        <div
          class="meter"
          role="progressbar"
          aria-label={text.upload.progress(props.item.file.name)}
          aria-valuenow={Math.round(props.item.progress * 100)}
        >
          <i style={{ transform: `scaleX(${props.item.progress})` }} />
        </div>
      </Show>
      <Show when={props.item.song}>{(song) => <Hearing song={song()} />}</Show>
      <Show when={props.item.error}>
        <p class="wrong">{props.item.error}</p>
      </Show>
    </li>
  );
}

/** How far it is with a song that is in the library, and what of its file is not. */
function Hearing(props: { song: UploadedSong }) {
  const { analysis } = text.upload;
  return (
    <>
      <Show when={props.song.analysis !== "done"}>
        <p class="about soft">{props.song.analysis === "pending" ? analysis.pending : analysis.failed}</p>
      </Show>
      <For each={props.song.notes}>{(note) => <p class="about soft">{sentence(note)}</p>}</For>
    </>
  );
}
