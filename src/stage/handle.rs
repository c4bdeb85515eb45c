//! How the rest of the program speaks to a stage.
//!
//! Requests of a socket are answered by the stage itself, on the member's outbox, as the `ok`, `ack`, `joined` or
//! `error` frame that carries the request's id; [`StageHandle::send`] only fails when the mailbox is full. HTTP asks
//! with [`StageHandle::ask`] and awaits the answer.

use std::sync::Arc;

use bytes::Bytes;
use octave_protocol::client::{ClientFrame, RequestId, Resume};
use octave_protocol::model::{Participant, Queue, Song, Stage, User};
use octave_protocol::{ErrorCode, Guest, Instant, Seq, StageId, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

pub use super::conn::ConnId;
pub use super::core::{Attachment, Command, SoundChange, StageChange, StartChange, Steer, Turns, TurnsChange};
use super::relay::{FromEdge, ToEdge};
pub use super::way::Way;
use crate::bus::NodeId;

/// What a list shows of a running stage, without asking its actor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Live {
    pub listeners: u32,
    pub playing: bool,
    pub now_playing: Option<Arc<Song>>,
}

/// Somebody at a connection.
#[derive(Debug, Clone)]
pub struct Member {
    pub conn: ConnId,
    pub user: Arc<User>,
    /// Of which stage they are a guest, who has no account.
    pub guest: Option<Guest>,
    pub way: Way,
}

/// What a socket asks of a stage.
#[derive(Debug)]
pub enum Request {
    Join {
        member: Member,
        re: RequestId,
        resume: Option<Resume>,
        invite: Option<String>,
    },
    Leave {
        conn: ConnId,
        re: RequestId,
    },
    /// The connection has ended.
    Gone {
        conn: ConnId,
    },
    /// Somebody who was in the stage at another node, and has been shown all up to this number, keeps the seat. Nobody is
    /// answered.
    #[doc(hidden)]
    Carry {
        member: Member,
        seq: Seq,
    },
    /// Anything else, as the client sent it.
    Frame {
        conn: ConnId,
        frame: ClientFrame,
    },
}

/// What HTTP asks of a stage. Where a change is asked for, the answer comes after it is durable and shown.
#[derive(Debug)]
pub enum Ask {
    /// The stage as it is now.
    Describe(oneshot::Sender<Stage>),
    Participants(oneshot::Sender<Vec<Participant>>),
    /// A window of the queue from an index on.
    Queue {
        offset: u32,
        limit: u32,
        reply: oneshot::Sender<Queue>,
    },
    Update {
        by: UserId,
        change: StageChange,
        reply: oneshot::Sender<Result<Stage, Refused>>,
    },
    /// A command of somebody who need not be there.
    Command {
        by: UserId,
        command: Command,
        reply: oneshot::Sender<Result<(), Refused>>,
    },
    /// The library says something else of songs than it did: at most 200.
    Correct {
        songs: Arc<[Arc<Song>]>,
        reply: oneshot::Sender<Result<(), Refused>>,
    },
    /// The host has blocked somebody, or lifts a block: whom is read anew, and who is here of them goes.
    Blocks(oneshot::Sender<Result<(), Refused>>),
}

/// Why a stage did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub code: ErrorCode,
    pub detail: String,
}

/// One message in a stage's mailbox.
#[derive(Debug)]
pub(super) enum Message {
    Request(Request),
    Ask(Ask),
    /// From an edge, to the owner.
    FromEdge {
        node: NodeId,
        edge: u64,
        until: Option<Instant>,
        what: FromEdge,
        body: Bytes,
    },
    /// From the owner, to an edge.
    ToEdge {
        node: NodeId,
        head: ToEdge,
        body: Bytes,
    },
    /// A node has ended.
    NodeGone(NodeId),
    /// A join that was asked of a node which has the stage no more.
    JoinAgain(Joining),
}

/// A join that is under way to another node.
#[derive(Debug)]
pub(super) struct Joining {
    pub member: Member,
    pub re: RequestId,
    pub resume: Option<Resume>,
    pub invite: Option<String>,
    /// Until when it has to be answered.
    pub until: tokio::time::Instant,
}

impl From<Joining> for Request {
    fn from(joining: Joining) -> Self {
        let Joining { member, re, resume, invite, until: _ } = joining;
        Self::Join { member, re, resume, invite }
    }
}

/// The stage has stopped (look it up again).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

/// The way to a running stage; cheap to clone.
#[derive(Debug, Clone)]
pub struct StageHandle {
    pub(super) id: StageId,
    pub(super) mailbox: mpsc::Sender<Message>,
}

/// The mailbox is full (try again soon) or the stage has just stopped (look it up again).
#[derive(Debug)]
pub enum Undelivered {
    Full(Request),
    Stopped(Request),
}

impl StageHandle {
    pub fn id(&self) -> StageId {
        self.id
    }

    /// Hands a socket's request over; the stage answers on the member's outbox.
    pub fn send(&self, request: Request) -> Result<(), Undelivered> {
        use mpsc::error::TrySendError::{Closed, Full};
        self.mailbox.try_send(Message::Request(request)).map_err(|e| match e {
            Full(Message::Request(request)) => Undelivered::Full(request),
            Closed(Message::Request(request)) => Undelivered::Stopped(request),
            Full(_) | Closed(_) => unreachable!("what was sent comes back"),
        })
    }

    /// Waits for a place in the mailbox: for what must not be lost ([`Request::Gone`]). A stage that has stopped needs
    /// to know no more.
    pub async fn send_when_free(&self, request: Request) {
        drop(self.mailbox.send(Message::Request(request)).await);
    }

    /// Gives a command on behalf of somebody who need not be there.
    pub async fn command(&self, by: UserId, command: Command) -> Result<Result<(), Refused>, Stopped> {
        self.ask(|reply| Ask::Command { by, command, reply }).await
    }

    /// Asks on behalf of HTTP and waits for the answer: `handle.ask(Ask::Describe).await`, or with fields
    /// `handle.ask(|reply| Ask::Update { by, change, reply }).await`.
    pub async fn ask<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        self.mailbox.send(Message::Ask(ask(reply))).await.map_err(|_| Stopped)?;
        answer.await.map_err(|_| Stopped)
    }
}
