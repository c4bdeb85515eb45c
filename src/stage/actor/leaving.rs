//! Going out.
//!
//! Whoever leaves has left at once, whatever the disk does. What they asked before is answered all the same: until then
//! the way to their connection is kept.

use octave_protocol::ServerFrame;
use octave_protocol::client::RequestId;

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::Command;
use crate::stage::handle::ConnId;

impl Actor {
    pub(super) fn leaves(&mut self, conn: ConnId, re: RequestId) {
        self.feed.answer(conn, &ServerFrame::Ok { re, queue_rev: None });
        if !self.owes_answer_to(conn) {
            return self.gone(conn);
        }
        self.steers_only(conn, false);
        let user = self.feed.user_at(conn);
        self.feed.expel(conn);
        self.leaving.push(conn);
        self.rise(user);
    }

    /// The connection is in this stage no more.
    pub(super) fn gone(&mut self, conn: ConnId) {
        self.leaving.retain(|c| *c != conn);
        self.steers_only(conn, false);
        let user = self.feed.forget(conn);
        self.rise(user);
    }

    fn rise(&mut self, user: Option<octave_protocol::UserId>) {
        let now = self.now();
        let Some(user) = user else { return };
        self.decide(PendingCommand::new(user, Asker::Nobody, Command::Leave), now);
    }

    /// Forgets those who have left and have got all their answers.
    pub(super) fn let_go(&mut self) {
        if self.leaving.is_empty() {
            return;
        }
        let (owed, done) = std::mem::take(&mut self.leaving).into_iter().partition(|conn| self.owes_answer_to(*conn));
        self.leaving = owed;
        for conn in Vec::into_iter(done) {
            // Who has come back keeps the seat.
            if self.feed.user_at(conn).is_none() {
                self.feed.forget(conn);
            }
        }
    }

    fn owes_answer_to(&self, conn: ConnId) -> bool {
        self.lookups.has_request_of(conn) || self.has_work_of(conn)
    }
}
