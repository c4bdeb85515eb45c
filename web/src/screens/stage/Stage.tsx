import { createEffect, createMemo, createResource, createSignal, For, Match, on, onCleanup, onMount, Show, Switch } from "solid-js";
import { get } from "../../api/client";
import { explainEnding } from "../../app/endings";
import { preferences } from "../../app/preferences";
import { ending, enterRoom, leaveRoom, me, room } from "../../app/session";
import type { Stage } from "../../protocol";
import { navigate, query } from "../../router";
import { above } from "../../stage/lines";
import type { Ending, Room } from "../../stage/room";
import { text } from "../../text";
import { Icon, type IconName } from "../../ui/Icon";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { SignIn } from "../SignIn";
import { Bursts } from "./Bursts";
import { Chat } from "./Chat";
import { NowPlaying } from "./NowPlaying";
import { People } from "./People";
import { QueueList } from "./Queue";
import { StageHead } from "./StageHead";
import { SyncFigures } from "./SyncFigures";

export function StageScreen(props: { id: number }) {
  const who = createMemo(() => me()?.id);
  // What ended the stay is told until one comes back; what the stay itself does must not bring one in again.
  createEffect(
    on([who, () => props.id, () => query().get("invite") ?? undefined], ([user, id, invite]) => {
      if (user !== undefined) enterRoom(id, invite);
    }),
  );
  const here = () => (room()?.id === props.id ? room() : null);
  const over = () => (ending()?.stage === props.id ? ending() : null);
  return (
    <Show when={me()} fallback={<Door id={props.id} />}>
      <Show when={here()} keyed fallback={<Show when={over()} fallback={<Coming />}>{(how) => <Ended ending={how()} />}</Show>}>
        {(current) => (
          <Switch fallback={<Coming />}>
            <Match when={current.state()}>
              <Hall room={current} />
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

/** A kick ends the stay and not more; what was refused may be granted by now. */
const MAY_RETURN: ReadonlySet<Ending["why"]> = new Set(["kicked", "refused"]);

function Ended(props: { ending: Ending }) {
  const back = () => {
    navigate("/");
    leaveRoom();
  };
  const again = () => enterRoom(props.ending.stage, query().get("invite") ?? undefined);
  let way!: HTMLButtonElement;
  // What had the focus is gone with the stage.
  onMount(() => document.activeElement === document.body && way.focus());
  return (
    <div class="page" role="alert">
      <Empty icon="room" level="h1" title={explainEnding(props.ending, me()?.id)}>
        <div class="row">
          <Show when={MAY_RETURN.has(props.ending.why) && !room()}>
            <button type="button" class="btn" onClick={again}>
              {props.ending.why === "kicked" ? text.ended.comeBack : text.common.retry}
            </button>
          </Show>
          <button ref={way} type="button" class="btn primary" onClick={back}>
            {text.stage.toLobby}
          </button>
        </div>
      </Empty>
    </div>
  );
}

/** What a stage shows to who is outside. */
type Outside = Pick<Stage, "name" | "host" | "cover_url" | "now_playing">;

/** The stage from outside; a closed one is shown to who has an invitation. */
async function fromOutside(id: number, invite: string | null): Promise<Outside | null> {
  const invited = () => (invite ? get<Outside>(`/invites/${encodeURIComponent(invite)}`).catch(() => null) : null);
  return get<Stage>(`/stages/${id}`).catch(invited);
}

/** What a guest sees: the stage, and the way in. */
function Door(props: { id: number }) {
  const invite = () => query().get("invite");
  const [stage] = createResource(
    () => ({ id: props.id, invite: invite() }),
    (door) => fromOutside(door.id, door.invite),
  );
  return (
    <div class="page">
      <div class="sign">
        <Show when={stage()}>
          {(outside) => (
            <div class="row door">
              <Cover url={outside().cover_url ?? outside().now_playing?.cover_url ?? null} name={outside().name} />
              <div class="grow">
                <h1>{outside().name}</h1>
                <p class="soft">{text.lobby.hostedBy(outside().host.username)}</p>
                <p class="small cut">{outside().now_playing?.title}</p>
              </div>
            </div>
          )}
        </Show>
        <p class="soft">{invite() ? text.sign.invited : text.sign.first}</p>
        <SignIn new={!preferences.known()} invite={invite() ?? undefined} level={stage() ? "h2" : "h1"} />
      </div>
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
function Hall(props: { room: Room }) {
  const [tab, setTab] = createSignal<Tab>("queue");
  const [unread, setUnread] = createSignal(0);
  const chats = createMemo(() => props.room.state()?.chats ?? []);
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
      <StageHead room={props.room} />
      <NowPlaying room={props.room} />
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
                <span class="soft num">{props.room.state()?.listeners}</span>
              </Show>
            </button>
          )}
        </For>
      </div>
      <QueueList room={props.room} />
      <div class="side">
        <People room={props.room} />
        <Chat room={props.room} visible={tab() === "chat"} />
      </div>
      <Show when={preferences.figures()}>
        <SyncFigures room={props.room} />
      </Show>
      <Bursts room={props.room} />
    </div>
  );
}
