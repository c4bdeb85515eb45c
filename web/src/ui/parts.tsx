import { createEffect, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { Icon, type IconName } from "./Icon";

/** What stands where there is nothing yet: it says what to do. `level` is that of its heading among the page's. */
export function Empty(props: {
  icon: IconName;
  title: string;
  level: "h1" | "h2" | "h3";
  text?: string;
  children?: JSX.Element;
}) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <Dynamic component={props.level}>{props.title}</Dynamic>
      <Show when={props.text}>
        <p>{props.text}</p>
      </Show>
      {props.children}
    </div>
  );
}

export function SearchBox(props: { label: string; value: string; autofocus?: boolean; onInput(value: string): void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is younger than the oldest browser that is served
    <div class="search" role="search">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        autofocus={props.autofocus ?? false}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

/** A slider from 0 to `max` whose filled part is coloured. */
export function Range(props: {
  label: string;
  value: number;
  max: number;
  step: number;
  valueText?: string;
  disabled?: boolean;
  onInput(value: number): void;
  onCommit?(value: number): void;
  /** It is pressed. */
  onPress?(): void;
  /** It is let go, after a commit if there is one: none comes from where it was pressed. */
  onRelease?(): void;
}) {
  let input!: HTMLInputElement;
  const release = () => void setTimeout(() => props.onRelease?.());
  createEffect(() => {
    input.value = String(props.value);
    input.style.setProperty("--fill", `${props.max > 0 ? (100 * props.value) / props.max : 0}%`);
  });
  return (
    <input
      ref={input}
      class="range"
      type="range"
      min={0}
      max={props.max}
      step={props.step}
      aria-label={props.label}
      aria-valuenow={Math.floor(props.value)}
      aria-valuetext={props.valueText}
      disabled={props.disabled ?? false}
      onInput={() => props.onInput(input.valueAsNumber)}
      onChange={() => props.onCommit?.(input.valueAsNumber)}
      onPointerDown={() => props.onPress?.()}
      onPointerUp={release}
      onPointerCancel={release}
    />
  );
}
