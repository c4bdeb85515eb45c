//! What the server sends: replies (with `re`), sequenced events (with `seq`), and events of which only the latest counts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::client::RequestId;
use crate::model::{
    ChatLine, Comment, ListenerError, Notification, Participant, QueueItem, QueueMode, Role, Snapshot, Song, Stage,
    Suggestion, Timeline, User,
};
use crate::{Duration, EntryId, Epoch, ErrorCode, Instant, NotificationId, Rev, Seq, StageId, UserId};

/// Every frame that the server may send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum ServerFrame {
    /// The first frame of a connection.
    Welcome {
        user: User,
        server_time_us: Instant,
        /// After so long a silence of the client's the server sends a WebSocket ping, and gives the connection up (close
        /// code 1001) if nothing at all comes within 10 s. Any frame is a sign of life, the pong too with which every
        /// WebSocket library answers by itself: browsers do so outside of the page, in a hidden tab whose timers run once
        /// a minute as well. So a client has to send nothing to be kept. To judge the server in its turn it sends `ping`,
        /// since pages are not shown the server's; no silence is a fault before a `ping` has stayed without its `pong`.
        heartbeat_us: Duration,
        node: Arc<str>,
    },
    Pong {
        re: RequestId,
        #[cfg_attr(feature = "schema", ts(type = "unknown"))]
        t0: serde_json::Value,
        /// When the ping was read.
        t1_us: Instant,
        /// When this was handed to the socket.
        t2_us: Instant,
    },
    Joined {
        re: RequestId,
        stage: StageId,
        epoch: Epoch,
        seq: Seq,
        /// What was missed follows; else `snapshot` is all there is to know.
        resumed: bool,
        snapshot: Box<Snapshot>,
    },
    Ok {
        re: RequestId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue_rev: Option<Rev>,
    },
    /// The line is durable.
    Ack {
        re: RequestId,
        stage: StageId,
        seq: Seq,
        at_us: Instant,
    },
    Error {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        re: Option<RequestId>,
        code: ErrorCode,
        detail: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_us: Option<Duration>,
    },

    // Sequenced.
    Chat {
        stage: StageId,
        #[serde(flatten)]
        line: ChatLine,
    },
    ChatEdited {
        stage: StageId,
        seq: Seq,
        /// The `seq` of the line that was edited.
        chat: Seq,
        text: Arc<str>,
        at_us: Instant,
    },
    ChatDeleted {
        stage: StageId,
        seq: Seq,
        /// The `seq` of the line that was deleted.
        chat: Seq,
        by: UserId,
    },
    /// Sent a second time, early and without `seq`, when a slow disk holds the sequenced one back: the highest `rev` wins.
    Timeline {
        stage: StageId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seq: Option<Seq>,
        #[serde(flatten)]
        timeline: Timeline,
    },
    Queue {
        stage: StageId,
        seq: Seq,
        rev: Rev,
        #[serde(flatten)]
        change: QueueChange,
    },
    StageUpdated {
        seq: Seq,
        /// The stage's id.
        stage: StageId,
        /// The stage as it is now.
        now: Box<Stage>,
    },
    Role {
        stage: StageId,
        seq: Seq,
        user: User,
        role: Role,
    },
    /// Somebody (`user` is their id) was removed from the stage, or the stage has ended (`user` absent): `reason` says which.
    ///
    /// Whoever it concerns is in the stage no more when this arrives: it is the last event of the stage on all of their
    /// connections, and what they ask of it from then on is answered `not_joined`. The connection itself lives on, since
    /// it may be in other stages; no close code says what this event says. Who was `kicked` may join again at once; a
    /// client does so when its user asks for it, not by itself. Who was `banned`, and who was in a stage that has ended,
    /// is refused with those codes.
    Removed {
        stage: StageId,
        seq: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        reason: RemovedReason,
    },

    // Not sequenced: the latest state wins.
    Presence {
        stage: StageId,
        joined: Vec<Participant>,
        left: Vec<UserId>,
        listeners: u32,
    },
    /// One per emoji and interval, however many sent it.
    Reaction {
        stage: StageId,
        emoji: Arc<str>,
        /// How often since the last such event.
        count: u32,
        /// Who sent the latest one.
        from: User,
    },
    Typing {
        stage: StageId,
        users: Vec<User>,
    },
    /// How well listeners are in sync, by their own measure: told when it changes enough to be shown otherwise.
    SyncQuality {
        stage: StageId,
        listeners: Vec<ListenerError>,
    },
    /// What waits to be accepted by now: all of it, the oldest first.
    Suggestions {
        stage: StageId,
        items: Vec<Suggestion>,
    },
    SkipVotes {
        stage: StageId,
        entry: EntryId,
        votes: u32,
        needed: u32,
    },

    /// About a song or an album that this connection watches (`watch`): a comment was made, put otherwise, or taken away,
    /// as it then was. Who has been away asks for the list.
    Comment {
        op: CommentChange,
        /// Comments on the song or the album, after this.
        comments_count: i64,
        comment: Comment,
    },

    // Personal.
    FriendRequest {
        user: User,
    },
    FriendAccepted {
        user: User,
    },
    /// A friend came online, went, or changed stages: how it stands some second later.
    FriendPresence {
        user: User,
        online: bool,
        /// The one they entered last, if the receiver may know of it.
        stage: Option<StageId>,
    },
    Invite {
        stage: StageId,
        name: String,
        from: User,
        code: String,
    },
    Notification {
        /// How many are unread, with this one.
        unread: i64,
        #[serde(flatten)]
        notification: Notification,
    },
    /// On another connection I have read all up to this one.
    NotificationsRead {
        up_to: NotificationId,
        unread: i64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum RemovedReason {
    /// By the host or a moderator; may come back.
    Kicked,
    /// By the host or a moderator, until the ban is lifted.
    Banned,
    /// The host has ended the stage, for all.
    StageEnded,
}

/// What became of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum CommentChange {
    Added,
    Edited,
    Deleted,
}

/// What changed in the queue. Bounded in size: where a change is larger, `reset` or `more` tells to fetch the rest from
/// `GET /api/v1/stages/{id}/queue`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum QueueChange {
    /// `items` stand at `index` and below; `more` further ones follow them that are not listed.
    Add {
        index: u32,
        items: Vec<QueueItem>,
        more: u32,
        total: u32,
    },
    Remove {
        entries: Vec<EntryId>,
        total: u32,
    },
    /// The entry stands at `index` now.
    Move {
        entry: EntryId,
        index: u32,
    },
    /// All that had not played yet is gone (`keep` is the current entry, if any).
    Clear {
        keep: Option<EntryId>,
        total: u32,
    },
    /// The order is new throughout; `items` is the window around the current entry.
    Shuffle {
        offset: u32,
        items: Vec<QueueItem>,
        total: u32,
    },
    Mode {
        mode: QueueMode,
    },
    Vote {
        entry: EntryId,
        votes: u32,
    },
    /// The library says something else of these songs now (title, artist, album, cover): every entry of theirs, in the
    /// window or not, shows them so from here on. At most 200. If one of them plays or is next, a `timeline` follows in
    /// which nothing but the song has changed. A song that is deleted stays in the queues that hold it and plays there.
    Songs {
        songs: Vec<Arc<Song>>,
    },
}
