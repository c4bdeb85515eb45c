import { Show } from "solid-js";

/** What went wrong with a form as a whole; what is wrong with a field stands beside it. */
export function WhatIsWrong(props: { form: { below(): string | undefined } }) {
  return (
    <Show when={props.form.below()}>
      {(why) => (
        <p class="wrong" role="alert">
          {why()}
        </p>
      )}
    </Show>
  );
}
