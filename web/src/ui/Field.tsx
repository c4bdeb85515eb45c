import { createUniqueId, For, type JSX, Show } from "solid-js";

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onInput(value: string): void;
  type?: "text" | "email" | "password" | "number";
  autocomplete?: string;
  placeholder?: string;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  autofocus?: boolean;
  multiline?: boolean;
}

/** A labelled input with its hint, and its error beside it. */
export function Field(props: FieldProps): JSX.Element {
  const id = createUniqueId();
  const shared = () => ({
    id,
    name: props.name,
    class: "input",
    value: props.value,
    placeholder: props.placeholder,
    required: props.required ?? false,
    "aria-invalid": props.error ? true : undefined,
    "aria-describedby": props.error || props.hint ? `${id}-note` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => props.onInput(event.currentTarget.value),
  });
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <Show
        when={props.multiline}
        fallback={
          <input
            {...shared()}
            type={props.type ?? "text"}
            step={props.type === "number" ? "any" : undefined}
            autocomplete={props.autocomplete}
            ref={(el) => props.autofocus && queueMicrotask(() => el.focus())}
          />
        }
      >
        <textarea {...shared()} rows={3} />
      </Show>
      <Show when={props.error ?? props.hint}>
        {(note) => (
          <p id={`${id}-note`} class={props.error ? "wrong" : "hint"}>
            {note()}
          </p>
        )}
      </Show>
    </div>
  );
}

/** One of a few, as a row of pills. */
export function Choice<T extends string>(props: {
  label: string;
  options: Readonly<Record<T, string>>;
  value: T;
  onChange(value: T): void;
}): JSX.Element {
  const name = createUniqueId();
  return (
    <fieldset class="choices">
      <legend>{props.label}</legend>
      <For each={Object.entries(props.options) as [T, string][]}>
        {([value, label]) => (
          <label class="choice">
            <input
              type="radio"
              name={name}
              value={value}
              checked={props.value === value}
              onChange={() => props.onChange(value)}
            />
            <span>{label}</span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
