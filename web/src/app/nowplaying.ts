/** Title, colour, icon and the device's own media controls follow the song; the sound follows the preferences. */

import { createEffect, createMemo, onCleanup, untrack } from "solid-js";
import { path } from "../router";
import type { Room } from "../stage/room";
import { text } from "../text";
import { painter } from "./accent";
import { keepKeys } from "./keeper";
import { type MediaHandlers, showSong, takeKeys } from "./media-session";
import { isLight, preferences } from "./preferences";
import { room } from "./session";
import { attempt } from "./notices";

export function followSong(): void {
  const state = () => room()?.state();
  const song = createMemo(() => state()?.timeline.song ?? null);
  const playing = () => state()?.timeline.playing ?? false;
  const steers = createMemo(() => state()?.you.can.includes("control") ?? false);
  const timeline = createMemo(() => state()?.timeline);
  /** What the system's play button is about: for who may not steer, the own sound. */
  const sounding = createMemo(() => playing() && (steers() || !preferences.muted()));
  const paintBy = painter();
  const stageName = createMemo(() => state()?.stage.name ?? "");

  createEffect(() => room()?.engine.setVolume(preferences.muted() ? 0 : preferences.volume()));
  createEffect(() => room()?.engine.setOffsetMs(preferences.offsetMs()));

  createEffect(() => {
    const now = song();
    const stage = path().startsWith("/s/") ? state()?.stage.name : undefined;
    const parts = now && playing() ? [`${now.title} – ${now.artist}`] : stage ? [stage] : [];
    document.title = [...parts, text.app.name].join(" · ");
  });

  createEffect(() => {
    void paintBy(song()?.cover_url ?? state()?.stage.cover_url ?? null, isLight() ? "light" : "dark");
  });

  createEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const cover = playing() ? song()?.cover_url : null;
    if (!icon) return;
    icon.type = cover ? "" : "image/svg+xml";
    icon.href = cover ?? "/icon.svg";
  });

  createEffect(() => {
    const song = timeline()?.song ?? null;
    showSong({ song, playing: sounding(), positionUs: untrack(() => room()?.positionUs() ?? 0), stage: stageName() });
  });
  createEffect(() => {
    const current = room();
    if (current) onCleanup(takeKeys(steers() ? steering(current) : listening(current)));
  });
  createEffect(() => {
    const current = room();
    if (!current) return;
    const keeper = keepKeys(current.engine);
    onCleanup(keeper.stop);
    createEffect(() => keeper.follow(sounding()));
  });
}

function steering(current: Room): MediaHandlers {
  const wish = (...what: Parameters<Room["control"]>) => void attempt(() => current.control(...what));
  const seek = (us: number) => {
    const length = current.state()?.timeline.song?.duration_us ?? 0;
    wish("seek", { position_us: Math.round(Math.min(Math.max(0, us), length)) });
  };
  return {
    play: () => {
      void current.engine.resume();
      wish("play");
    },
    pause: () => wish("pause"),
    next: () => wish("skip"),
    previous: () => wish("previous"),
    seek,
    skip: (byUs) => seek(current.positionUs() + byUs),
  };
}

/** Who may not steer turns off the own sound alone. */
function listening(current: Room): MediaHandlers {
  return {
    play: () => {
      void current.engine.resume();
      preferences.setMuted(false);
    },
    pause: () => preferences.setMuted(true),
  };
}
