//! Answers that wait for what they say to be durable, and commands that were answered before.
//!
//! A change of the timeline is heard at once, and its maker is told so when it is saved: a crash forgets nothing that
//! somebody was told. A command under a nonce that was done is not done again, not even by a server that has been started
//! anew: its name is saved with what it did.

use octave_protocol::Rev;

use super::{Actor, Asker, PendingCommand};
use crate::stage::handle::ConnId;
use crate::stage::limits::{WAITING_COMMANDS, WAITING_COMMANDS_OF_ONE};
use crate::stage::storage::Answered;

/// An answer that leaves with the commit of what it says.
#[derive(Debug)]
pub(super) struct Owed {
    pub(super) asker: Asker,
    queue_rev: Option<Rev>,
}

impl Actor {
    /// Answers what was asked before under the same nonce. What it did may still be on its way to the disk.
    pub(super) fn unless_answered(&mut self, pending: PendingCommand) -> Option<PendingCommand> {
        let Some(nonce) = &pending.nonce else { return Some(pending) };
        let Some(queue_rev) = self.answered.get(pending.who, nonce) else { return Some(pending) };
        let of_this = |answered: &Answered| answered.user == pending.who && answered.nonce == *nonce;
        let in_flight = self.in_flight.as_ref().is_some_and(|job| job.load.unsaved.answered().any(of_this));
        if in_flight || self.unsaved.answered().any(of_this) {
            self.unsaved.owe(Owed { asker: pending.asker, queue_rev });
        } else {
            self.answer(Owed { asker: pending.asker, queue_rev });
        }
        None
    }

    pub(super) fn answer_once_saved(&mut self, asker: Asker, queue_rev: Option<Rev>, answered: Option<Answered>) {
        let Some(answered) = answered else {
            return self.unsaved.owe(Owed { asker, queue_rev });
        };
        self.answered.remember(answered.user, answered.nonce.clone(), queue_rev);
        self.unsaved.note(answered);
        self.unsaved.owe(Owed { asker, queue_rev });
    }

    pub(super) fn answer(&mut self, owed: Owed) {
        match owed.queue_rev {
            Some(rev) => self.answer_rev(owed.asker, rev),
            None => self.answer_ok(owed.asker),
        }
    }

    /// Whether no more answers may wait, of the stage's or of the connection's.
    pub(super) fn owes_enough_to(&self, asker: &Asker) -> bool {
        let theirs = match asker {
            Asker::Socket { conn, .. } => self.owed_to(*conn),
            Asker::Stage(_) | Asker::Done(_) | Asker::Nobody => 0,
        };
        self.unsaved.owed().count() >= WAITING_COMMANDS || theirs >= WAITING_COMMANDS_OF_ONE
    }

    pub(super) fn owed_to(&self, conn: ConnId) -> usize {
        let under_way = self.loads().flat_map(|load| load.unsaved.owed());
        self.unsaved.owed().chain(under_way).filter(|owed| owed.asker.is_at(conn)).count()
    }
}
