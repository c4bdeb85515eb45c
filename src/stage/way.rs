//! The way to a member: an outbox of this process, or an edge at another node.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use octave_protocol::client::RequestId;
use octave_protocol::{CloseCode, StageId};

use super::conn::ConnId;
use super::relay::line::Line;
use super::relay::{Ending, FarAnswer, FromStage, ToEdge};
use crate::bus::{Bus, NodeId, To, Topic};
use crate::wire::{Outbox, Sent};

/// Why connections are closed whose stage starts anew.
pub(super) const STARTS_ANEW: &str = "the stage starts anew";

#[derive(Debug, Clone)]
pub enum Way {
    Here(Arc<Outbox>),
    #[doc(hidden)]
    Far(Arc<Edge>),
}

impl From<Arc<Outbox>> for Way {
    fn from(outbox: Arc<Outbox>) -> Self {
        Self::Here(outbox)
    }
}

impl Way {
    /// Sends whole frames to one connection: the answer to its request `re`, if it is one.
    pub(super) fn send(&self, conn: ConnId, re: Option<RequestId>, frames: &Bytes) -> Sent {
        match self {
            Self::Here(outbox) => outbox.send(frames),
            Self::Far(edge) => {
                let answers = vec![FarAnswer { conn, re, bytes: frames.len() }];
                edge.send(FromStage::Say { answers }, frames);
                Sent::Kept
            }
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Here(outbox) if outbox.is_gone())
    }

    /// Has the member come back. Who is far is told with all of the edge.
    pub(super) fn restart(&self) {
        match self {
            Self::Here(outbox) => outbox.close(CloseCode::Restart, STARTS_ANEW),
            Self::Far(edge) => edge.end(Ending::Restart),
        }
    }

    /// Has one connection come back.
    pub(super) fn close(&self, conn: ConnId) {
        match self {
            Self::Here(outbox) => outbox.close(CloseCode::Restart, STARTS_ANEW),
            Self::Far(edge) => edge.send(FromStage::Close { conn }, b""),
        }
    }

    pub(super) fn edge(&self) -> Option<&Arc<Edge>> {
        match self {
            Self::Here(_) => None,
            Self::Far(edge) => Some(edge),
        }
    }
}

/// The owner's side of an edge.
#[derive(Debug)]
pub struct Edge {
    bus: Bus,
    pub(super) node: NodeId,
    stage: StageId,
    pub(super) tag: u64,
    line: Mutex<Sending>,
}

#[derive(Debug, Default)]
struct Sending {
    line: Line,
    ended: bool,
    /// Beats since something was sent.
    rested: u32,
}

/// A message that was lost last is missed within so many beats; then its line is told of no more.
const BEATS: u32 = 20;

impl Edge {
    pub(super) fn new(bus: Bus, node: NodeId, stage: StageId, tag: u64) -> Self {
        Self { bus, node, stage, tag, line: Mutex::default() }
    }

    pub(super) fn send(&self, what: FromStage, body: &[u8]) {
        let mut sending = self.sending();
        if sending.ended {
            return;
        }
        let counts = what.counts();
        let head = ToEdge { stage: self.stage, edge: self.tag, n: sending.line.next(), what };
        let packet = self.bus.encode(Topic::ToEdge, &head, body);
        if counts {
            sending.line.push(packet.clone());
            sending.rested = 0;
        }
        // Under the lock, so that numbers leave in order.
        self.bus.send_packet(To::Node(self.node), packet);
    }

    /// The stage is there no more.
    pub(super) fn end(&self, how: Ending) {
        self.send(FromStage::Over { how }, b"");
        self.sending().ended = true;
    }

    /// Sends all from a number on once more; false if it is kept no more.
    pub(super) fn again(&self, from: u64) -> bool {
        let sending = self.sending();
        let Some(messages) = sending.line.from(from) else { return false };
        for message in messages {
            self.bus.send_packet(To::Node(self.node), message.clone());
        }
        true
    }

    /// How far it has come, if the edge may not know.
    pub(super) fn beat(&self) -> Option<(StageId, u64, u64)> {
        let mut sending = self.sending();
        sending.rested += 1;
        (sending.rested <= BEATS).then(|| (self.stage, self.tag, sending.line.next()))
    }

    fn sending(&self) -> MutexGuard<'_, Sending> {
        // Each change under the lock is whole.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
