import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { Icon } from "../../ui/Icon";

/** A hall does not ask all at once when a song begins. */
const SPREAD_MS = 1_500;

/** Whether I like what plays, for who has an account. */
export function Like(props: { song: number; title: string }) {
  const song = createFetched(
    () => props.song,
    async (id) => {
      await new Promise((done) => setTimeout(done, Math.random() * SPREAD_MS));
      return told(api.GET("/api/v1/songs/{id}", { params: { path: { id } } }));
    },
  );
  const liked = () => (song.value()?.id === props.song ? song.value()?.liked : undefined);
  const like = (wanted: boolean) =>
    attempt(async () => {
      const call = wanted ? api.PUT : api.DELETE;
      await call("/api/v1/songs/{id}/like", { params: { path: { id: props.song } } });
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
