import { createSignal, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { hush } from "../../state/hush";
import { preferences } from "../../state/preferences";
import { Clicks } from "../../sync/output/clicks";
import { Dialog } from "../../ui/Dialog";
import { millis } from "../../ui/format";
import { CLICK_EVERY_MS, type Lateness, lateness } from "./tapping";
import "../../styles/figures.css";

/** Clicks, and a pad to tap along with: how late the taps are is how late the output is, but for one's own habit. */
export function TapTest(props: { onClose(): void }) {
  const [taps, setTaps] = createSignal<readonly number[]>([]);
  const clicks = new Clicks(CLICK_EVERY_MS);
  const unhush = hush();
  onCleanup(() => {
    clicks.stop();
    unhush();
  });
  const found = () => lateness(clicks.heard, taps());
  const tap = (event: Event) => setTaps((before) => [...before, event.timeStamp]);

  function use({ ms }: Lateness): void {
    preferences.setOffsetMs(ms - preferences.tapHabitMs());
    props.onClose();
  }
  function remember({ ms }: Lateness): void {
    preferences.setTapHabitMs(Math.round(ms));
    props.onClose();
  }
  return (
    <Dialog title={text.tapTest.title} onClose={props.onClose}>
      <div class="stack">
        <p>{text.tapTest.how}</p>
        <button
          type="button"
          class="btn primary tap-pad"
          autofocus
          onPointerDown={tap}
          onKeyDown={(event) => (event.key === " " || event.key === "Enter") && !event.repeat && tap(event)}
        >
          {text.tapTest.tap}
        </button>
        <p class="num" role="status">
          <Show when={found()} fallback={text.tapTest.count(taps().length)}>
            {(late) => text.tapTest.result(millis(late().ms - preferences.tapHabitMs()), millis(late().spreadMs))}
          </Show>
        </p>
        <div class="row">
          <button type="button" class="btn primary" disabled={!found()} onClick={() => use(found() as Lateness)}>
            {text.tapTest.use}
          </button>
          <button type="button" class="btn" disabled={!found()} onClick={() => remember(found() as Lateness)}>
            {text.tapTest.remember}
          </button>
        </div>
        <p class="hint">{text.tapTest.habit(preferences.tapHabitMs())}</p>
      </div>
    </Dialog>
  );
}
