import { Show } from "solid-js";
import { push as say } from "../../i18n/push";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { canBePushed, pushed, pushHere, pushNoMore } from "../../state/push";

/** Whether this device is told, too, while no page is open; where it can't be, nothing is offered. */
export function Push() {
  const state = createFetched(
    () => true,
    async () => (canBePushed() ? pushed() : null),
  );
  async function set(key: string, wanted: boolean): Promise<void> {
    await attempt(async () => {
      if (!wanted) await pushNoMore();
      else if (!(await pushHere(key))) toast(say.refused);
    });
    void state.again();
  }
  const blocked = () => Notification.permission === "denied";
  return (
    <>
      <Trouble of={state} />
      <Show when={state.value()}>
        {(known) => (
          <div class="field">
            <label class="row">
              <input
                type="checkbox"
                checked={known().on}
                disabled={blocked()}
                aria-describedby="push-hint"
                onChange={(event) => set(known().key, event.currentTarget.checked)}
              />
              {say.here}
            </label>
            <p id="push-hint" class="hint">
              {blocked() ? say.blocked : say.hint}
            </p>
          </div>
        )}
      </Show>
    </>
  );
}
