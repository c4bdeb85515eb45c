import { createMemo, createRenderEffect, createUniqueId, For, onCleanup, Show } from "solid-js";
import { song as say } from "../../i18n/song";
import { api, type LibrarySong, orNone, told } from "../../net/client";
import type { Comment } from "../../protocol";
import { createFetched } from "../../state/fetched";
import { me } from "../../state/session";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Avatar } from "../../ui/Picture";
import { roving } from "../../ui/roving";
import { Drawing } from "./Drawing";
import { barsOf } from "./outline";
import type { Preview } from "./preview";
import "../../styles/song.css";

const BARS = 160;
const SECOND_US = 1_000_000;

/** A song from its beginning to its end: what it looks like, who said something where, and how it sounds from there. */
export function Outline(props: {
  song: LibrarySong;
  preview: Preview;
  comments: readonly Comment[];
  onMark(comment: Comment): void;
}) {
  const peaks = createFetched(
    () => (props.song.analysis === "done" ? props.song.id : null),
    async (id) => (id === null ? null : orNone(told(api.GET("/api/v1/songs/{id}/waveform", { params: { path: { id } } })))),
  );
  const bars = createMemo(() => barsOf(peaks.value()?.peaks ?? [], BARS));
  const length = () => Math.max(1, props.song.duration_us);
  const at = () => props.preview.atUs() ?? 0;
  const note = createUniqueId();
  return (
    <section class="outline" aria-label={say.outline}>
      <Show when={me()}>
        <button
          type="button"
          class="btn icon-only outline-play"
          aria-label={props.preview.playing() ? say.pause : say.listen}
          title={props.preview.playing() ? say.pause : say.listen}
          onClick={props.preview.toggle}
        >
          <Icon name={props.preview.playing() ? "pause" : "play"} />
        </button>
      </Show>
      <div
        class="outline-line"
        ref={(el) => createRenderEffect(() => el.style.setProperty("--at", `${(100 * at()) / length()}%`))}
      >
        <Drawing bars={bars()} />
        <input
          type="range"
          min={0}
          max={Math.floor(length() / SECOND_US)}
          step={1}
          aria-label={say.position}
          aria-valuetext={`${clock(at())} / ${clock(length())}`}
          aria-describedby={note}
          ref={(el) => createRenderEffect(() => (el.value = String(at() / SECOND_US)))}
          onInput={(event) => props.preview.seek(event.currentTarget.valueAsNumber * SECOND_US)}
        />
        <Marks comments={props.comments} lengthUs={length()} onMark={props.onMark} />
      </div>
      <p class="outline-time soft small num">
        {clock(at())} / {clock(length())}
      </p>
      <p id={note} class="outline-note wrong small" role="status">
        {props.preview.failed() ? say.cantPlay : ""}
      </p>
    </section>
  );
}

/** Who said something at which moment. */
function Marks(props: { comments: readonly Comment[]; lengthUs: number; onMark(comment: Comment): void }) {
  const marks = () =>
    props.comments
      .filter(({ position_us }) => position_us != null && position_us <= props.lengthUs)
      .toSorted((a, b) => (a.position_us ?? 0) - (b.position_us ?? 0));
  const place = (comment: Comment) => (el: HTMLElement) =>
    createRenderEffect(() => el.style.setProperty("--mark", `${(100 * (comment.position_us ?? 0)) / props.lengthUs}%`));
  const words = ({ position_us, author, body }: Comment) => say.mark(clock(position_us ?? 0), author.username, body);
  return (
    <ul class="outline-marks" aria-label={say.marks} ref={(el) => onCleanup(roving(el))}>
      <For each={marks()}>
        {(comment) => (
          <li data-row={comment.id} ref={place(comment)}>
            <button type="button" aria-label={words(comment)} title={words(comment)} onClick={() => props.onMark(comment)}>
              <Avatar name={comment.author.username} url={comment.author.avatar_url} size={20} />
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}
