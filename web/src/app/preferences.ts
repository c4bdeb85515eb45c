/** What this device remembers: look, loudness, how late its sound is. */

import { createEffect, createRoot, createSignal } from "solid-js";

export type Theme = "system" | "dark" | "light";

function remembered<T>(key: string, fallback: T): [() => T, (value: T) => void] {
  const name = `octave.${key}`;
  const [value, set] = createSignal<T>(read(name, fallback));
  const write = (next: T) => {
    set(() => next);
    try {
      localStorage.setItem(name, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing still works for this visit.
    }
  };
  return [value, write];
}

function read<T>(name: string, fallback: T): T {
  try {
    const stored = localStorage.getItem(name);
    return stored === null ? fallback : (JSON.parse(stored) as T);
  } catch {
    return fallback;
  }
}

const [theme, setTheme] = remembered<Theme>("theme", "system");
const [volume, setVolume] = remembered("volume", 0.8);
const [muted, setMuted] = remembered("muted", false);
const [offsetMs, setOffsetMs] = remembered("offset_ms", 0);

export const preferences = { theme, setTheme, volume, setVolume, muted, setMuted, offsetMs, setOffsetMs };

const prefersLight = matchMedia("(prefers-color-scheme: light)");
const [deviceLight, setDeviceLight] = createSignal(prefersLight.matches);
prefersLight.addEventListener("change", (event) => setDeviceLight(event.matches));

/** Whether the page is light at this moment, by choice or by the device. */
export const isLight = () => (theme() === "system" ? deviceLight() : theme() === "light");

createRoot(() =>
  createEffect(() => {
    document.documentElement.dataset.theme = isLight() ? "light" : "dark";
  }),
);
