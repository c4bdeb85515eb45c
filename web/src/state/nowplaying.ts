/** Title, colour, icon and the device's own media controls follow the song; the sound follows the preferences. */

import { createEffect, createMemo, on, onCleanup, untrack } from "solid-js";
import { text } from "../i18n/en";
import { path } from "../routes";
import { type MediaHandlers, showSong, takeKeys } from "../shell/media-session";
import type { Stage } from "../stage/stage";
import { painter } from "../ui/accent";
import { type Claim, claimFloor } from "./floor";
import { keepKeys } from "./keeper";
import { audible } from "./loudness";
import { attempt } from "./notices";
import { isLight, preferences } from "./preferences";
import { stage } from "./session";
import { isSilent } from "./speaker";

export function followSong(): void {
  const state = () => stage()?.state();
  const song = createMemo(() => state()?.timeline.song ?? null);
  const playing = () => state()?.timeline.playing ?? false;
  const steers = createMemo(() => state()?.you.can.includes("control") ?? false);
  const timeline = createMemo(() => state()?.timeline);
  /** What the system's play button is about: for who may not steer, the own sound. */
  const plays = createMemo(() => playing() && (steers() || !preferences.muted()));
  /** The stage that is heard from this tab. */
  const sounding = createMemo(() => (stage()?.engine.here() ? stage() : null));
  const paintBy = painter();
  const stageName = createMemo(() => state()?.stage.name ?? "");

  followFloor();
  createEffect(on(preferences.remote, (remote) => stage()?.tellDevice(remote), { defer: true }));
  createEffect(() => stage()?.engine.setVolume(audible()));
  createEffect(() => stage()?.engine.setOffsetMs(preferences.offsetMs()));

  createEffect(() => {
    const now = song();
    const name = path().startsWith("/s/") ? state()?.stage.name : undefined;
    const parts = now && playing() ? [`${now.title} – ${now.artist}`] : name ? [name] : [];
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

  // The system is told by the tab that sounds.
  createEffect(() => {
    const current = sounding();
    if (!current) return;
    createEffect(() => {
      const song = timeline()?.song ?? null;
      showSong({ song, playing: plays(), positionUs: untrack(() => current.positionUs()), stage: stageName() });
    });
    createEffect(() => onCleanup(takeKeys(steers() ? steering(current) : listening(current))));
    const keeper = keepKeys(current.engine);
    createEffect(() => keeper.follow(plays()));
    onCleanup(() => {
      keeper.stop();
      showSong({ song: null, playing: false, positionUs: 0, stage: "" });
    });
  });
}

let floor: Claim | null = null;

/** Lets this tab sound instead of the one that does. */
export function soundHere(): void {
  floor?.take();
}

/** Stages sound in one tab at a time. */
function followFloor(): void {
  createEffect(() => {
    const current = stage();
    if (!current) return;
    const claim = untrack(claimFloor);
    floor = claim;
    createEffect(() => {
      const here = claim.mine();
      const silent = isSilent(current);
      if (here !== undefined) current.engine.play(here && !silent);
    });
    onCleanup(claim.release);
  });
}

function steering(current: Stage): MediaHandlers {
  const wish = (...what: Parameters<Stage["control"]>) => void attempt(() => current.control(...what));
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
function listening(current: Stage): MediaHandlers {
  return {
    play: () => {
      void current.engine.resume();
      preferences.setMuted(false);
    },
    pause: () => preferences.setMuted(true),
  };
}
