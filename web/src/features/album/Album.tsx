import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, orNone, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { clock } from "../../ui/format";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { Comments } from "../comments/Comments";
import { Songs } from "../library/Songs";

export function AlbumScreen(props: { id: number }) {
  const album = createFetched(
    () => props.id,
    (id) => orNone(told(api.GET("/api/v1/albums/{id}", { params: { path: { id } } }))),
  );
  return (
    <div class="page">
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
