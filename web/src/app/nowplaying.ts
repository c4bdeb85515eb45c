/** Title, colour, icon and the device's own media controls follow the song. */

import { createEffect, createMemo } from "solid-js";
import { path } from "../router";
import { text } from "../text";
import { colourOf, paint } from "./accent";
import { isLight } from "./preferences";
import { room } from "./session";
import { attempt } from "./notices";

export function followSong(): void {
  const state = () => room()?.state();
  const song = createMemo(() => state()?.timeline.song ?? null);
  const playing = () => state()?.timeline.playing ?? false;

  createEffect(() => {
    const now = song();
    const stage = path().startsWith("/s/") ? state()?.stage.name : undefined;
    const parts = now && playing() ? [`${now.title} – ${now.artist}`] : stage ? [stage] : [];
    document.title = [...parts, text.app.name].join(" · ");
  });

  createEffect(() => {
    const url = song()?.cover_url ?? state()?.stage.cover_url;
    const theme = isLight() ? "light" : "dark";
    if (!url) return paint(null, theme);
    void colourOf(url).then((colour) => paint(colour, theme));
  });

  createEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const cover = playing() ? song()?.cover_url : null;
    if (!icon) return;
    icon.type = cover ? "" : "image/svg+xml";
    icon.href = cover ?? "/icon.svg";
  });

  if (!("mediaSession" in navigator)) return;
  createEffect(() => {
    const now = song();
    navigator.mediaSession.metadata =
      now &&
      new MediaMetadata({
        title: now.title,
        artist: now.artist,
        album: now.album ?? state()?.stage.name ?? "",
        artwork: now.cover_url ? [{ src: now.cover_url }] : [],
      });
    navigator.mediaSession.playbackState = playing() ? "playing" : now ? "paused" : "none";
  });
  createEffect(() => {
    const steers = state()?.you.can.includes("control") ?? false;
    const actions = { play: "play", pause: "pause", nexttrack: "skip", previoustrack: "previous" } as const;
    for (const [key, action] of Object.entries(actions) as [keyof typeof actions, (typeof actions)[keyof typeof actions]][]) {
      const current = room();
      const handler = steers && current ? () => void attempt(() => current.control(action)) : null;
      navigator.mediaSession.setActionHandler(key, handler);
    }
  });
}
