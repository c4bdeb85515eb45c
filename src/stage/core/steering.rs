//! Playback: what a control command, a vote, the barrier or the end of a song makes of the timeline.

use octave_protocol::client::ControlAction;
use octave_protocol::model::{Permission, Repeat, StartBarrier};
use octave_protocol::{Duration, EntryId, Instant, UserId};

use super::queue::{Entry, Following};
use super::random::mix;
use super::timeline::{Ending, overlap};
use super::{Cause, Immediate, Motion, Refusal, Stage, Statement, Steer, Track};
use crate::stage::limits::{BARRIER_QUORUM_AFTER, CATCH_UP_STEPS, PREVIOUS_RESTARTS_AFTER};

/// Due before any clock's reading.
const AT_ONCE: Instant = Instant(0);

/// Whether the listeners can be expected to have loaded a song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loaded {
    /// It was announced, or plays already.
    Before,
    Cold,
}

impl Stage {
    pub(super) fn steer(&self, who: UserId, steer: Steer, now: Instant) -> Result<Vec<Immediate>, Refusal> {
        if !self.may(who, Permission::Control) {
            return Err(Refusal::Forbidden);
        }
        if steer.expect_rev.is_some_and(|rev| !self.timeline.is_as_seen(rev)) {
            return Err(Refusal::Moved);
        }
        match steer.action {
            ControlAction::Play => self.play(who, steer, now),
            ControlAction::Pause => Ok(self.pause(who, now)),
            ControlAction::Seek => self.seek(who, steer.position, now),
            ControlAction::Skip => match steer.entry {
                Some(entry) => self.jump(entry, steer.position, Cause::Skipped(who), now),
                None if self.timeline.track().is_none() => Err(Refusal::Missing("nothing plays")),
                None => Ok(self.go_on(self.following_when_skipped(), self.effect(now), Cause::Skipped(who), now)),
            },
            ControlAction::Previous => self.previous(who, now),
        }
    }

    /// The timer: when [`Stage::settle`] has something to do; never while an excerpt of the queue is held.
    pub fn next_due(&self) -> Option<Instant> {
        if !self.queue.is_whole() {
            return None;
        }
        let said = &self.timeline.said;
        let (votes, needed) = self.skip_votes();
        let announce = self.timeline.announced != self.following || self.timeline.untrue;
        if announce || votes >= needed || (said.motion == Motion::Dry && self.following.is_some()) {
            return Some(AT_ONCE);
        }
        match said.motion {
            Motion::Waiting { since } => Some(self.barrier_opens(since)),
            _ => self.handover(),
        }
    }

    /// When the next song takes over, while one plays: at its end, or before by the crossfade with what was announced.
    pub(super) fn handover(&self) -> Option<Instant> {
        let as_announced = self.timeline.announced == self.following;
        let before = if as_announced { self.timeline.overlap } else { Duration::ZERO };
        self.timeline.said.end().map(|end| end - before)
    }

    /// How long before the end of what plays the next one begins; that can't be before `from`.
    pub(super) fn overlap_from(&self, from: Instant) -> Duration {
        let said = &self.timeline.said;
        let next = self.timeline.announced.and_then(|f| self.queue.get(f.entry));
        let (Some(end), Some(next)) = (said.end(), next) else { return Duration::ZERO };
        let most = Duration((end - from).0.max(0));
        overlap(self.about.sound.crossfade.min(most), said.rest(), next.song.duration_us)
    }

    /// What has become due by `now`; nothing if called too early. Call until nothing is due.
    pub fn settle(&self, now: Instant) -> Vec<Immediate> {
        if self.ended || self.next_due().is_none_or(|due| due > now) {
            return Vec::new();
        }
        let said = &self.timeline.said;
        let (votes, needed) = self.skip_votes();
        match said.motion {
            Motion::Stopped if votes >= needed => vec![self.voted_off_in_silence(now)],
            _ if votes >= needed => self.go_on(self.following_when_skipped(), self.effect(now), Cause::VotedOff, now),
            Motion::Playing if self.handover().is_some_and(|at| at <= now) => {
                let at = self.handover().unwrap_or(now);
                self.go_on(self.following, at, Cause::Advanced, now)
            }
            Motion::Waiting { since } if self.barrier_opens(since) <= now => {
                let statement = Statement { motion: Motion::Playing, at: self.effect(now), ..said.clone() };
                vec![self.restate(statement, Cause::Started, now)]
            }
            Motion::Dry if self.following.is_some() => self.go_on(self.following, now, Cause::Advanced, now),
            _ => vec![self.restate(said.clone(), Cause::Announced, now)],
        }
    }

    /// Brings a stored timeline to where it would be if the stage had gone on all the time; which entries have begun.
    pub(super) fn catch_up(&mut self, now: Instant) -> Vec<EntryId> {
        let mut began = Vec::new();
        // Each step of a shuffled queue passes over all of it.
        let dear = if self.queue.mode.shuffle { (self.queue.len() / 100).max(1) } else { 1 };
        self.skip_whole_rounds(now);
        for _ in 0..CATCH_UP_STEPS / dear {
            if self.handover().is_none_or(|at| at > now) {
                return began;
            }
            for event in self.settle(now) {
                self.evolve(&event);
                if let Immediate::Timeline { statement: Statement { track: Some(track), .. }, cause, .. } = event
                    && cause != Cause::Announced
                {
                    began.push(track.entry);
                }
            }
        }
        // Too far behind to follow: what is current begins now.
        if self.timeline.said.motion == Motion::Playing {
            self.timeline.said.position = Duration::ZERO;
            self.timeline.said.at = now;
        }
        began
    }

    /// What repeats may have come round a million times meanwhile; only the remainder matters.
    fn skip_whole_rounds(&mut self, now: Instant) {
        let mode = self.queue.mode;
        let (Some(track), Some(end)) = (self.timeline.track(), self.handover()) else { return };
        let alone =
            |song: Duration, next: Duration| (song.0 - overlap(self.about.sound.crossfade, song, next).0).max(0);
        let round = match mode.repeat {
            Repeat::One => alone(track.song.duration_us, track.song.duration_us),
            Repeat::All if !mode.shuffle => {
                let lengths: Vec<Duration> = self.queue.entries().map(|(_, e)| e.song.duration_us).collect();
                let nexts = lengths.iter().cycle().skip(1);
                lengths.iter().zip(nexts).map(|(song, next)| alone(*song, *next)).sum()
            }
            Repeat::All | Repeat::Off => return,
        };
        let over = (now - end).0.max(0);
        let whole = over - over % round.max(1);
        self.timeline.said.at = self.timeline.said.at + Duration(whole);
    }

    /// What follows by itself: the song again when it repeats, else the next entry; in a silent stage nothing.
    pub(super) fn following_now(&self) -> Option<Following> {
        match self.timeline.track() {
            None if self.timeline.said.motion == Motion::Stopped => None,
            Some(track) if self.queue.mode.repeat == Repeat::One && self.queue.get(track.entry).is_some() => {
                Some(Following { entry: track.entry, wraps: false })
            }
            _ => self.following_when_skipped(),
        }
    }

    fn following_when_skipped(&self) -> Option<Following> {
        let seed = mix(self.about.id.0.cast_unsigned());
        self.queue.following(self.timeline.cursor, self.timeline.entry(), seed)
    }

    fn play(&self, who: UserId, steer: Steer, now: Instant) -> Result<Vec<Immediate>, Refusal> {
        let said = &self.timeline.said;
        if let Some(entry) = steer.entry.filter(|e| Some(*e) != self.timeline.entry()) {
            return self.jump(entry, steer.position, Cause::Played(who), now);
        }
        if let Some(track) = &said.track {
            if self.timeline.is_playing() {
                return steer.position.map_or(Ok(Vec::new()), |p| self.seek(who, Some(p), now));
            }
            let position = within(steer.position.unwrap_or(said.position), track)?;
            let loaded = if said.position > Duration::ZERO { Loaded::Before } else { Loaded::Cold };
            let statement = self.start(track.clone(), position, loaded, now);
            return Ok(vec![self.restate(statement, Cause::Played(who), now)]);
        }
        // Nothing is current: the first entry that has not played, or all of them once more.
        let fresh = self.queue.first_unplayed();
        let entry = fresh.or_else(|| self.queue.at(0)).ok_or(Refusal::Missing("the queue is empty"))?;
        let track = self.track(entry);
        let position = within(steer.position.unwrap_or(Duration::ZERO), &track)?;
        let statement = self.start(track, position, Loaded::Cold, now);
        Ok(vec![self.event(statement, Cause::Played(who), fresh.is_none(), now)])
    }

    /// Enough votes against a song that is paused: the next one is, in its place.
    fn voted_off_in_silence(&self, now: Instant) -> Immediate {
        let next = self.following_when_skipped().and_then(|f| Some((self.track_of(f.entry)?, f.wraps)));
        let (track, wraps) = next.map_or((None, false), |(track, wraps)| (Some(track), wraps));
        let statement = Statement { motion: Motion::Stopped, track, position: Duration::ZERO, at: now, ending: None };
        self.event(statement, Cause::VotedOff, wraps, now)
    }

    /// Everybody stops at the same scheduled instant, and so at the same place.
    fn pause(&self, who: UserId, now: Instant) -> Vec<Immediate> {
        let said = &self.timeline.said;
        let at = self.effect(now);
        let statement = match said.motion {
            Motion::Stopped => return Vec::new(),
            Motion::Dry | Motion::Waiting { .. } => Statement { motion: Motion::Stopped, at: now, ..said.clone() },
            Motion::Playing => {
                match (self.handover(), self.following.and_then(|f| Some((self.track_of(f.entry)?, f.wraps)))) {
                    // The song ends before the command takes effect: the pause finds the next one.
                    (Some(end), Some((track, wraps))) if end <= at => {
                        let position = (at - end).min(track.song.duration_us);
                        let track = Some(track);
                        let statement = Statement { motion: Motion::Stopped, track, position, at, ending: None };
                        return vec![self.event(statement, Cause::Paused(who), wraps, now)];
                    }
                    _ => Statement {
                        motion: Motion::Stopped,
                        position: said.position_at(at),
                        at,
                        track: said.track.clone(),
                        ending: None,
                    },
                }
            }
        };
        vec![self.restate(statement, Cause::Paused(who), now)]
    }

    fn seek(&self, who: UserId, position: Option<Duration>, now: Instant) -> Result<Vec<Immediate>, Refusal> {
        let said = &self.timeline.said;
        let Some(track) = &said.track else { return Err(Refusal::Missing("nothing plays")) };
        let position = within(position.ok_or(Refusal::Invalid("`position_us` is missing"))?, track)?;
        let statement = Statement { position, at: self.effect(now), ending: None, ..said.clone() };
        Ok(vec![self.restate(statement, Cause::Sought(who), now)])
    }

    fn previous(&self, who: UserId, now: Instant) -> Result<Vec<Immediate>, Refusal> {
        let said = &self.timeline.said;
        let at = self.effect(now);
        let current = self.timeline.entry();
        let restarts = current.is_some() && said.position_at(now) > PREVIOUS_RESTARTS_AFTER;
        let before = self.queue.preceding(self.timeline.cursor, current).filter(|_| !restarts);
        // After the queue's end, the one that played last is the one before.
        let before = if current.is_none() { self.queue.last_played(None) } else { before };
        if let Some(track) = before.and_then(|id| self.track_of(id)) {
            let statement = self.start(track, Duration::ZERO, Loaded::Cold, now);
            return Ok(vec![self.restate(statement, Cause::WentBack(who), now)]);
        }
        if said.track.is_none() {
            return Err(Refusal::Missing("nothing played before"));
        }
        let statement = Statement { position: Duration::ZERO, at, ending: None, ..said.clone() };
        Ok(vec![self.restate(statement, Cause::WentBack(who), now)])
    }

    fn jump(
        &self,
        entry: EntryId,
        position: Option<Duration>,
        cause: Cause,
        now: Instant,
    ) -> Result<Vec<Immediate>, Refusal> {
        let track = self.track_of(entry).ok_or(Refusal::Missing("no such entry in the queue"))?;
        let position = within(position.unwrap_or(Duration::ZERO), &track)?;
        let announced = self.timeline.is_playing() && self.timeline.announced.is_some_and(|f| f.entry == entry);
        let loaded = if announced { Loaded::Before } else { Loaded::Cold };
        let statement = self.start(track, position, loaded, now);
        Ok(vec![self.restate(statement, cause, now)])
    }

    /// Goes to what follows, without a gap: it begins at `at`, exactly. At the queue's end falls silent.
    fn go_on(&self, following: Option<Following>, at: Instant, cause: Cause, now: Instant) -> Vec<Immediate> {
        let next = following.and_then(|f| Some((self.track_of(f.entry)?, f.wraps)));
        let Some((track, wraps)) = next else {
            let silent = Statement { motion: Motion::Dry, track: None, position: Duration::ZERO, at, ending: None };
            return vec![self.restate(silent, cause, now)];
        };
        let known = self.timeline.is_playing() && self.timeline.announced.map(|f| f.entry) == Some(track.entry);
        if !known {
            return vec![self.event(self.start(track, Duration::ZERO, Loaded::Cold, now), cause, wraps, now)];
        }
        let ending = self.ending_at(at).filter(|_| cause == Cause::Advanced);
        let statement = Statement { motion: Motion::Playing, track: Some(track), position: Duration::ZERO, at, ending };
        // What it announces would have been known since then, had nobody been away.
        vec![self.event(statement, cause, wraps, at.min(now))]
    }

    /// What is left of the present song at an instant, if anything is.
    fn ending_at(&self, at: Instant) -> Option<Ending> {
        let said = &self.timeline.said;
        let lasts = said.end()? - at;
        let track = said.track.clone().filter(|_| lasts > Duration::ZERO)?;
        Some(Ending { track, position: said.position_at(at), lasts })
    }

    /// Playing from `position`, at once or when the barrier opens. It waits only for listeners that tell what they
    /// load, and never for a single one: alone, nobody can be out of step.
    fn start(&self, track: Track, position: Duration, loaded: Loaded, now: Instant) -> Statement {
        let same = self.timeline.entry() == Some(track.entry);
        let all_ready = same && self.barrier_opens(now) == AT_ONCE;
        if loaded == Loaded::Cold && self.people.loading() > 1 && !all_ready {
            let motion = Motion::Waiting { since: now };
            return Statement { motion, track: Some(track), position, at: now, ending: None };
        }
        Statement { motion: Motion::Playing, track: Some(track), position, at: self.effect(now), ending: None }
    }

    fn barrier_opens(&self, since: Instant) -> Instant {
        let readiness = self.people.readiness(self.timeline.song_since);
        let StartBarrier { quorum_percent, patience_us } = self.about.start;
        if readiness.of <= 1 || readiness.ready >= readiness.of {
            AT_ONCE
        } else if readiness.ready * 100 >= readiness.of * usize::from(quorum_percent) {
            since + BARRIER_QUORUM_AFTER.min(patience_us)
        } else {
            since + patience_us
        }
    }

    /// When a command given now takes effect: for all at once, and not before what was ordered earlier.
    fn effect(&self, now: Instant) -> Instant {
        let at = now + self.people.lead(now);
        match self.timeline.said.motion {
            Motion::Playing => at.max(self.timeline.said.at),
            _ => at,
        }
    }

    fn track_of(&self, entry: EntryId) -> Option<Track> {
        self.queue.get(entry).map(|e| self.track(e))
    }

    fn track(&self, entry: &Entry) -> Track {
        let ord = self.queue.ord_of(entry.id).unwrap_or_default();
        Track { entry: entry.id, song: entry.song.clone(), ord }
    }

    fn restate(&self, statement: Statement, cause: Cause, now: Instant) -> Immediate {
        self.event(statement, cause, false, now)
    }

    fn event(&self, statement: Statement, cause: Cause, new_round: bool, now: Instant) -> Immediate {
        let next_from = now + self.people.lead(now);
        Immediate::Timeline { rev: self.timeline.rev.next(), statement, cause, new_round, next_from }
    }
}

fn within(position: Duration, track: &Track) -> Result<Duration, Refusal> {
    let inside = position >= Duration::ZERO && position <= track.song.duration_us;
    if inside { Ok(position) } else { Err(Refusal::Invalid("`position_us` is outside the song")) }
}
