import { createMemo, createRenderEffect, Show } from "solid-js";
import { api, told } from "../../net/client";
import { createFetched } from "../../state/fetched";
import { Drawing } from "../song/Drawing";
import { barsOf } from "../song/outline";

const BARS = 96;
/** A hall does not ask all at once when a song begins. */
const SPREAD_MS = 1_500;

/** What plays as its outline, under the slider that goes along it. A song without one has the slider alone. */
export function Wave(props: { song: number; part: number }) {
  const peaks = createFetched(
    () => props.song,
    async (id) => {
      await new Promise((done) => setTimeout(done, Math.random() * SPREAD_MS));
      const params = { path: { id } };
      const { peaks } = await told(api.GET("/api/v1/songs/{id}/waveform", { params }));
      return { id, bars: barsOf(peaks, BARS) };
    },
  );
  // What was asked of another song is not shown for this one.
  const bars = createMemo(() => (peaks.value()?.id === props.song ? peaks.value()?.bars : null));
  return (
    <Show when={bars()?.length ? bars() : null}>
      {(known) => (
        <div
          class="wave-line"
          aria-hidden="true"
          ref={(el) => createRenderEffect(() => el.style.setProperty("--at", `${100 * props.part}%`))}
        >
          <Drawing bars={known()} />
        </div>
      )}
    </Show>
  );
}
