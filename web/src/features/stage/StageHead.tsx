import { createSignal, For, Show } from "solid-js";
import { api } from "../../net/client";
import { attempt } from "../../state/notices";
import { preferences } from "../../state/preferences";
import { leaveRoom } from "../../state/session";
import type { Permission } from "../../protocol";
import { navigate } from "../../routes";
import type { Room } from "../../stage/room";
import { text } from "../../i18n/en";
import { confirm } from "../../ui/Dialog";
import { Menu, MenuItem } from "../../ui/Menu";
import { StageForm } from "../lobby/StageForm";
import { Bans } from "./Bans";
import { Invite } from "./Invite";

/** The stage's name and what one can do with the stage as a whole. */
export function StageHead(props: { room: Room }) {
  const [editing, setEditing] = createSignal(false);
  const [bans, setBans] = createSignal(false);
  const stage = () => props.room.state()?.stage;
  const can = (what: Permission) => props.room.state()?.you.can.includes(what) ?? false;

  const leave = () => {
    navigate("/");
    leaveRoom();
  };
  async function end(): Promise<void> {
    if (!(await confirm(text.openStage.end, text.openStage.endSure, text.openStage.end))) return;
    await attempt(() => api.DELETE("/api/v1/stages/{id}", { params: { path: { id: props.room.id } } }));
  }

  return (
    <header class="stage-head">
      <div class="grow">
        <h1 class="cut">{stage()?.name}</h1>
        <p class="soft small cut">
          {text.lobby.hostedBy(stage()?.host.username ?? "")}
          <For each={stage()?.genres}>{(genre) => ` · ${genre}`}</For>
        </p>
      </div>
      <Invite room={props.room} />
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
          <MenuItem icon="ban" onSelect={() => setBans(true)}>
            {text.people.bans.title}
          </MenuItem>
        </Show>
        <MenuItem icon={preferences.figures() ? "check" : "list"} onSelect={() => preferences.setFigures(!preferences.figures())}>
          {text.figures.title}
        </MenuItem>
        <MenuItem icon="leave" onSelect={leave}>
          {text.stage.leave}
        </MenuItem>
      </Menu>
      <Show when={bans()}>
        <Bans stage={props.room.id} onClose={() => setBans(false)} />
      </Show>
      <Show when={editing() && stage()}>
        {(current) => <StageForm stage={current()} onClose={() => setEditing(false)} onDone={() => {}} />}
      </Show>
    </header>
  );
}
