//! Who follows a host that is gone: the stage decides it, and this says when.

use octave_protocol::Instant;

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::Command;
use crate::stage::limits::{HOST_AWAY_AT_MOST, HOST_EXPECTED_WITHIN};

#[derive(Debug, Default)]
pub(super) struct Succession {
    /// The host has been there since the stage was opened.
    seen: bool,
    due: Option<Instant>,
}

impl Succession {
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Actor {
    pub(super) fn look_for_host(&mut self, now: Instant) {
        if !self.stage.wants_successor() {
            self.succession.seen |= self.stage.people().contains(self.stage.about().host.id);
            self.succession.due = None;
            return;
        }
        let grace = if self.succession.seen { HOST_AWAY_AT_MOST } else { HOST_EXPECTED_WITHIN };
        if *self.succession.due.get_or_insert(now + grace) <= now {
            // If it does not become durable, it is tried again.
            self.succession.due = Some(now + HOST_AWAY_AT_MOST);
            self.submit(PendingCommand::new(self.stage.about().host.id, Asker::Nobody, Command::Succeed));
        }
    }
}
