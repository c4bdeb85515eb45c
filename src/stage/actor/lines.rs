//! Changes of lines that were said.
//!
//! Edits and deletions are decided as they come, and many go into one job. Of a line that is being deleted, or for which
//! something waits already, nothing is decided before that is settled: so a deleted line stays deleted, and of two edits
//! the later one stands.

use octave_protocol::{ErrorCode, Seq, UserId};

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::{LineChange, Refusal};
use crate::stage::handle::ConnId;

impl Actor {
    /// An edit counts like a line: everybody is told it.
    pub(super) fn change_line(&mut self, conn: ConnId, who: UserId, asker: Asker, change: LineChange) {
        if change.text.is_some()
            && let Err(wait) = self.pace(who)
        {
            return self.refuse_with(asker, ErrorCode::RateLimited, "too many lines", Some(wait));
        }
        match self.chats.author(change.chat) {
            Some(author) => self.change_line_of(author, who, asker, change),
            None => self.look_up_author(conn, asker, change),
        }
    }

    pub(super) fn change_line_of(&mut self, author: UserId, who: UserId, asker: Asker, change: LineChange) {
        let chat = change.chat;
        let command = change.by_author(author);
        if self.is_being_deleted(chat) || self.waits_for_line(chat) {
            return self.put_behind(PendingCommand::new(who, asker, command));
        }
        if !self.has_room_for(&asker, &command) {
            return self.busy(asker);
        }
        self.submit(PendingCommand::new(who, asker, command));
    }

    /// A line was deleted: what waited to be done to it has come to nothing.
    pub(super) fn line_deleted(&mut self, chat: Seq) {
        self.lookups.line_deleted(chat);
        for asker in self.take_waiting_for_line(chat) {
            self.refuse(asker, Refusal::Missing("no such line"));
        }
    }
}
