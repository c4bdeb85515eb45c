/** What the palette offers for what is typed, in groups. */

import type { JSX } from "solid-js";
import { text } from "../../i18n/en";
import { palette as say } from "../../i18n/palette";
import type { SearchResults } from "../../net/client";
import { navigate } from "../../routes";
import { attempt, toast } from "../../state/notices";
import { me, stage } from "../../state/session";
import { Icon } from "../../ui/Icon";
import { Avatar, Cover } from "../../ui/Picture";
import { type Action, actions } from "./actions";
import { fitting } from "./matching";
import { type Place, recent, remember } from "./recent";

export interface Option {
  readonly name: string;
  readonly more: string;
  picture(): JSX.Element;
  run(): void;
  /** What Shift and Enter do. */
  aside?(): void;
}

export interface Group {
  readonly title: string;
  readonly options: readonly Option[];
}

/** Actions are many, and what is looked for is more often a song. */
const MOST_ACTIONS = 4;

export function groupsFor(typed: string, found: SearchResults | null | undefined): Group[] {
  const groups =
    typed === "" ? atRest() : [{ title: say.groups.actions, options: doing(fitting(actions(), typed).slice(0, MOST_ACTIONS)) }];
  if (typed !== "" && found) groups.push(...ofServer(found));
  return groups.filter(({ options }) => options.length > 0);
}

function atRest(): Group[] {
  const user = me();
  return [
    { title: say.groups.recent, options: user ? recent(user.id).map((place) => going(place, () => <Icon name="past" />)) : [] },
    { title: say.groups.actions, options: doing(actions()) },
  ];
}

const doing = (some: readonly Action[]): Option[] =>
  some.map(({ name, icon, run }) => ({ name, more: "", picture: () => <Icon name={icon} />, run }));

function going(place: Place, picture: () => JSX.Element): Option {
  const run = () => {
    const user = me();
    if (user) remember(user.id, place);
    navigate(place.href);
  };
  return { ...place, picture, run };
}

function ofServer(found: SearchResults): Group[] {
  const songs = found.songs.map(({ id, title, artist, cover_url }): Option => {
    const option = going({ name: title, more: artist, href: `/songs/${id}` }, () => <Cover url={cover_url} name={title} />);
    const aside = queueing(id, title);
    if (!aside) return option;
    return me()?.guest ? { ...option, run: aside } : { ...option, aside };
  });
  // A guest's place is the stage: there a song can be queued.
  if (me()?.guest) return [{ title: say.groups.songs, options: songs }];
  const stages = found.stages.map(({ id, name, host, cover_url }) =>
    going({ name, more: text.lobby.hostedBy(host.username), href: `/s/${id}` }, () => <Cover url={cover_url} name={name} />),
  );
  const people = found.users.map(({ username, avatar_url }) =>
    going({ name: username, more: "", href: `/u/${encodeURIComponent(username)}` }, () => (
      <Avatar name={username} url={avatar_url} size={32} />
    )),
  );
  const albums = found.albums.map(({ id, title, artist, cover_url }) =>
    going({ name: title, more: artist, href: `/albums/${id}` }, () => <Cover url={cover_url} name={title} />),
  );
  const artists = found.artists.map(({ id, name, songs_count }) =>
    going({ name, more: text.playlist.songs(songs_count), href: `/artists/${id}` }, () => <Icon name="people" />),
  );
  const playlists = found.playlists.map(({ id, name, owner, cover_url }) =>
    going({ name, more: owner.username, href: `/playlists/${id}` }, () => <Cover url={cover_url} name={name} />),
  );
  return [
    { title: say.groups.songs, options: songs },
    { title: say.groups.stages, options: stages },
    { title: say.groups.people, options: people },
    { title: say.groups.more, options: [...albums, ...artists, ...playlists] },
  ];
}

/** Whether songs can be queued on the stage that one is in. */
export const mayQueue = () => stage()?.state()?.you.can.includes("queue_add") ?? false;

function queueing(song: number, title: string): (() => void) | undefined {
  const current = stage();
  if (!current || !mayQueue()) return undefined;
  const queue = async () => {
    await current.add(song);
    toast(text.queue.added(title));
  };
  return () => void attempt(queue);
}
