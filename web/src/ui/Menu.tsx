import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { Icon, type IconName } from "./Icon";

/** A button that opens a list of actions, in the browser's top layer; Escape and a click elsewhere close it. */
export function Menu(props: { label: string; icon?: IconName; trigger?: JSX.Element; children: JSX.Element }) {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  let button!: HTMLButtonElement;
  let list!: HTMLDivElement;

  function place(): void {
    const at = button.getBoundingClientRect();
    const box = list.getBoundingClientRect();
    const below = at.bottom + 4 + box.height < innerHeight;
    list.style.setProperty("top", `${Math.max(8, below ? at.bottom + 4 : at.top - 4 - box.height)}px`);
    list.style.setProperty("left", `${Math.max(8, Math.min(at.right - box.width, innerWidth - box.width - 8))}px`);
    list.querySelector<HTMLElement>("button, a")?.focus();
  }

  function move(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...list.querySelectorAll<HTMLElement>("button, a")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all.at((at + (event.key === "ArrowDown" ? 1 : -1)) % all.length)?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.trigger ? "btn plain" : "btn icon-only"}
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={open()}
        popovertarget={id}
      >
        <Show when={props.trigger} fallback={<Icon name={props.icon ?? "more"} />}>
          {props.trigger}
        </Show>
      </button>
      {/* The actions are made only while they are seen: a long list has a menu on every line. */}
      <div
        ref={list}
        id={id}
        popover
        class="menu"
        onToggle={(event) => {
          setOpen(event.newState === "open");
          if (open()) place();
        }}
        onClick={() => list.hidePopover()}
        onKeyDown={move}
      >
        <Show when={open()}>{props.children}</Show>
      </div>
    </>
  );
}

export function MenuItem(props: { icon?: IconName; danger?: boolean; onSelect(): void; children: JSX.Element }) {
  return (
    <button type="button" classList={{ danger: props.danger ?? false }} onClick={() => props.onSelect()}>
      <Show when={props.icon}>{(icon) => <Icon name={icon()} />}</Show>
      {props.children}
    </button>
  );
}
