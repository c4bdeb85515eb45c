import { createRenderEffect, Show } from "solid-js";
import { api, told } from "../../net/client";
import { Drawing } from "../song/Drawing";
import { barsOf } from "../song/outline";
import { createOfSong } from "./ofSong";

const BARS = 96;

/** What plays as its outline, under the slider that goes along it. A song without one has the slider alone. */
export function Wave(props: { song: number; part: number }) {
  const { value: bars } = createOfSong(
    () => props.song,
    async (id) => barsOf((await told(api.GET("/api/v1/songs/{id}/waveform", { params: { path: { id } } }))).peaks, BARS),
  );
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
