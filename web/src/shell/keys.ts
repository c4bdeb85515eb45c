import { createSignal } from "solid-js";
import { navigate, path } from "../routes";
import { attempt } from "../state/notices";
import { preferences } from "../state/preferences";
import { me, stage } from "../state/session";
import { topmost } from "../ui/Dialog";

const SEEK_US = 10_000_000;
const [keysShown, setKeysShown] = createSignal(false);
const [paletteShown, setPaletteShown] = createSignal(false);

/** Whether the list of keys, and the palette, is open. */
export { keysShown, paletteShown, setKeysShown, setPaletteShown };

/** The key beside which letters are shortcuts; elsewhere than on Apple's keyboards Control. */
const isApple = /Mac|iP/.test(navigator.platform);
const isPaletteKey = (event: KeyboardEvent) =>
  event.key.toLowerCase() === "k" &&
  (isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) &&
  !event.altKey &&
  !event.shiftKey;

/** Single keys act on what is seen, unless one is typing or on a control that uses the key itself. */
export function listenForKeys(): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (isPaletteKey(event)) {
      // Also from within a field, and not over what else is open.
      event.preventDefault();
      if (paletteShown()) topmost()?.close();
      else if (me() !== undefined && !topmost()?.open) setPaletteShown(true);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (!preferences.singleKeys() && event.key.length === 1 && event.key !== " ") return;
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select, [popover], [contenteditable]")) return;
    const dialog = target.closest("dialog");
    if (dialog ? event.key === "/" && search(dialog) : act(event, target)) event.preventDefault();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

function act({ key }: KeyboardEvent, target: HTMLElement): boolean {
  if (key === "?") {
    setKeysShown(true);
    return true;
  }
  if (key === " " && target.closest("button, a, summary")) return false;
  const current = stage();
  if (current?.state() && path() === `/s/${current.id}`) return onStage(key);
  if (key !== "/") return false;
  if (!search(document)) navigate("/search");
  return true;
}

function onStage(key: string): boolean {
  const current = stage();
  const state = current?.state();
  if (!current || !state) return false;
  const steers = state.you.can.includes("control");
  const { timeline } = state;
  switch (key) {
    case "/":
      return open("chat", "#say");
    case "q":
      return open("queue", '#queue [tabindex="0"]') || open("queue", "#queue-panel button");
    case "m":
      preferences.setMuted(!preferences.muted());
      return true;
    case "l":
      document.querySelector<HTMLElement>(".now-playing .like")?.click();
      return true;
    case "s":
      preferences.setFigures(!preferences.figures());
      return true;
    case " ":
      if (!steers) return true;
      void attempt(() => current.control(timeline.playing ? "pause" : "play"));
      return true;
    case "ArrowLeft":
    case "ArrowRight": {
      if (!steers || !timeline.song) return false;
      const wanted = current.positionUs() + (key === "ArrowLeft" ? -SEEK_US : SEEK_US);
      const position_us = Math.round(Math.min(Math.max(0, wanted), timeline.song.duration_us));
      void attempt(() => current.control("seek", { position_us }));
      return true;
    }
    default:
      return false;
  }
}

function search(within: ParentNode): boolean {
  const field = within.querySelector<HTMLInputElement>('input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}

function open(tab: string, selector: string): boolean {
  document.querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.click();
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}
