//! What HTTP asks, and what is answered at the end.

use octave_protocol::UserId;

use super::durable::PendingCommand;
use super::lookups::Asking;
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
        let request = match message {
            Message::Request(request) => request,
            Message::JoinAgain(joining) => joining.into(),
            Message::FromEdge { node, edge, what, body, .. } => match self.request_of(node, edge, what, &body) {
                Some(request) => request,
                None => return,
            },
            Message::Ask(_) | Message::ToEdge { .. } | Message::NodeGone(_) => return,
        };
        let mut comer = None;
        if let Request::Carry { member, .. } = &request {
            return member.way.close(member.conn);
        }
        if let Request::Join { member, .. } = &request {
            self.feed.meet(member);
            comer = Some(member.user.id);
        }
        self.refuse_at_the_end(Asker::of(&request), comer);
    }

    /// The same for all that is being looked up.
    pub(super) fn refuse_what_is_looked_up(&mut self) {
        for Asking { conn, re, comer } in self.lookups.give_up() {
            self.refuse_at_the_end(Asker::at(conn, re), comer);
        }
    }

    /// `comer` is who wants to come in.
    fn refuse_at_the_end(&mut self, asker: Asker, comer: Option<UserId>) {
        let is_stranger = comer.is_some_and(|user| !self.stage.knows(user));
        match self.stage.has_ended() {
            true if is_stranger => self.refuse(asker, Refusal::Unknown),
            true => self.refuse(asker, Refusal::Ended),
            false => self.busy(asker),
        }
    }

    /// There is no room for it; whoever wants an answer may come again.
    pub(super) fn refuse_for_now(&mut self, request: &Request) {
        self.busy(Asker::of(request));
    }
}
