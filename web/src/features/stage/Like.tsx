import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { likeSong } from "../../state/likes";
import { attempt } from "../../state/notices";
import { Icon } from "../../ui/Icon";
import { createOfSong } from "./ofSong";

/** Whether I like what plays, for who has an account. */
export function Like(props: { song: number; title: string }) {
  const song = createOfSong(
    () => props.song,
    (id) => told(api.GET("/api/v1/songs/{id}", { params: { path: { id } } })),
  );
  const liked = () => song.value()?.liked;
  const like = (wanted: boolean) =>
    attempt(async () => {
      await likeSong(props.song, wanted);
      await song.again();
    });
  return (
    <Show when={liked() !== undefined}>
      <button
        type="button"
        class="btn icon-only like"
        aria-label={`${liked() ? text.stage.unlike : text.stage.like}: ${props.title}`}
        aria-pressed={liked()}
        onClick={() => like(!liked())}
      >
        <Icon name="heart" filled={liked() ?? false} />
      </button>
    </Show>
  );
}
