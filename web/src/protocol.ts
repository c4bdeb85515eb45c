/**
 * What crosses the wire, as `protocol/src` names it. Instants (`*_us`) are integer microseconds since the Unix epoch,
 * durations and positions integer microseconds.
 */

export type Micros = number;

export interface User {
  id: number;
  username: string;
  avatar_url: string | null;
}

export interface Song {
  id: number;
  title: string;
  artist: string;
  artist_id: number | null;
  album: string | null;
  album_id: number | null;
  duration_us: Micros;
  cover_url: string | null;
  audio_url: string;
  mime: string;
  /** Integrated loudness (EBU R 128), once measured. */
  loudness_lufs: number | null;
}

export type Visibility = "public" | "friends" | "invite";
export type Control = "host" | "djs" | "everyone";
export type Role = "host" | "moderator" | "dj" | "listener";
export type Permission = "chat" | "react" | "control" | "queue_add" | "queue_edit" | "moderate" | "manage";
export type Repeat = "off" | "one" | "all";

export interface Stage {
  id: number;
  name: string;
  host: User;
  genres: string[];
  cover_url: string | null;
  visibility: Visibility;
  control: Control;
  listeners: number;
  now_playing: Song | null;
  live: boolean;
  playlists: number[];
  created_us: Micros;
}

/** At server time `at_us` the position is `position_us`; while `playing` it advances by `rate`. `at_us` may lie ahead. */
export interface Timeline {
  rev: number;
  playing: boolean;
  entry: number | null;
  song: Song | null;
  position_us: Micros;
  at_us: Micros;
  rate: number;
  next: NextEntry | null;
}

export interface NextEntry {
  entry: number;
  song: Song;
  at_us: Micros | null;
}

export interface QueueItem {
  entry: number;
  song: Song;
  added_by: User;
  votes: number;
}

export interface QueueMode {
  repeat: Repeat;
  shuffle: boolean;
}

/** `items` are the entries from index `offset` on, of `total`. */
export interface Queue {
  rev: number;
  items: QueueItem[];
  offset: number;
  total: number;
  mode: QueueMode;
}

export interface Participant extends User {
  role: Role;
  /** The listener's own measure of its sync. */
  error_us: Micros | null;
}

export interface ChatLine {
  seq: number;
  from: User;
  text: string;
  at_us: Micros;
  nonce?: string;
  reply_to?: number;
  edited_us?: Micros;
  deleted?: boolean;
}

export interface You {
  role: Role;
  can: Permission[];
}

export interface Snapshot {
  stage: Stage;
  timeline: Timeline;
  queue: Queue;
  participants: Participant[];
  listeners: number;
  chats: ChatLine[];
  you: You;
}

export type ErrorCode =
  | "bad_json"
  | "unknown_type"
  | "invalid_field"
  | "too_long"
  | "unauthenticated"
  | "stage_not_found"
  | "not_found"
  | "not_joined"
  | "forbidden"
  | "banned"
  | "invite_required"
  | "conflict"
  | "rate_limited"
  | "limit_reached"
  | "busy"
  | "storage_full"
  | "storage_unavailable"
  | "internal";

export type QueueChange =
  | { op: "add"; index: number; items: QueueItem[]; more: number; total: number }
  | { op: "remove"; entries: number[]; total: number }
  | { op: "move"; entry: number; index: number }
  | { op: "clear"; keep: number | null; total: number }
  | { op: "shuffle"; offset: number; items: QueueItem[]; total: number }
  | { op: "mode"; mode: QueueMode }
  | { op: "vote"; entry: number; votes: number };

/** Replies to one request, found by `re`. */
export type ReplyFrame =
  | { type: "pong"; re: number; t0: unknown; t1_us: Micros; t2_us: Micros }
  | { type: "joined"; re: number; stage: number; epoch: number; seq: number; resumed: boolean; snapshot: Snapshot }
  | { type: "ok"; re: number; queue_rev?: number }
  | { type: "ack"; re: number; stage: number; seq: number; at_us: Micros }
  | { type: "error"; re?: number; code: ErrorCode; detail: string; retry_after_us?: Micros };

export type JoinedFrame = Extract<ReplyFrame, { type: "joined" }>;

/** Events that a stage numbers without gaps. */
export type SequencedFrame =
  | ({ type: "chat"; stage: number } & ChatLine)
  | { type: "chat_edited"; stage: number; seq: number; chat: number; text: string; at_us: Micros }
  | { type: "chat_deleted"; stage: number; seq: number; chat: number; by: number }
  | ({ type: "timeline"; stage: number; seq?: number } & Timeline)
  | ({ type: "queue"; stage: number; seq: number; rev: number } & QueueChange)
  | { type: "stage_updated"; stage: number; seq: number; now: Stage }
  | { type: "role"; stage: number; seq: number; user: User; role: Role }
  | { type: "removed"; stage: number; seq: number; user?: number; reason: "kicked" | "banned" | "stage_ended" };

/** Events of which only the latest counts. */
export type VolatileFrame =
  | { type: "presence"; stage: number; joined: Participant[]; left: number[]; listeners: number }
  | { type: "reaction"; stage: number; emoji: string; count: number; from: User }
  | { type: "typing"; stage: number; users: User[] }
  | { type: "skip_votes"; stage: number; entry: number; votes: number; needed: number };

export type StageFrame = SequencedFrame | VolatileFrame;

export type PersonalFrame =
  | { type: "friend_request"; user: User }
  | { type: "friend_accepted"; user: User }
  | { type: "friend_presence"; user: User; online: boolean; stage: number | null }
  | { type: "invite"; stage: number; name: string; from: User; code: string }
  | { type: "notification"; id: number; kind: string; text: string; at_us: Micros };

export interface WelcomeFrame {
  type: "welcome";
  user: User;
  server_time_us: Micros;
  heartbeat_us: Micros;
  node: string;
}

export type ServerFrame = WelcomeFrame | ReplyFrame | StageFrame | PersonalFrame;

export type ControlAction = "play" | "pause" | "seek" | "skip" | "previous";
export type QueueAction = "add" | "remove" | "move" | "clear" | "shuffle" | "mode" | "vote";

/** What a client asks; the connection adds the `id` and finds the answer. */
export type RequestFrame =
  | { type: "ping"; t0: unknown }
  | { type: "join"; stage: number; resume?: { epoch: number; seq: number }; invite?: string }
  | { type: "leave"; stage: number }
  | { type: "chat"; stage: number; text: string; nonce?: string; reply_to?: number }
  | { type: "edit_chat"; stage: number; seq: number; text: string }
  | { type: "delete_chat"; stage: number; seq: number }
  | {
      type: "control";
      stage: number;
      action: ControlAction;
      position_us?: Micros;
      entry?: number;
      expect_rev?: number;
    }
  | {
      type: "queue";
      stage: number;
      action: QueueAction;
      song?: number;
      playlist?: number;
      entry?: number;
      position?: number;
      repeat?: Repeat;
      shuffle?: boolean;
    }
  | { type: "skip_vote"; stage: number };

/** The listener's own reports about its sound. */
export type ReportFrame =
  | { type: "ready"; stage: number; timeline_rev: number }
  | { type: "buffering"; stage: number; timeline_rev: number }
  | {
      type: "stat";
      stage: number;
      error_us: Micros;
      offset_sd_us: Micros;
      rtt_us: Micros;
      output_latency_us?: Micros;
    };

/** What a client tells without waiting for an answer. */
export type NoticeFrame =
  | { type: "hello"; token: string }
  | ReportFrame
  | { type: "react"; stage: number; emoji: string }
  | { type: "typing"; stage: number };
