//! Changes of lines that were said.
//!
//! Edits and deletions are decided as they come, and many go into one job. Of a line that is being deleted, or for which
//! something waits already, nothing is decided before that is settled: so a deleted line stays deleted, and of two edits
//! the later one stands.

use std::sync::Arc;

use octave_protocol::client::RequestId;
use octave_protocol::{ErrorCode, Seq, UserId};

use super::{Actor, Asker};
use crate::stage::core::{Command, Event, Refusal};
use crate::stage::handle::ConnId;

/// What somebody wants of a line.
#[derive(Debug)]
pub(super) struct LineChange {
    pub(super) conn: ConnId,
    pub(super) re: RequestId,
    pub(super) chat: Seq,
    /// None to delete it.
    pub(super) text: Option<Arc<str>>,
}

impl LineChange {
    pub(super) fn asker(&self) -> Asker {
        Asker::Socket { conn: self.conn, re: self.re }
    }

    fn command(self, author: UserId) -> Command {
        let Self { chat, text, .. } = self;
        match text {
            Some(text) => Command::EditChat { chat, author, text },
            None => Command::DeleteChat { chat, author },
        }
    }
}

impl Actor {
    /// An edit counts like a line: everybody is told it.
    pub(super) fn change_line(&mut self, change: LineChange) {
        let Some(who) = self.feed.user_at(change.conn) else { return self.refuse(change.asker(), Refusal::NotJoined) };
        if change.text.is_some()
            && let Err(wait) = self.pace(who)
        {
            return self.refuse_with(change.asker(), ErrorCode::RateLimited, "too many lines", Some(wait));
        }
        match self.chats.author(change.chat) {
            Some(author) => self.change_line_of(author, change),
            None => self.look_up_author(change),
        }
    }

    pub(super) fn change_line_of(&mut self, author: UserId, change: LineChange) {
        let (asker, conn, chat) = (change.asker(), change.conn, change.chat);
        let Some(who) = self.feed.user_at(conn) else { return self.refuse(asker, Refusal::NotJoined) };
        let command = change.command(author);
        if self.is_being_deleted(chat) || self.waits_for_line(chat) {
            return self.put_behind(who, asker, command);
        }
        if !self.has_room_for(&asker, &command) {
            return self.busy(asker);
        }
        self.carry_out(who, asker, command);
    }

    /// A line was deleted: what waited to be done to it has come to nothing.
    pub(super) fn line_deleted(&mut self, event: &Event) {
        let Event::ChatDeleted { chat, .. } = event else { return };
        self.lookups.line_deleted(*chat);
        for asker in self.take_waiting_for_line(*chat) {
            self.refuse(asker, Refusal::Missing("no such line"));
        }
    }
}
