import { createMemo, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { speaker } from "../../i18n/speaker";
import { api } from "../../net/client";
import type { Participant, Role } from "../../protocol";
import { navigate } from "../../routes";
import { outranks, ROLES } from "../../stage/roles";
import type { Stage } from "../../stage/stage";
import { attempt, toast } from "../../state/notices";
import { confirm } from "../../ui/Dialog";
import { millis } from "../../ui/format";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";
import { roving } from "../../ui/roving";
import { letSound } from "./Silent";

/** Up to these errors, in milliseconds, two speakers sound as one, or at least as one song. */
const GOOD_MS = 5;
const FAIR_MS = 40;

export function People(props: { stage: Stage }) {
  const state = () => props.stage.state();
  const participants = createMemo(() => state()?.participants ?? []);
  const sorted = createMemo(() =>
    participants().toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.username.localeCompare(b.username)),
  );
  const known = createMemo(() => new Map(sorted().map((who) => [who.id, who])));
  const unseen = () => Math.max(0, (state()?.listeners ?? 0) - sorted().length);
  return (
    <section class="people panel" id="people-panel" aria-label={text.people.title}>
      <header class="panel-head">
        <h2>
          {text.people.title} <span class="soft small num">{state()?.listeners}</span>
        </h2>
      </header>
      <ul class="scroll" aria-label={text.people.title} ref={(el) => onCleanup(roving(el))}>
        {/* By id: a row outlasts a change of its person, and so does the menu that is open on it. */}
        <For each={sorted().map((who) => who.id)}>
          {(id) => <Show when={known().get(id)}>{(who) => <Person stage={props.stage} who={who()} />}</Show>}
        </For>
        <Show when={unseen() > 0}>
          <li class="soft small more-note">{text.people.andMore(unseen())}</li>
        </Show>
      </ul>
    </section>
  );
}

/** What is said before and after somebody is sent out. */
interface SendingOut {
  title(name: string): string;
  sure: string;
  yes(name: string): string;
  done(name: string): string;
}

function Person(props: { stage: Stage; who: Participant }) {
  const you = () => props.stage.state()?.you;
  const me = () => props.who.id === props.stage.me.id;
  const can = (what: "manage" | "moderate") => you()?.can.includes(what) ?? false;
  const below = () => outranks(you()?.role ?? "listener", props.who.role);
  const about = () => props.stage.state()?.stage;
  const here = () => ({ id: props.stage.id });
  const them = () => ({ params: { path: { ...here(), username: props.who.username } } });
  async function giveRole(role: Role): Promise<void> {
    if (!(await attempt(() => api.PUT("/api/v1/stages/{id}/roles/{username}", { ...them(), body: { role } })))) return;
    // A badge alone would let them do nothing.
    if (role !== "dj" || about()?.control !== "host")
      return toast(text.people.given(props.who.username, text.people.roles[role]));
    const { title, body, yes } = text.people.djsMayNot;
    if (!(await confirm(title(props.who.username), body, yes))) return;
    await attempt(() => api.PATCH("/api/v1/stages/{id}", { params: { path: here() }, body: { control: "djs" } }));
  }
  async function sendOut(words: SendingOut, work: () => Promise<unknown>): Promise<void> {
    const who = props.who.username;
    if (!(await confirm(words.title(who), words.sure, words.yes(who)))) return;
    if (await attempt(work)) toast(words.done(who));
  }
  const kick = () => sendOut(text.people.kick, () => api.POST("/api/v1/stages/{id}/kicks/{username}", them()));
  const home = () =>
    sendOut(text.people.guest.home, () =>
      api.DELETE("/api/v1/stages/{id}/guests/{user_id}", { params: { path: { ...here(), user_id: props.who.id } } }),
    );
  const ban = () => sendOut(text.people.ban, () => api.PUT("/api/v1/stages/{id}/bans/{username}", them()));
  async function mute(): Promise<void> {
    const path = "/api/v1/stages/{id}/mutes/{username}";
    const silence = !props.who.muted;
    const done = await attempt(() => (silence ? api.PUT(path, { ...them(), body: {} }) : api.DELETE(path, them())));
    if (done) toast((silence ? text.people.mute.done : text.people.mute.lifted)(props.who.username));
  }
  const befriend = () =>
    attempt(async () => {
      await api.PUT("/api/v1/friends/{username}", { params: { path: { username: props.who.username } } });
      toast(text.people.asked(props.who.username));
    });
  return (
    <li class="person" data-row={props.who.id}>
      <Avatar name={props.who.username} url={props.who.avatar_url} size={28} />
      <span class="cut grow">
        {props.who.username}
        <Show when={me()}>
          <span class="soft small"> ({text.common.you})</span>
        </Show>
      </span>
      <Show when={props.who.role !== "listener"}>
        <span class="badge">{text.people.roles[props.who.role]}</span>
      </Show>
      <Show when={props.who.guest}>
        <span class="badge">{text.people.guest.badge}</span>
      </Show>
      <Show when={props.who.muted}>
        <span class="badge">{text.people.mute.badge}</span>
      </Show>
      <Show when={about()?.speaker?.id === props.who.id}>
        <span class="badge">{speaker.badge}</span>
      </Show>
      <Show when={props.who.remote} fallback={<SyncDot errorUs={props.who.error_us} />}>
        <span class="badge">{speaker.remoteBadge}</span>
      </Show>
      <Show when={!me() && !you()?.guest && (!props.who.guest || can("moderate"))}>
        <Menu label={text.people.actions(props.who.username)}>
          <Show when={!props.who.guest}>
            <MenuItem icon="people" onSelect={() => navigate(`/u/${encodeURIComponent(props.who.username)}`)}>
              {text.people.profile}
            </MenuItem>
            <MenuItem icon="add" onSelect={befriend}>
              {text.people.befriend}
            </MenuItem>
          </Show>
          <Show when={can("manage") && about()?.speaker?.id !== props.who.id}>
            <MenuItem icon="volume" onSelect={() => letSound(props.stage.id, props.who.id)}>
              {speaker.theirs(props.who.username)}
            </MenuItem>
          </Show>
          <Show when={can("manage") && !props.who.guest}>
            <hr />
            <For each={ROLES.filter((role) => role !== props.who.role && role !== "host")}>
              {(role) => (
                <MenuItem icon="check" onSelect={() => giveRole(role)}>
                  {text.people.makeRole(text.people.roles[role])}
                </MenuItem>
              )}
            </For>
          </Show>
          <Show when={can("moderate") && below()}>
            <hr />
            <MenuItem icon="chat" onSelect={mute}>
              {props.who.muted ? text.people.mute.lift : text.people.mute.action}
            </MenuItem>
            <Show
              when={props.who.guest}
              fallback={
                <>
                  <MenuItem icon="leave" danger onSelect={kick}>
                    {text.people.kick.action}
                  </MenuItem>
                  <MenuItem icon="ban" danger onSelect={ban}>
                    {text.people.ban.action}
                  </MenuItem>
                </>
              }
            >
              <MenuItem icon="leave" danger onSelect={home}>
                {text.people.guest.home.action}
              </MenuItem>
            </Show>
          </Show>
        </Menu>
      </Show>
    </li>
  );
}

function SyncDot(props: { errorUs: number | null }) {
  const ms = () => (props.errorUs === null ? null : Math.abs(props.errorUs) / 1000);
  const label = () => {
    const error = ms();
    return error === null ? text.people.syncUnknown : text.people.sync(millis(error));
  };
  const quality = () => {
    const error = ms();
    if (error === null) return "unknown";
    return error <= GOOD_MS ? "good" : error <= FAIR_MS ? "fair" : "poor";
  };
  return <span class="sync-dot" data-quality={quality()} role="img" aria-label={label()} title={label()} />;
}
