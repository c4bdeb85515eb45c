/**
 * Media keys and the lock screen are given to pages with a playing media element; Chromium does not count Web Audio. So
 * while a song plays, an element plays silence, from the first gesture on. It is no clock and carries no music, and sounds
 * within the music's stream: a stream of its own made the music's place uncertain by milliseconds (1.2 ms instead of
 * 0.3 at the median of three listeners).
 */

import type { SyncEngine } from "../sync";

/** Shorter sounds are taken for effects, not for music (Chromium: 5 s). */
const SECONDS = 10;
const RATE = 3_000;

export interface Keeper {
  /** The system believes the element more than what the page declares, so it rests when the song does. */
  follow(playing: boolean): void;
  stop(): void;
}

export function keepKeys(engine: Pick<SyncEngine, "carry">): Keeper {
  // Where an element plays the music there is nothing to stand in for.
  if (typeof AudioContext === "undefined" || !("mediaSession" in navigator)) return { follow() {}, stop() {} };
  const url = URL.createObjectURL(new Blob([silence()], { type: "audio/wav" }));
  const element = new Audio(url);
  element.loop = true;
  engine.carry(element);
  let wanted = false;
  // Refused until there was a gesture; then it is tried again.
  const apply = () => void (wanted ? element.play().catch(() => undefined) : element.pause());
  const gestures = ["pointerdown", "keydown"] as const;
  const onGesture = () => wanted && element.paused && apply();
  for (const gesture of gestures) addEventListener(gesture, onGesture);
  return {
    follow(playing) {
      wanted = playing;
      if (!playing || navigator.userActivation?.hasBeenActive) apply();
    },
    stop() {
      for (const gesture of gestures) removeEventListener(gesture, onGesture);
      element.pause();
      element.removeAttribute("src");
      URL.revokeObjectURL(url);
    },
  };
}

/** A WAV file of 8 bit, mono; its middle is 128. */
function silence(): ArrayBuffer {
  const length = SECONDS * RATE;
  const bytes = new Uint8Array(44 + length).fill(128, 44);
  const view = new DataView(bytes.buffer);
  const word = (at: number, letters: string) => {
    for (let i = 0; i < 4; i++) bytes[at + i] = letters.charCodeAt(i);
  };
  word(0, "RIFF");
  view.setUint32(4, 36 + length, true);
  word(8, "WAVE");
  word(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  word(36, "data");
  view.setUint32(40, length, true);
  return bytes.buffer;
}
