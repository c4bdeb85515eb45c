//! How a request or a connection ends when it does not end well.

use serde::{Deserialize, Serialize};

/// The stable `code` of an `error` reply. Its `detail` is for people and may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum ErrorCode {
    /// The frame is not a JSON object.
    BadJson,
    /// The frame's `type` is missing or unknown.
    UnknownType,
    /// A field is missing, of the wrong kind or out of range.
    InvalidField,
    /// A text is longer than its limit.
    TooLong,
    /// The first frame must be `hello` when neither cookie nor header authenticates.
    Unauthenticated,
    /// No such stage, or none that this user may know of.
    StageNotFound,
    /// The stage has ended; told to those who may know that there was one. Over HTTP it is not there (404) for anybody.
    StageEnded,
    /// No such song, entry, chat line or playlist.
    NotFound,
    /// `join` first.
    NotJoined,
    /// The role does not allow it.
    Forbidden,
    /// Banned from this stage: a join is refused until the ban is lifted.
    Banned,
    /// The stage is by invitation. Told by older servers: to whom a closed stage is not open, it is `stage_not_found`.
    InviteRequired,
    /// The stage moved on from what the request had seen (`expect_rev`).
    Conflict,
    /// Too many requests; `retry_after_us` says when to try again.
    RateLimited,
    /// The stage is full, or the queue is.
    LimitReached,
    /// As many songs of this person wait in the queue as may (`max_waiting`): more can be added when one of them begins, or
    /// is taken out.
    TooManyWaiting,
    /// The stage puts its queue in order by itself (`order`), so nothing can be moved or put at a place by hand.
    OrderFixed,
    /// The server is too busy at this moment; nothing was done; `retry_after_us` says when to try again.
    Busy,
    /// The disk is full or the database refuses to write; nothing was done.
    StorageFull,
    /// The database does not answer; nothing was acknowledged.
    StorageUnavailable,
    /// The stage runs at another server of the cluster, which did not answer in time. What was asked may have been done: under
    /// the same nonce it is safe to ask again.
    StageUnreachable,
    /// A fault of the server's; it is logged there.
    Internal,
}

/// Why the server closed a connection. 1000–1013 as in RFC 6455 and its registry; 44xx are Octave's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    Normal,
    GoingAway,
    /// Bytes that are not WebSocket.
    ProtocolError,
    /// Text that is not UTF-8.
    InvalidPayload,
    /// Flood, or a foreign origin.
    Policy,
    /// A frame over [`crate::MAX_FRAME_BYTES`].
    TooBig,
    Internal,
    /// The server restarts: reconnect after a random delay.
    Restart,
    TryLater,
    /// What can't be a message here, such as a binary frame where text is spoken.
    BadFrame,
    NotAuthenticated,
    Banned,
    /// The connection fell behind; resume works.
    TooSlow,
    SessionRevoked,
}

impl CloseCode {
    pub const fn as_u16(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::GoingAway => 1001,
            Self::ProtocolError => 1002,
            Self::InvalidPayload => 1007,
            Self::Policy => 1008,
            Self::TooBig => 1009,
            Self::Internal => 1011,
            Self::Restart => 1012,
            Self::TryLater => 1013,
            Self::BadFrame => 4400,
            Self::NotAuthenticated => 4401,
            Self::Banned => 4403,
            Self::TooSlow => 4408,
            Self::SessionRevoked => 4409,
        }
    }
}
