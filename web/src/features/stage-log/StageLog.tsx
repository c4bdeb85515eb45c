import { createMemo, createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { stageLog as say } from "../../i18n/stage-log";
import { ApiError, api, type LogEntry, type Playlist, told } from "../../net/client";
import type { You } from "../../protocol";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { explain, sentence } from "../../state/errors";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { createSending } from "../../state/sending";
import { Dialog } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { dayOf, timeOfDay } from "../../ui/format";
import { roving } from "../../ui/roving";
import { isToday } from "../../ui/today";
import { mayUndo, wordsOf } from "./words";
import "../../styles/stage-log.css";

const PAGE = 50;
/** What happens while one looks stands there soon. */
const REFRESH_MS = 3_000;

interface StageLogProps {
  stage: number;
  name: string;
  /** Who looks, and what they may, while it goes on; nothing of what is over is undone. */
  viewer?: { id: number; you: You } | undefined;
  /** When it was over. */
  at?: number;
  onClose(): void;
}

/** Who did what on the stage, with what of it can be undone; and the evening as a playlist. */
export function StageLog(props: StageLogProps) {
  const log = createLog(props.stage, props.at === undefined);
  const [said, setSaid] = createSignal<{ words: string; wrong: boolean }>();
  const [undone, setUndone] = createSignal<ReadonlySet<number>>(new Set());
  async function undo(entry: LogEntry): Promise<void> {
    try {
      const path = { id: props.stage, entry: entry.id };
      await api.POST("/api/v1/stages/{id}/log/{entry}/undo", { params: { path } });
      setUndone((before) => new Set(before).add(entry.id));
      setSaid({ words: say.undone(wordsOf(entry)), wrong: false });
    } catch (failure) {
      setSaid({ words: reasonOf(failure), wrong: true });
    }
    void log.again();
  }
  const may = (entry: LogEntry) => {
    const { viewer } = props;
    return viewer !== undefined && !undone().has(entry.id) && mayUndo(entry, viewer.you, viewer.id);
  };
  return (
    <Dialog title={say.title} onClose={props.onClose}>
      <Keep {...props} />
      <p class="small" classList={{ wrong: said()?.wrong ?? false }} role="status">
        {said()?.words}
      </p>
      <Trouble of={log} />
      <Show when={log.value() && log.ids().length === 0}>
        <p class="soft">{say.empty}</p>
      </Show>
      <ul class="stage-log" aria-label={say.title} ref={(el) => onCleanup(roving(el))}>
        <For each={log.ids()}>
          {(id) => <Show when={log.entry(id)}>{(entry) => <Happened entry={entry()} undo={may(entry()) ? undo : null} />}</Show>}
        </For>
      </ul>
      <Show when={log.hasMore()}>
        <button type="button" class="btn self-start" onClick={() => attempt(log.more)}>
          {text.common.more}
        </button>
      </Show>
    </Dialog>
  );
}

/** The server says best why something is not undone; that somebody was faster is not it. */
function reasonOf(failure: unknown): string {
  const isPlain = failure instanceof ApiError && (failure.code === "conflict" || failure.code === "forbidden");
  return (isPlain && sentence(failure.message)) || explain(failure);
}

/** The log by its numbers: a row outlasts the next look at it. */
function createLog(stage: number, goesOn: boolean) {
  const [older, setOlder] = createSignal<readonly LogEntry[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const page = (after?: string) =>
    told(api.GET("/api/v1/stages/{id}/log", { params: { path: { id: stage }, query: { limit: PAGE, after } } }));
  const latest = createFetched(
    () => stage,
    async () => {
      const first = await page();
      if (older().length === 0) setNext(first.next ?? null);
      return first.items;
    },
  );
  if (goesOn) {
    const look = () => !latest.loading() && document.visibilityState === "visible" && void latest.again();
    const timer = setInterval(look, REFRESH_MS);
    onCleanup(() => clearInterval(timer));
  }
  const known = createMemo(() => new Map([...(latest.value() ?? []), ...older()].map((entry) => [entry.id, entry])));
  const ids = createMemo(() => [...known().keys()].toSorted((a, b) => b - a));
  async function more(): Promise<void> {
    const piece = await page(next() ?? undefined);
    // What stands between is kept too: the first piece moves on as the evening does.
    setOlder((before) => [...before, ...(before.length === 0 ? (latest.value() ?? []) : []), ...piece.items]);
    setNext(piece.next ?? null);
  }
  return { ...latest, ids, entry: (id: number) => known().get(id), hasMore: () => next() !== null, more };
}

function Happened(props: { entry: LogEntry; undo: ((entry: LogEntry) => Promise<void>) | null }) {
  const [busy, setBusy] = createSignal(false);
  const words = () => wordsOf(props.entry);
  const when = () => {
    const { at_us } = props.entry;
    return isToday(at_us) ? timeOfDay(at_us) : `${dayOf(at_us)}, ${timeOfDay(at_us)}`;
  };
  return (
    <li data-row={props.entry.id}>
      <span class="grow">
        {words()} <span class="soft small num">{when()}</span>
      </span>
      <Show when={props.undo}>
        {(undo) => (
          <button
            type="button"
            class="btn"
            disabled={busy()}
            aria-label={say.undoOf(words())}
            onClick={() => {
              setBusy(true);
              void undo()(props.entry).finally(() => setBusy(false));
            }}
          >
            {say.undo}
          </button>
        )}
      </Show>
    </li>
  );
}

/** The evening as a playlist, and the way to it. */
function Keep(props: Pick<StageLogProps, "stage" | "name" | "at" | "onClose">) {
  const name = createText(say.evening(props.name, dayOf(props.at ?? Date.now() * 1_000)));
  const [kept, setKept] = createSignal<Playlist>();
  const form = createSending(["name"], async () => {
    setKept(undefined);
    const [params, body] = [{ path: { id: props.stage } }, { name: name().trim() }];
    try {
      setKept(await told(api.POST("/api/v1/stages/{id}/log/playlist", { params, body })));
    } catch (failure) {
      // Nobody was faster: nothing has played yet, and the server says so.
      const isEmpty = failure instanceof ApiError && failure.code === "conflict";
      throw isEmpty ? new ApiError(failure.status, `http_${failure.status}`, failure.message) : failure;
    }
  });
  return (
    <details class="keep">
      <summary>{say.keep}</summary>
      <form class="stack" onSubmit={form.submit}>
        <Field label={say.name} name="name" of={name} hint={say.keepHint} form={form} required />
        <WhatIsWrong form={form} />
        <div class="row wrap">
          <button type="submit" class="btn primary" disabled={form.busy() || !name().trim()}>
            {say.keepIt}
          </button>
          <p role="status">
            <Show when={kept()}>
              {(list) => (
                <>
                  {say.kept(list().songs_count)}{" "}
                  <a class="link" href={`/playlists/${list().id}`} onClick={props.onClose}>
                    {say.open}
                  </a>
                </>
              )}
            </Show>
          </p>
        </div>
      </form>
    </details>
  );
}
