//! What has been asked and is not durable yet: whose it is, which lines it changes, and how much of it there may be.

use std::sync::Arc;

use octave_protocol::{Seq, UserId};

use super::{Actor, Asker, Load};
use crate::stage::core::{Command, Durable};
use crate::stage::handle::ConnId;
use crate::stage::limits::{WAITING_BYTES, WAITING_COMMANDS, WAITING_COMMANDS_OF_ONE};

/// A command that is yet to be decided.
#[derive(Debug)]
pub(in crate::stage::actor) struct PendingCommand {
    pub(in crate::stage::actor) who: UserId,
    pub(in crate::stage::actor) asker: Asker,
    pub(in crate::stage::actor) command: Command,
    pub(in crate::stage::actor) nonce: Option<Arc<str>>,
}

impl PendingCommand {
    /// Under no name of the sender's.
    pub(in crate::stage::actor) const fn new(who: UserId, asker: Asker, command: Command) -> Self {
        Self { who, asker, command, nonce: None }
    }
}

impl Actor {
    /// Puts a command behind the changes before it.
    pub(in crate::stage::actor) fn put_behind(&mut self, pending: PendingCommand) {
        if self.has_room_for(&pending.asker, &pending.command) {
            self.waiting.push_back(pending);
        } else {
            self.busy(pending.asker);
        }
    }

    /// Whether one more command may wait, of the stage's and of the connection's; one may be of any size.
    pub(in crate::stage::actor) fn has_room_for(&self, asker: &Asker, command: &Command) -> bool {
        let waiting: usize = self.waiting.iter().map(|d| d.command.weight()).sum();
        let bytes = waiting + self.next_job.bytes;
        let theirs = match asker {
            Asker::Socket { conn, .. } => self.askers_waiting().filter(|asker| asker.is_at(*conn)).count(),
            Asker::Stage(_) | Asker::Done(_) | Asker::Nobody => 0,
        };
        self.askers_waiting().count() < WAITING_COMMANDS
            && theirs < WAITING_COMMANDS_OF_ONE
            && (bytes == 0 || bytes + command.weight() <= WAITING_BYTES)
    }

    fn askers_waiting(&self) -> impl Iterator<Item = &Asker> {
        self.waiting.iter().map(|d| &d.asker).chain(self.next_job.commands.iter().map(|d| &d.asker))
    }

    /// What has been handed over, or is about to be once more.
    pub(super) fn loads(&self) -> impl Iterator<Item = &Load> {
        self.in_flight.iter().map(|job| &job.load).chain(&self.next_job.apart)
    }

    fn askers(&self) -> impl Iterator<Item = &Asker> {
        self.askers_waiting().chain(self.loads().flat_map(|load| &load.commands).map(|d| &d.asker))
    }

    /// Whether a change that the same connection asked for is still on its way.
    pub(super) fn has_change_of(&self, asker: &Asker) -> bool {
        let Asker::Socket { conn, .. } = asker else { return false };
        self.askers().any(|asker| asker.is_at(*conn))
    }

    /// Whether a line or a change that the connection asked for is still on its way.
    pub(in crate::stage::actor) fn has_work_of(&self, conn: ConnId) -> bool {
        let mut lines = self.next_job.chats.iter().chain(self.loads().flat_map(|load| &load.chats));
        lines.any(|line| line.conn == conn) || self.askers().any(|asker| asker.is_at(conn)) || self.owed_to(conn) > 0
    }

    /// Whether a deletion of the line has been decided and is not durable yet.
    pub(in crate::stage::actor) fn is_being_deleted(&self, chat: Seq) -> bool {
        let mut commands = self.next_job.commands.iter().chain(self.loads().flat_map(|load| &load.commands));
        let deletes = |event: &Durable| matches!(event, Durable::ChatDeleted { chat: line, .. } if *line == chat);
        commands.any(|command| command.events.iter().any(deletes))
    }

    /// Whether something waits to be done to the line.
    pub(in crate::stage::actor) fn waits_for_line(&self, chat: Seq) -> bool {
        self.waiting.iter().any(|d| d.command.line() == Some(chat))
    }

    /// Takes back what waits to be done to the line; who asked for it.
    pub(in crate::stage::actor) fn take_waiting_for_line(&mut self, chat: Seq) -> Vec<Asker> {
        if !self.waits_for_line(chat) {
            return Vec::new();
        }
        let of_line = |pending: &PendingCommand| pending.command.line() == Some(chat);
        let (theirs, rest): (Vec<_>, _) = std::mem::take(&mut self.waiting).into_iter().partition(of_line);
        self.waiting = rest.into();
        theirs.into_iter().map(|command| command.asker).collect()
    }
}
