import { For, Match, Show, Switch } from "solid-js";
import { text } from "../text";
import { Icon } from "../ui/Icon";
import { room } from "./session";
import { attempt, toast } from "./notices";
import { again, cancel, clearUploads, type Upload, uploads } from "./uploads";

export function UploadPanel() {
  return (
    <Show when={uploads().length > 0}>
      <section class="uploads" aria-label={text.upload.title}>
        <header>
          <h3>
            {text.upload.title}{" "}
            <span class="soft num">
              {uploads().filter((item) => item.status === "done").length}/{uploads().length}
            </span>
          </h3>
          <button type="button" class="btn icon-only" aria-label={text.upload.hide} onClick={clearUploads}>
            <Icon name="close" />
          </button>
        </header>
        <ul>
          <For each={uploads().map((item) => item.id)}>
            {(id) => <Show when={uploads().find((item) => item.id === id)}>{(item) => <UploadRow item={item()} />}</Show>}
          </For>
        </ul>
      </section>
    </Show>
  );
}

function UploadRow(props: { item: Upload }) {
  const canQueue = () => room()?.state()?.you.can.includes("queue_add") ?? false;
  const queue = (song: { id: number; title: string }) =>
    attempt(async () => {
      await room()?.add(song.id);
      toast(text.queue.added(song.title));
    });
  return (
    <li>
      <span class="cut">{props.item.song?.title ?? props.item.file.name}</span>
      <Switch fallback={<span class="soft">{text.upload.waiting}</span>}>
        <Match when={props.item.status === "sending"}>
          <button type="button" class="btn icon-only" aria-label={text.common.cancel} onClick={() => cancel(props.item.id)}>
            <Icon name="close" />
          </button>
        </Match>
        <Match when={props.item.status === "done" && props.item.song}>
          {(song) => (
            <Show when={canQueue()} fallback={<span class="soft">{text.upload.done}</span>}>
              <button type="button" class="btn" onClick={() => queue(song())}>
                {text.upload.queue}
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
      <Show when={props.item.error}>
        <p class="wrong">{props.item.error}</p>
      </Show>
    </li>
  );
}
