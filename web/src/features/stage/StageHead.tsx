import { createSignal, For, Show } from "solid-js";
import { text } from "../../i18n/en";
import { speaker } from "../../i18n/speaker";
import { api } from "../../net/client";
import type { Permission } from "../../protocol";
import { navigate } from "../../routes";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { preferences } from "../../state/preferences";
import { leaveStage } from "../../state/session";
import { confirm } from "../../ui/Dialog";
import { later } from "../../ui/later";
import { Menu, MenuItem } from "../../ui/Menu";
import { Invite } from "./Invite";
import { letSound } from "./Silent";

const Invitations = later(() => import("./Invitations").then((of) => of.Invitations));
const GuestSheet = later(() => import("../guests/GuestSheet").then((of) => of.GuestSheet));
const Bans = later(() => import("./Bans").then((of) => of.Bans));
const StageForm = later(() => import("../lobby/StageForm").then((of) => of.StageForm));
const ChatSearch = later(() => import("./ChatSearch").then((of) => of.ChatSearch));
const StageLog = later(() => import("../stage-log/StageLog").then((of) => of.StageLog));

/** The stage's name and what one can do with the stage as a whole. */
export function StageHead(props: { stage: Stage }) {
  const [editing, setEditing] = createSignal(false);
  const [bans, setBans] = createSignal(false);
  const [log, setLog] = createSignal(false);
  const [searching, setSearching] = createSignal(false);
  const [invitations, setInvitations] = createSignal(false);
  const [guests, setGuests] = createSignal(false);
  /** Who has an account looks back and invites. */
  const guest = () => props.stage.state()?.you.guest;
  const about = () => props.stage.state()?.stage;
  const viewer = () => {
    const you = props.stage.state()?.you;
    return you && { id: props.stage.me.id, you };
  };
  const can = (what: Permission) => props.stage.state()?.you.can.includes(what) ?? false;

  const leave = () => {
    navigate("/");
    leaveStage();
  };
  async function end(): Promise<void> {
    if (!(await confirm(text.openStage.end, text.openStage.endSure, text.openStage.end))) return;
    await attempt(() => api.DELETE("/api/v1/stages/{id}", { params: { path: { id: props.stage.id } } }));
  }

  return (
    <header class="stage-head">
      <div class="grow">
        <h1 class="cut">{about()?.name}</h1>
        <p class="soft small cut">
          {text.lobby.hostedBy(about()?.host.username ?? "")}
          <For each={about()?.genres}>{(genre) => ` · ${genre}`}</For>
        </p>
      </div>
      <Show when={!guest()}>
        <Invite stage={props.stage} />
      </Show>
      <Menu label={text.common.more}>
        <Show when={can("manage")}>
          <MenuItem icon="settings" onSelect={() => setEditing(true)}>
            {text.stage.settings}
          </MenuItem>
          <MenuItem icon="trash" danger onSelect={end}>
            {text.openStage.end}
          </MenuItem>
        </Show>
        <Show when={can("moderate")}>
          <MenuItem icon="people" onSelect={() => setGuests(true)}>
            {text.people.guest.sheet}
          </MenuItem>
          <MenuItem icon="ban" onSelect={() => setBans(true)}>
            {text.people.bans.title}
          </MenuItem>
        </Show>
        <Show when={!guest() && (can("moderate") || about()?.visibility === "public")}>
          <MenuItem icon="link" onSelect={() => setInvitations(true)}>
            {text.stage.invitations}
          </MenuItem>
        </Show>
        <MenuItem icon="search" onSelect={() => setSearching(true)}>
          {text.stage.searchChat}
        </MenuItem>
        <Show when={!guest()}>
          <MenuItem icon="past" onSelect={() => setLog(true)}>
            {text.stage.log}
          </MenuItem>
        </Show>
        <Show when={can("manage")}>
          <MenuItem icon="volume" onSelect={() => letSound(props.stage.id, about()?.speaker ? null : props.stage.me.id)}>
            {about()?.speaker ? speaker.all : speaker.mine}
          </MenuItem>
        </Show>
        <MenuItem icon={preferences.remote() ? "volume" : "muted"} onSelect={() => preferences.setRemote(!preferences.remote())}>
          {preferences.remote() ? speaker.steerNot : speaker.steer}
        </MenuItem>
        <MenuItem icon={preferences.figures() ? "check" : "list"} onSelect={() => preferences.setFigures(!preferences.figures())}>
          {text.figures.title}
        </MenuItem>
        <MenuItem icon="leave" onSelect={leave}>
          {text.stage.leave}
        </MenuItem>
      </Menu>
      <Show when={bans()}>
        <Bans stage={props.stage.id} onClose={() => setBans(false)} />
      </Show>
      <Show when={invitations()}>
        <Invitations stage={props.stage.id} onClose={() => setInvitations(false)} />
      </Show>
      <Show when={guests()}>
        <GuestSheet stage={props.stage} onClose={() => setGuests(false)} />
      </Show>
      <Show when={searching()}>
        <ChatSearch stage={props.stage.id} onClose={() => setSearching(false)} />
      </Show>
      <Show when={log()}>
        <StageLog stage={props.stage.id} name={about()?.name ?? ""} viewer={viewer()} onClose={() => setLog(false)} />
      </Show>
      <Show when={editing() && about()}>
        {(current) => <StageForm stage={current()} onClose={() => setEditing(false)} onDone={() => {}} />}
      </Show>
    </header>
  );
}
