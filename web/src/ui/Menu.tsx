import { createContext, createSignal, createUniqueId, type JSX, Show, useContext } from "solid-js";
import { Icon, type IconName } from "./Icon";

const Close = createContext<() => void>(() => undefined);

/** Letters typed within this time are one word. */
const WORD_MS = 700;

/**
 * A button that opens a list of actions, in the browser's top layer; Escape and a click elsewhere close it. Arrows, Home
 * and End go through it, letters jump to what begins with them, and the focus comes back to the button.
 */
export function Menu(props: { label: string; icon?: IconName; trigger?: JSX.Element; children: JSX.Element }) {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  let button!: HTMLButtonElement;
  let list!: HTMLDivElement;
  let followed = new AbortController();

  const items = () => [...list.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  let onKey = keysOf(items);
  const focus = (at: number) => items().at(at)?.focus();

  function show(from: "top" | "end"): void {
    list.showPopover();
    setOpen(true);
    onKey = keysOf(items);
    place(list, button);
    followed = new AbortController();
    // Its place is beside the button, wherever that goes.
    const { signal } = followed;
    for (const moved of ["scroll", "resize"]) addEventListener(moved, () => place(list, button), { capture: true, signal });
    focus(from === "top" ? 0 : -1);
  }
  // Not left to the browser, which tells of it only later: keys that follow at once are for the menu. By `popovertarget`
  // it knows all the same that a press of the button is not one elsewhere.
  function clicked(event: MouseEvent): void {
    event.preventDefault();
    if (list.matches(":popover-open")) list.hidePopover();
    else show("top");
  }

  function onButton(event: KeyboardEvent): void {
    // In a list, arrows go to the next row.
    if (event.defaultPrevented || event.altKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    event.stopPropagation();
    show(event.key === "ArrowDown" ? "top" : "end");
  }
  function toggled(event: ToggleEvent): void {
    if (event.newState !== "closed") return;
    followed.abort();
    setOpen(false);
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
        onClick={clicked}
        onKeyDown={onButton}
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
        role="menu"
        aria-label={props.label}
        onToggle={toggled}
        onKeyDown={(event) => (event.key === "Tab" ? list.hidePopover() : onKey(event))}
      >
        <Show when={open()}>
          <Close.Provider value={() => list.hidePopover()}>{props.children}</Close.Provider>
        </Show>
      </div>
    </>
  );
}

/** Below the button or, where there is no room, above it. */
function place(list: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  const below = at.bottom + 4 + box.height < innerHeight;
  list.style.setProperty("top", `${Math.max(8, below ? at.bottom + 4 : at.top - 4 - box.height)}px`);
  list.style.setProperty("left", `${Math.max(8, Math.min(at.right - box.width, innerWidth - box.width - 8))}px`);
}

/** Arrows, Home, End and letters go from one to another. */
function keysOf(items: () => HTMLElement[]): (event: KeyboardEvent) => void {
  let typed = { word: "", at: Number.NEGATIVE_INFINITY };
  /** To what begins with the letters that are typed. */
  function jump(event: KeyboardEvent, all: HTMLElement[], at: number): void {
    const word = event.timeStamp - typed.at < WORD_MS ? typed.word + event.key.toLowerCase() : event.key.toLowerCase();
    typed = { word, at: event.timeStamp };
    // The same letter again goes on to the next.
    const start = Math.max(0, word.length > 1 ? at : at + 1);
    const ordered = [...all.slice(start), ...all.slice(0, start)];
    ordered.find((item) => item.textContent?.trim().toLowerCase().startsWith(word))?.focus();
  }
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") all.at(Math.max(at, 0) - 1)?.focus();
    else if (event.key === "Home") all[0]?.focus();
    else if (event.key === "End") all.at(-1)?.focus();
    else if (event.key.length === 1 && event.key !== " ") jump(event, all, at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

export function MenuItem(props: { icon?: IconName; danger?: boolean; onSelect(): void; children: JSX.Element }) {
  const close = useContext(Close);
  // Closed first, so that what opens next hands the focus back to the menu's button.
  const select = () => {
    close();
    props.onSelect();
  };
  return (
    <button type="button" role="menuitem" tabindex="-1" classList={{ danger: props.danger ?? false }} onClick={select}>
      <Show when={props.icon}>{(icon) => <Icon name={icon()} />}</Show>
      {props.children}
    </button>
  );
}
