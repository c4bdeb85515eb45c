//! What a stage's owner and its edges tell each other.
//!
//! A stage runs at one node, its *owner*. Where it has listeners elsewhere, that node keeps an *edge*: it knows their
//! connections, passes on what they ask, and writes what the owner shows to their sockets. To the owner each of them is a
//! member like any other, and all of one edge together are one reader of its feed: a run goes there once, however many
//! listen. What goes to an edge is counted and kept for a while ([`mod@line`]), so that what is lost on the way is sent again.

pub(super) mod line;

use octave_protocol::client::{RequestId, Resume};
use octave_protocol::model::User;
use octave_protocol::{Guest, Instant, Seq, StageId, UserId};
use serde::{Deserialize, Serialize};

use super::conn::ConnId;
use super::core::{Command, StageChange};

/// From an edge to the owner. The body is a client's frame, where one is passed on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ToStage {
    pub stage: StageId,
    /// Names this edge among those that the node has had of the stage.
    pub edge: u64,
    /// After this instant nobody waits for an answer any more, and nothing is to be done.
    pub until: Option<Instant>,
    pub what: FromEdge,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FromEdge {
    Join {
        conn: ConnId,
        user: User,
        guest: Option<Guest>,
        re: RequestId,
        resume: Option<Resume>,
        invite: Option<String>,
    },
    Leave {
        conn: ConnId,
        re: RequestId,
    },
    Gone {
        conn: ConnId,
    },
    /// Somebody was in the stage when it left another node, and has been shown all up to there.
    Carry {
        conn: ConnId,
        user: User,
        guest: Option<Guest>,
        seq: Seq,
    },
    /// What the client sent is in the body.
    Frame {
        conn: ConnId,
    },
    Ask {
        id: u64,
        ask: FarAsk,
    },
    /// Everything from this number on, once more.
    Again {
        from: u64,
    },
    /// All connections that are here: whoever else is thought to be is not.
    Roll {
        conns: Vec<ConnId>,
    },
    /// The edge ends.
    Bye,
}

/// What HTTP asks of a stage that runs elsewhere.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FarAsk {
    Describe,
    Participants,
    Queue { offset: u32, limit: u32 },
    Update { by: UserId, change: StageChange },
    Command { by: UserId, command: Command },
    Blocks,
}

/// From the owner to an edge. What is in the body stands with each.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ToEdge {
    pub stage: StageId,
    pub edge: u64,
    /// Which message it is; of those that are not counted, how many were.
    pub n: u64,
    pub what: FromStage,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FromStage {
    /// Whole frames for all who are seated, behind answers to some of them.
    Batch {
        /// Bytes of answers in front, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        answers: Vec<FarAnswer>,
        /// Whose share begins later, and where: they have joined behind what stands before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        apart: Vec<(ConnId, usize)>,
    },
    Seat {
        conn: ConnId,
    },
    Unseat {
        conn: ConnId,
    },
    /// Answers to single connections.
    Say {
        answers: Vec<FarAnswer>,
    },
    /// Frames for all who keep up.
    Offer,
    /// The stage is here no more.
    Over {
        how: Ending,
    },
    /// A connection is to come back.
    Close {
        conn: ConnId,
    },
    /// The answer to a question of HTTP's.
    Reply {
        id: u64,
    },
    /// So far it has come.
    At,
}

impl FromStage {
    /// Whether it has a number of its own and is sent again when it was lost.
    pub(super) const fn counts(&self) -> bool {
        !matches!(self, Self::Reply { .. } | Self::At)
    }
}

/// What becomes of the members of a stage that is here no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ending {
    /// They have been told why, or there are none.
    Quiet,
    /// They are to come back.
    Restart,
    /// They keep their seats: all up to this number has been shown, and whoever takes the stage over goes on from there.
    Moved(Seq),
}

/// Some bytes of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FarAnswer {
    pub conn: ConnId,
    /// Which request it answers; none if it is what was shown to somebody before they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<RequestId>,
    pub bytes: usize,
}

/// How far edges have been told, from one node to another: so that what was lost last is missed too.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Beat {
    pub at: Vec<(StageId, u64, u64)>,
}
