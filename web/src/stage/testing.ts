/** Small values for tests. */

import type { Snapshot, Song, User } from "../protocol";

const ids = new Map<string, number>();

export function user(username: string): User {
  if (!ids.has(username)) ids.set(username, ids.size + 1);
  return { id: ids.get(username) as number, username, avatar_url: null };
}

export function song(id: number): Song {
  return {
    id,
    title: `Song ${id}`,
    artist: "Somebody",
    artist_id: null,
    album: null,
    album_id: null,
    duration_us: 60_000_000,
    cover_url: null,
    audio_url: `/api/v1/songs/${id}/audio`,
    mime: "audio/ogg",
    loudness_lufs: null,
  };
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    stage: {
      id: 7,
      name: "Late tea",
      host: user("ana"),
      genres: [],
      cover_url: null,
      visibility: "public",
      control: "host",
      adding: "control",
      order: "added",
      max_waiting: null,
      start: { quorum_percent: 80, patience_us: 1_500_000 },
      slow_mode_s: 0,
      crossfade_us: 0,
      volume: { together: false, percent: 100 },
      speaker: null,
      succession: "alone",
      guests: ["listen", "chat", "add", "vote"],
      listeners: 1,
      now_playing: null,
      live: true,
      playlists: [],
      created_us: 0,
    },
    timeline: { rev: 1, playing: false, entry: null, song: null, position_us: 0, at_us: 0, rate: 1, next: null },
    queue: { rev: 1, items: [], offset: 0, total: 0, mode: { repeat: "off", shuffle: false } },
    suggestions: [],
    participants: [{ ...user("ana"), role: "host", error_us: null }],
    listeners: 1,
    chats: [],
    you: { role: "listener", can: ["chat", "react", "suggest", "vote"] },
    ...change,
  };
}
