import { createEffect, createMemo, createSignal, For, Match, on, onCleanup, Show, Switch } from "solid-js";
import { text } from "../../i18n/en";
import { query } from "../../routes";
import { above } from "../../stage/lines";
import type { Stage } from "../../stage/stage";
import { preferences } from "../../state/preferences";
import { ending, enterStage, me, stage } from "../../state/session";
import { Icon, type IconName } from "../../ui/Icon";
import { later } from "../../ui/later";
import { roving } from "../../ui/roving";
import { Bursts } from "./Bursts";
import { Chat } from "./Chat";
import { Door } from "./Door";
import { Ended } from "./Ended";
import { NowPlaying } from "./NowPlaying";
import { People } from "./People";
import { QueueList } from "./Queue";
import { StageHead } from "./StageHead";

const SyncFigures = later(() => import("./SyncFigures").then((of) => of.SyncFigures));

export function StageScreen(props: { id: number }) {
  const who = createMemo(() => me()?.id);
  // What ended the stay is told until one comes back; what the stay itself does must not bring one in again.
  createEffect(
    on([who, () => props.id, () => query().get("invite") ?? undefined], ([user, id, invite]) => {
      if (user !== undefined) enterStage(id, invite);
    }),
  );
  const here = () => (stage()?.id === props.id ? stage() : null);
  const over = () => (ending()?.stage === props.id ? ending() : null);
  return (
    <Show when={me()} fallback={<Door id={props.id} />}>
      <Show
        when={here()}
        keyed
        fallback={
          <Show when={over()} fallback={<Coming />}>
            {(how) => <Ended ending={how()} />}
          </Show>
        }
      >
        {(current) => (
          <Switch fallback={<Coming />}>
            <Match when={current.state()}>
              <Hall stage={current} />
            </Match>
            <Match when={current.refusal()}>
              {(why) => <Ended ending={{ stage: current.id, seen: null, why: "refused", refusal: why() }} />}
            </Match>
          </Switch>
        )}
      </Show>
    </Show>
  );
}

function Coming() {
  return (
    <div class="page">
      <p class="soft coming" role="status">
        {text.stage.joining}
      </p>
    </div>
  );
}

type Tab = "queue" | "chat" | "people";
const TABS: readonly [Tab, IconName][] = [
  ["queue", "queue"],
  ["chat", "chat"],
  ["people", "people"],
];

/** Three columns on a wide screen; on a narrow one what plays stays on top and the rest shares tabs. */
function Hall(props: { stage: Stage }) {
  const [tab, setTab] = createSignal<Tab>("queue");
  const [unread, setUnread] = createSignal(0);
  const chats = createMemo(() => props.stage.state()?.chats ?? []);
  const lastSeq = createMemo(() => chats().at(-1)?.seq ?? 0);
  let seen = lastSeq();
  createEffect(() => {
    const now = lastSeq();
    if (tab() === "chat") seen = now;
    setUnread(chats().length - above(chats(), seen));
  });
  document.body.classList.add("in-hall");
  onCleanup(() => document.body.classList.remove("in-hall"));

  return (
    <div class="hall" data-tab-open={tab()}>
      <StageHead stage={props.stage} />
      <NowPlaying stage={props.stage} />
      <div class="tabs" role="tablist" ref={(el) => onCleanup(roving(el))}>
        <For each={TABS}>
          {([name, icon]) => (
            <button
              type="button"
              role="tab"
              data-tab={name}
              data-row={name}
              aria-selected={tab() === name}
              aria-controls={`${name}-panel`}
              onClick={() => setTab(name)}
            >
              <Icon name={icon} size={18} />
              {text.stage.tabs[name]}
              <Show when={name === "chat" && unread() > 0}>
                <span class="dot num">{unread() > 99 ? "99+" : unread()}</span>
              </Show>
              <Show when={name === "people"}>
                <span class="soft num">{props.stage.state()?.listeners}</span>
              </Show>
            </button>
          )}
        </For>
      </div>
      <QueueList stage={props.stage} />
      <div class="side">
        <People stage={props.stage} />
        <Chat stage={props.stage} visible={tab() === "chat"} />
      </div>
      <Show when={preferences.figures()}>
        <SyncFigures stage={props.stage} />
      </Show>
      <Bursts stage={props.stage} />
    </div>
  );
}
