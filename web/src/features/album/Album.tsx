import { createSignal, Show } from "solid-js";
import { text } from "../../i18n/en";
import { song as say } from "../../i18n/song";
import { type Album, api, orNone, told } from "../../net/client";
import { navigate } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { me } from "../../state/session";
import { confirm } from "../../ui/Dialog";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Menu, MenuItem } from "../../ui/Menu";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { washed } from "../../ui/wash";
import { Comments } from "../comments/Comments";
import { Songs } from "../library/Songs";

const AlbumForm = later(() => import("./AlbumForm").then((of) => of.AlbumForm));

export function AlbumScreen(props: { id: number }) {
  const album = createFetched(
    () => props.id,
    (id) => orNone(told(api.GET("/api/v1/albums/{id}", { params: { path: { id } } }))),
  );
  return (
    <div class="page washed" ref={washed(() => album.value()?.cover_url)}>
      <Trouble of={album} />
      <Show when={album.value() === null}>
        <Empty icon="music" level="h1" title={text.album.notFound} />
      </Show>
      <Show when={album.value()}>
        {(shown) => (
          <>
            <header class="hero">
              <Cover url={shown().cover_url} name={shown().title} eager />
              <div class="grow stack">
                <div>
                  <h1>{shown().title}</h1>
                  <p>
                    <a href={`/artists/${shown().artist_id}`}>{text.album.by(shown().artist)}</a>
                  </p>
                  <p class="soft">{shown().description}</p>
                  <p class="soft small num">
                    {text.playlist.songs(shown().songs_count)} · {clock(shown().duration_us)}
                    <Show when={shown().genre}>{(genre) => ` · ${genre()}`}</Show>
                  </p>
                </div>
                <Show when={me() && (shown().owner_id === me()?.id || me()?.is_admin)}>
                  <Owned album={shown()} onChanged={() => void album.again()} />
                </Show>
              </div>
            </header>
            <Songs title={text.album.songs} songs={shown().songs} />
            <section class="narrow stack">
              <h2>{text.comments.title}</h2>
              <Comments about={{ album: props.id }} owner={shown().owner_id} />
            </section>
          </>
        )}
      </Show>
    </div>
  );
}

/** What whoever made the album may do with it. */
function Owned(props: { album: Album; onChanged(): void }) {
  const [editing, setEditing] = createSignal(false);
  async function erase(): Promise<void> {
    if (!(await confirm(say.deleteAlbum, say.deleteAlbumSure(props.album.title), text.common.delete))) return;
    const params = { path: { id: props.album.id } };
    if (await attempt(() => api.DELETE("/api/v1/albums/{id}", { params }))) navigate(`/artists/${props.album.artist_id}`);
  }
  return (
    <div class="row">
      <button type="button" class="btn" aria-label={say.editAlbum} onClick={() => setEditing(true)}>
        <Icon name="edit" />
        {text.common.edit}
      </button>
      <Menu label={text.common.more}>
        <MenuItem icon="trash" danger onSelect={erase}>
          {say.deleteAlbum}
        </MenuItem>
      </Menu>
      <Show when={editing()}>
        <AlbumForm album={props.album} onClose={() => setEditing(false)} onDone={props.onChanged} />
      </Show>
    </div>
  );
}
