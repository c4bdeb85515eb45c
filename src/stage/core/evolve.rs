//! What becomes of the stage when something has happened.

use std::collections::HashSet;
use std::sync::Arc;

use octave_protocol::model::{Mute, Role, Song, User};
use octave_protocol::{Duration, EntryId, Instant, Rev, UserId};

use super::{Cause, Durable, Event, Following, Immediate, QueueEvent, Stage, Statement};

impl Stage {
    /// Applies a fact.
    pub fn evolve<'a>(&mut self, event: impl Into<Event<'a>>) {
        match event.into() {
            Event::Durable(event) => self.evolve_durable(event),
            Event::Immediate(event) => self.evolve_immediate(event),
        }
    }

    fn evolve_durable(&mut self, event: &Durable) {
        match event {
            Durable::Queue(event) => self.evolve_queue(event),
            Durable::Suggested { entry } => {
                self.queue.next_id = self.queue.next_id.max(EntryId(entry.id.0 + 1));
                self.suggestions.push(entry.clone());
            }
            Durable::Settled { entries, .. } => self.suggestions.retain(|suggested| !entries.contains(&suggested.id)),
            Durable::ChatEdited { .. } | Durable::ChatDeleted { .. } => {}
            Durable::Updated { change, .. } => {
                let before = self.about.sound.crossfade;
                self.about.apply(change);
                let news = before != self.about.sound.crossfade;
                self.timeline.untrue |= news && self.timeline.announced.is_some();
                if let Some(Some(speaker)) = &change.speaker {
                    self.people.quiet_but(speaker.id);
                }
            }
            Durable::RoleSet { user, role, .. } => self.set_role(user, *role),
            Durable::Banned { user, .. } => {
                self.banned.insert(user.id);
                self.invited.remove(&user.id);
                self.roles.remove(&user.id);
                self.turn_out(user.id);
            }
            Durable::Kicked { user, .. } | Durable::ShutOut { user } => self.turn_out(user.id),
            Durable::Unbanned { user, .. } => {
                self.banned.remove(user);
            }
            Durable::Muted { user, until, .. } => {
                self.muted.insert(user.id, Mute { until_us: *until });
            }
            Durable::Unmuted { user, .. } => {
                self.muted.remove(user);
            }
            Durable::Ended { .. } => self.ended = true,
        }
    }

    fn evolve_immediate(&mut self, event: &Immediate) {
        match event {
            Immediate::Timeline { rev, statement, cause, new_round, next_from } => {
                let before = (self.timeline.announced, self.timeline.overlap);
                self.set_timeline(*rev, statement, *cause, *new_round);
                self.announce(*cause, before, *next_from);
            }
            Immediate::Shuns { users } => self.shun(users),
            Immediate::Joined { user, guest } => {
                match guest {
                    Some(rights) => self.guests.insert(user.id, *rights),
                    // Who was one may have an account by now.
                    None => self.guests.remove(&user.id),
                };
                self.people.sit(user);
            }
            Immediate::Left { user } => {
                self.people.rise(*user);
                if !self.people.contains(*user) {
                    self.skip_votes.remove(user);
                }
            }
            Immediate::Remotes { user, seats } => self.people.steers(*user, *seats),
            Immediate::SkipVoted { user, entry } => {
                if self.timeline.entry() == Some(*entry) {
                    self.skip_votes.insert(*user);
                }
            }
            Immediate::Loading { user, ready } => self.people.loads(*user, *ready),
            Immediate::Measured { user, stat } => self.people.measured(*user, *stat),
            Immediate::Reacted { .. } | Immediate::Typed { .. } => {}
        }
    }

    fn evolve_queue(&mut self, event: &QueueEvent) {
        let there = self.timeline.cursor.and_then(|place| self.queue.standing_at(place));
        match event {
            QueueEvent::Added { index, entries, ords, .. } => self.queue.insert(*index, entries, *ords),
            QueueEvent::Removed { entry, .. } => drop(self.queue.remove(*entry)),
            QueueEvent::Moved { entry, index, ords, .. } => self.queue.relocate(*entry, *index, *ords),
            QueueEvent::Corrected { songs } => {
                self.queue.correct(songs);
                self.correct_suggestions(songs);
            }
            QueueEvent::Cleared { keep, .. } => self.queue.clear(*keep),
            QueueEvent::Shuffled { from, seed, around, .. } => self.queue.reorder(*from, *seed, *around),
            QueueEvent::ModeSet { mode, .. } => self.queue.mode = *mode,
            QueueEvent::Voted { entry, by } => self.queue.vote(*entry, *by),
            QueueEvent::Arranged(arrangement) => self.queue.arrange(&arrangement.ords),
        }
        self.queue.rev = self.queue.rev.next();
        self.timeline.cursor = self.place_after(event, there);
        if let (Some(track), Some(place)) = (&mut self.timeline.said.track, self.timeline.cursor) {
            track.ord = place;
        }
        self.find_following();
        if let QueueEvent::Corrected { songs } = event {
            self.correct_timeline(songs);
        }
    }

    /// Nobody is kept out of their own stage.
    fn shun(&mut self, users: &HashSet<UserId>) {
        self.shunned.clone_from(users);
        self.shunned.remove(&self.about.host.id);
    }

    /// The place from which the queue goes on after a change of it; before, the entry `there` stood at it. It follows
    /// what plays, and stays where that was when it is taken out.
    fn place_after(&self, event: &QueueEvent, there: Option<EntryId>) -> Option<i64> {
        let place = self.timeline.cursor?;
        let current = self.timeline.entry();
        let now = there.and_then(|entry| self.queue.ord_of(entry));
        Some(match event {
            // What played last has moved: what stood behind it still does.
            QueueEvent::Moved { entry, .. } if there == Some(*entry) && current != there => place,
            // All has played, and does not play again because it has a new order.
            QueueEvent::Shuffled { .. } if current.is_none() => self.queue.last_ord().unwrap_or(place),
            // The song changed between the decision and its commit. Wherever the new one has come to stand, nothing of
            // what is new in order is passed over.
            QueueEvent::Shuffled { from, around, .. }
                if current.and_then(|id| self.queue.index_of(id)).is_some_and(|index| index >= *from) =>
            {
                around.filter(|_| *from > 0).unwrap_or(self.queue.place_above_all())
            }
            QueueEvent::Arranged(_) if there.is_none() => self.queue.place_above_waiting(place, current),
            _ => now.unwrap_or(place),
        })
    }

    fn set_timeline(&mut self, rev: Rev, statement: &Statement, cause: Cause, new_round: bool) {
        let same_song = self.timeline.entry() == statement.track.as_ref().map(|t| t.entry)
            && !matches!(cause, Cause::Advanced | Cause::Skipped(_) | Cause::VotedOff);
        self.timeline.rev = self.timeline.rev.max(rev);
        if !same_song {
            self.skip_votes.clear();
            self.timeline.song_since = self.timeline.rev;
        }
        if cause != Cause::Announced {
            self.timeline.moved = self.timeline.rev;
        }
        if new_round {
            self.queue.begin_round(statement.at);
        }
        if let Some(track) = &statement.track {
            self.timeline.cursor = Some(track.ord);
            if !same_song || !self.queue.is_played(track.entry) {
                self.queue.mark_played(track.entry, statement.at);
            }
        }
        if cause == Cause::Started {
            self.people.starts(self.timeline.song_since);
        }
        self.timeline.said = statement.clone();
        self.timeline.untrue = false;
        self.find_following();
        self.timeline.announced = self.following;
    }

    /// Settles when the next song begins. Said once more of the same song it may be as early as before, however soon.
    fn announce(&mut self, cause: Cause, (next, overlap): (Option<Following>, Duration), from: Instant) {
        let said_again = cause == Cause::Announced && next == self.timeline.announced;
        let known_from = self.timeline.said.end().filter(|_| said_again).map(|end| end - overlap);
        self.timeline.overlap = self.overlap_from(known_from.map_or(from, |known| known.min(from)));
    }

    fn turn_out(&mut self, user: UserId) {
        self.people.remove(user);
        self.skip_votes.remove(&user);
        self.suggestions.retain(|suggested| suggested.added_by.id != user);
    }

    fn correct_timeline(&mut self, songs: &[Arc<Song>]) {
        if let Some(track) = &mut self.timeline.said.track
            && let Some(song) = songs.iter().find(|song| song.id == track.song.id)
        {
            track.song = song.clone();
            self.timeline.untrue = true;
        }
        let next = self.timeline.announced.and_then(|next| self.queue.get(next.entry));
        self.timeline.untrue |= next.is_some_and(|next| songs.iter().any(|song| song.id == next.song.id));
    }

    fn set_role(&mut self, user: &Arc<User>, role: Role) {
        match role {
            Role::Host => {
                self.roles.remove(&user.id);
                self.shunned.remove(&user.id);
                self.about.host = user.clone();
            }
            Role::Listener => {
                self.roles.remove(&user.id);
            }
            Role::Moderator | Role::Dj => {
                self.roles.insert(user.id, role);
            }
        }
    }

    pub(super) fn find_following(&mut self) {
        self.following = self.following_now();
    }
}
