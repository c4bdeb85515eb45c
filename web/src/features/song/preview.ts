/** A song heard by oneself, beside whatever the stage plays. */

import { createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { hush } from "../../state/hush";
import { preferences } from "../../state/preferences";

const SECOND_US = 1_000_000;

/** Where one is in a song, which sounds while asked to. `url` is fetched when it is first played. */
export function createPreview(url: () => string) {
  const address = createMemo(url);
  /** Null until one goes somewhere. */
  const [atUs, setAt] = createSignal<number | null>(null);
  const [playing, setPlaying] = createSignal(false);
  const [failed, setFailed] = createSignal(false);
  let audio: HTMLAudioElement | null = null;
  let unhush: (() => void) | null = null;

  function stopped(): void {
    setPlaying(false);
    unhush?.();
    unhush = null;
  }
  function fail(): void {
    setFailed(true);
    stopped();
  }
  function made(): HTMLAudioElement {
    const element = new Audio(address());
    element.addEventListener("timeupdate", () => playing() && setAt(element.currentTime * SECOND_US));
    element.addEventListener("pause", stopped);
    element.addEventListener("error", fail);
    return element;
  }
  function play(): void {
    audio ??= made();
    const wanted = (atUs() ?? 0) / SECOND_US;
    audio.currentTime = audio.ended ? 0 : wanted;
    audio.volume = preferences.volume();
    setFailed(false);
    setPlaying(true);
    unhush ??= hush();
    // That it was paused meanwhile is no failure.
    audio.play().catch((why) => why.name !== "AbortError" && fail());
  }
  function toggle(): void {
    if (playing()) audio?.pause();
    else play();
  }
  function seek(us: number): void {
    setAt(us);
    if (audio) audio.currentTime = us / SECOND_US;
  }
  function drop(): void {
    audio?.pause();
    audio?.removeAttribute("src");
    audio = null;
    stopped();
  }
  createEffect(
    on(
      address,
      () => {
        drop();
        setAt(null);
        setFailed(false);
      },
      { defer: true },
    ),
  );
  onCleanup(drop);
  return { atUs, playing, failed, toggle, seek };
}

export type Preview = ReturnType<typeof createPreview>;
