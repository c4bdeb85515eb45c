import { createSignal, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, orNone, type PlaylistEntry, told } from "../../net/client";
import { navigate } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { me, stage } from "../../state/session";
import { confirm } from "../../ui/Dialog";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Menu, MenuItem } from "../../ui/Menu";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { Rows, type Slot } from "../../ui/Rows";
import { waiting } from "../exchange/unresolved";
import { SONG_ROW_PX } from "../library/SongRow";
import { createEntries } from "./entries";

const Export = later(() => import("../exchange/Export").then((of) => of.Export));
const PlaylistForm = later(() => import("./PlaylistForm").then((of) => of.PlaylistForm));
const ResolveDialog = later(() => import("../exchange/Import").then((of) => of.ResolveDialog));

const ENTRY = "/api/v1/playlists/{id}/songs/{entry_id}";

export function PlaylistScreen(props: { id: number }) {
  const list = createFetched(
    () => props.id,
    (id) => orNone(told(api.GET("/api/v1/playlists/{id}", { params: { path: { id } } }))),
  );
  const entries = createEntries(list.value);
  const [editing, setEditing] = createSignal(false);
  const [resolving, setResolving] = createSignal(false);
  const mine = () => list.value()?.owner.id === me()?.id;
  const canQueue = () => stage()?.state()?.you.can.includes("queue_add") ?? false;

  const { move, take, erase } = createChanges(
    () => props.id,
    entries,
    () => void list.again(),
  );
  const queueAll = (name: string) =>
    attempt(async () => {
      await stage()?.addPlaylist(props.id);
      toast(text.queue.playlistAdded(name));
    });
  /** What a key in the list is about, if one may. */
  const about = (row: HTMLElement, act: (item: PlaylistEntry, place: number) => void) => {
    const place = Number(row.dataset.index);
    const item = entries.items()[place];
    if (item && mine()) act(item, place);
  };

  return (
    <div class="page">
      <Trouble of={list} />
      <Show
        when={list.value()}
        fallback={
          <Show when={list.value() === null}>
            <Empty icon="list" level="h1" title={text.playlist.notFound} />
          </Show>
        }
      >
        {(shown) => (
          <>
            <header class="hero">
              <Cover url={shown().cover_url} name={shown().name} eager />
              <div class="grow stack">
                <div>
                  <h1>{shown().name}</h1>
                  <p class="soft">{shown().description}</p>
                  <p class="soft small num">
                    {shown().owner.username} · {text.playlist.songs(shown().songs_count)} · {clock(shown().duration_us)}
                  </p>
                </div>
                <div class="row wrap">
                  <Show when={canQueue() && shown().songs_count > 0}>
                    <button type="button" class="btn primary" onClick={() => queueAll(shown().name)}>
                      <Icon name="queue" />
                      {text.playlist.queueAll}
                    </button>
                  </Show>
                  <Show when={mine()}>
                    <button type="button" class="btn" onClick={() => setEditing(true)}>
                      <Icon name="edit" />
                      {text.common.edit}
                    </button>
                    <button
                      type="button"
                      class="btn icon-only"
                      aria-label={text.playlist.delete}
                      onClick={() => erase(shown().name)}
                    >
                      <Icon name="trash" />
                    </button>
                  </Show>
                  <Export playlist={props.id} />
                </div>
                <Show when={mine() && waiting(props.id).length > 0}>
                  <button type="button" class="btn" onClick={() => setResolving(true)}>
                    {text.playlist.missing(waiting(props.id).length)}
                  </button>
                </Show>
              </div>
            </header>
            <Show when={shown().songs_count === 0}>
              <Empty icon="music" level="h2" title={text.playlist.emptyTitle} text={text.playlist.emptyText} />
            </Show>
            <Rows
              items={entries.items()}
              keyOf={(item: PlaylistEntry) => item.entry}
              rowPx={SONG_ROW_PX}
              label={shown().name}
              drag={{ may: mine(), drop: move }}
              onShow={entries.show}
              keys={{
                remove: (row) => about(row, take),
                shift: (row, by) => about(row, (item, place) => move(item, place + by)),
              }}
              row={(item, index, slot) => (
                <EntryRow
                  item={item()}
                  slot={slot}
                  mine={mine()}
                  onMove={(by) => move(item(), index() + by)}
                  onTake={() => take(item())}
                />
              )}
              blank={(slot) => <li {...slot} class="song-row" aria-label={text.common.loading} />}
            />
            <Show when={resolving()}>
              <ResolveDialog playlist={props.id} onClose={() => setResolving(false)} onChanged={() => void list.again()} />
            </Show>
            <Show when={editing()}>
              <PlaylistForm playlist={shown()} onClose={() => setEditing(false)} onDone={() => void list.again()} />
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}

/** What the owner of a list does with it. */
function createChanges(id: () => number, entries: ReturnType<typeof createEntries>, again: () => void) {
  const at = (item: PlaylistEntry) => ({ params: { path: { id: id(), entry_id: item.entry } } });
  async function move(item: PlaylistEntry, to: number): Promise<void> {
    if (to < 0 || to >= entries.items().length) return;
    entries.put(item, to);
    const moved = await attempt(() => api.PATCH(ENTRY, { ...at(item), body: { position: to } }));
    if (!moved) again();
  }
  async function take(item: PlaylistEntry): Promise<void> {
    if (await attempt(() => api.DELETE(ENTRY, at(item)))) again();
  }
  async function erase(name: string): Promise<void> {
    if (!(await confirm(text.playlist.delete, text.playlist.deleteSure(name), text.common.delete))) return;
    if (await attempt(() => api.DELETE("/api/v1/playlists/{id}", { params: { path: { id: id() } } })))
      navigate("/library", { replace: true });
  }
  return { move, take, erase };
}

function EntryRow(props: { item: PlaylistEntry; slot: Slot; mine: boolean; onMove(by: 1 | -1): void; onTake(): void }) {
  const song = () => props.item.song;
  return (
    <li {...props.slot} class="song-row" aria-label={text.queue.row(song().title, song().artist)}>
      <Cover url={song().cover_url} name={song().title} />
      <span class="grow">
        <span class="line cut">{song().title}</span>
        <span class="line cut soft small">{song().artist}</span>
      </span>
      <span class="album cut soft small">{song().album}</span>
      <span />
      <span class="time soft small num">{clock(song().duration_us)}</span>
      <Show when={props.mine} fallback={<span />}>
        <Menu label={text.library.songActions(song().title)}>
          <MenuItem icon="up" onSelect={() => props.onMove(-1)}>
            {text.queue.moveUp}
          </MenuItem>
          <MenuItem icon="down" onSelect={() => props.onMove(1)}>
            {text.queue.moveDown}
          </MenuItem>
          <MenuItem icon="trash" danger onSelect={props.onTake}>
            {text.common.remove}
          </MenuItem>
        </Menu>
      </Show>
    </li>
  );
}
