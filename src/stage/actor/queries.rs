//! What HTTP asks, and what is answered at the end.

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::{Command, Refusal};
use crate::stage::handle::{Ask, Message, Request};
use crate::stage::limits::{PARTICIPANTS_LISTED, QUEUE_WINDOW};

impl Actor {
    /// An asker who has gone is none of the stage's business, hence the dropped results.
    pub(super) fn ask(&mut self, ask: Ask) {
        match ask {
            Ask::Describe(reply) => drop(reply.send(self.stage.describe())),
            Ask::Participants(reply) => drop(reply.send(self.stage.participants(PARTICIPANTS_LISTED))),
            Ask::Queue { .. } if !self.stage.queue().is_whole() => self.ask_when_whole(ask),
            Ask::Queue { offset, limit, reply } => {
                let at = |n| usize::try_from(n).unwrap_or(usize::MAX);
                drop(reply.send(self.stage.queue_page(at(offset), at(limit).min(QUEUE_WINDOW))));
            }
            Ask::Update { by, change, reply } => {
                self.submit(PendingCommand::new(by, Asker::Stage(reply), Command::Update(change)));
            }
            Ask::Command { by, command, reply } => {
                self.submit(PendingCommand::new(by, Asker::Done(reply), command));
            }
            Ask::Correct { songs, reply } => self.correct(&songs, reply),
            Ask::Blocks(reply) => self.look_up_blocks(Asker::Done(reply)),
        }
    }

    /// A stage that stops answers sockets; HTTP sees its question dropped and looks the stage up again.
    pub(super) fn refuse_when_closing(&mut self, message: Message) {
        let Message::Request(request) = message else { return };
        if let Request::Join { member, .. } = &request {
            self.feed.meet(member);
        }
        match answerable(&request) {
            Some(asker) if self.stage.has_ended() => {
                let is_stranger = matches!(&request, Request::Join { member, .. } if !self.stage.knows(member.user.id));
                self.refuse(asker, if is_stranger { Refusal::Unknown } else { Refusal::Ended });
            }
            _ => self.refuse_for_now(&request),
        }
    }

    /// There is no room for it; whoever wants an answer may come again.
    pub(super) fn refuse_for_now(&mut self, request: &Request) {
        if let Some(asker) = answerable(request) {
            self.busy(asker);
        }
    }
}

fn answerable(request: &Request) -> Option<Asker> {
    match request {
        Request::Join { member, re, .. } => Some(Asker::Socket { conn: member.conn, re: *re }),
        Request::Leave { conn, re } => Some(Asker::Socket { conn: *conn, re: *re }),
        Request::Gone { .. } => None,
        Request::Frame { conn, frame } => frame.id().map(|re| Asker::Socket { conn: *conn, re }),
    }
}
