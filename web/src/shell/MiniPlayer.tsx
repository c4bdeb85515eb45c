import { Show } from "solid-js";
import { text } from "../i18n/en";
import { usePosition } from "../state/position";
import { leaveStage, stage } from "../state/session";
import { Icon } from "../ui/Icon";
import { Cover } from "../ui/Picture";

/** The stage goes on while one looks around; this bar is the way back. */
export function MiniPlayer() {
  const state = () => stage()?.state();
  const song = () => state()?.timeline.song;
  const position = usePosition(500);
  return (
    <aside class="mini" aria-label={text.stage.nowPlaying}>
      <i class="bar" ref={(el) => position.watch((part) => el.style.setProperty("transform", `scaleX(${part})`))} />
      <a class="row" href={`/s/${stage()?.id}`}>
        <Cover url={song()?.cover_url ?? state()?.stage.cover_url ?? null} name={song()?.title ?? state()?.stage.name ?? ""} />
        <span class="grow">
          <strong class="cut small line">{song()?.title ?? text.stage.nothing}</strong>
          <span class="cut soft small line">
            <Show when={song()} fallback={state()?.stage.name}>
              {(playing) => `${playing().artist} · ${state()?.stage.name}`}
            </Show>
          </span>
        </span>
      </a>
      <button type="button" class="btn icon-only" aria-label={text.stage.leave} onClick={leaveStage}>
        <Icon name="close" />
      </button>
    </aside>
  );
}
