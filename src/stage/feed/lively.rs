//! What is not numbered: who came and left, reactions, typing, votes to skip. Of each kind the latest counts, and at
//! most one frame per kind leaves in an interval, the first at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use octave_protocol::model::{ListenerError, Participant, User};
use octave_protocol::{EntryId, ServerFrame, StageId, UserId};
use tokio::time::Instant;

use crate::stage::core::Room;
use crate::stage::limits::{
    COALESCE, COALESCE_LARGE, PRESENCE_SAMPLE, PRESENCE_SAMPLED_FROM, QUALITY_FAIR, QUALITY_GOOD,
    REACTIONS_PER_INTERVAL, TYPING_PER_INTERVAL,
};
use crate::wire::frame;

#[derive(Debug, Default)]
pub(in crate::stage) struct Lively {
    /// Who came or left.
    moves: BTreeSet<UserId>,
    /// In order, with how often.
    reactions: Vec<(Arc<str>, u32, Arc<User>)>,
    typing: Vec<Arc<User>>,
    skip_votes: Option<EntryId>,
    /// Whose quality changed, and what each one's was when it was told last.
    errors: BTreeMap<UserId, octave_protocol::Duration>,
    told: HashMap<UserId, Quality>,
    sent: Option<Instant>,
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

impl Lively {
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

    fn is_empty(&self) -> bool {
        self.moves.is_empty()
            && self.reactions.is_empty()
            && self.typing.is_empty()
            && self.skip_votes.is_none()
            && self.errors.is_empty()
    }

    /// When what has gathered has to leave.
    pub(in crate::stage) fn due(&self, seats: usize) -> Option<Instant> {
        if self.is_empty() {
            return None;
        }
        let sent = self.sent?;
        Some(sent + interval(seats))
    }

    /// The frames that are due, if any.
    pub(in crate::stage) fn take(&mut self, room: &Room, seats: usize, now: Instant) -> Option<Bytes> {
        if self.is_empty() || self.due(seats).is_some_and(|due| due > now) {
            return None;
        }
        self.sent = Some(now);
        let stage = room.about().id;
        let mut out = BytesMut::new();
        if !self.moves.is_empty() {
            frame::put_json(&mut out, &self.presence(room, stage));
        }
        for (emoji, count, from) in self.reactions.drain(..) {
            frame::put_json(&mut out, &ServerFrame::Reaction { stage, emoji, count, from: (*from).clone() });
        }
        if !self.typing.is_empty() {
            let users = self.typing.drain(..).map(|u| (*u).clone()).collect();
            frame::put_json(&mut out, &ServerFrame::Typing { stage, users });
        }
        if let Some(entry) = self.skip_votes.take() {
            let (votes, needed) = room.skip_votes();
            let count = |n| u32::try_from(n).unwrap_or(u32::MAX);
            let votes = ServerFrame::SkipVotes { stage, entry, votes: count(votes), needed: count(needed) };
            frame::put_json(&mut out, &votes);
        }
        if !self.errors.is_empty() {
            let told = std::mem::take(&mut self.errors).into_iter();
            let listeners = told.map(|(id, error_us)| ListenerError { id, error_us }).collect();
            frame::put_json(&mut out, &ServerFrame::SyncQuality { stage, listeners });
        }
        Some(out.freeze())
    }

    fn presence(&mut self, room: &Room, stage: StageId) -> ServerFrame {
        let sample = if room.people().len() > PRESENCE_SAMPLED_FROM { PRESENCE_SAMPLE } else { usize::MAX };
        // Who came and left within one interval is told as what is true now.
        let here = |user: UserId| room.people().get(user).map(|p| room.participant(p));
        let joined: Vec<Participant> = self.moves.iter().filter_map(|u| here(*u)).take(sample).collect();
        let left = self.moves.iter().filter(|u| !room.people().contains(**u)).copied().take(sample).collect();
        self.moves.clear();
        ServerFrame::Presence { stage, joined, left, listeners: room.listeners() }
    }
}

const fn interval(seats: usize) -> Duration {
    if seats < PRESENCE_SAMPLED_FROM { COALESCE } else { COALESCE_LARGE }
}
