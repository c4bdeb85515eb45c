//! What sockets ask.

use std::sync::Arc;

use octave_protocol::client::{self, QueueAction, RequestId, Resume};
use octave_protocol::{Duration, ErrorCode, ServerFrame, UserId};

use super::lines::LineChange;
use super::{Actor, Asker, ChatLimits};
use crate::stage::core::{Admission, Command, Event, Reach, Refusal, Steer};
use crate::stage::feed::Standing;
use crate::stage::handle::{ConnId, Member, Request};
use crate::stage::storage::Wanted;

/// Somebody who has come in and is to be shown the room.
#[derive(Debug)]
pub(super) struct Arrived {
    member: Member,
    re: RequestId,
    resume: Option<Resume>,
}

impl Actor {
    pub(super) fn request(&mut self, request: Request) {
        if !matches!(request, Request::Join { .. }) {
            self.show_around();
        }
        match self.comes_behind(&request) {
            Some(conn) if self.lookups.are_full_for(conn) => self.refuse_for_now(&request),
            Some(conn) => self.lookups.keep_place(conn, request),
            None => self.take_up(request),
        }
    }

    /// Whose request it is, if it has to come behind one of theirs that is being looked up: "add this, then play" may be
    /// sent in one go. Nothing overtakes a join; lines wait for nothing else, and who leaves neither. What is added is looked
    /// up in its order anyway.
    fn comes_behind(&self, request: &Request) -> Option<ConnId> {
        let (conn, waits_for_all) = match request {
            Request::Join { .. } | Request::Gone { .. } => return None,
            Request::Queue { conn, frame } => (*conn, frame.action != QueueAction::Add),
            Request::Control { conn, .. }
            | Request::SkipVote { conn, .. }
            | Request::EditChat { conn, .. }
            | Request::DeleteChat { conn, .. } => (*conn, true),
            Request::Leave { conn, .. }
            | Request::Chat { conn, .. }
            | Request::Ready { conn, .. }
            | Request::Buffering { conn, .. }
            | Request::Stat { conn, .. }
            | Request::React { conn, .. }
            | Request::Typing { conn } => (*conn, false),
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
            Request::Chat { conn, frame } => self.chat(conn, frame),
            Request::EditChat { conn, frame } => {
                let text = Some(frame.text.into());
                self.change_line(LineChange { conn, re: frame.id, chat: frame.seq, text });
            }
            Request::DeleteChat { conn, frame } => {
                self.change_line(LineChange { conn, re: frame.id, chat: frame.seq, text: None });
            }
            Request::Control { conn, frame } => {
                let client::Control { id, action, position_us, entry, expect_rev, .. } = frame;
                let steer = Steer { action, position: position_us, entry, expect_rev };
                self.wish(conn, id, Command::Control(steer));
            }
            Request::Queue { conn, frame } => self.queue(conn, &frame),
            Request::SkipVote { conn, re } => self.wish(conn, re, Command::SkipVote),
            Request::Ready { conn, frame } => self.tell(conn, Command::Ready { rev: frame.timeline_rev }),
            Request::Buffering { conn, .. } => self.tell(conn, Command::Buffering),
            Request::Stat { conn, frame } => {
                let reach = Reach {
                    rtt: frame.rtt_p95_us.unwrap_or(frame.rtt_us),
                    output_latency: frame.output_latency_us.unwrap_or_default(),
                    offset: frame.offset_us.unwrap_or_default(),
                };
                self.tell(conn, Command::Stat { error: frame.error_us, reach });
            }
            Request::React { conn, frame } => self.tell(conn, Command::React { emoji: frame.emoji.into() }),
            Request::Typing { conn } => self.tell(conn, Command::Typing),
        }
    }

    fn join(&mut self, member: Member, re: RequestId, resume: Option<Resume>, invite: Option<String>) {
        self.feed.meet(&member);
        if self.room.knows(member.user.id) {
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
        let Member { conn, user, outbox } = &member;
        // Whoever left while the door was looked at is not to be seated.
        if outbox.is_gone() || !self.feed.knows(*conn) {
            return;
        }
        if self.feed.user_at(*conn).is_none() {
            match self.room.decide(user.id, Command::Join { user: user.clone(), admission }, now) {
                Ok(events) => self.happen(&events, now),
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
    pub(super) fn show_around(&mut self) {
        for Arrived { member, re, resume } in std::mem::take(&mut self.arrived) {
            let missed = resume.and_then(|resume| self.feed.missed(resume));
            let standing = Standing {
                re,
                user: member.user.id,
                epoch: self.feed.epoch(),
                seq: self.feed.position(),
                resumed: missed.is_some(),
            };
            let mut frames = self.snapshots.joined(&self.room, &self.chats, standing);
            frames.extend_from_slice(&missed.unwrap_or_default());
            member.outbox.send(&frames.freeze());
        }
    }

    fn chat(&mut self, conn: ConnId, frame: client::Chat) {
        let now = self.now();
        let client::Chat { id: re, text, nonce, reply_to, .. } = frame;
        let asker = Asker::Socket { conn, re };
        let Some(who) = self.feed.user_at(conn) else { return self.refuse(asker, Refusal::NotJoined) };
        let nonce: Option<Arc<str>> = nonce.map(Into::into);
        if let Some((seq, at_us)) = nonce.as_ref().and_then(|n| self.chats.place_of(who, n)) {
            return self.feed.answer(conn, &ServerFrame::Ack { re, stage: self.id, seq, at_us });
        }
        if let Err(wait) = self.pace(who) {
            return self.refuse_with(asker, ErrorCode::RateLimited, "too many lines", Some(wait));
        }
        match self.room.decide(who, Command::Say { text: text.into(), nonce, reply_to }, now) {
            Ok(events) => {
                for event in events {
                    if let Event::Said(line) = event {
                        self.say(conn, re, line);
                    }
                }
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

    fn queue(&mut self, conn: ConnId, frame: &client::Queue) {
        let client::Queue { id: re, action, song, playlist, entry, position, repeat, shuffle, .. } = *frame;
        let missing = |what| Refusal::Invalid(what);
        let command = match action {
            QueueAction::Add => match (song, playlist, self.feed.user_at(conn)) {
                (Some(song), None, Some(_)) => return self.look_up_songs(conn, re, Wanted::Song(song), position),
                (None, Some(id), Some(by)) => {
                    return self.look_up_songs(conn, re, Wanted::Playlist { id, by }, position);
                }
                (_, _, None) => Err(Refusal::NotJoined),
                _ => Err(missing("`add` needs one of `song` and `playlist`")),
            },
            QueueAction::Remove => entry.map(|entry| Command::Remove { entry }).ok_or(missing("`entry` is missing")),
            QueueAction::Move => match (entry, position) {
                (Some(entry), Some(position)) => Ok(Command::Move { entry, position }),
                _ => Err(missing("`move` needs `entry` and `position`")),
            },
            QueueAction::Clear => Ok(Command::Clear),
            // Nobody gains by guessing the order, so the instant is chance enough.
            QueueAction::Shuffle => Ok(Command::Shuffle { seed: self.now().0.cast_unsigned() }),
            QueueAction::Mode if repeat.is_none() && shuffle.is_none() => {
                Err(missing("`mode` needs `repeat` or `shuffle`"))
            }
            QueueAction::Mode => Ok(Command::SetMode { repeat, shuffle }),
            QueueAction::Vote => entry.map(|entry| Command::Vote { entry }).ok_or(missing("`entry` is missing")),
        };
        match command {
            Ok(command) => self.wish(conn, re, command),
            Err(refusal) => self.refuse(Asker::Socket { conn, re }, refusal),
        }
    }

    /// A request that is answered.
    pub(super) fn wish(&mut self, conn: ConnId, re: RequestId, command: Command) {
        let asker = Asker::Socket { conn, re };
        match self.feed.user_at(conn) {
            Some(who) => self.carry_out(who, asker, command),
            None => self.refuse(asker, Refusal::NotJoined),
        }
    }

    /// A request that is not answered.
    fn tell(&mut self, conn: ConnId, command: Command) {
        let now = self.now();
        let Some(who) = self.feed.user_at(conn) else { return };
        if let Ok(events) = self.room.decide(who, command, now) {
            self.happen(&events, now);
        }
    }
}
