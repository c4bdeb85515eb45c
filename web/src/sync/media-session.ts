/** The lock screen and the keyboard's media keys: what plays, where it is, and what the listener may do about it. */

import type { Timeline } from "../protocol";

/** What keys do; those that are absent do nothing and are not offered. */
export interface MediaHandlers {
  play?(): void;
  pause?(): void;
  next?(): void;
  previous?(): void;
  /** To a position in microseconds. */
  seek?(positionUs: number): void;
}

/** Tells the system what plays; `positionUs` is where it is now. */
export function showTimeline(timeline: Timeline, positionUs: number): void {
  const { mediaSession } = navigator;
  if (!mediaSession) return;
  const { song } = timeline;
  mediaSession.metadata = song
    ? new MediaMetadata({
        title: song.title,
        artist: song.artist,
        ...(song.album ? { album: song.album } : {}),
        ...(song.cover_url ? { artwork: [{ src: song.cover_url }] } : {}),
      })
    : null;
  mediaSession.playbackState = song ? (timeline.playing ? "playing" : "paused") : "none";
  const duration = (song?.duration_us ?? 0) / 1e6;
  if (song && duration > 0) {
    mediaSession.setPositionState?.({ duration, position: Math.min(duration, Math.max(0, positionUs / 1e6)), playbackRate: 1 });
  }
}

/** Takes the keys; returns how to let go of them. */
export function takeKeys(handlers: MediaHandlers): () => void {
  const { mediaSession } = navigator;
  if (!mediaSession) return () => undefined;
  const actions: [MediaSessionAction, MediaSessionActionHandler | null][] = [
    ["play", handlers.play ? () => handlers.play?.() : null],
    ["pause", handlers.pause ? () => handlers.pause?.() : null],
    ["nexttrack", handlers.next ? () => handlers.next?.() : null],
    ["previoustrack", handlers.previous ? () => handlers.previous?.() : null],
    ["seekto", handlers.seek ? ({ seekTime }) => handlers.seek?.((seekTime ?? 0) * 1e6) : null],
  ];
  for (const [action, handler] of actions) mediaSession.setActionHandler(action, handler);
  return () => {
    for (const [action] of actions) mediaSession.setActionHandler(action, null);
    mediaSession.metadata = null;
    mediaSession.playbackState = "none";
  };
}
