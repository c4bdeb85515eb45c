import { type Accessor, createEffect, createMemo, createSignal, on, Show } from "solid-js";
import { text } from "../../i18n/en";
import type { QueueItem } from "../../protocol";
import { bringsBy } from "../../stage/roles";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { confirm } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Menu, MenuItem } from "../../ui/Menu";
import { Empty } from "../../ui/parts";
import { Rows, type RowsHandle } from "../../ui/Rows";
import { QUEUE_ROW_PX, QueueRow } from "./QueueRow";
import { Suggestions } from "./Suggestions";

const AddSongs = later(() => import("./AddSongs").then((of) => of.AddSongs));

const EMPTY = { add: "emptyAdd", suggest: "emptySuggest", wait: "emptyWait" } as const;

export function QueueList(props: { stage: Stage }) {
  const [adding, setAdding] = createSignal(false);
  const { current, can, brings, moves, items, total, placeOf } = queueOf(props.stage);
  const { said, move, remove, clear, play } = createMoves(props.stage, { total, placeOf });
  /** Everybody may take back what they added. */
  const takes = (item: QueueItem) => can("queue_edit") || item.added_by.id === props.stage.me.id;
  const choose = (item: QueueItem) => (can("control") ? play(item) : attempt(() => props.stage.vote(item.entry)));

  const [rows, setRows] = createSignal<RowsHandle>();
  keepInView(rows, current, placeOf);
  /** What a key in the list is about. */
  const about = (row: HTMLElement, act: (item: QueueItem, place: number) => void) => {
    const place = Number(row.dataset.index);
    const item = items()[place];
    if (item) act(item, place);
  };
  let scroller!: HTMLDivElement;

  return (
    <section class="queue panel" id="queue-panel" aria-label={text.queue.title}>
      <header class="panel-head">
        <div class="grow">
          <h2>
            {text.queue.title} <span class="soft small num">{total() || ""}</span>
          </h2>
          <Show when={turnsOf(props.stage)}>{(turns) => <p class="turns soft small">{turns()}</p>}</Show>
        </div>
        <div class="row tight">
          <Show when={can("queue_edit") && total() > 1}>
            <Menu label={text.queue.actions}>
              <Show when={moves()}>
                <MenuItem icon="shuffle" onSelect={() => attempt(props.stage.shuffleNow)}>
                  {text.queue.shuffle}
                </MenuItem>
              </Show>
              <MenuItem icon="trash" danger onSelect={clear}>
                {text.queue.clear}
              </MenuItem>
            </Menu>
          </Show>
          <Show when={brings()}>
            {(how) => (
              <button type="button" class="btn" onClick={() => setAdding(true)}>
                <Icon name="add" />
                {how() === "add" ? text.queue.add : text.suggestions.suggest}
              </button>
            )}
          </Show>
        </div>
      </header>
      <p class="hidden" role="status">
        {said()}
      </p>
      <Suggestions stage={props.stage} />
      <Show
        when={total() > 0}
        fallback={<Empty icon="queue" level="h3" title={text.queue.emptyTitle} text={text.queue[EMPTY[brings() ?? "wait"]]} />}
      >
        <div class="scroll" ref={scroller}>
          <Rows
            id="queue"
            label={text.queue.title}
            describedBy="queue-hint"
            items={items()}
            keyOf={(item: QueueItem) => item.entry}
            rowPx={QUEUE_ROW_PX}
            scroller={scroller}
            drag={{ may: moves(), drop: move }}
            handle={setRows}
            onShow={props.stage.showQueue}
            keys={{
              enter: (row) => about(row, choose),
              remove: (row) => about(row, (item) => takes(item) && remove(item)),
              shift: (row, by) => moves() && about(row, (item, place) => move(item, place + by)),
            }}
            row={(item, index, slot) => (
              <QueueRow
                stage={props.stage}
                item={item}
                slot={slot}
                current={current() === item().entry}
                edits={moves()}
                takes={takes(item())}
                steers={can("control")}
                onPlay={() => play(item())}
                onMove={(by) => move(item(), index() + by)}
                onRemove={() => remove(item())}
              />
            )}
            blank={(slot) => (
              <li {...slot} class="queue-row blank" aria-label={text.common.loading}>
                <span class="cover" />
                <span class="bar" />
              </li>
            )}
          />
        </div>
        <p id="queue-hint" class="hidden">
          {moves() ? text.queue.dragHint : text.queue.keysHint}
        </p>
      </Show>
      <Show when={adding()}>
        <AddSongs stage={props.stage} onClose={() => setAdding(false)} />
      </Show>
    </section>
  );
}

/** What the list shows; memos, so that what happens elsewhere on the stage costs nothing here. */
function queueOf(stage: Stage) {
  const queue = createMemo(() => stage.state()?.queue);
  const current = createMemo(() => stage.state()?.timeline.entry ?? null);
  const abilities = createMemo(() => stage.state()?.you.can ?? []);
  const can = (what: "queue_edit" | "control") => abilities().includes(what);
  const brings = createMemo(() => bringsBy(abilities()));
  const order = createMemo(() => stage.state()?.stage.order ?? "added");
  /** Where the stage puts the queue in order, nobody does by hand. */
  const moves = () => can("queue_edit") && order() === "added";
  const items = () => queue()?.items ?? [];
  const total = () => queue()?.total ?? 0;
  const placeOf = (entry: number) => items().findIndex((item) => item?.entry === entry);
  return { current, can, brings, moves, items, total, placeOf };
}

/** What is to be known of whose song is next; nothing where it is the one below. */
function turnsOf(stage: Stage): string {
  const of = stage.state()?.stage;
  const most = of?.max_waiting ? text.queue.mostWaiting(of.max_waiting) : "";
  return [text.queue.orders[of?.order ?? "added"], most].filter(Boolean).join(" · ");
}

/** What one does to the queue, and what is said of it to who can't see it. */
function createMoves(stage: Stage, { total, placeOf }: { total(): number; placeOf(entry: number): number }) {
  const [said, setSaid] = createSignal("");
  async function clear(): Promise<void> {
    if (await confirm(text.queue.clear, text.queue.clearSure, text.queue.clear)) await attempt(stage.clear);
  }
  async function move(item: QueueItem, place: number): Promise<void> {
    if (place < 0 || place >= total() || place === placeOf(item.entry)) return;
    if (await attempt(() => stage.move(item.entry, place))) setSaid(text.queue.moved(item.song.title, place + 1));
  }
  async function remove(item: QueueItem): Promise<void> {
    if (await attempt(() => stage.drop(item.entry))) setSaid(text.queue.removed(item.song.title));
  }
  const play = (item: QueueItem) => attempt(() => stage.control("play", { entry: item.entry, position_us: 0 }));
  return { said, move, remove, clear, play };
}

/** What plays is in view at first, and goes on being so as long as one doesn't look elsewhere. */
function keepInView(
  rows: Accessor<RowsHandle | undefined>,
  current: Accessor<number | null>,
  placeOf: (entry: number) => number,
): void {
  createEffect(
    on([rows, current], ([handle, entry], before) => {
      const place = entry === null ? -1 : placeOf(entry);
      const last = before?.[1] == null ? -1 : placeOf(before[1]);
      if (handle && place >= 0 && (handle !== before?.[0] || last < 0 || handle.isSeen(last))) handle.reveal(place);
    }),
  );
}
