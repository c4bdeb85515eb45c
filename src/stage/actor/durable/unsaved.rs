//! What is saved behind the events: the timeline's last state, the log of what passed, who came for the first time.
//!
//! While storage does not answer for long, the oldest of it goes: an old mark of a played entry is soonest of a round that
//! is over, and a log is asked for its end. Whoever came uninvited goes before those who came by an invitation: these would
//! have to be invited anew.

use octave_protocol::{EntryId, Instant, UserId};

use crate::stage::core::{Cause, Stage, Statement};
use crate::stage::limits::{ARRIVALS_TOGETHER, ARRIVALS_WITHIN, UNSAVED_ROWS};
use crate::stage::records;
use crate::stage::storage::{Answered, Arrival, LogRow, TimelineSave, Work};

use super::owed::Owed;

#[derive(Debug, Default)]
pub(in crate::stage::actor) struct Unsaved {
    timeline: bool,
    began: Vec<EntryId>,
    log: Vec<LogRow>,
    arrivals: Vec<Arrival>,
    /// Commands under a nonce that were done.
    answered: Vec<Answered>,
    /// Who is to be told when all this is saved.
    owed: Vec<Owed>,
    /// Since when arrivals wait that may.
    waiting: Option<Instant>,
    /// Somebody has come in by an invitation, which is used up by it.
    invited: bool,
}

impl Unsaved {
    /// A stage that has just been opened stands at a number that is not stored yet, and songs have begun while nobody
    /// ran it.
    pub(in crate::stage::actor) fn at_start(began: Vec<EntryId>) -> Self {
        Self { timeline: true, began, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.timeline
            && self.log.is_empty()
            && self.arrivals.is_empty()
            && self.answered.is_empty()
            && self.owed.is_empty()
    }

    /// When it has to be saved: at once, but for arrivals. A thousand who come back together are then few commits.
    pub(in crate::stage::actor) fn due(&self) -> Option<Instant> {
        if self.timeline
            || self.is_awaited()
            || !self.answered.is_empty()
            || self.invited
            || !self.log.is_empty()
            || self.arrivals.len() >= ARRIVALS_TOGETHER
        {
            return Some(Instant(0));
        }
        self.waiting.map(|since| since + ARRIVALS_WITHIN)
    }

    /// `stage` is as it was before the event.
    pub(in crate::stage::actor) fn timeline(
        &mut self,
        stage: &Stage,
        statement: &Statement,
        cause: Cause,
        now: Instant,
    ) {
        self.timeline = true;
        if let Some(track) = &statement.track
            && self.began.last() != Some(&track.entry)
        {
            self.began.push(track.entry);
        }
        self.log.extend(records::timeline_log(stage, statement, cause, now));
        self.bound();
    }

    /// What plays stands elsewhere in the queue.
    pub(in crate::stage::actor) fn place(&mut self) {
        self.timeline = true;
    }

    pub(in crate::stage::actor) fn arrival(&mut self, user: UserId, invited: bool, at: Instant) {
        self.arrivals.push(Arrival { user, invited, at });
        self.waiting.get_or_insert(at);
        self.invited |= invited;
        self.bound();
    }

    /// Nothing but those who are still to be told.
    pub(super) fn of_owed(owed: Vec<Owed>) -> Self {
        Self { owed, ..Self::default() }
    }

    pub(super) fn note(&mut self, answered: Answered) {
        self.answered.push(answered);
        self.bound();
    }

    pub(super) fn answered(&self) -> impl Iterator<Item = &Answered> {
        self.answered.iter()
    }

    pub(super) fn owe(&mut self, owed: Owed) {
        self.owed.push(owed);
    }

    pub(super) fn owed(&self) -> impl Iterator<Item = &Owed> {
        self.owed.iter()
    }

    /// Whether somebody waits for it to be saved.
    pub(super) fn is_awaited(&self) -> bool {
        !self.owed.is_empty()
    }

    pub(super) fn take_owed(&mut self) -> Vec<Owed> {
        std::mem::take(&mut self.owed)
    }

    fn bound(&mut self) {
        keep_newest(&mut self.answered);
        keep_newest(&mut self.began);
        keep_newest(&mut self.log);
        let mut over = self.arrivals.len().saturating_sub(UNSAVED_ROWS);
        if over > 0 {
            self.arrivals.retain(|arrival| {
                let goes = over > 0 && !arrival.invited;
                over -= usize::from(goes);
                !goes
            });
            keep_newest(&mut self.arrivals);
        }
    }

    pub(super) fn put_into(&self, work: &mut Work, stage: &Stage) {
        work.log.extend(self.log.iter().cloned());
        work.arrivals.extend(self.arrivals.iter().copied());
        work.answered.extend(self.answered.iter().cloned());
        if self.timeline {
            let played = self.began.iter().filter_map(|id| Some((*id, stage.queue().played_at(*id)?)));
            work.timeline = Some(TimelineSave { state: stage.saved_timeline(), played: played.collect() });
        }
    }

    /// Two halves in their order; none if it is one row. Answers go with the last of what they wait for.
    pub(super) fn halves(mut self) -> Result<[Self; 2], Box<Self>> {
        let rows = self.log.len() + self.arrivals.len();
        if self.timeline && rows + self.answered.len() > 0 {
            let timeline = Self { timeline: true, began: std::mem::take(&mut self.began), ..Self::default() };
            self.timeline = false;
            return Ok([timeline, self]);
        }
        if !self.answered.is_empty() && rows + self.answered.len() > 1 {
            let first = if rows > 0 { 0 } else { self.answered.len() / 2 };
            let (answered, owed) = (self.answered.split_off(first), self.take_owed());
            return Ok([self, Self { answered, owed, ..Self::default() }]);
        }
        if rows < 2 {
            return Err(Box::new(self));
        }
        let owed = self.take_owed();
        let mut later = Self { waiting: self.waiting, invited: self.invited, owed, ..Self::default() };
        if self.log.is_empty() {
            later.arrivals = self.arrivals.split_off(self.arrivals.len() / 2);
        } else {
            let half = if self.arrivals.is_empty() { self.log.len() / 2 } else { self.log.len() };
            later.log = self.log.split_off(half);
            later.arrivals = std::mem::take(&mut self.arrivals);
        }
        Ok([self, later])
    }

    /// What was not saved goes in front of what has come since.
    pub(super) fn put_back(&mut self, before: Self) {
        self.timeline |= before.timeline;
        self.invited |= before.invited;
        self.waiting = before.waiting.or(self.waiting);
        self.began.splice(0..0, before.began);
        self.log.splice(0..0, before.log);
        self.arrivals.splice(0..0, before.arrivals);
        self.answered.splice(0..0, before.answered);
        self.owed.splice(0..0, before.owed);
        self.bound();
    }
}

fn keep_newest<T>(rows: &mut Vec<T>) {
    rows.drain(..rows.len().saturating_sub(UNSAVED_ROWS));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: i64) -> LogRow {
        LogRow { user: None, kind: "advanced", data: serde_json::Value::Null, at: Instant(at) }
    }

    #[test]
    fn the_oldest_goes_and_invitations_stay() {
        let most = i64::try_from(UNSAVED_ROWS).unwrap();
        let mut unsaved = Unsaved {
            began: (0..most).map(EntryId).collect(),
            log: (0..most).map(row).collect(),
            ..Unsaved::default()
        };
        unsaved.arrival(UserId(0), true, Instant(0));
        for n in 1..=most {
            unsaved.arrival(UserId(n), false, Instant(n));
        }
        let ends = |unsaved: &Unsaved| {
            let users = [0, 1, unsaved.arrivals.len() - 1].map(|n| unsaved.arrivals[n].user.0);
            (unsaved.began[0].0, unsaved.log[0].at.0, users)
        };
        assert_eq!(ends(&unsaved), (0, 0, [0, 2, most]), "who came uninvited, and first of them");

        // What a commit that failed gives back is older than what has come since.
        let since = Unsaved { began: vec![EntryId(most)], log: vec![row(most)], ..Unsaved::default() };
        let before = std::mem::replace(&mut unsaved, since);
        unsaved.arrival(UserId(most + 1), false, Instant(most));
        unsaved.put_back(before);
        assert_eq!(ends(&unsaved), (1, 1, [0, 3, most + 1]));
        let lengths = [unsaved.began.len(), unsaved.log.len(), unsaved.arrivals.len()];
        assert_eq!(lengths, [UNSAVED_ROWS; 3]);
        assert!(unsaved.due() == Some(Instant(0)), "an invitation waits for nothing");
    }
}
