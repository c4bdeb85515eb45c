// Generated from protocol/src by `scripts/generate`; don't edit.

/**
 * Who may add songs to the queue. Everybody may take back what they added, and vote, either way.
 */
export type Adding = "everyone" | "control";

export type AlbumId = number;

export type ArtistId = number;

/**
 * The song of this timeline is not there yet.
 */
export type BufferingFrame = { stage: StageId, timeline_rev: Rev, };

export type ChatFrame = { id: number, stage: StageId, text: string, 
/**
 * The same nonce again is the same line again: it is answered with the first one's seq.
 */
nonce?: string, reply_to?: Seq, };

/**
 * A line of the conversation.
 */
export type ChatLine = { seq: Seq, from: User, text: string, at_us: Instant, nonce?: string, reply_to?: Seq, edited_us?: Instant, 
/**
 * A deleted line keeps its place with an empty text.
 */
deleted?: boolean, };

/**
 * Every frame that a client may send.
 */
export type ClientFrame = { "type": "hello" } & HelloFrame | { "type": "ping" } & PingFrame | { "type": "join" } & JoinFrame | { "type": "device" } & DeviceFrame | { "type": "leave" } & LeaveFrame | { "type": "chat" } & ChatFrame | { "type": "edit_chat" } & EditChatFrame | { "type": "delete_chat" } & DeleteChatFrame | { "type": "control" } & ControlFrame | { "type": "queue" } & QueueFrame | { "type": "skip_vote" } & SkipVoteFrame | { "type": "shuffle_rest" } & ShuffleRestFrame | { "type": "ready" } & ReadyFrame | { "type": "buffering" } & BufferingFrame | { "type": "stat" } & StatFrame | { "type": "watch" } & WatchFrame | { "type": "unwatch" } & UnwatchFrame | { "type": "react" } & ReactFrame | { "type": "typing" } & TypingFrame;

/**
 * What somebody said of a song, perhaps at a moment of it, or of an album.
 */
export type Comment = { id: CommentId, song_id: SongId | null, album_id: AlbumId | null, author: User, body: string, 
/**
 * The moment of the song that is spoken of.
 */
position_us: Duration | null, created_us: Instant, edited_us: Instant | null, };

/**
 * What became of a comment.
 */
export type CommentChange = "added" | "edited" | "deleted";

/**
 * What somebody said of a song or an album.
 */
export type CommentId = number;

/**
 * Who may steer playback and the queue.
 */
export type Control = "host" | "djs" | "everyone";

export type ControlAction = "play" | "pause" | "seek" | "skip" | "previous";

export type ControlFrame = { id: number, stage: StageId, action: ControlAction, position_us?: Duration, entry?: EntryId, expect_rev?: Rev, 
/**
 * The same nonce again gives the same answer and changes nothing.
 */
nonce?: string, };

export type DeleteChatFrame = { id: number, stage: StageId, seq: Seq, };

/**
 * Whether this device steers alone, without sound: then it has no seat in the figures of sync, and no start waits for it.
 */
export type DeviceFrame = { stage: StageId, remote: boolean, };

/**
 * A length of time or a position within a song, in microseconds; may be negative as a difference.
 */
export type Duration = number;

export type EditChatFrame = { id: number, stage: StageId, seq: Seq, text: string, };

/**
 * The end of a song that fades out while the next one fades in, from the timeline's `at_us` on, for `crossfade_us`.
 */
export type Ending = { entry: EntryId, song: Song, 
/**
 * Where it is at the timeline's `at_us`.
 */
position_us: Duration, crossfade_us: Duration, };

/**
 * One place in a queue or a playlist; a song may stand in several.
 */
export type EntryId = number;

/**
 * Names a stretch of a stage's life over which `seq` is gapless.
 */
export type Epoch = number;

/**
 * The stable `code` of an `error` reply. Its `detail` is for people and may change.
 */
export type ErrorCode = "bad_json" | "unknown_type" | "invalid_field" | "too_long" | "unauthenticated" | "stage_not_found" | "stage_ended" | "not_found" | "not_joined" | "forbidden" | "banned" | "invite_required" | "conflict" | "rate_limited" | "limit_reached" | "too_many_waiting" | "order_fixed" | "busy" | "storage_full" | "storage_unavailable" | "stage_unreachable" | "internal";

/**
 * What somebody without an account may do in the stage that they came to.
 */
export type GuestRight = "listen" | "chat" | "add" | "vote";

/**
 * Authenticates when neither cookie nor header did; must then be the first frame.
 */
export type HelloFrame = { token: string, };

/**
 * An instant of the server's clock, in microseconds since the Unix epoch.
 */
export type Instant = number;

/**
 * Refused with `stage_not_found` (also to whom a closed stage is not open: `invite` opens it, and
 * `GET /api/v1/invites/{code}` shows its door), `stage_ended`, `banned`, or for a moment with `busy` or
 * `storage_unavailable`.
 * A second `join` of the same connection is answered anew and changes nothing.
 */
export type JoinFrame = { id: number, stage: StageId, resume?: Resume, invite?: string, 
/**
 * This device steers without sound, see `device`.
 */
remote?: boolean, };

export type LeaveFrame = { id: number, stage: StageId, };

export type ListenerError = { id: UserId, 
/**
 * As in [`Participant`].
 */
error_us: Duration, };

/**
 * Somebody may listen and not speak.
 */
export type Mute = { 
/**
 * Until when; until it is lifted if absent.
 */
until_us: Instant | null, };

/**
 * What follows by itself, and when, so that clients can fetch and change over without asking.
 */
export type NextEntry = { entry: EntryId, song: Song, 
/**
 * When it starts if nobody intervenes; absent while paused.
 */
at_us: Instant | null, 
/**
 * How long the present song goes on under it, fading out; absent where one follows the other without a gap.
 */
crossfade_us?: Duration, };

/**
 * Something that somebody was told; the later one is the higher.
 */
export type NotificationId = number;

/**
 * What a notification is about.
 */
export type NotificationKind = "friend_request" | "friend_accepted" | "invite" | "mention" | "reply" | "comment" | "stage_opened" | "album_added";

export type Participant = { id: UserId, username: string, avatar_url: string | null, role: Role, 
/**
 * The listener's own measure of its sync error, in microseconds; absent until it told.
 */
error_us: Duration | null, 
/**
 * Absent for who may speak.
 */
muted?: Mute, 
/**
 * As in [`User`].
 */
guest?: boolean, 
/**
 * Steers, and hears by somebody else's device.
 */
remote?: boolean, };

/**
 * What a participant may do, as a list that a client can show without knowing the rules.
 */
export type Permission = "chat" | "react" | "control" | "queue_add" | "suggest" | "vote" | "queue_edit" | "accept" | "moderate" | "manage";

/**
 * Measures the clock, and asks whether the server is there; answered ahead of queued traffic.
 */
export type PingFrame = { id: number, 
/**
 * Anything; comes back as it is.
 */
t0: unknown, };

export type PlaylistId = number;

/**
 * A window of the queue: `items` are the entries from index `offset` on, of `total`.
 */
export type Queue = { rev: Rev, items: Array<QueueItem>, offset: number, total: number, mode: QueueMode, };

/**
 * `suggest` wishes for a `song`, which waits for whoever may accept it; by `accept` the suggestion `entry` goes to the queue,
 * under the same number, as added by who made it; by `decline` it is no more, and who made it takes it back.
 */
export type QueueAction = "add" | "remove" | "move" | "clear" | "shuffle" | "mode" | "vote" | "suggest" | "accept" | "decline";

/**
 * What changed in the queue. Bounded in size: where a change is larger, `reset` or `more` tells to fetch the rest from
 * `GET /api/v1/stages/{id}/queue`.
 */
export type QueueChange = { "op": "add", index: number, items: Array<QueueItem>, more: number, total: number, } | { "op": "remove", entries: Array<EntryId>, total: number, } | { "op": "move", entry: EntryId, index: number, } | { "op": "clear", keep: EntryId | null, total: number, } | { "op": "shuffle", offset: number, items: Array<QueueItem>, total: number, } | { "op": "mode", mode: QueueMode, } | { "op": "vote", entry: EntryId, votes: number, } | { "op": "songs", songs: Array<Song>, };

export type QueueFrame = { id: number, stage: StageId, action: QueueAction, song?: SongId, playlist?: PlaylistId, entry?: EntryId, 
/**
 * Index in the queue; appended when absent.
 */
position?: number, repeat?: Repeat, shuffle?: boolean, 
/**
 * The same nonce again gives the same answer and changes nothing.
 */
nonce?: string, };

export type QueueItem = { entry: EntryId, song: Song, added_by: User, votes: number, };

export type QueueMode = { repeat: Repeat, 
/**
 * The server draws the next entry instead of taking the one below.
 */
shuffle: boolean, };

/**
 * In which order the songs of a queue are played that wait.
 */
export type QueueOrder = "added" | "votes" | "fair";

export type ReactFrame = { stage: StageId, emoji: string, };

/**
 * The song of this timeline is decoded and could sound at once.
 */
export type ReadyFrame = { stage: StageId, timeline_rev: Rev, };

export type RemovedReason = "kicked" | "banned" | "stage_ended";

export type Repeat = "off" | "one" | "all";

/**
 * Where a client stood when it lost the connection.
 */
export type Resume = { epoch: Epoch, seq: Seq, };

/**
 * The number of a full statement (timeline, queue); the highest wins.
 */
export type Rev = number;

export type Role = "host" | "moderator" | "dj" | "listener";

/**
 * The place of a sequenced event in its stage; rises by exactly one within an epoch and never repeats.
 */
export type Seq = number;

/**
 * Every frame that the server may send.
 */
export type ServerFrame = { "type": "welcome", user: User, server_time_us: Instant, 
/**
 * After so long a silence of the client's the server sends a WebSocket ping, and gives the connection up (close
 * code 1001) if nothing at all comes within 10 s. Any frame is a sign of life, the pong too with which every
 * WebSocket library answers by itself: browsers do so outside of the page, in a hidden tab whose timers run once
 * a minute as well. So a client has to send nothing to be kept. To judge the server in its turn it sends `ping`,
 * since pages are not shown the server's; no silence is a fault before a `ping` has stayed without its `pong`.
 */
heartbeat_us: Duration, node: string, } | { "type": "pong", re: number, t0: unknown, 
/**
 * When the ping was read.
 */
t1_us: Instant, 
/**
 * When this was handed to the socket.
 */
t2_us: Instant, } | { "type": "joined", re: number, stage: StageId, epoch: Epoch, seq: Seq, 
/**
 * What was missed follows; else `snapshot` is all there is to know.
 */
resumed: boolean, snapshot: Snapshot, } | { "type": "ok", re: number, queue_rev?: Rev, } | { "type": "ack", re: number, stage: StageId, seq: Seq, at_us: Instant, } | { "type": "error", re?: number, code: ErrorCode, detail: string, retry_after_us?: Duration, } | { "type": "chat", stage: StageId, seq: Seq, from: User, text: string, at_us: Instant, nonce?: string, reply_to?: Seq, edited_us?: Instant, 
/**
 * A deleted line keeps its place with an empty text.
 */
deleted?: boolean, } | { "type": "chat_edited", stage: StageId, seq: Seq, 
/**
 * The `seq` of the line that was edited.
 */
chat: Seq, text: string, at_us: Instant, } | { "type": "chat_deleted", stage: StageId, seq: Seq, 
/**
 * The `seq` of the line that was deleted.
 */
chat: Seq, by: UserId, } | { "type": "timeline", stage: StageId, seq?: Seq, rev: Rev, playing: boolean, 
/**
 * It begins as soon as the listeners are ready, see [`StartBarrier`]; absent when nothing waits.
 */
waiting?: boolean, entry: EntryId | null, song: Song | null, position_us: Duration, at_us: Instant, rate: number, next: NextEntry | null, 
/**
 * What sounded before and goes on under the beginning of this song; absent where nothing does.
 */
ending?: Ending, } | { "type": "queue", stage: StageId, seq: Seq, rev: Rev, } & ({ "op": "add", index: number, items: Array<QueueItem>, more: number, total: number, } | { "op": "remove", entries: Array<EntryId>, total: number, } | { "op": "move", entry: EntryId, index: number, } | { "op": "clear", keep: EntryId | null, total: number, } | { "op": "shuffle", offset: number, items: Array<QueueItem>, total: number, } | { "op": "mode", mode: QueueMode, } | { "op": "vote", entry: EntryId, votes: number, } | { "op": "songs", songs: Array<Song>, }) | { "type": "stage_updated", seq: Seq, 
/**
 * The stage's id.
 */
stage: StageId, 
/**
 * The stage as it is now.
 */
now: Stage, } | { "type": "role", stage: StageId, seq: Seq, user: User, role: Role, } | { "type": "removed", stage: StageId, seq: Seq, user?: UserId, reason: RemovedReason, } | { "type": "presence", stage: StageId, joined: Array<Participant>, left: Array<UserId>, listeners: number, } | { "type": "reaction", stage: StageId, emoji: string, 
/**
 * How often since the last such event.
 */
count: number, 
/**
 * Who sent the latest one.
 */
from: User, } | { "type": "typing", stage: StageId, users: Array<User>, } | { "type": "sync_quality", stage: StageId, listeners: Array<ListenerError>, } | { "type": "suggestions", stage: StageId, items: Array<Suggestion>, } | { "type": "skip_votes", stage: StageId, entry: EntryId, votes: number, needed: number, } | { "type": "comment", op: CommentChange, 
/**
 * Comments on the song or the album, after this.
 */
comments_count: number, comment: Comment, } | { "type": "friend_request", user: User, } | { "type": "friend_accepted", user: User, } | { "type": "friend_presence", user: User, online: boolean, 
/**
 * The one they entered last, if the receiver may know of it.
 */
stage: StageId | null, } | { "type": "invite", stage: StageId, name: string, from: User, code: string, } | { "type": "notification", 
/**
 * How many are unread, with this one.
 */
unread: number, id: NotificationId, kind: NotificationKind, 
/**
 * In plain English, for a client that has no words of its own.
 */
text: string, 
/**
 * Who brought it about.
 */
from: User, stage: StageId | null, 
/**
 * The line in the stage's conversation.
 */
chat: Seq | null, song: SongId | null, album: AlbumId | null, comment: CommentId | null, 
/**
 * Of an invitation: lets this person in, and nobody else.
 */
code: string | null, 
/**
 * The name of the stage, the song or the album; empty where there is none.
 */
about: string, 
/**
 * The beginning of what was said.
 */
excerpt: string | null, at_us: Instant, read: boolean, } | { "type": "notifications_read", up_to: NotificationId, unread: number, };

/**
 * How loud the host suggests to listen. A listener may refuse.
 */
export type SharedVolume = { 
/**
 * Whether there is a suggestion.
 */
together: boolean, 
/**
 * Of the player's full volume, 0 to 100.
 */
percent: number, };

/**
 * Draws a new order for the entries behind the one that is current; refused if none is.
 */
export type ShuffleRestFrame = { id: number, stage: StageId, };

export type SkipVoteFrame = { id: number, stage: StageId, };

/**
 * All that a newcomer needs, true at the `seq` of the `joined` reply that carries it.
 */
export type Snapshot = { stage: Stage, timeline: Timeline, queue: Queue, 
/**
 * What waits to be accepted, the oldest first.
 */
suggestions: Array<Suggestion>, 
/**
 * The first 200.
 */
participants: Array<Participant>, listeners: number, 
/**
 * The last 50, newest last.
 */
chats: Array<ChatLine>, you: You, };

/**
 * What a player needs to know of a song.
 */
export type Song = { id: SongId, title: string, artist: string, artist_id: ArtistId | null, album: string | null, album_id: AlbumId | null, 
/**
 * Exact: the number of decoded frames over the sample rate.
 */
duration_us: Duration, cover_url: string | null, audio_url: string, 
/**
 * MIME type of the audio file.
 */
mime: string, 
/**
 * Integrated loudness after EBU R 128, in LUFS; absent until measured.
 */
loudness_lufs: number | null, };

/**
 * An uploaded song.
 */
export type SongId = number;

/**
 * A stage as a list or a snapshot shows it.
 */
export type Stage = { id: StageId, name: string, host: User, genres: Array<string>, cover_url: string | null, visibility: Visibility, control: Control, 
/**
 * As ever where a server does not say: those who steer.
 */
adding: Adding, 
/**
 * With `votes` and `fair` the stage itself puts in order what waits.
 */
order: QueueOrder, 
/**
 * How many songs of one person may wait, but for the host's and moderators'; none: as many as they like.
 */
max_waiting: number | null, 
/**
 * The usual one where a server does not say.
 */
start: StartBarrier, 
/**
 * Seconds between two lines of one who does not moderate; 0 for none.
 */
slow_mode_s: number, succession: Succession, 
/**
 * How long the end of a song sounds together with the beginning of the next one that follows by itself; 0: one
 * follows the other without a gap.
 */
crossfade_us: Duration, volume: SharedVolume, 
/**
 * Whose device alone sounds, of all that are here; none: each that is no remote does.
 */
speaker: User | null, 
/**
 * What guests may do, as far as the link that they came by lets them. Without `listen` there are none.
 */
guests: Array<GuestRight>, listeners: number, 
/**
 * What plays at this moment.
 */
now_playing: Song | null, 
/**
 * Somebody is there, or something plays.
 */
live: boolean, 
/**
 * Attached playlists.
 */
playlists: Array<PlaylistId>, created_us: Instant, };

/**
 * A room in which all hear the same.
 */
export type StageId = number;

/**
 * How a new song waits for those who load it. It starts when all are ready; after 0.4 s when `quorum_percent` of
 * them are; after `patience_us` whoever is.
 */
export type StartBarrier = { 
/**
 * 1 to 100.
 */
quorum_percent: number, 
/**
 * 0 to 10 seconds; 0 waits for nobody.
 */
patience_us: Duration, };

/**
 * The listener's own measure of its sync.
 */
export type StatFrame = { stage: StageId, 
/**
 * How far the sound is ahead of the timeline; absent while nothing sounds.
 */
error_us?: Duration, offset_sd_us: Duration, 
/**
 * The least round trip of the last minutes.
 */
rtt_us: Duration, 
/**
 * The round trip that 95 of 100 probes kept below. Scheduled starts leave time for it; the least one if absent.
 */
rtt_p95_us?: Duration, 
/**
 * How late sound leaves the device after it was handed over.
 */
output_latency_us?: Duration, 
/**
 * How much earlier than told this listener plays, set by hand for a loudspeaker that lags.
 */
offset_us?: Duration, };

/**
 * What becomes of a stage whose host has left it for half a minute.
 */
export type Succession = "people" | "alone";

/**
 * A song that somebody wishes for. Accepted, it is the entry of the same number.
 */
export type Suggestion = { entry: EntryId, song: Song, by: User, at_us: Instant, };

/**
 * What plays since when: at server time `at_us` the position is `position_us`; while `playing` it advances by
 * `rate`. `at_us` may lie in the future: clients begin exactly then.
 */
export type Timeline = { rev: Rev, playing: boolean, 
/**
 * It begins as soon as the listeners are ready, see [`StartBarrier`]; absent when nothing waits.
 */
waiting?: boolean, entry: EntryId | null, song: Song | null, position_us: Duration, at_us: Instant, rate: number, next: NextEntry | null, 
/**
 * What sounded before and goes on under the beginning of this song; absent where nothing does.
 */
ending?: Ending, };

export type TypingFrame = { stage: StageId, };

/**
 * Takes a `watch` back; without one nothing changes.
 */
export type UnwatchFrame = { id: number, song?: SongId, album?: AlbumId, };

/**
 * Who somebody is, as others see it.
 */
export type User = { id: UserId, username: string, avatar_url: string | null, 
/**
 * Has no account, and belongs to one stage. The name may be an account's some day.
 */
guest?: boolean, };

/**
 * An account.
 */
export type UserId = number;

/**
 * Who may see and enter a stage.
 */
export type Visibility = "public" | "friends" | "invite";

/**
 * Wants to be told what is said of a song or of an album, whichever is named: `comment` events come to this connection
 * until `unwatch`. Of so many at once (16) no more are taken: `limit_reached`.
 */
export type WatchFrame = { id: number, song?: SongId, album?: AlbumId, };

/**
 * The receiver's own standing in the stage.
 */
export type You = { role: Role, can: Array<Permission>, 
/**
 * What a guest's link lets them do, as far as the stage does; absent for who has an account.
 */
guest?: Array<GuestRight>, };
