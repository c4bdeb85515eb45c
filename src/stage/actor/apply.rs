//! The one way in which a stage changes: an event is applied, shown, and followed by what comes of it.

use octave_protocol::model::Role;
use octave_protocol::{Instant, UserId};

use super::{Actor, Asker};
use crate::stage::core::{Cause, Durable, Event, Immediate, QueueEvent};
use crate::stage::feed::sequenced;
use crate::stage::limits::QUALITY_TOLD_UP_TO;

impl Actor {
    pub(super) fn apply_all(&mut self, events: &[Immediate], now: Instant) {
        for event in events {
            self.apply(event, now);
        }
    }

    /// What is durable has been committed before, and takes the numbers of its job; what is immediate is numbered behind
    /// the job that is under way.
    pub(super) fn apply<'a>(&mut self, event: impl Into<Event<'a>>, now: Instant) {
        let event = event.into();
        if let Event::Immediate(Immediate::Timeline { statement, cause, .. }) = event {
            self.unsaved.timeline(&self.stage, statement, *cause, now);
        }
        let place = self.stage.timeline().cursor();
        self.stage.evolve(event);
        if self.stage.timeline().cursor() != place {
            self.unsaved.place();
        }
        self.next_job.arranges |= self.stage.is_arranged() && may_disorder(event);
        self.snapshots.outdate(event);
        let frame = sequenced(&self.stage, event);
        match event {
            Event::Durable(event) => {
                if let Some(frame) = frame {
                    self.feed.show(frame);
                }
                self.follow_durable(event);
            }
            Event::Immediate(event) => {
                if let Some(frame) = frame {
                    self.feed.publish(frame);
                }
                self.follow_immediate(event);
            }
        }
    }

    fn follow_durable(&mut self, event: &Durable) {
        match event {
            Durable::ChatEdited { chat, text, at, .. } => self.chats.edited(*chat, text, *at),
            Durable::ChatDeleted { chat, .. } => {
                self.chats.deleted(*chat);
                self.line_deleted(*chat);
            }
            Durable::Suggested { .. } | Durable::Settled { .. } | Durable::Queue(QueueEvent::Corrected { .. }) => {
                self.ephemeral.suggested();
            }
            Durable::Kicked { user, .. } | Durable::Banned { user, .. } | Durable::ShutOut { user } => {
                self.ephemeral.suggested();
                self.ephemeral.moved(user.id);
                self.attendance.leaves(user.id);
                // Whoever is let in again comes anew.
                self.noted.remove(&user.id);
                for conn in self.feed.conns_of(user.id) {
                    self.feed.expel(conn);
                }
            }
            Durable::Muted { user, .. } => self.retell(user.id),
            Durable::Unmuted { user, .. } => self.retell(*user),
            Durable::RoleSet { role: Role::Host, .. } => self.look_up_blocks(Asker::Nobody),
            Durable::Queue(_)
            | Durable::RoleSet { .. }
            | Durable::Updated { .. }
            | Durable::Unbanned { .. }
            | Durable::Ended { .. } => {}
        }
    }

    /// Tells everybody anew what somebody is here.
    fn retell(&mut self, user: UserId) {
        if self.stage.people().contains(user) {
            self.ephemeral.moved(user);
        }
    }

    fn follow_immediate(&mut self, event: &Immediate) {
        let people = self.stage.people();
        match event {
            Immediate::Joined { user, .. } => {
                if people.seats(user.id) == 1 {
                    self.ephemeral.moved(user.id);
                    self.attendance.enters(user.id);
                }
            }
            Immediate::Left { user } => {
                if !people.contains(*user) {
                    self.ephemeral.moved(*user);
                    self.attendance.leaves(*user);
                }
            }
            Immediate::Remotes { user, .. } => self.retell(*user),
            Immediate::Reacted { user, emoji } => {
                if let Some(person) = people.get(*user) {
                    self.ephemeral.reacted(emoji, &person.user);
                }
            }
            Immediate::Typed { user } => {
                if let Some(person) = people.get(*user) {
                    self.ephemeral.typed(&person.user);
                }
            }
            Immediate::SkipVoted { entry, .. } => self.ephemeral.voted(*entry),
            Immediate::Measured { user, stat } => {
                self.world.metrics.measured(stat);
                if let Some(error) = stat.error.filter(|_| self.feed.seats() <= QUALITY_TOLD_UP_TO) {
                    self.ephemeral.measured(*user, error);
                }
            }
            Immediate::Timeline { .. } | Immediate::Shuns { .. } | Immediate::Loading { .. } => {}
        }
    }
}

/// Whether the queue may have to be put in order after it: something else plays, or what was decided about the queue met
/// another song than it was decided on.
fn may_disorder(event: Event<'_>) -> bool {
    match event {
        Event::Immediate(Immediate::Timeline { cause, .. }) => *cause != Cause::Announced,
        Event::Durable(Durable::Queue(_)) => true,
        Event::Immediate(_) | Event::Durable(_) => false,
    }
}
