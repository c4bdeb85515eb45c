import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, orNone, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { me } from "../../state/session";
import { clock } from "../../ui/format";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { Comments } from "../comments/Comments";
import { SongLyrics } from "../lyrics/Lyrics";
import { followAnalysis } from "../uploads/analysis";

/** One song, and what is said of it. */
export function SongScreen(props: { id: number }) {
  const song = createFetched(
    () => props.id,
    (id) => orNone(told(api.GET("/api/v1/songs/{id}", { params: { path: { id } } }))),
  );
  /** What the page shows until it is listened to. */
  const analysis = () => song.value()?.analysis;
  followAnalysis(
    () => (analysis() === "pending" ? [props.id] : []),
    () => void song.again(),
  );
  const unheard = () => {
    const now = analysis();
    return now && now !== "done" ? text.song.analysis[now] : null;
  };
  return (
    <div class="page narrow">
      <Trouble of={song} />
      <Show when={song.value() === null}>
        <Empty icon="music" level="h1" title={text.song.notFound} />
      </Show>
      <Show when={song.value()}>
        {(shown) => (
          <>
            <header class="hero">
              <Cover url={shown().cover_url} name={shown().title} eager />
              <div class="grow">
                <h1>{shown().title}</h1>
                <p>
                  <Show when={shown().artist_id} fallback={shown().artist}>
                    {(id) => <a href={`/artists/${id()}`}>{shown().artist}</a>}
                  </Show>
                  <Show when={shown().album_id}>
                    {(id) => (
                      <>
                        {" · "}
                        <a href={`/albums/${id()}`}>{shown().album}</a>
                      </>
                    )}
                  </Show>
                </p>
                <p class="soft small">{[shown().year, ...shown().genres].filter(Boolean).join(" · ")}</p>
                <p class="soft small num">
                  {clock(shown().duration_us)} · {text.song.counts(shown().likes_count, shown().plays_count)}
                </p>
                <p class="small" role="status">
                  {unheard()}
                </p>
              </div>
            </header>
            <Show when={me()}>
              <SongLyrics song={props.id} />
            </Show>
            <section class="stack">
              <h2>{text.comments.title}</h2>
              <Comments about={{ song: props.id }} owner={shown().uploader.id} />
            </section>
          </>
        )}
      </Show>
    </div>
  );
}
