import { Show } from "solid-js";
import { text } from "../i18n/en";
import { explain } from "../state/errors";
import type { Fetched } from "../state/fetched";

/** Says what kept a screen from its content, with a way to try again. */
export function Trouble(props: { of: Fetched<unknown> }) {
  return (
    <Show when={props.of.error()}>
      {(error) => (
        <div class="row" role="alert">
          <p class="wrong">{explain(error())}</p>
          <button type="button" class="btn" disabled={props.of.loading()} onClick={() => props.of.again()}>
            {text.common.retry}
          </button>
        </div>
      )}
    </Show>
  );
}
