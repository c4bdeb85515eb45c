import { createSignal, onMount, Show } from "solid-js";
import { text } from "../../i18n/en";
import { navigate, query } from "../../routes";
import type { Ending } from "../../stage/stage";
import { explainEnding } from "../../state/endings";
import { enterStage, leaveStage, me, stage } from "../../state/session";
import { later } from "../../ui/later";
import { Empty } from "../../ui/parts";

const StageLog = later(() => import("../stage-log/StageLog").then((of) => of.StageLog));

/** A kick ends the stay and not more; what was refused may be granted by now. */
const MAY_RETURN: ReadonlySet<Ending["why"]> = new Set(["kicked", "refused"]);

/** Stands where the stage was. */
export function Ended(props: { ending: Ending }) {
  const back = () => {
    navigate("/");
    leaveStage();
  };
  const again = () => enterStage(props.ending.stage, query().get("invite") ?? undefined);
  const [log, setLog] = createSignal(false);
  /** Who was there looks back; of a stage that was not seen only its end is known. */
  const past = () => {
    const { why, seen, refusal } = props.ending;
    return why === "stage_ended" || refusal?.code === "stage_ended" ? seen : null;
  };
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
          <Show when={past()}>
            <button type="button" class="btn" onClick={() => setLog(true)}>
              {text.stage.log}
            </button>
          </Show>
        </div>
      </Empty>
      <Show when={log() && past()}>
        {(seen) => (
          <StageLog stage={props.ending.stage} name={seen().name} at={Date.now() * 1_000} onClose={() => setLog(false)} />
        )}
      </Show>
    </div>
  );
}
