//! What a client sends.
//!
//! [`ClientFrame::parse`] is the only way in: it tells apart what is no JSON, what has an unknown type and what has a
//! wrong field, and always finds the request's `id` if there is one, so that the error can be answered to it.

use serde::{Deserialize, Serialize};

use crate::model::Repeat;
use crate::{AlbumId, Duration, EntryId, Epoch, ErrorCode, PlaylistId, Rev, Seq, SongId, StageId};

/// The `id` of a request, chosen by the client; its answer carries it as `re`.
pub type RequestId = i64;

/// Where a client stood when it lost the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Resume {
    pub epoch: Epoch,
    pub seq: Seq,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum ControlAction {
    Play,
    Pause,
    Seek,
    Skip,
    Previous,
}

/// `suggest` wishes for a `song`, which waits for whoever may accept it; by `accept` the suggestion `entry` goes to the queue,
/// under the same number, as added by who made it; by `decline` it is no more, and who made it takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum QueueAction {
    Add,
    Remove,
    Move,
    Clear,
    Shuffle,
    Mode,
    Vote,
    Suggest,
    Accept,
    Decline,
}

/// The field of that name, if a frame has it.
macro_rules! field {
    (id of $frame:ident: id $($more:ident)*) => { Some($frame.id) };
    (stage of $frame:ident: stage $($more:ident)*) => { Some($frame.stage) };
    ($name:ident of $frame:ident: $other:ident $($more:ident)*) => { field!($name of $frame: $($more)*) };
    ($name:ident of $frame:ident:) => { None };
}

macro_rules! frames {
    ($($(#[$doc:meta])* $variant:ident = $tag:literal { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        /// Every frame that a client may send.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        pub enum ClientFrame {
            $($(#[$doc])* $variant($variant),)*
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
            #[cfg_attr(feature = "schema", schemars(inline), ts(rename = concat!(stringify!($variant), "Frame")))]
            pub struct $variant { $($(#[$fdoc])* pub $field: $ty),* }
        )*

        impl ClientFrame {
            /// The `type`s that a client may send.
            pub const TYPES: &'static [&'static str] = &[$($tag),*];

            /// The `id` of a frame that is answered.
            #[expect(unused_variables, reason = "not every frame has one")]
            pub const fn id(&self) -> Option<RequestId> {
                match self { $(Self::$variant(frame) => field!(id of frame: $($field)*),)* }
            }

            /// The stage that a frame speaks of.
            #[expect(unused_variables, reason = "not every frame has one")]
            pub const fn stage(&self) -> Option<StageId> {
                match self { $(Self::$variant(frame) => field!(stage of frame: $($field)*),)* }
            }

            fn of_type(tag: &str, text: &str) -> Option<serde_json::Result<Self>> {
                Some(match tag {
                    $($tag => serde_json::from_str(text).map(Self::$variant),)*
                    _ => return None,
                })
            }
        }
    };
}

frames! {
    /// Authenticates when neither cookie nor header did; must then be the first frame.
    Hello = "hello" {
        token: String,
    }
    /// Measures the clock, and asks whether the server is there; answered ahead of queued traffic.
    Ping = "ping" {
        id: RequestId,
        /// Anything; comes back as it is.
        #[serde(default)]
        #[cfg_attr(feature = "schema", ts(type = "unknown"))]
        t0: serde_json::Value,
    }
    /// Refused with `stage_not_found` (also to whom a closed stage is not open: `invite` opens it, and
    /// `GET /api/v1/invites/{code}` shows its door), `stage_ended`, `banned`, or for a moment with `busy` or
    /// `storage_unavailable`.
    /// A second `join` of the same connection is answered anew and changes nothing.
    Join = "join" {
        id: RequestId,
        stage: StageId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Resume>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invite: Option<String>,
        /// This device steers without sound, see `device`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        remote: bool,
    }
    /// Whether this device steers alone, without sound: then it has no seat in the figures of sync, and no start waits for it.
    Device = "device" {
        stage: StageId,
        remote: bool,
    }
    Leave = "leave" {
        id: RequestId,
        stage: StageId,
    }
    Chat = "chat" {
        id: RequestId,
        stage: StageId,
        text: String,
        /// The same nonce again is the same line again: it is answered with the first one's seq.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonce: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
    }
    EditChat = "edit_chat" {
        id: RequestId,
        stage: StageId,
        seq: Seq,
        text: String,
    }
    DeleteChat = "delete_chat" {
        id: RequestId,
        stage: StageId,
        seq: Seq,
    }
    Control = "control" {
        id: RequestId,
        stage: StageId,
        action: ControlAction,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position_us: Option<Duration>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<EntryId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expect_rev: Option<Rev>,
        /// The same nonce again gives the same answer and changes nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonce: Option<String>,
    }
    Queue = "queue" {
        id: RequestId,
        stage: StageId,
        action: QueueAction,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        song: Option<SongId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        playlist: Option<PlaylistId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<EntryId>,
        /// Index in the queue; appended when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repeat: Option<Repeat>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shuffle: Option<bool>,
        /// The same nonce again gives the same answer and changes nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonce: Option<String>,
    }
    SkipVote = "skip_vote" {
        id: RequestId,
        stage: StageId,
    }
    /// Draws a new order for the entries behind the one that is current; refused if none is.
    ShuffleRest = "shuffle_rest" {
        id: RequestId,
        stage: StageId,
    }
    /// The song of this timeline is decoded and could sound at once.
    Ready = "ready" {
        stage: StageId,
        timeline_rev: Rev,
    }
    /// The song of this timeline is not there yet.
    Buffering = "buffering" {
        stage: StageId,
        timeline_rev: Rev,
    }
    /// The listener's own measure of its sync.
    Stat = "stat" {
        stage: StageId,
        /// How far the sound is ahead of the timeline; absent while nothing sounds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error_us: Option<Duration>,
        offset_sd_us: Duration,
        /// The least round trip of the last minutes.
        rtt_us: Duration,
        /// The round trip that 95 of 100 probes kept below. Scheduled starts leave time for it; the least one if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rtt_p95_us: Option<Duration>,
        /// How late sound leaves the device after it was handed over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output_latency_us: Option<Duration>,
        /// How much earlier than told this listener plays, set by hand for a loudspeaker that lags.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offset_us: Option<Duration>,
    }
    /// Wants to be told what is said of a song or of an album, whichever is named: `comment` events come to this connection
    /// until `unwatch`. Of so many at once (16) no more are taken: `limit_reached`.
    Watch = "watch" {
        id: RequestId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        song: Option<SongId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<AlbumId>,
    }
    /// Takes a `watch` back; without one nothing changes.
    Unwatch = "unwatch" {
        id: RequestId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        song: Option<SongId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<AlbumId>,
    }
    React = "react" {
        stage: StageId,
        emoji: String,
    }
    Typing = "typing" {
        stage: StageId,
    }
}

/// Why a frame could not be read, and whom to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFrame {
    pub re: Option<RequestId>,
    pub code: ErrorCode,
    pub detail: String,
}

impl Control {
    /// An action that says nothing more.
    pub const fn new(id: RequestId, stage: StageId, action: ControlAction) -> Self {
        Self { id, stage, action, position_us: None, entry: None, expect_rev: None, nonce: None }
    }
}

impl Queue {
    /// An action that names nothing yet.
    pub const fn new(id: RequestId, stage: StageId, action: QueueAction) -> Self {
        Self {
            id,
            stage,
            action,
            song: None,
            playlist: None,
            entry: None,
            position: None,
            repeat: None,
            shuffle: None,
            nonce: None,
        }
    }
}

impl ClientFrame {
    /// Reads one text frame. A NUL in a text is refused: not every database can keep one. What a ping carries is not kept.
    pub fn parse(text: &str) -> Result<Self, BadFrame> {
        let frame = Self::read(text)?;
        if holds_nul(text) && !matches!(frame, Self::Ping(_)) {
            let detail = "a text must not hold the character NUL".into();
            return Err(BadFrame { re: id_of(text), code: ErrorCode::InvalidField, detail });
        }
        Ok(frame)
    }

    fn read(text: &str) -> Result<Self, BadFrame> {
        // Most clients put the type in front, so that one pass does. What is wrong, the other way finds out.
        let tag = text.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split('"').next());
        if let Some(Some(Ok(frame))) = tag.map(|tag| Self::of_type(tag, text)) {
            return Ok(frame);
        }
        Self::parse_any(text)
    }

    fn parse_any(text: &str) -> Result<Self, BadFrame> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow, rename = "type", default)]
            tag: Option<std::borrow::Cow<'a, str>>,
            #[serde(default)]
            id: serde_json::Value,
        }
        let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|e| match e.classify() {
            serde_json::error::Category::Data => BadFrame {
                re: id_of(text),
                code: ErrorCode::UnknownType,
                detail: "a frame is a JSON object with a string `type`".into(),
            },
            _ => BadFrame { re: None, code: ErrorCode::BadJson, detail: format!("not JSON: {e}") },
        })?;
        let re = envelope.id.as_i64();
        let Some(tag) = envelope.tag else {
            return Err(BadFrame { re, code: ErrorCode::UnknownType, detail: "`type` is missing".into() });
        };
        match Self::of_type(&tag, text) {
            Some(Ok(frame)) => Ok(frame),
            Some(Err(e)) => Err(BadFrame { re, code: ErrorCode::InvalidField, detail: format!("{tag}: {e}") }),
            None => {
                let shown: String = tag.chars().take(40).collect();
                Err(BadFrame { re, code: ErrorCode::UnknownType, detail: format!("unknown type {shown:?}") })
            }
        }
    }
}

/// Whether a text within this JSON holds the character NUL, which JSON can only write as an escape.
pub fn holds_nul(json: &str) -> bool {
    // After an odd number of backslashes the one found is escaped itself.
    let is_escape = |at: usize| json.as_bytes()[..at].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 0;
    json.match_indices(r"\u0000").any(|(at, _)| is_escape(at))
}

/// The `id` of an object whose other fields are wrong.
fn id_of(text: &str) -> Option<RequestId> {
    serde_json::from_str::<serde_json::Value>(text).ok()?.get("id")?.as_i64()
}
