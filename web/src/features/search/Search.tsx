import { createEffect, For, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { text } from "../../i18n/en";
import { search as say } from "../../i18n/search";
import { api, told } from "../../net/client";
import { navigate, query } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { Icon } from "../../ui/Icon";
import { Avatar, Cover } from "../../ui/Picture";
import { Empty, SearchBox } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { createSearch } from "../../ui/search";
import { Songs } from "../library/Songs";

const SEARCH_PAUSE_MS = 150;
const OF_EACH = 10;

/** What is found under one heading, and where it leads. */
interface Found {
  id: number;
  name: string;
  more: string;
  href: string;
  picture: JSX.Element;
}

/** Everything by its name. What is searched for stands in the address, so that one comes back to it. */
export function SearchScreen() {
  const { typed, setTyped, wanted: q } = createSearch(SEARCH_PAUSE_MS);
  setTyped(query().get("q") ?? "");
  const found = createFetched(q, async (wanted) => {
    if (!wanted) return null;
    return told(api.GET("/api/v1/search", { params: { query: { q: wanted, limit: OF_EACH } } }));
  });
  createEffect(
    on(q, (wanted) => navigate(wanted ? `/search?q=${encodeURIComponent(wanted)}` : "/search", { replace: true }), {
      defer: true,
    }),
  );
  const nothing = () => Object.values(found.value() ?? { unknown: [0] }).every((some) => some.length === 0);
  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>{say.title}</h1>
      </header>
      <div ref={(el) => onMount(() => el.querySelector("input")?.focus())}>
        <SearchBox label={say.box} value={typed()} onInput={setTyped} />
      </div>
      <Trouble of={found} />
      <Show when={!q()}>
        <p class="soft hint-below">{say.hint}</p>
      </Show>
      <Show when={q() && !found.loading() && nothing()}>
        <Empty icon="search" level="h2" title={say.noMatch(q())} />
      </Show>
      <Show when={found.value()}>
        {(all) => (
          <div class="found">
            <Show when={all().songs.length > 0}>
              <h2>{say.groups.songs}</h2>
              <Songs title={say.groups.songs} songs={all().songs} />
            </Show>
            <Group
              title={say.groups.artists}
              found={all().artists.map(({ id, name, songs_count }) => ({
                id,
                name,
                more: text.playlist.songs(songs_count),
                href: `/artists/${id}`,
                picture: <Icon name="people" />,
              }))}
            />
            <Group
              title={say.groups.albums}
              found={all().albums.map(({ id, title, artist, cover_url }) => ({
                id,
                name: title,
                more: artist,
                href: `/albums/${id}`,
                picture: <Cover url={cover_url} name={title} />,
              }))}
            />
            <Group
              title={say.groups.playlists}
              found={all().playlists.map(({ id, name, owner, cover_url }) => ({
                id,
                name,
                more: owner.username,
                href: `/playlists/${id}`,
                picture: <Cover url={cover_url} name={name} />,
              }))}
            />
            <Group
              title={say.groups.stages}
              found={all().stages.map(({ id, name, host, cover_url }) => ({
                id,
                name,
                more: text.lobby.hostedBy(host.username),
                href: `/s/${id}`,
                picture: <Cover url={cover_url} name={name} />,
              }))}
            />
            <Group
              title={say.groups.users}
              found={all().users.map(({ id, username, avatar_url }) => ({
                id,
                name: username,
                more: "",
                href: `/u/${encodeURIComponent(username)}`,
                picture: <Avatar name={username} url={avatar_url} size={40} />,
              }))}
            />
          </div>
        )}
      </Show>
    </div>
  );
}

function Group(props: { title: string; found: Found[] }) {
  return (
    <Show when={props.found.length > 0}>
      <section class="group">
        <h2>{props.title}</h2>
        <ul aria-label={props.title} ref={(el) => onCleanup(roving(el))}>
          <For each={props.found}>
            {(one) => (
              <li>
                <a class="person tall" data-row={one.id} href={one.href}>
                  {one.picture}
                  <span class="grow">
                    <span class="line cut">{one.name}</span>
                    <span class="line cut soft small">{one.more}</span>
                  </span>
                </a>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
