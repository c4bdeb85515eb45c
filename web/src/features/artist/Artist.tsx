import { For, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, orNone, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { me } from "../../state/session";
import { signInFirst } from "../../state/wish";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { washed } from "../../ui/wash";
import { Songs } from "../library/Songs";

const SHOWN = 200;

export function ArtistScreen(props: { id: number }) {
  const artist = createFetched(
    () => props.id,
    async (id) => {
      const params = { path: { id } };
      const query = { artist_id: id, limit: SHOWN };
      const [about, albums, songs] = await Promise.all([
        orNone(told(api.GET("/api/v1/artists/{id}", { params }))),
        told(api.GET("/api/v1/albums", { params: { query } })),
        told(api.GET("/api/v1/songs", { params: { query } })),
      ]);
      return about && { ...about, albums: albums.items, songs: songs.items };
    },
  );
  /** An artist has no picture of their own: their latest album's is the next best. */
  const picture = () =>
    [...(artist.value()?.albums ?? []), ...(artist.value()?.songs ?? [])].find((one) => one.cover_url)?.cover_url;
  const follow = (followed: boolean) => {
    const call = followed ? api.DELETE : api.PUT;
    const work = () => call("/api/v1/artists/{id}/follow", { params: { path: { id: props.id } } });
    if (me()) void attempt(work).then(() => artist.again());
    else signInFirst(`/artists/${props.id}`, () => attempt(work));
  };
  return (
    <div class="page washed" ref={washed(picture)}>
      <Trouble of={artist} />
      <Show when={artist.value() === null}>
        <Empty icon="people" level="h1" title={text.artist.notFound} />
      </Show>
      <Show when={artist.value()}>
        {(shown) => (
          <>
            <header class="page-head">
              <div>
                <h1>{shown().name}</h1>
                <p class="soft small">{text.artist.counts(shown().songs_count, shown().albums_count, shown().followers_count)}</p>
              </div>
              <button type="button" class="btn" aria-pressed={shown().followed} onClick={() => follow(shown().followed)}>
                {shown().followed ? text.artist.unfollow : text.artist.follow}
              </button>
            </header>
            <Show when={shown().albums.length > 0}>
              <section class="group">
                <h2 class="soft">{text.artist.albums}</h2>
                <ul class="tiles">
                  <For each={shown().albums}>
                    {(album) => (
                      <li>
                        <a href={`/albums/${album.id}`}>
                          <Cover url={album.cover_url} name={album.title} />
                          <span class="line cut">{album.title}</span>
                        </a>
                      </li>
                    )}
                  </For>
                </ul>
              </section>
            </Show>
            <Songs title={text.artist.songs} songs={shown().songs} />
          </>
        )}
      </Show>
    </div>
  );
}
