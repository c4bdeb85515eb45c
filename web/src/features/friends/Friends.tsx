import { createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { ApiError, api, type Friend, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { explain } from "../../state/errors";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { friendsChanged } from "../../state/session";
import { createText, Field } from "../../ui/Field";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";

export function FriendsScreen() {
  const list = (status: Friend["status"]) =>
    told(api.GET("/api/v1/friends", { params: { query: { status, limit: 200 } } })).then((page) => page.items);
  const friends = createFetched(friendsChanged, async () => {
    const [accepted, incoming, outgoing] = await Promise.all([list("accepted"), list("incoming"), list("outgoing")]);
    return { accepted, incoming, outgoing };
  });
  const name = createText("");
  const [error, setError] = createSignal<string>();

  const befriend = (username: string) => api.PUT("/api/v1/friends/{username}", { params: { path: { username } } });
  const unfriend = (username: string) => api.DELETE("/api/v1/friends/{username}", { params: { path: { username } } });
  async function ask(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setError(undefined);
    try {
      await befriend(name().trim());
      toast(text.friends.asked(name().trim()));
      name.set("");
      void friends.again();
    } catch (failure) {
      setError(failure instanceof ApiError && failure.status === 404 ? text.friends.notFound : explain(failure));
    }
  }
  const change = async (work: () => Promise<unknown>) => {
    if (await attempt(work)) void friends.again();
  };
  const shown = friends.value;
  const none = () => Object.values(shown() ?? { unknown: [0] }).every((some) => some.length === 0);

  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>{text.friends.title}</h1>
        <a class="btn" href="/following">
          {text.nav.following}
        </a>
      </header>
      <form class="row ask" onSubmit={ask}>
        <div class="grow">
          <Field label={text.friends.ask} name="username" placeholder={text.friends.askHint} of={name} error={error()} />
        </div>
        <button type="submit" class="btn primary" disabled={!name().trim()}>
          {text.friends.send}
        </button>
      </form>
      <Trouble of={friends} />
      <Show when={none()}>
        <Empty icon="people" level="h2" title={text.friends.emptyTitle} text={text.friends.emptyText} />
      </Show>
      <Group title={text.friends.incoming} people={shown()?.incoming}>
        {(who) => (
          <>
            <button type="button" class="btn primary" onClick={() => change(() => befriend(who.username))}>
              {text.friends.accept}
            </button>
            <button type="button" class="btn" onClick={() => change(() => unfriend(who.username))}>
              {text.friends.decline}
            </button>
          </>
        )}
      </Group>
      <Group title={text.friends.title} people={shown()?.accepted}>
        {(who) => (
          <>
            <Show when={who.stage}>
              <a class="btn" href={`/s/${who.stage}`}>
                {text.friends.join}
              </a>
            </Show>
            <Menu label={text.people.actions(who.username)}>
              <MenuItem icon="close" danger onSelect={() => change(() => unfriend(who.username))}>
                {text.friends.unfriend}
              </MenuItem>
            </Menu>
          </>
        )}
      </Group>
      <Group title={text.friends.outgoing} people={shown()?.outgoing}>
        {(who) => (
          <button type="button" class="btn" onClick={() => change(() => unfriend(who.username))}>
            {text.friends.cancel}
          </button>
        )}
      </Group>
    </div>
  );
}

function Group(props: { title: string; people: Friend[] | undefined; children(who: Friend): JSX.Element }) {
  return (
    <Show when={props.people?.length}>
      <section class="group">
        <h2 class="soft">{props.title}</h2>
        <ul aria-label={props.title} ref={(el) => onCleanup(roving(el))}>
          <For each={props.people}>
            {(who) => (
              <li class="person tall" data-row={who.id}>
                <Avatar name={who.username} url={who.avatar_url} size={40} />
                <span class="grow">
                  <a class="line cut" href={`/u/${encodeURIComponent(who.username)}`}>
                    {who.username}
                  </a>
                  <Show when={who.status === "accepted"}>
                    <span class="line small" classList={{ soft: !who.online, online: who.online }}>
                      {who.online ? text.friends.online : text.friends.offline}
                    </span>
                  </Show>
                </span>
                {props.children(who)}
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
