import { For, type JSX, onCleanup, Show } from "solid-js";
import { people as say } from "../../i18n/people";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { me } from "../../state/session";
import { Icon } from "../../ui/Icon";
import { Avatar } from "../../ui/Picture";
import { roving } from "../../ui/roving";

const SHOWN = 200;
const query = { limit: SHOWN };

/** The people and the artists whom I follow. */
export function FollowingScreen() {
  const username = () => me()?.username ?? "";
  const people = createFetched(username, (of) =>
    told(api.GET("/api/v1/users/{username}/following", { params: { path: { username: of }, query } })),
  );
  const artists = createFetched(
    () => true,
    () => told(api.GET("/api/v1/me/artists", { params: { query } })),
  );
  async function leave(name: string, list: { again(): Promise<void> }, work: () => Promise<unknown>): Promise<void> {
    if (!(await attempt(work))) return;
    toast(say.unfollowed(name));
    void list.again();
  }
  const unfollow = (name: string) =>
    leave(name, people, () => api.DELETE("/api/v1/users/{username}/follow", { params: { path: { username: name } } }));
  const unfollowArtist = (id: number, name: string) =>
    leave(name, artists, () => api.DELETE("/api/v1/artists/{id}/follow", { params: { path: { id } } }));
  return (
    <div class="page narrow">
      <header class="page-head">
        <div>
          <h1>{say.following}</h1>
          <p class="soft small">{say.followingHint}</p>
        </div>
      </header>
      <Group title={say.names} of={people} none={say.noPeople}>
        <For each={people.value()?.items}>
          {(who) => (
            <li class="person tall" data-row={who.id}>
              <Avatar name={who.username} url={who.avatar_url} size={32} />
              <a class="grow cut" href={`/u/${encodeURIComponent(who.username)}`}>
                {who.username}
              </a>
              <Unfollow name={who.username} onClick={() => unfollow(who.username)} />
            </li>
          )}
        </For>
      </Group>
      <Group title={say.artists} of={artists} none={say.noArtists}>
        <For each={artists.value()?.items}>
          {(artist) => (
            <li class="person tall" data-row={artist.id}>
              <Icon name="music" />
              <a class="grow cut" href={`/artists/${artist.id}`}>
                {artist.name}
              </a>
              <Unfollow name={artist.name} onClick={() => unfollowArtist(artist.id, artist.name)} />
            </li>
          )}
        </For>
      </Group>
    </div>
  );
}

function Unfollow(props: { name: string; onClick(): void }) {
  return (
    <button type="button" class="btn" aria-label={say.unfollowOf(props.name)} onClick={props.onClick}>
      {say.unfollow}
    </button>
  );
}

interface Asked {
  value(): { items: readonly unknown[] } | undefined;
  error(): unknown;
  loading(): boolean;
  again(): Promise<void>;
}

function Group(props: { title: string; of: Asked; none: string; children: JSX.Element }) {
  return (
    <section class="group">
      <h2 class="soft">{props.title}</h2>
      <Trouble of={props.of} />
      <Show when={props.of.value()?.items.length === 0}>
        <p class="soft">{props.none}</p>
      </Show>
      <ul aria-label={props.title} ref={(el) => onCleanup(roving(el))}>
        {props.children}
      </ul>
    </section>
  );
}
