import { For, type JSX, onCleanup, Show } from "solid-js";
import { admin as say } from "../../i18n/admin";
import { type AdminUser, api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched, type Fetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { me } from "../../state/session";
import { confirm } from "../../ui/Dialog";
import { dayOf, timeOfDay } from "../../ui/format";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";
import { Empty, SearchBox } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { createSearch } from "../../ui/search";
import "../../styles/admin.css";

const SHOWN = 200;
const SEARCH_PAUSE_MS = 200;

/** For administrators: who is here, what goes on, how much there is, and what was done. */
export function AdministrationScreen() {
  return (
    <div class="page narrow">
      <Show when={me()?.is_admin} fallback={<Empty icon="settings" level="h1" title={say.title} text={say.onlyAdmins} />}>
        <Administration />
      </Show>
    </div>
  );
}

function Administration() {
  const log = createFetched(
    () => true,
    () => told(api.GET("/api/v1/admin/moderation", { params: { query: { limit: SHOWN } } })),
  );
  const done = (name: string) => {
    toast(say.done(name));
    void log.again();
  };
  return (
    <div class="stack">
      <h1>{say.title}</h1>
      <a class="btn self-start" href="/admin/invites">
        {say.invites}
      </a>
      <Storage />
      <Users onDone={done} />
      <Stages onDone={done} />
      <Section title={say.log} of={log} none={say.nothing}>
        {(entry) => (
          <li class="person tall" data-row={entry.id}>
            <span class="grow">
              <span class="line cut">
                {say.by(entry.by?.username ?? null)} {say.kinds[entry.kind]?.(entry.about) ?? entry.kind}
              </span>
              <span class="line soft small">
                {dayOf(entry.at_us)}, {timeOfDay(entry.at_us)}
              </span>
            </span>
          </li>
        )}
      </Section>
    </div>
  );
}

function Section<T>(props: {
  title: string;
  of: Fetched<{ items: T[] }>;
  none: string;
  above?: JSX.Element;
  children(item: T): JSX.Element;
}) {
  return (
    <section class="stack tight">
      <h2>{props.title}</h2>
      {props.above}
      <Trouble of={props.of} />
      <Show when={props.of.value()}>
        <ul aria-label={props.title} ref={(el) => onCleanup(roving(el))}>
          <For each={props.of.value()?.items} fallback={<li class="soft">{props.none}</li>}>
            {(item) => props.children(item)}
          </For>
        </ul>
      </Show>
    </section>
  );
}

function Storage() {
  const storage = createFetched(
    () => true,
    () => told(api.GET("/api/v1/admin/storage")),
  );
  return (
    <section class="stack tight">
      <h2>{say.storage}</h2>
      <Trouble of={storage} />
      <Show when={storage.value()}>
        {(found) => (
          <dl class="figures-list">
            <For each={Object.entries(say.figures)}>
              {([name, label]) => (
                <div>
                  <dt class="soft small">{label}</dt>
                  <dd class="num">{say.figure(name, found()[name as keyof typeof say.figures])}</dd>
                </div>
              )}
            </For>
          </dl>
        )}
      </Show>
    </section>
  );
}

function Users(props: { onDone(name: string): void }) {
  const { typed, setTyped, wanted } = createSearch(SEARCH_PAUSE_MS);
  const users = createFetched(wanted, (q) => told(api.GET("/api/v1/admin/users", { params: { query: { q, limit: SHOWN } } })));
  async function act(user: AdminUser, work: () => Promise<unknown>): Promise<void> {
    if (!(await attempt(work))) return;
    props.onDone(user.username);
    void users.again();
  }
  return (
    <Section
      title={say.users}
      of={users}
      none={say.noUsers}
      above={<SearchBox label={say.search} value={typed()} onInput={setTyped} />}
    >
      {(user) => <UserRow user={user} act={(work) => act(user, work)} />}
    </Section>
  );
}

function UserRow(props: { user: AdminUser; act(work: () => Promise<unknown>): Promise<void> }) {
  const path = () => ({ params: { path: { username: props.user.username } } });
  const change = (body: { is_admin?: boolean; disabled?: boolean }) =>
    props.act(() => api.PATCH("/api/v1/admin/users/{username}", { ...path(), body }));
  async function disable(): Promise<void> {
    const { username, disabled } = props.user;
    if (disabled || (await confirm(say.disable, say.disableSure(username), say.disable))) await change({ disabled: !disabled });
  }
  async function remove(): Promise<void> {
    if (!(await confirm(say.remove, say.removeSure(props.user.username), say.remove))) return;
    await props.act(() => api.DELETE("/api/v1/admin/users/{username}", path()));
  }
  return (
    <li class="person tall" data-row={props.user.id}>
      <Avatar name={props.user.username} url={props.user.avatar_url ?? null} size={28} />
      <span class="grow">
        <span class="line cut">{props.user.username}</span>
        <span class="line cut soft small">
          {props.user.email} · {say.songs(props.user.songs, props.user.bytes)}
        </span>
      </span>
      <Show when={props.user.is_admin}>
        <span class="badge">{say.badge}</span>
      </Show>
      <Show when={props.user.disabled}>
        <span class="badge">{say.disabled}</span>
      </Show>
      <Menu label={say.actions(props.user.username)}>
        <MenuItem icon="check" onSelect={() => change({ is_admin: !props.user.is_admin })}>
          {props.user.is_admin ? say.unmake : say.make}
        </MenuItem>
        <MenuItem icon="ban" onSelect={disable}>
          {props.user.disabled ? say.enable : say.disable}
        </MenuItem>
        <MenuItem icon="trash" danger onSelect={remove}>
          {say.remove}
        </MenuItem>
      </Menu>
    </li>
  );
}

function Stages(props: { onDone(name: string): void }) {
  const stages = createFetched(
    () => true,
    () => told(api.GET("/api/v1/admin/stages", { params: { query: { limit: SHOWN } } })),
  );
  async function end(id: number, name: string): Promise<void> {
    if (!(await confirm(say.endOf(name), say.endSure, say.end))) return;
    if (!(await attempt(() => api.DELETE("/api/v1/admin/stages/{id}", { params: { path: { id } } })))) return;
    props.onDone(name);
    void stages.again();
  }
  return (
    <Section title={say.stages} of={stages} none={say.noStages}>
      {(stage) => (
        <li class="person tall" data-row={stage.id}>
          <span class="grow">
            <span class="line cut">{stage.name}</span>
            <span class="line cut soft small">{say.hosted(stage.host.username, stage.listeners)}</span>
          </span>
          <button type="button" class="btn" aria-label={say.endOf(stage.name)} onClick={() => end(stage.id, stage.name)}>
            {say.end}
          </button>
        </li>
      )}
    </Section>
  );
}
