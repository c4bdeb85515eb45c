import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { get, patch, remove } from "../api/client";
import type { PlaylistDetail, PlaylistEntry } from "../api/model";
import { attempt, toast } from "../app/notices";
import { me, room } from "../app/session";
import { navigate } from "../router";
import { text } from "../text";
import { confirm } from "../ui/Dialog";
import { clock } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Menu, MenuItem } from "../ui/Menu";
import { Cover } from "../ui/Picture";
import { Empty } from "../ui/parts";
import { type RowKeys, roving } from "../ui/roving";
import { PlaylistForm } from "./PlaylistForm";

export function PlaylistScreen(props: { id: number }) {
  const [list, { refetch, mutate }] = createResource(() => get<PlaylistDetail>(`/playlists/${props.id}`).catch(() => null));
  const [editing, setEditing] = createSignal(false);
  const [dragged, setDragged] = createSignal<number | null>(null);
  const mine = () => list()?.owner.id === me()?.id;
  const canQueue = () => room()?.state()?.you.can.includes("queue_add") ?? false;

  async function move(item: PlaylistEntry, to: number): Promise<void> {
    const before = list();
    if (!before || to < 0 || to >= before.items.length) return;
    const others = before.items.filter((other) => other !== item);
    mutate({ ...before, items: others.toSpliced(to, 0, item) });
    const moved = await attempt(() => patch(`/playlists/${props.id}/songs/${item.entry}`, { position: to }));
    if (!moved) void refetch();
  }
  const entry = (id: number) => list()?.items.find((item) => item.entry === id);
  const keys: RowKeys = {
    remove: (row) => {
      const item = entry(Number(row.dataset.row));
      if (item && mine()) void take(item);
    },
    shift: (row, by) => {
      const item = entry(Number(row.dataset.row));
      if (item && mine()) void move(item, (list()?.items.indexOf(item) ?? 0) + by);
    },
  };
  async function take(item: PlaylistEntry): Promise<void> {
    if (await attempt(() => remove(`/playlists/${props.id}/songs/${item.entry}`))) void refetch();
  }
  async function erase(name: string): Promise<void> {
    if (!(await confirm(text.playlist.delete, text.playlist.deleteSure(name), text.common.delete))) return;
    if (await attempt(() => remove(`/playlists/${props.id}`))) navigate("/library", { replace: true });
  }
  const queueAll = (name: string) =>
    attempt(async () => {
      await room()?.addPlaylist(props.id);
      toast(text.queue.playlistAdded(name));
    });

  return (
    <div class="page">
      <Show when={list()} fallback={<Show when={!list.loading}>{<Empty icon="list" level="h1" title={text.playlist.notFound} />}</Show>}>
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
                <div class="row">
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
                </div>
              </div>
            </header>
            <Show when={shown().items.length === 0}>
              <Empty icon="music" level="h2" title={text.playlist.emptyTitle} text={text.playlist.emptyText} />
            </Show>
            <ol class="entries" aria-label={shown().name} ref={(el) => onCleanup(roving(el, keys))}>
              <For each={shown().items}>
                {(item, index) => (
                  <li
                    class="song-row"
                    data-row={item.entry}
                    aria-label={text.queue.row(item.song.title, item.song.artist)}
                    draggable={mine()}
                    onDragStart={(event) => {
                      event.dataTransfer?.setData("text/plain", item.song.title);
                      setDragged(item.entry);
                    }}
                    onDragOver={(event) => dragged() !== null && event.preventDefault()}
                    onDragEnd={() => setDragged(null)}
                    onDrop={(event) => {
                      const moved = entry(dragged() ?? 0);
                      if (!moved) return;
                      event.preventDefault();
                      void move(moved, index());
                      setDragged(null);
                    }}
                  >
                    <Cover url={item.song.cover_url} name={item.song.title} />
                    <span class="grow">
                      <span class="line cut">{item.song.title}</span>
                      <span class="line cut soft small">{item.song.artist}</span>
                    </span>
                    <span class="album cut soft small">{item.song.album}</span>
                    <span />
                    <span class="time soft small num">{clock(item.song.duration_us)}</span>
                    <Show when={mine()} fallback={<span />}>
                      <Menu label={text.library.songActions(item.song.title)}>
                        <MenuItem icon="up" onSelect={() => move(item, index() - 1)}>
                          {text.queue.moveUp}
                        </MenuItem>
                        <MenuItem icon="down" onSelect={() => move(item, index() + 1)}>
                          {text.queue.moveDown}
                        </MenuItem>
                        <MenuItem icon="trash" danger onSelect={() => take(item)}>
                          {text.common.remove}
                        </MenuItem>
                      </Menu>
                    </Show>
                  </li>
                )}
              </For>
            </ol>
            <Show when={editing()}>
              <PlaylistForm playlist={shown()} onClose={() => setEditing(false)} onDone={() => void refetch()} />
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}
