//! What sockets ask.

use std::sync::Arc;

use octave_protocol::client::{self, ClientFrame, QueueAction, RequestId, Resume};
use octave_protocol::model::Permission;
use octave_protocol::{Duration, ErrorCode, Instant, ServerFrame, UserId};

use super::durable::PendingCommand;
use super::lookups::Adding;
use super::{Actor, Asker, ChatLimits};
use crate::stage::core::{Admission, Asked, Command, Decided, Refusal, nonce_of};
use crate::stage::feed::Standing;
use crate::stage::handle::{ConnId, Member, Request};

/// Somebody who has come in and is to be sent a snapshot.
#[derive(Debug)]
pub(super) struct Arrived {
    member: Member,
    re: RequestId,
    resume: Option<Resume>,
}

impl Actor {
    pub(super) fn request(&mut self, request: Request) {
        if !matches!(request, Request::Join { .. }) {
            self.send_snapshots();
        }
        match self.comes_behind(&request) {
            Some(conn) if self.lookups.are_full_for(conn) => self.refuse_for_now(&request),
            Some(conn) => self.lookups.keep_place(conn, request),
            None => self.take_up(request),
        }
    }

    /// Whose request it is, if it has to come behind one of theirs that is being looked up: "add this, then play" may be
    /// sent in one go. Nothing overtakes a join; lines wait for nothing else, and who leaves neither, nor what is not
    /// answered. What is added is looked up in its order anyway.
    fn comes_behind(&self, request: &Request) -> Option<ConnId> {
        let (conn, waits_for_all) = match request {
            Request::Join { .. } | Request::Gone { .. } | Request::Carry { .. } => return None,
            Request::Leave { conn, .. } => (*conn, false),
            Request::Frame { conn, frame } => (*conn, waits_for_all(frame)),
        };
        let waits = self.lookups.has_request_of(conn) && (waits_for_all || self.feed.user_at(conn).is_none());
        waits.then_some(conn)
    }

    /// Does what is asked, whose turn it is.
    pub(super) fn take_up(&mut self, request: Request) {
        match request {
            Request::Join { member, re, resume, invite } => self.join(member, re, resume, invite),
            Request::Leave { conn, re } => self.leaves(conn, re),
            Request::Gone { conn } => self.gone(conn),
            Request::Carry { member, seq } => self.carry(&member, seq),
            Request::Frame { conn, frame } => self.frame(conn, frame),
        }
    }

    fn frame(&mut self, conn: ConnId, frame: ClientFrame) {
        let (asker, now) = (Asker::at(conn, frame.id()), self.now());
        let Some(who) = self.asks_at(conn) else { return self.refuse(asker, Refusal::NotJoined) };
        if self.says_of_device(conn, &frame) {
            return;
        }
        let asked = nonce_of(&frame).and_then(|nonce| Ok((Asked::by(who, frame, now)?, nonce)));
        match asked {
            Ok((Asked::Command(command), nonce)) => self.submit(PendingCommand { who, asker, command, nonce }),
            Ok((Asked::Line(line), _)) => self.line(conn, who, line, now),
            Ok((Asked::Songs { wanted, purpose }, nonce)) => {
                self.look_up_songs(conn, Adding { asker, nonce, wanted, purpose });
            }
            Ok((Asked::Change(change), _)) => self.change_line(conn, who, asker, change),
            Err(refusal) => self.refuse(asker, refusal),
        }
    }

    /// Who may ask for something by this connection. Whom the host has blocked may not from that moment on, though it is
    /// still to be saved that they are out.
    pub(super) fn asks_at(&self, conn: ConnId) -> Option<UserId> {
        self.feed.user_at(conn).filter(|who| !self.stage.keeps_out(*who))
    }

    pub(super) fn join(&mut self, member: Member, re: RequestId, resume: Option<Resume>, invite: Option<String>) {
        self.feed.meet(&member);
        if self.past.is_needed_by(resume) {
            self.look_up_past(member, re, resume, invite);
        } else if let Some(guest) = member.guest {
            if guest.stage != self.id {
                return self.refuse(Asker::Socket { conn: member.conn, re }, Refusal::NotForGuests);
            }
            self.enter(member, re, resume, Admission::Guest(guest.rights));
        } else if self.stage.knows(member.user.id) {
            self.enter(member, re, resume, Admission::Stranger);
        } else if self.lookups.are_full_for(member.conn) {
            self.busy(Asker::Socket { conn: member.conn, re });
        } else {
            self.look_up_admission(member, re, resume, invite);
        }
    }

    /// Seats a newcomer. The snapshot follows when nobody else comes: after a hiccup of the network thousands return at
    /// once, and each of them outdates the list of participants.
    pub(super) fn enter(&mut self, member: Member, re: RequestId, resume: Option<Resume>, admission: Admission) {
        let now = self.now();
        let Member { conn, user, way, .. } = &member;
        // Whoever left while the door was looked at is not to be seated.
        if way.is_gone() || !self.feed.knows(*conn) {
            return;
        }
        if self.feed.user_at(*conn).is_none() {
            match self.stage.decide(user.id, Command::Join { user: user.clone(), admission }, now) {
                Ok(Decided::Immediate(events)) => self.apply_all(&events, now),
                // A seat is nothing that is stored.
                Ok(Decided::Durable(_)) => {}
                Err(refusal) => return self.refuse(Asker::Socket { conn: *conn, re }, refusal),
            }
        }
        let invited = admission == Admission::Invited;
        // Who was here before may come back by an invitation.
        let noted = self.noted.get(&user.id);
        if noted.is_none_or(|as_invited| invited && !as_invited) {
            self.noted.insert(user.id, invited);
            self.unsaved.arrival(user.id, invited, now);
        }
        self.feed.seat(&member);
        self.world.metrics.joins.inc();
        self.arrived.push(Arrived { member, re, resume });
    }

    /// Gives newcomers their snapshots. Nothing but arrivals has happened since the first of them was seated, so
    /// snapshot, position and seat belong together: what comes later, comes through the feed.
    pub(super) fn send_snapshots(&mut self) {
        for Arrived { member, re, resume } in std::mem::take(&mut self.arrived) {
            let missed = resume.and_then(|resume| self.missed(resume));
            let standing = Standing {
                re,
                user: member.user.id,
                epoch: self.feed.epoch(),
                seq: self.feed.position(),
                resumed: missed.is_some(),
            };
            let mut frames = self.snapshots.joined(&self.stage, &self.chats, standing);
            frames.extend_from_slice(&missed.unwrap_or_default());
            member.way.send(member.conn, Some(re), &frames.freeze());
        }
    }

    /// Who was seated in the moment when the stage began to stand still can't be told of it, and comes back.
    pub(super) fn send_arrivals_away(&mut self) {
        for Arrived { member, .. } in std::mem::take(&mut self.arrived) {
            member.way.close(member.conn);
        }
    }

    fn line(&mut self, conn: ConnId, who: UserId, frame: client::Chat, now: Instant) {
        let client::Chat { id: re, text, nonce, reply_to, .. } = frame;
        let asker = Asker::Socket { conn, re };
        let nonce: Option<Arc<str>> = nonce.map(Into::into);
        if let Some((seq, at_us)) = nonce.as_ref().and_then(|n| self.chats.place_of(who, n)) {
            return self.feed.answer(conn, &ServerFrame::Ack { re, stage: self.id, seq, at_us });
        }
        if let Err(wait) = self.pace(who) {
            return self.refuse_with(asker, ErrorCode::RateLimited, "too many lines", Some(wait));
        }
        let pause = self.stage.about().slow_mode;
        let is_held = pause > Duration::ZERO && !self.stage.may(who, Permission::Moderate);
        if let Some(wait) = self.slow_mode.wait(who, pause, now).filter(|_| is_held) {
            return self.refuse_with(
                asker,
                ErrorCode::RateLimited,
                "slow mode: a moment between two lines",
                Some(wait),
            );
        }
        match self.stage.line(who, text.into(), nonce, reply_to, now) {
            Ok(line) => {
                if is_held {
                    self.slow_mode.said(who, pause, now);
                }
                self.say(conn, re, line);
            }
            Err(refusal) => self.refuse(asker, refusal),
        }
    }

    pub(super) fn pace(&mut self, who: UserId) -> Result<(), Duration> {
        let now = self.now();
        match self.world.limits {
            ChatLimits::Off => Ok(()),
            ChatLimits::On => self.buckets.take(who, now),
        }
    }
}

fn waits_for_all(frame: &ClientFrame) -> bool {
    match frame {
        ClientFrame::Chat(_) => false,
        ClientFrame::Queue(frame) => !matches!(frame.action, QueueAction::Add | QueueAction::Suggest),
        other => other.id().is_some(),
    }
}
