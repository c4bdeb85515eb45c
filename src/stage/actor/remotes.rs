//! Devices that steer without sound. What they are is a matter of the connection: the stage counts them for each person.

use octave_protocol::client::ClientFrame;

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::Command;
use crate::stage::handle::ConnId;

impl Actor {
    /// What a device says of itself, and what a remote says of a sound that it hasn't: neither is asked of the stage.
    pub(super) fn says_of_device(&mut self, conn: ConnId, frame: &ClientFrame) -> bool {
        match frame {
            ClientFrame::Device(device) => {
                self.steers_only(conn, device.remote);
                true
            }
            ClientFrame::Ready(_) | ClientFrame::Buffering(_) | ClientFrame::Stat(_) => self.feed.is_remote(conn),
            _ => false,
        }
    }

    pub(super) fn steers_only(&mut self, conn: ConnId, is_remote: bool) {
        let Some(user) = self.feed.user_at(conn) else { return };
        if self.feed.set_remote(conn, is_remote) {
            let seats = self.feed.remotes_of(user);
            self.decide(PendingCommand::new(user, Asker::Nobody, Command::Remotes { seats }), self.now());
        }
    }
}
