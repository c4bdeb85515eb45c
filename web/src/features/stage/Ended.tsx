import { onMount, Show } from "solid-js";
import { text } from "../../i18n/en";
import { navigate, query } from "../../routes";
import type { Ending } from "../../stage/stage";
import { explainEnding } from "../../state/endings";
import { enterStage, leaveStage, me, stage } from "../../state/session";
import { Empty } from "../../ui/parts";

/** A kick ends the stay and not more; what was refused may be granted by now. */
const MAY_RETURN: ReadonlySet<Ending["why"]> = new Set(["kicked", "refused"]);

/** Stands where the stage was. */
export function Ended(props: { ending: Ending }) {
  const back = () => {
    navigate("/");
    leaveStage();
  };
  const again = () => enterStage(props.ending.stage, query().get("invite") ?? undefined);
  let way!: HTMLButtonElement;
  // What had the focus is gone with the stage.
  onMount(() => document.activeElement === document.body && way.focus());
  return (
    <div class="page" role="alert">
      <Empty icon="room" level="h1" title={explainEnding(props.ending, me()?.id)}>
        <div class="row">
          <Show when={MAY_RETURN.has(props.ending.why) && !stage()}>
            <button type="button" class="btn" onClick={again}>
              {props.ending.why === "kicked" ? text.ended.comeBack : text.common.retry}
            </button>
          </Show>
          <button ref={way} type="button" class="btn primary" onClick={back}>
            {text.stage.toLobby}
          </button>
        </div>
      </Empty>
    </div>
  );
}
