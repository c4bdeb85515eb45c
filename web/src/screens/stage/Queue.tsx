import { createSignal, For, Show } from "solid-js";
import { attempt } from "../../app/notices";
import type { QueueItem } from "../../protocol";
import type { Room } from "../../stage/room";
import { text } from "../../text";
import { confirm } from "../../ui/Dialog";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Menu, MenuItem } from "../../ui/Menu";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { AddSongs } from "./AddSongs";

export function QueueList(props: { room: Room }) {
  const [adding, setAdding] = createSignal(false);
  const [dragged, setDragged] = createSignal<number | null>(null);
  const [target, setTarget] = createSignal<number | null>(null);
  const [said, setSaid] = createSignal("");
  const state = () => props.room.state();
  const queue = () => state()?.queue;
  const can = (what: "queue_add" | "queue_edit" | "control") => state()?.you.can.includes(what) ?? false;
  const items = () => queue()?.items ?? [];

  async function clear(): Promise<void> {
    if (await confirm(text.queue.clear, text.queue.clearSure, text.queue.clear)) await attempt(props.room.clear);
  }
  /** Moves an entry to a place in the window; the server counts from the queue's top. */
  async function move(item: QueueItem, at: number): Promise<void> {
    const place = (queue()?.offset ?? 0) + Math.max(0, Math.min(at, items().length - 1));
    if (await attempt(() => props.room.move(item.entry, place))) setSaid(text.queue.moved(item.song.title, place + 1));
  }
  function drop(): void {
    const [from, to] = [dragged(), target()];
    const item = from === null ? undefined : items()[from];
    if (item && to !== null && from !== null && to !== from) void move(item, to);
    setDragged(null);
    setTarget(null);
  }

  return (
    <section class="queue panel" id="queue-panel" aria-label={text.queue.title}>
      <header class="panel-head">
        <h2>
          {text.queue.title} <span class="soft small num">{queue()?.total || ""}</span>
        </h2>
        <div class="row tight">
          <Show when={can("queue_edit") && items().length > 1}>
            <Menu label={text.common.more}>
              <MenuItem icon="shuffle" onSelect={() => attempt(props.room.shuffleNow)}>
                {text.queue.shuffle}
              </MenuItem>
              <MenuItem icon="trash" danger onSelect={clear}>
                {text.queue.clear}
              </MenuItem>
            </Menu>
          </Show>
          <Show when={can("queue_add")}>
            <button type="button" class="btn" onClick={() => setAdding(true)}>
              <Icon name="add" />
              {text.queue.add}
            </button>
          </Show>
        </div>
      </header>
      <p class="hidden" role="status">
        {said()}
      </p>
      <Show
        when={items().length > 0}
        fallback={
          <Empty icon="queue" title={text.queue.emptyTitle} text={can("queue_add") ? text.queue.emptyAdd : text.queue.emptyWait} />
        }
      >
        <ol
          id="queue"
          class="scroll"
          tabindex="-1"
          aria-describedby="queue-hint"
          onDragOver={(event) => dragged() !== null && event.preventDefault()}
          onDrop={drop}
        >
          <For each={items()}>
            {(item, index) => (
              <QueueRow
                room={props.room}
                item={item}
                current={state()?.timeline.entry === item.entry}
                edits={can("queue_edit")}
                steers={can("control")}
                mark={target() === index() && dragged() !== index() ? ((dragged() ?? 0) > index() ? "above" : "below") : null}
                onDragStart={() => setDragged(index())}
                onDragOver={() => dragged() !== null && setTarget(index())}
                onDragEnd={drop}
                onMove={(by) => move(item, index() + by)}
              />
            )}
          </For>
        </ol>
        <Show when={(queue()?.total ?? 0) > items().length}>
          <p class="soft small more-note">{text.queue.more((queue()?.total ?? 0) - items().length)}</p>
        </Show>
        <p id="queue-hint" class="hidden">
          {text.queue.dragHint}
        </p>
      </Show>
      <Show when={adding()}>
        <AddSongs room={props.room} onClose={() => setAdding(false)} />
      </Show>
    </section>
  );
}

function QueueRow(props: {
  room: Room;
  item: QueueItem;
  current: boolean;
  edits: boolean;
  steers: boolean;
  mark: "above" | "below" | null;
  onDragStart(): void;
  onDragOver(): void;
  onDragEnd(): void;
  onMove(by: number): void;
}) {
  const song = () => props.item.song;
  const playNow = () => attempt(() => props.room.control("play", { entry: props.item.entry, position_us: 0 }));
  const keys = (event: KeyboardEvent) => {
    const row = event.currentTarget as HTMLElement;
    const sibling = event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
    if (event.target !== row || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) {
      if (event.target === row && event.key === "Delete" && props.edits) void attempt(() => props.room.drop(props.item.entry));
      return;
    }
    event.preventDefault();
    if (event.altKey && props.edits) props.onMove(event.key === "ArrowDown" ? 1 : -1);
    else (sibling as HTMLElement | null)?.focus();
  };
  return (
    <li
      class="queue-row"
      classList={{ current: props.current, above: props.mark === "above", below: props.mark === "below" }}
      tabindex="0"
      aria-current={props.current ? "true" : undefined}
      aria-label={text.queue.row(song().title, song().artist)}
      draggable={props.edits}
      onDragStart={props.onDragStart}
      onDragOver={props.onDragOver}
      onDragEnd={props.onDragEnd}
      onKeyDown={keys}
      onDblClick={() => props.steers && playNow()}
    >
      <Cover url={song().cover_url} name={song().title} />
      <span class="grow">
        <span class="line cut title">{song().title}</span>
        <span class="line cut soft small">
          {song().artist} <span class="adder">· {props.item.added_by.username}</span>
        </span>
      </span>
      <Show when={props.current}>
        <span class="wave" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </Show>
      <button
        type="button"
        class="btn icon-only vote"
        aria-label={text.queue.vote}
        onClick={() => attempt(() => props.room.vote(props.item.entry))}
      >
        <Icon name="up" size={16} />
        <Show when={props.item.votes > 0}>
          <span class="num small">{props.item.votes}</span>
        </Show>
      </button>
      <span class="soft small num">{clock(song().duration_us)}</span>
      <Show when={props.edits || props.steers}>
        <Menu label={text.library.songActions(song().title)}>
          <Show when={props.steers && !props.current}>
            <MenuItem icon="play" onSelect={playNow}>
              {text.queue.playNow}
            </MenuItem>
          </Show>
          <Show when={props.edits}>
            <MenuItem icon="up" onSelect={() => props.onMove(-1)}>
              {text.queue.moveUp}
            </MenuItem>
            <MenuItem icon="down" onSelect={() => props.onMove(1)}>
              {text.queue.moveDown}
            </MenuItem>
            <MenuItem icon="trash" danger onSelect={() => attempt(() => props.room.drop(props.item.entry))}>
              {text.common.remove}
            </MenuItem>
          </Show>
        </Menu>
      </Show>
    </li>
  );
}
