//! What is not numbered: who came and left, reactions, typing, votes to skip. Of each kind the latest counts. The first
//! leaves at once, and what follows gathers for an interval that grows with the stage, since each frame costs a write
//! per seat. *Gestures* (reactions, typing, votes) are shown nearly at once; *presence* (who is there, how well in sync, and
//! what is suggested) has time, and leaves with a gesture if there is one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use octave_protocol::model::{ListenerError, Participant, User};
use octave_protocol::{EntryId, ServerFrame, UserId};
use tokio::time::Instant;

use crate::stage::core::Stage;
use crate::stage::limits::{
    GESTURES_MAX, GESTURES_PER_SEAT, PRESENCE_MAX, PRESENCE_MIN, PRESENCE_PER_SEAT, PRESENCE_SAMPLE,
    PRESENCE_SAMPLED_FROM, QUALITY_FAIR, QUALITY_GOOD, REACTIONS_PER_INTERVAL, TYPING_PER_INTERVAL,
};
use crate::wire::frame;

#[derive(Debug, Default)]
pub(in crate::stage) struct Ephemeral {
    /// Who came or left.
    moves: BTreeSet<UserId>,
    /// In order, with how often.
    reactions: Vec<(Arc<str>, u32, Arc<User>)>,
    typing: Vec<Arc<User>>,
    skip_votes: Option<EntryId>,
    /// Suggestions came or went.
    suggested: bool,
    /// Whose quality changed, and what each one's was when it was told last.
    errors: BTreeMap<UserId, octave_protocol::Duration>,
    told: HashMap<UserId, Quality>,
    gestures_sent: Option<Instant>,
    presence_sent: Option<Instant>,
}

/// How a listener's sync is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quality {
    Good,
    Fair,
    Poor,
}

impl Quality {
    fn of(error: octave_protocol::Duration) -> Self {
        match error.0.saturating_abs() {
            us if us <= QUALITY_GOOD.0 => Self::Good,
            us if us <= QUALITY_FAIR.0 => Self::Fair,
            _ => Self::Poor,
        }
    }
}

impl Ephemeral {
    pub(in crate::stage) fn moved(&mut self, user: UserId) {
        self.moves.insert(user);
        self.errors.remove(&user);
        self.told.remove(&user);
    }

    /// A listener's measure; told if it changes how its sync is shown.
    pub(in crate::stage) fn measured(&mut self, user: UserId, error: octave_protocol::Duration) {
        let quality = Quality::of(error);
        if self.told.insert(user, quality) != Some(quality) {
            self.errors.insert(user, error);
        }
    }

    pub(in crate::stage) fn reacted(&mut self, emoji: &Arc<str>, from: &Arc<User>) {
        if let Some((_, count, last)) = self.reactions.iter_mut().find(|(e, ..)| e == emoji) {
            *count += 1;
            *last = from.clone();
        } else if self.reactions.len() < REACTIONS_PER_INTERVAL {
            self.reactions.push((emoji.clone(), 1, from.clone()));
        }
    }

    pub(in crate::stage) fn typed(&mut self, user: &Arc<User>) {
        let known = self.typing.iter().any(|u| u.id == user.id);
        if !known && self.typing.len() < TYPING_PER_INTERVAL {
            self.typing.push(user.clone());
        }
    }

    pub(in crate::stage) fn voted(&mut self, entry: EntryId) {
        self.skip_votes = Some(entry);
    }

    pub(in crate::stage) fn suggested(&mut self) {
        self.suggested = true;
    }

    fn has_presence(&self) -> bool {
        !self.moves.is_empty() || !self.errors.is_empty() || self.suggested
    }

    fn has_gestures(&self) -> bool {
        !self.reactions.is_empty() || !self.typing.is_empty() || self.skip_votes.is_some()
    }

    /// When what has gathered has to leave; none if nothing has.
    pub(in crate::stage) fn due(&self, seats: usize, now: Instant) -> Option<Instant> {
        let after = |sent: Option<Instant>, interval| sent.map_or(now, |sent| sent + interval);
        let presence = self.has_presence().then(|| after(self.presence_sent, presence_interval(seats)));
        let gestures = self.has_gestures().then(|| after(self.gestures_sent, gestures_interval(seats)));
        presence.into_iter().chain(gestures).min()
    }

    /// The frames that are due, if any, and with them all that has gathered: a write costs the same.
    pub(in crate::stage) fn take(&mut self, stage: &Stage, seats: usize, now: Instant) -> Option<Bytes> {
        if self.due(seats, now).is_none_or(|due| due > now) {
            return None;
        }
        if self.has_presence() {
            self.presence_sent = Some(now);
        }
        if self.has_gestures() {
            self.gestures_sent = Some(now);
        }
        let id = stage.about().id;
        let mut out = BytesMut::new();
        if !self.moves.is_empty() {
            frame::put_json(&mut out, &self.presence(stage));
        }
        for (emoji, count, from) in self.reactions.drain(..) {
            frame::put_json(&mut out, &ServerFrame::Reaction { stage: id, emoji, count, from: (*from).clone() });
        }
        if !self.typing.is_empty() {
            let users = self.typing.drain(..).map(|u| (*u).clone()).collect();
            frame::put_json(&mut out, &ServerFrame::Typing { stage: id, users });
        }
        if let Some(entry) = self.skip_votes.take() {
            let (votes, needed) = stage.skip_votes();
            let votes = ServerFrame::SkipVotes { stage: id, entry, votes: count(votes), needed: count(needed) };
            frame::put_json(&mut out, &votes);
        }
        if std::mem::take(&mut self.suggested) {
            frame::put_json(&mut out, &ServerFrame::Suggestions { stage: id, items: stage.suggestions() });
        }
        if !self.errors.is_empty() {
            let told = std::mem::take(&mut self.errors).into_iter();
            let listeners = told.map(|(id, error_us)| ListenerError { id, error_us }).collect();
            frame::put_json(&mut out, &ServerFrame::SyncQuality { stage: id, listeners });
        }
        Some(out.freeze())
    }

    fn presence(&mut self, stage: &Stage) -> ServerFrame {
        let sample = if stage.people().len() > PRESENCE_SAMPLED_FROM { PRESENCE_SAMPLE } else { usize::MAX };
        // Who came and left within one interval is told as what is true now.
        let here = |user: UserId| stage.people().get(user).map(|p| stage.participant(p));
        let joined: Vec<Participant> = self.moves.iter().filter_map(|u| here(*u)).take(sample).collect();
        let left = self.moves.iter().filter(|u| !stage.people().contains(**u)).copied().take(sample).collect();
        self.moves.clear();
        ServerFrame::Presence { stage: stage.about().id, joined, left, listeners: stage.listeners() }
    }
}

fn gestures_interval(seats: usize) -> Duration {
    (GESTURES_PER_SEAT * count(seats)).min(GESTURES_MAX)
}

fn presence_interval(seats: usize) -> Duration {
    (PRESENCE_PER_SEAT * count(seats)).clamp(PRESENCE_MIN, PRESENCE_MAX)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_gesture_does_not_wait_behind_presence() {
        let now = Instant::now();
        let mut ephemeral = Ephemeral { presence_sent: Some(now), ..Ephemeral::default() };
        assert_eq!(ephemeral.due(100, now), None);
        ephemeral.moved(UserId(1));
        assert_eq!(ephemeral.due(100, now), Some(now + PRESENCE_MAX));
        let ana = Arc::new(User { id: UserId(1), username: "ana".into(), avatar_url: None, guest: false });
        ephemeral.reacted(&"🔥".into(), &ana);
        assert_eq!(ephemeral.due(100, now), Some(now));
        ephemeral.gestures_sent = Some(now);
        assert_eq!(ephemeral.due(100, now), Some(now + Duration::from_millis(4)));
    }

    #[test]
    fn intervals_grow_with_the_stage_within_bounds() {
        assert_eq!((presence_interval(3), presence_interval(20_000)), (PRESENCE_MIN, PRESENCE_MAX));
        assert_eq!((gestures_interval(10), gestures_interval(20_000)), (Duration::from_micros(400), GESTURES_MAX));
    }
}
