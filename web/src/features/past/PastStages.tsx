import { createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { past as say } from "../../i18n/past";
import { api, type PastStage, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { dayOf, sameDay, timeOfDay } from "../../ui/format";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { StageLog } from "../stage-log/StageLog";

const PAGE = 50;

const page = (after?: string) => told(api.GET("/api/v1/me/past-stages", { params: { query: { limit: PAGE, after } } }));
const at = (us: number) => `${dayOf(us)}, ${timeOfDay(us)}`;
const lasted = ({ host, created_us, ended_us }: PastStage) =>
  say.hosted(host.username, at(created_us), sameDay(created_us, ended_us) ? timeOfDay(ended_us) : at(ended_us));

/** Stages that have ended and that I was in: what happened there, and what was played as a playlist. */
export function PastStagesScreen() {
  const [older, setOlder] = createSignal<readonly PastStage[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const [open, setOpen] = createSignal<PastStage | null>(null);
  const latest = createFetched(
    () => true,
    async () => {
      const first = await page();
      setNext(first.next ?? null);
      return first.items;
    },
  );
  const more = () =>
    attempt(async () => {
      const piece = await page(next() ?? undefined);
      setOlder((before) => [...before, ...piece.items]);
      setNext(piece.next ?? null);
    });
  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>{text.nav.evenings}</h1>
      </header>
      <Trouble of={latest} />
      <Show when={latest.value()?.length === 0}>
        <Empty icon="past" level="h2" title={say.emptyTitle} text={say.emptyText} />
      </Show>
      <ul aria-label={text.nav.evenings} ref={(el) => onCleanup(roving(el))}>
        <For each={[...(latest.value() ?? []), ...older()]}>
          {(stage) => (
            <li class="person tall evening" data-row={stage.id}>
              <Cover url={null} name={stage.name} />
              <span class="grow">
                <span class="line cut">{stage.name}</span>
                <span class="line soft small">{lasted(stage)}</span>
              </span>
              <button type="button" class="btn" aria-label={say.lookAt(stage.name)} onClick={() => setOpen(stage)}>
                {say.look}
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={next()}>
        <button type="button" class="btn" onClick={more}>
          {text.common.more}
        </button>
      </Show>
      <Show when={open()} keyed>
        {(stage) => <StageLog stage={stage.id} name={stage.name} at={stage.ended_us} onClose={() => setOpen(null)} />}
      </Show>
    </div>
  );
}
