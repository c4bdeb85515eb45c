import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";

/** A text that somebody types. */
export interface Typed {
  (): string;
  set(value: string): void;
}

export function createText(value: string): Typed {
  const [typed, set] = createSignal(value);
  return Object.assign(() => typed(), { set: (now: string) => void set(now) });
}

interface FieldProps {
  label: string;
  name: string;
  /** What stands in it. */
  of: Typed;
  type?: "text" | "email" | "password" | "number";
  autocomplete?: string;
  placeholder?: string;
  hint?: string | undefined;
  /** Who knows what is wrong with it, and by which name; that of the input unless said otherwise. */
  form?: { beside(field: string): string | undefined };
  field?: string;
  error?: string | undefined;
  required?: boolean;
  autofocus?: boolean;
  multiline?: boolean;
}

/** A labelled input with its hint, and its error beside it. */
export function Field(props: FieldProps): JSX.Element {
  const id = createUniqueId();
  const error = () => props.error ?? props.form?.beside(props.field ?? props.name);
  const shared = () => ({
    id,
    name: props.name,
    class: "input",
    value: props.of(),
    placeholder: props.placeholder,
    required: props.required ?? false,
    "aria-invalid": error() ? true : undefined,
    "aria-describedby": error() || props.hint ? `${id}-note` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => props.of.set(event.currentTarget.value),
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
            autocomplete={props.autocomplete ?? (props.type === "email" ? "email" : undefined)}
            ref={(el) => props.autofocus && queueMicrotask(() => el.focus())}
          />
        }
      >
        <textarea {...shared()} rows={3} />
      </Show>
      <Show when={error() ?? props.hint}>
        {(note) => (
          <p id={`${id}-note`} class={error() ? "wrong" : "hint"}>
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
