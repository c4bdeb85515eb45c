/** What this device remembers: look, loudness, how late its sound is. */

import { createEffect, createRoot, createSignal } from "solid-js";

export type Theme = "system" | "dark" | "light";
/** Where the sound leaves; each has a lateness of its own. */
export type Output = "device" | "headphones" | "bluetooth" | "speakers";

/** What the sound engine accepts, in milliseconds. */
export const OFFSET_MS = { least: -500, most: 1_500 } as const;

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
/** Whether a loudness that a host suggests is taken. */
const [withHost, setWithHost] = remembered("with_host", true);
const [output, setOutput] = remembered<Output>("output", "device");
const [offsets, setOffsets] = remembered<Partial<Record<Output, number>>>("offsets_ms", { device: read("octave.offset_ms", 0) });
/** Outputs by the name that the system gives them, where the browser tells it. */
const [named, setNamed] = remembered<Readonly<Record<string, Output>>>("outputs", {});
/** How late one taps to what is heard in time, in milliseconds; most people are early. */
const [tapHabitMs, setTapHabitMs] = remembered("tap_habit_ms", 0);
/** Whether single characters are shortcuts (WCAG 2.2, success criterion 2.1.4). */
const [singleKeys, setSingleKeys] = remembered("single_keys", true);
/** Somebody has been signed in on this device. */
const [known, setKnown] = remembered("known", false);
const [figures, setFigures] = remembered("sync_figures", false);
/** This device steers stages, and the sound is elsewhere. */
const [remote, setRemote] = remembered("remote", false);
/** The words of what plays are shown beside it. */
const [lyrics, setLyrics] = remembered("lyrics", false);

/** How late the present output is, in milliseconds. */
const offsetMs = () => offsets()[output()] ?? 0;
const setOffsetMs = (ms: number) =>
  setOffsets({ ...offsets(), [output()]: Math.round(Math.min(OFFSET_MS.most, Math.max(OFFSET_MS.least, ms || 0))) });

export const preferences = {
  theme,
  setTheme,
  volume,
  setVolume,
  muted,
  setMuted,
  withHost,
  setWithHost,
  output,
  setOutput,
  named,
  setNamed,
  offsetMs,
  setOffsetMs,
  tapHabitMs,
  setTapHabitMs,
  singleKeys,
  setSingleKeys,
  known,
  setKnown,
  figures,
  setFigures,
  lyrics,
  setLyrics,
  remote,
  setRemote,
};

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
