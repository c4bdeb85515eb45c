/** What a stage's log says, and what is said around it. */

import { plural } from "./plural";

/** Who did it, and which song and whom it is about. */
export interface Told {
  who: string;
  song: string;
  whom: string;
  /** Songs beside the first, or places of a queue from 1 on. */
  more: number;
  from: number;
  to: number;
  /** `1:20`. */
  at: string;
  what: string;
}

export const stageLog = {
  title: "What happened here",
  empty: "Nothing has happened here yet.",
  undo: "Undo",
  undoOf: (what: string) => `Undo: ${what}`,
  undone: (what: string) => `Undone: ${what}`,
  aSong: "a song",
  somebody: "somebody",
  /** Who does what nobody in particular did. */
  stage: "The stage",
  keep: "Keep the evening as a playlist",
  keepIt: "Keep it",
  keepHint: "What played here since the last long break, as a playlist of yours.",
  name: "Name of the playlist",
  evening: (stage: string, day: string) => `${stage}, ${day}`,
  kept: (songs: number) => `${plural(songs, "song is", "songs are")} kept.`,
  open: "Open the playlist",
  kinds: {
    queued: ({ who, song, more }) => `${who} queued ${song}${more > 0 ? ` and ${plural(more, "more song", "more songs")}` : ""}`,
    removed: ({ who, song }) => `${who} took ${song} out of the queue`,
    accepted: ({ who, song, whom }) => `${who} accepted ${song}, which ${whom} had suggested`,
    declined: ({ who, song, whom }) => `${who} declined ${song}, which ${whom} had suggested`,
    moved: ({ who, song, from, to }) => `${who} moved ${song} from number ${from} to ${to}`,
    cleared: ({ who }) => `${who} cleared the queue`,
    shuffled: ({ who }) => `${who} shuffled the queue`,
    mode: ({ who, what }) => `${who} changed how the queue goes on: ${what}`,
    role: ({ who, whom, what }) => `${who} made ${whom} ${what}`,
    updated: ({ who, what }) => (what ? `${who} changed the stage: ${what}` : `${who} changed the stage`),
    speaker: ({ who }) => `${who} changed whose devices sound`,
    kicked: ({ who, whom }) => `${who} removed ${whom} from the stage`,
    banned: ({ who, whom }) => `${who} banned ${whom}`,
    unbanned: ({ who, whom }) => `${who} lifted the ban of ${whom}`,
    muted: ({ who, whom }) => `${who} muted ${whom}`,
    unmuted: ({ who, whom }) => `${who} let ${whom} speak again`,
    chat_deleted: ({ who }) => `${who} deleted a line of the chat`,
    ended: ({ who }) => `${who} ended the stage`,
    played: ({ who, song }) => `${who} played ${song}`,
    paused: ({ who, song }) => `${who} paused ${song}`,
    sought: ({ who, song, at }) => `${who} went to ${at} in ${song}`,
    skipped: ({ who, song }) => `${who} skipped to ${song}`,
    went_back: ({ who, song }) => `${who} went back to ${song}`,
    voted_off: ({ song }) => `The listeners skipped to ${song}`,
    advanced: ({ song }) => `${song} began`,
  } as Readonly<Record<string, (told: Told) => string>>,
  /** Where the queue came to its end. */
  toTheEnd: {
    skipped: ({ who }) => `${who} skipped the last song`,
    voted_off: () => "The listeners skipped the last song",
    advanced: () => "The queue came to its end",
  } as Readonly<Record<string, (told: Told) => string>>,
  /** A kind that this page doesn't know. */
  other: ({ who }: Told, kind: string) => `${who}: ${kind.replaceAll("_", " ")}`,
  roles: { host: "the host", moderator: "a moderator", dj: "a DJ", listener: "a listener" } as Readonly<Record<string, string>>,
  parts: {
    name: "name",
    genres: "genres",
    visibility: "who may come in",
    control: "who may play",
    adding: "who may add songs",
    order: "order of the queue",
    max_waiting: "how many songs of one person may wait",
    slow_mode_us: "slow mode",
    succession: "who follows the host",
    crossfade_us: "crossfade",
    volume: "suggested loudness",
  } as Readonly<Record<string, string>>,
} as const;
