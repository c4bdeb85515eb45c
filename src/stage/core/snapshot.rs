//! The stage in the words of the wire, and as it was stored.

use std::sync::Arc;

use octave_protocol::model::{self, Ending, NextEntry, Participant, You};
use octave_protocol::{Duration, EntryId, Instant, Rev};

use super::{
    LeftOut, Motion, People, Person, Queue, Saved, SavedEntry, SavedTimeline, Stage, Statement, Timeline, Track,
};
use crate::stage::limits::{LEAD_MAX, QUEUE_WINDOW, QUEUE_WINDOW_BEFORE};

impl Stage {
    pub fn describe(&self) -> model::Stage {
        let about = &self.about;
        model::Stage {
            id: about.id,
            name: about.name.clone(),
            host: (*about.host).clone(),
            genres: about.genres.clone(),
            cover_url: about.cover_url(),
            visibility: about.visibility,
            control: about.control,
            adding: about.adding,
            order: about.turns.order,
            max_waiting: about.turns.max_waiting,
            start: about.start,
            slow_mode_s: about.slow_mode.whole_secs(),
            succession: about.succession,
            crossfade_us: about.sound.crossfade,
            volume: about.sound.volume,
            speaker: about.speaker.as_deref().cloned(),
            guests: about.guests.list(),
            listeners: self.listeners(),
            now_playing: self.now_playing(),
            live: !self.people.is_empty() || self.is_playing(),
            playlists: about.playlists.clone(),
            created_us: about.created,
        }
    }

    pub fn now_playing(&self) -> Option<Arc<model::Song>> {
        self.timeline.track().filter(|_| self.is_playing()).map(|t| t.song.clone())
    }

    /// Distinct users.
    pub fn listeners(&self) -> u32 {
        count(self.people.len())
    }

    /// The timeline's last statement, with what comes next.
    pub fn statement(&self) -> model::Timeline {
        let Timeline { rev, said, announced, overlap, .. } = &self.timeline;
        let next = announced.and_then(|f| self.queue.get(f.entry)).map(|entry| NextEntry {
            entry: entry.id,
            song: entry.song.clone(),
            at_us: said.end().map(|end| end - *overlap),
            crossfade_us: Some(*overlap).filter(|o| *o > Duration::ZERO),
        });
        let ending = said.ending.as_ref().map(|ending| Ending {
            entry: ending.track.entry,
            song: ending.track.song.clone(),
            position_us: ending.position,
            crossfade_us: ending.lasts,
        });
        model::Timeline {
            rev: *rev,
            playing: said.motion == Motion::Playing,
            waiting: matches!(said.motion, Motion::Waiting { .. }),
            entry: self.timeline.entry(),
            song: self.timeline.track().map(|t| t.song.clone()),
            position_us: said.position,
            at_us: said.at,
            rate: 1.0,
            next,
            ending,
        }
    }

    /// The part of the queue around what plays; all of it if it fits.
    pub fn queue_window(&self) -> model::Queue {
        let current = self.timeline.cursor.map_or(0, |c| self.queue.entries_before(c));
        self.queue_page(window_start(current, self.queue.len()), QUEUE_WINDOW)
    }

    pub fn queue_page(&self, offset: usize, limit: usize) -> model::Queue {
        model::Queue {
            rev: self.queue.rev,
            items: self.queue.window(offset, limit),
            offset: count(offset),
            total: count(self.queue.len()),
            mode: self.queue.mode,
        }
    }

    pub fn participants(&self, limit: usize) -> Vec<Participant> {
        self.people.iter().take(limit).map(|p| self.participant(p)).collect()
    }

    pub fn participant(&self, person: &Person) -> Participant {
        Participant {
            id: person.user.id,
            username: person.user.username.clone(),
            avatar_url: person.user.avatar_url.clone(),
            role: self.role(person.user.id),
            error_us: person.error(),
            muted: self.muted.get(&person.user.id).copied(),
            guest: person.user.guest,
            remote: person.is_remote(),
        }
    }

    pub fn you(&self, user: octave_protocol::UserId) -> You {
        You { role: self.role(user), can: self.can(user), guest: self.link_of(user) }
    }

    /// The timeline in the shape in which it is stored. A start that waits for the listeners is stored as a start:
    /// after a restart nobody is there to wait for.
    pub fn saved_timeline(&self) -> SavedTimeline {
        let said = &self.timeline.said;
        SavedTimeline {
            rev: self.timeline.rev,
            playing: said.motion != Motion::Stopped,
            entry: self.timeline.entry(),
            song: self.timeline.track().map(|t| t.song.id),
            position: said.position,
            at: said.at,
            round: self.queue.round,
            cursor: self.timeline.cursor,
        }
    }

    /// Opens a stored stage as it would be at `now`, had it gone on all the time; with the entries that have begun
    /// meanwhile.
    pub fn restore(saved: Saved, now: Instant) -> (Self, Vec<EntryId>) {
        let Saved { about, roles, banned, muted, invited, shunned, queue_rev, mode, next_entry, timeline, .. } = saved;
        let mut queue = Queue::default();
        (queue.rev, queue.mode, queue.next_id, queue.round) = (queue_rev, mode, next_entry, timeline.round);
        queue.restore(saved.entries, saved.left_out);
        let suggestions = saved.suggestions.into_iter().map(Arc::new).collect();
        let mut stage = Self {
            suggestions,
            roles,
            banned,
            muted,
            invited,
            shunned,
            people: People::default(),
            queue,
            ..Self::new(about)
        };
        stage.resume(timeline, saved.taken_out, now);
        let began = if stage.queue.is_whole() { stage.catch_up(now) } else { Vec::new() };
        (stage, began)
    }

    /// Takes in all of the queue, of which an excerpt was held so far. Nothing else may have changed it meanwhile.
    pub fn complete(&mut self, entries: Vec<SavedEntry>) {
        self.queue.restore(entries, LeftOut::default());
        self.find_following();
    }

    fn resume(&mut self, saved: SavedTimeline, taken_out: Option<Arc<model::Song>>, now: Instant) {
        // One ahead of what was stored: the last statements before the end of the process may not have been saved.
        let rev = Rev(saved.rev.0.saturating_add(REVS_UNSAVED));
        let track = saved.entry.and_then(|id| {
            let song = self.queue.get(id).map(|entry| entry.song.clone()).or(taken_out)?;
            Some(Track { entry: id, song, ord: self.queue.ord_of(id).or(saved.cursor)? })
        });
        let last = || self.queue.last_played(None).and_then(|id| self.queue.ord_of(id));
        let motion = match (saved.playing, &track) {
            (false, _) => Motion::Stopped,
            (true, Some(_)) => Motion::Playing,
            (true, None) => Motion::Dry,
        };
        // Nothing is planned further ahead than the longest lead, unless the wall clock was set back meanwhile.
        let at = if saved.at > now + LEAD_MAX { now } else { saved.at };
        // A song that is gone: what follows begins now.
        let (position, at) = if track.is_some() { (saved.position, at) } else { (Duration::ZERO, now) };
        self.timeline = Timeline {
            rev,
            moved: rev,
            song_since: rev,
            cursor: track.as_ref().map(|t| t.ord).or(saved.cursor).or_else(last),
            said: Statement { motion, track, position, at, ending: None },
            announced: None,
            overlap: Duration::ZERO,
            untrue: false,
        };
        self.find_following();
        self.timeline.announced = self.following;
        self.timeline.overlap = self.overlap_from(at);
    }
}

/// Where the window of a queue begins, of whose `total` entries so many stand before the current one.
pub fn window_start(before: usize, total: usize) -> usize {
    before.saturating_sub(QUEUE_WINDOW_BEFORE).min(total.saturating_sub(QUEUE_WINDOW))
}

/// A restarted stage numbers its statements this much above the stored one, so that they outrank what was sent but not
/// yet saved.
const REVS_UNSAVED: i64 = 1_000;

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl super::About {
    /// Content-addressed, so that a new cover has a new address.
    pub fn cover_url(&self) -> Option<String> {
        let file = self.cover.as_ref()?;
        let version: String = file.chars().take(8).collect();
        Some(format!("/api/v1/stages/{}/cover?v={version}", self.id))
    }
}
