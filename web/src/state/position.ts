import { createEffect, createSignal, onCleanup } from "solid-js";
import { stage } from "./session";

/** Where the song is, read from the sound engine `everyMs`; stands still while nothing plays. */
export function usePosition(everyMs: number) {
  const [us, setUs] = createSignal(0);
  const read = () => setUs(stage()?.positionUs() ?? 0);
  createEffect(() => {
    read();
    if (!stage()?.state()?.timeline.playing) return;
    const timer = setInterval(read, everyMs);
    onCleanup(() => clearInterval(timer));
  });
  const part = () => {
    const length = stage()?.state()?.timeline.song?.duration_us ?? 0;
    return length > 0 ? Math.min(1, us() / length) : 0;
  };
  return { us, watch: (show: (part: number) => void) => createEffect(() => show(part())) };
}
