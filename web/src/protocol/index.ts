/**
 * What crosses the wire. The types come from `protocol/src` by way of `protocol.gen.ts`; here they are grouped by what a
 * client does with them. Instants (`*_us`) are integer microseconds since the Unix epoch, durations and positions
 * integer microseconds.
 */

import type { ClientFrame, ServerFrame } from "./gen";

export type {
  Adding,
  ChatLine,
  Comment,
  Control,
  ControlAction,
  Ending,
  ErrorCode,
  GuestRight,
  ListenerError,
  NextEntry,
  NotificationKind,
  Participant,
  Permission,
  Queue,
  QueueAction,
  QueueChange,
  QueueItem,
  QueueMode,
  QueueOrder,
  Repeat,
  Role,
  ServerFrame,
  Snapshot,
  Song,
  Stage,
  StartBarrier,
  Succession,
  Suggestion,
  Timeline,
  User,
  Visibility,
  You,
} from "./gen";

export type Micros = number;

type Of<Frames, Type extends string> = Extract<Frames, { type: Type }>;
type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, "id"> : never;

export type WelcomeFrame = Of<ServerFrame, "welcome">;

/** Replies to one request, found by `re`. */
export type ReplyFrame = Of<ServerFrame, "pong" | "joined" | "ok" | "ack" | "error">;

export type JoinedFrame = Of<ServerFrame, "joined">;

/** Events that a stage numbers without gaps. */
export type SequencedFrame = Of<
  ServerFrame,
  "chat" | "chat_edited" | "chat_deleted" | "timeline" | "queue" | "stage_updated" | "role" | "removed"
>;

/** Events of which only the latest counts. */
export type VolatileFrame = Of<ServerFrame, "presence" | "reaction" | "typing" | "skip_votes" | "suggestions" | "sync_quality">;

export type StageFrame = SequencedFrame | VolatileFrame;

export type PersonalFrame = Of<
  ServerFrame,
  "friend_request" | "friend_accepted" | "friend_presence" | "invite" | "notification" | "notifications_read"
>;

/** What is said of a song or an album that this connection watches. */
export type CommentFrame = Of<ServerFrame, "comment">;

/** What a client asks; the connection adds the `id` and finds the answer. */
export type RequestFrame = WithoutId<Extract<ClientFrame, { id: number }>>;

/** The listener's own reports about its sound. */
export type ReportFrame = Of<ClientFrame, "ready" | "buffering" | "stat">;

/** What a client tells without waiting for an answer. */
export type NoticeFrame = Of<ClientFrame, "hello" | "react" | "typing" | "device"> | ReportFrame;
