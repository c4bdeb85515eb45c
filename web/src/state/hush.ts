import { audible } from "./loudness";
import { stage } from "./session";

/** Silences the stage while something else sounds on this page; returns how it goes on. */
export function hush(): () => void {
  const playing = stage();
  playing?.engine.setVolume(0);
  return () => playing?.engine.setVolume(audible());
}
