//! What was said before the stage was opened, for those who were there and come back.
//!
//! After a restart, thousands return with a position of the epoch before. What they missed of the conversation is in the
//! store: it is read once, when the first of them comes, and each gets what is behind their own position. The timeline, the
//! queue and the people are in the snapshot.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use octave_protocol::client::Resume;
use octave_protocol::{Epoch, Instant, Seq, ServerFrame, StageId};
use tokio::sync::OnceCell;

use super::Actor;
use crate::stage::limits::{PAST_KEPT, RING_BYTES, RING_EVENTS};
use crate::stage::storage::{ChangedLine, Fault, Missed, StageStore};
use crate::wire::frame;

#[derive(Debug)]
pub(super) struct Past {
    epoch: Epoch,
    /// Where this epoch's numbers begin.
    first: Seq,
    told: Arc<OnceCell<Told>>,
    asked: Instant,
    /// Somebody was carried here from another node, and does not know of this epoch.
    carries: bool,
}

/// The last events of the conversation that earlier epochs have stored, encoded.
#[derive(Debug)]
struct Told {
    /// Older ones are not known.
    after: Seq,
    events: VecDeque<(Seq, Bytes)>,
}

impl Past {
    pub(super) fn before(epoch: Epoch, first: Seq) -> Self {
        Self { epoch, first, told: Arc::default(), asked: Instant(0), carries: false }
    }

    /// Whether somebody comes back from an earlier epoch.
    fn holds(&self, resume: Resume) -> bool {
        resume.epoch < self.epoch && resume.seq < self.first
    }

    pub(super) fn carries(&mut self) {
        self.carries = true;
    }

    /// The place in this epoch of somebody who was carried into it without being told: whose number is of it.
    fn carried(&self, resume: Resume) -> Resume {
        let is_of_it = self.carries && resume.epoch < self.epoch && resume.seq >= self.first;
        Resume { epoch: if is_of_it { self.epoch } else { resume.epoch }, ..resume }
    }

    /// Whether it has to be read before somebody can be told what they have missed.
    pub(super) fn is_needed_by(&self, resume: Option<Resume>) -> bool {
        resume.is_some_and(|resume| self.holds(resume)) && !self.told.initialized()
    }

    /// Lets go of it when those who were there have come back; for whoever is late it is read anew.
    pub(super) fn let_go(&mut self, now: Instant) {
        if self.told.initialized() && self.asked + PAST_KEPT <= now {
            self.told = Arc::default();
        }
    }

    /// Reads it, unless somebody else does or has.
    pub(super) fn read(
        &mut self,
        now: Instant,
        stage: StageId,
        store: Arc<dyn StageStore>,
    ) -> impl Future<Output = Result<(), Fault>> + Send + use<> {
        self.asked = now;
        let (told, first) = (self.told.clone(), self.first);
        async move {
            let read = async || store.missed(stage, first, RING_EVENTS).await.map(|missed| encoded(stage, missed));
            told.get_or_try_init(read).await.map(drop)
        }
    }
}

impl Actor {
    /// The frames that somebody has missed who comes back, if they are all still known.
    pub(super) fn missed(&self, resume: Resume) -> Option<Vec<u8>> {
        if !self.past.holds(resume) {
            return self.feed.missed(self.past.carried(resume));
        }
        let told = self.past.told.get().filter(|told| resume.seq >= told.after)?;
        let since = self.feed.missed(Resume { epoch: self.past.epoch, seq: Seq(self.past.first.0 - 1) })?;
        let begin = told.events.partition_point(|(seq, _)| *seq <= resume.seq);
        let mut missed = Vec::new();
        told.events.range(begin..).for_each(|(_, frame)| missed.extend_from_slice(frame));
        missed.extend(since);
        Some(missed)
    }
}

fn encoded(stage: StageId, missed: Missed) -> Told {
    let Missed { lines, changes, limit } = missed;
    let oldest = |count: usize, first: Option<Seq>| match first {
        Some(first) if count >= limit => Seq(first.0 - 1),
        _ => Seq(0),
    };
    let after = oldest(lines.len(), lines.first().map(|line| line.seq))
        .max(oldest(changes.len(), changes.first().map(|change| change.seq)));
    let said = lines.into_iter().map(|line| (line.seq, ServerFrame::Chat { stage, line }));
    let changed = changes.into_iter().map(|change| (change.seq, change_of(stage, change)));
    let mut events: Vec<(Seq, Bytes)> = said.chain(changed).map(|(seq, event)| (seq, frame::json(&event))).collect();
    events.sort_by_key(|(seq, _)| *seq);
    let mut told = Told { after, events: events.into() };
    let mut size: usize = told.events.iter().map(|(_, frame)| frame.len()).sum();
    while size > RING_BYTES
        && let Some((seq, frame)) = told.events.pop_front()
    {
        size -= frame.len();
        told.after = seq.max(told.after);
    }
    told
}

fn change_of(stage: StageId, change: ChangedLine) -> ServerFrame {
    let ChangedLine { seq, chat, by, text, at } = change;
    match text {
        Some(text) => ServerFrame::ChatEdited { stage, seq, chat, text, at_us: at },
        None => ServerFrame::ChatDeleted { stage, seq, chat, by },
    }
}
