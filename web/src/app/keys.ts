import { path } from "../router";
import { preferences } from "./preferences";
import { room } from "./session";
import { attempt } from "./notices";

const SEEK_US = 10_000_000;

/** Single keys act on the stage that is seen, unless one is typing or on a control that uses the key itself. */
export function listenForKeys(showHelp: () => void): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select, dialog, [popover], [contenteditable]")) return;
    if (event.key === " " && target.closest("button, a, summary")) return;
    if (act(event.key, showHelp)) event.preventDefault();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

function act(key: string, showHelp: () => void): boolean {
  if (key === "?") {
    showHelp();
    return true;
  }
  const current = room();
  const state = current?.state();
  if (!current || !state || path() !== `/s/${current.id}`) return false;
  const steers = state.you.can.includes("control");
  const { timeline } = state;
  switch (key) {
    case "/":
      return open("chat", "#say");
    case "q":
      return open("queue", "#queue");
    case "m":
      preferences.setMuted(!preferences.muted());
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

function open(tab: string, selector: string): boolean {
  document.querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.click();
  document.querySelector<HTMLElement>(selector)?.focus();
  return true;
}
