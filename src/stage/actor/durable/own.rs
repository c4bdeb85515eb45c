//! What the stage itself decides, whom nobody has asked.

use octave_protocol::Instant;

use super::{Actor, Asker, PendingCommand};
use crate::stage::core::Command;

impl Actor {
    /// Has those go whom the host has blocked. If it can't be made durable it is tried again.
    pub(super) fn shut_out(&mut self, now: Instant) {
        if !self.next_job.shuts_out || !self.storage.may_retry(now) {
            return;
        }
        self.next_job.shuts_out = false;
        let host = self.stage.about().host.id;
        self.decide(PendingCommand::new(host, Asker::Nobody, Command::ShutOut), now);
    }

    /// Has the queue put in order, before anything else is decided about it. If it can't be made durable it is tried again.
    pub(super) fn arrange(&mut self, now: Instant) -> bool {
        if !self.next_job.arranges || !self.storage.may_retry(now) {
            return false;
        }
        self.next_job.arranges = false;
        let host = self.stage.about().host.id;
        let is_needed = self.stage.is_out_of_order();
        if is_needed {
            self.decide(PendingCommand::new(host, Asker::Nobody, Command::Arrange), now);
        }
        is_needed
    }
}
