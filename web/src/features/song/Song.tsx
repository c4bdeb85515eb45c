import { createMemo, createSignal, For, Show } from "solid-js";
import { text } from "../../i18n/en";
import { song as say } from "../../i18n/song";
import { api, type LibrarySong, orNone, told } from "../../net/client";
import type { Comment } from "../../protocol";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { me } from "../../state/session";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { Comments, placeOfComment } from "../comments/Comments";
import { createComments } from "../comments/comments";
import { ofGenre } from "../library/genre";
import { SongLyrics } from "../lyrics/Lyrics";
import { followAnalysis } from "../uploads/analysis";
import { Outline } from "./Outline";
import { createPreview } from "./preview";

const SongForm = later(() => import("./SongForm").then((of) => of.SongForm));

/** One song, and what is said of it. */
export function SongScreen(props: { id: number }) {
  const song = createFetched(
    () => props.id,
    (id) => orNone(told(api.GET("/api/v1/songs/{id}", { params: { path: { id } } }))),
  );
  const analysis = () => song.value()?.analysis;
  followAnalysis(
    () => (analysis() === "pending" ? [props.id] : []),
    () => void song.again(),
  );
  const [editing, setEditing] = createSignal(false);
  return (
    <div class="page narrow">
      <Trouble of={song} />
      <Show when={song.value() === null}>
        <Empty icon="music" level="h1" title={text.song.notFound} />
      </Show>
      <Show when={song.value()}>
        {(shown) => (
          <>
            <Head song={shown()} onEdit={() => setEditing(true)} />
            <Heard song={shown()} />
            <Show when={editing()}>
              <SongForm song={shown()} onClose={() => setEditing(false)} onDone={() => void song.again()} />
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}

function Head(props: { song: LibrarySong; onEdit(): void }) {
  const mayEdit = () => me() && (props.song.uploader.id === me()?.id || me()?.is_admin);
  /** What the page shows until it is listened to. */
  const unheard = () => (props.song.analysis === "done" ? null : text.song.analysis[props.song.analysis]);
  return (
    <header class="hero">
      <Cover url={props.song.cover_url} name={props.song.title} eager />
      <div class="grow">
        <h1>{props.song.title}</h1>
        <p>
          <Show when={props.song.artist_id} fallback={props.song.artist}>
            {(id) => <a href={`/artists/${id()}`}>{props.song.artist}</a>}
          </Show>
          <Show when={props.song.album_id}>
            {(id) => (
              <>
                {" · "}
                <a href={`/albums/${id()}`}>{props.song.album}</a>
              </>
            )}
          </Show>
        </p>
        <p class="soft small">
          {props.song.year}
          <For each={props.song.genres}>
            {(genre, at) => (
              <>
                {at() > 0 || props.song.year ? " · " : ""}
                <a href={ofGenre(genre)}>{genre}</a>
              </>
            )}
          </For>
        </p>
        <p class="soft small num">
          {clock(props.song.duration_us)} · {text.song.counts(props.song.likes_count, props.song.plays_count)}
        </p>
        <p class="small" role="status">
          {unheard()}
        </p>
        <Show when={mayEdit()}>
          <button type="button" class="btn edit" aria-label={say.edit} onClick={props.onEdit}>
            <Icon name="edit" />
            {text.common.edit}
          </button>
        </Show>
      </div>
    </header>
  );
}

/** The song along its line, its words, and what is said of it. */
function Heard(props: { song: LibrarySong }) {
  const about = createMemo(() => ({ song: props.song.id }), null, { equals: (a, b) => a?.song === b?.song });
  const comments = createComments(about);
  const preview = createPreview(() => props.song.audio_url);
  /** From a mark to what it stands for. */
  function show(comment: Comment): void {
    preview.seek(comment.position_us ?? 0);
    placeOfComment(comment.id)?.focus();
  }
  return (
    <>
      <Outline song={props.song} preview={preview} comments={comments.items()} onMark={show} />
      <Show when={me()}>
        <SongLyrics song={props.song.id} />
      </Show>
      <section class="stack">
        <h2>{text.comments.title}</h2>
        <Comments
          about={{ song: props.song.id }}
          list={comments}
          owner={props.song.uploader.id}
          positionUs={preview.atUs}
          onSeek={preview.seek}
        />
      </section>
    </>
  );
}
