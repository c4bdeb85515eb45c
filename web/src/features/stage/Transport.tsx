import { Show } from "solid-js";
import { text } from "../../i18n/en";
import type { Repeat } from "../../protocol";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { Icon } from "../../ui/Icon";

const NEXT_REPEAT: Record<Repeat, Repeat> = { off: "all", all: "one", one: "off" };

/** Play, skip and the modes for who steers; a vote for the others. */
export function Transport(props: { stage: Stage; steers: boolean }) {
  const state = () => props.stage.state();
  /** A start that waits for the listeners can be called off like one that has begun. */
  const playing = () => (state()?.timeline.playing || state()?.timeline.waiting) ?? false;
  /** Where the stage puts the queue in order, nothing is drawn. */
  const draws = () => state()?.stage.order === "added";
  const mode = () => state()?.queue.mode ?? { repeat: "off" as const, shuffle: false };
  const hasSong = () => state()?.timeline.song != null;
  const canPlay = () => hasSong() || (state()?.queue.total ?? 0) > 0;
  const votes = () => {
    const counted = state()?.skipVotes;
    return counted?.entry === state()?.timeline.entry ? counted : null;
  };
  return (
    <Show
      when={props.steers}
      fallback={
        <Show when={hasSong() && state()?.you.can.includes("vote")}>
          <div class="transport">
            <button type="button" class="btn" onClick={() => attempt(props.stage.voteSkip)}>
              <Icon name="next" size={18} />
              {text.stage.voteSkip}
            </button>
            <Show when={votes()}>
              {(counted) => <span class="soft small">{text.stage.skipVotes(counted().votes, counted().needed)}</span>}
            </Show>
          </div>
        </Show>
      }
    >
      <div class="transport">
        <button
          type="button"
          class="btn icon-only"
          aria-label={mode().shuffle ? text.queue.shuffleOn : text.queue.shuffleOff}
          aria-pressed={mode().shuffle}
          disabled={!draws()}
          onClick={() => attempt(() => props.stage.shuffle(!mode().shuffle))}
        >
          <Icon name="shuffle" />
        </button>
        <button
          type="button"
          class="btn icon-only strong"
          aria-label={text.stage.previous}
          disabled={!hasSong()}
          onClick={() => attempt(() => props.stage.control("previous"))}
        >
          <Icon name="previous" filled />
        </button>
        <button
          type="button"
          class="btn primary play"
          aria-label={playing() ? text.stage.pause : text.stage.play}
          disabled={!canPlay()}
          onClick={() => attempt(() => props.stage.control(playing() ? "pause" : "play"))}
        >
          <Icon name={playing() ? "pause" : "play"} size={26} />
        </button>
        <button
          type="button"
          class="btn icon-only strong"
          aria-label={text.stage.skip}
          disabled={!hasSong()}
          onClick={() => attempt(() => props.stage.control("skip"))}
        >
          <Icon name="next" filled />
        </button>
        <button
          type="button"
          class="btn icon-only repeat"
          classList={{ one: mode().repeat === "one" }}
          aria-label={text.queue.repeat[mode().repeat]}
          aria-pressed={mode().repeat !== "off"}
          onClick={() => attempt(() => props.stage.repeat(NEXT_REPEAT[mode().repeat]))}
        >
          <Icon name="repeat" />
        </button>
      </div>
    </Show>
  );
}
