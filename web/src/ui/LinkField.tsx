import { createSignal, createUniqueId, onMount } from "solid-js";
import { invitations as say } from "../i18n/invitations";
import { copy } from "./clipboard";

/** A link that was just made, to be copied by a button or by hand. */
export function LinkField(props: { label: string; link: string }) {
  const id = createUniqueId();
  const [said, setSaid] = createSignal<string>(say.once);
  let field!: HTMLInputElement;
  onMount(() => field.focus());
  const take = async () => {
    const copied = await copy(Promise.resolve(props.link));
    setSaid(copied ? say.copied : say.byHand);
    if (!copied) field.focus();
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="row">
        <input
          ref={field}
          id={id}
          class="input grow"
          readonly
          value={props.link}
          aria-describedby={`${id}-note`}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="btn" onClick={take}>
          {say.copy}
        </button>
      </div>
      <p id={`${id}-note`} class="hint" role="status">
        {said()}
      </p>
    </div>
  );
}
