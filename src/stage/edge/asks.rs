//! What HTTP asks of a stage that runs elsewhere.
//!
//! A question that gets no answer in time is dropped: whoever asked looks the stage up again, as after a restart.

use std::collections::HashMap;

use octave_protocol::model::{Participant, Queue, Stage};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::requests::ANSWERED_WITHIN;
use crate::stage::handle::{Ask, Refused};
use crate::stage::relay::FarAsk;

#[derive(Debug, Default)]
pub(super) struct Asks {
    next: u64,
    open: HashMap<u64, (Instant, Reply)>,
}

/// Where an answer goes.
#[derive(Debug)]
enum Reply {
    Stage(oneshot::Sender<Stage>),
    Participants(oneshot::Sender<Vec<Participant>>),
    Queue(oneshot::Sender<Queue>),
    Updated(oneshot::Sender<Result<Stage, Refused>>),
    Done(oneshot::Sender<Result<(), Refused>>),
}

impl Asks {
    /// What to ask the owner; none if it is answered.
    pub(super) fn open(&mut self, ask: Ask, now: Instant) -> Option<(u64, FarAsk)> {
        let (ask, reply) = match ask {
            Ask::Describe(reply) => (FarAsk::Describe, Reply::Stage(reply)),
            Ask::Participants(reply) => (FarAsk::Participants, Reply::Participants(reply)),
            Ask::Queue { offset, limit, reply } => (FarAsk::Queue { offset, limit }, Reply::Queue(reply)),
            Ask::Update { by, change, reply } => (FarAsk::Update { by, change }, Reply::Updated(reply)),
            Ask::Command { by, command, reply } => (FarAsk::Command { by, command }, Reply::Done(reply)),
            Ask::Blocks(reply) => (FarAsk::Blocks, Reply::Done(reply)),
            // Every node is told of the library's changes, and tells the stages that it runs.
            Ask::Correct { reply, .. } => {
                drop(reply.send(Ok(())));
                return None;
            }
        };
        self.next += 1;
        self.open.insert(self.next, (now + ANSWERED_WITHIN, reply));
        Some((self.next, ask))
    }

    pub(super) fn answer(&mut self, id: u64, body: &[u8]) {
        let Some((_, reply)) = self.open.remove(&id) else { return };
        match reply {
            Reply::Stage(reply) => pass(reply, body),
            Reply::Participants(reply) => pass(reply, body),
            Reply::Queue(reply) => pass(reply, body),
            Reply::Updated(reply) => pass(reply, body),
            Reply::Done(reply) => pass(reply, body),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.open.values().map(|(due, _)| *due).min()
    }

    pub(super) fn expire(&mut self, now: Instant) {
        self.open.retain(|_, (due, _)| *due > now);
    }
}

/// Whoever asked may have gone; what can't be read is dropped, as if it had not come.
fn pass<T: DeserializeOwned>(reply: oneshot::Sender<T>, body: &[u8]) {
    if let Ok(answer) = serde_json::from_slice(body) {
        drop(reply.send(answer));
    }
}
