/** The lock screen and the keyboard's media keys: what plays, where it is, and what the listener may do about it. */

import type { Song } from "../protocol";

/** What keys do; those that are absent do nothing and are not offered. */
export interface MediaHandlers {
  play?(): void;
  pause?(): void;
  next?(): void;
  previous?(): void;
  /** To a position in microseconds. */
  seek?(positionUs: number): void;
  /** By so many microseconds. */
  skip?(byUs: number): void;
}

export interface Shown {
  song: Song | null;
  playing: boolean;
  /** Where the song is now, in microseconds; the system counts on by itself. */
  positionUs: number;
  /** Stands for a missing album. */
  stage: string;
}

/** By how much a key goes back or ahead where the system does not say. */
const STEP_S = 10;

/** Tells the system what plays. */
export function showSong({ song, playing, positionUs, stage }: Shown): void {
  const { mediaSession } = navigator;
  if (!mediaSession) return;
  mediaSession.metadata = song
    ? new MediaMetadata({
        title: song.title,
        artist: song.artist,
        album: song.album ?? stage,
        artwork: song.cover_url ? [{ src: song.cover_url }] : [],
      })
    : null;
  mediaSession.playbackState = song ? (playing ? "playing" : "paused") : "none";
  const duration = (song?.duration_us ?? 0) / 1e6;
  if (duration > 0) {
    mediaSession.setPositionState?.({ duration, position: Math.min(duration, Math.max(0, positionUs / 1e6)), playbackRate: 1 });
  } else {
    mediaSession.setPositionState?.();
  }
}

/** Takes the keys; returns how to let go of them. */
export function takeKeys(handlers: MediaHandlers): () => void {
  const { mediaSession } = navigator;
  if (!mediaSession) return () => undefined;
  const { play, pause, next, previous, seek, skip } = handlers;
  const actions: [MediaSessionAction, MediaSessionActionHandler | null][] = [
    ["play", play ? () => play() : null],
    ["pause", pause ? () => pause() : null],
    ["nexttrack", next ? () => next() : null],
    ["previoustrack", previous ? () => previous() : null],
    ["seekto", seek ? ({ seekTime }) => seek((seekTime ?? 0) * 1e6) : null],
    ["seekbackward", skip ? ({ seekOffset }) => skip((seekOffset ?? STEP_S) * -1e6) : null],
    ["seekforward", skip ? ({ seekOffset }) => skip((seekOffset ?? STEP_S) * 1e6) : null],
  ];
  const set = (action: MediaSessionAction, handler: MediaSessionActionHandler | null) => {
    try {
      mediaSession.setActionHandler(action, handler);
    } catch {
      // A browser that does not know this key has no such key.
    }
  };
  for (const [action, handler] of actions) set(action, handler);
  return () => {
    for (const [action] of actions) set(action, null);
  };
}
