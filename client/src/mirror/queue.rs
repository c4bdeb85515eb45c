//! The queue as its small changes tell it.

use octave_protocol::model::{Queue, QueueItem, QueueMode};
use octave_protocol::server::QueueChange;
use octave_protocol::{EntryId, Rev};

use super::Fault;

/// All items while they are known; a queue larger than its window is followed by revision, length and mode alone.
#[derive(Debug, Clone)]
pub(super) struct QueueMirror {
    pub(super) rev: Rev,
    pub(super) total: u32,
    pub(super) mode: QueueMode,
    pub(super) items: Option<Vec<QueueItem>>,
    /// What a resumed client is sent again is in the snapshot already: changes up to this revision.
    repeats: Rev,
}

impl QueueMirror {
    pub(super) fn new(queue: Queue) -> Self {
        let whole = queue.offset == 0 && queue.items.len() == queue.total as usize;
        Self {
            rev: queue.rev,
            total: queue.total,
            mode: queue.mode,
            items: whole.then_some(queue.items),
            repeats: Rev(0),
        }
    }

    pub(super) fn expect_repeats(&mut self) {
        self.repeats = self.rev;
    }

    pub(super) fn apply(&mut self, rev: Rev, change: QueueChange) -> Result<(), Fault> {
        if rev <= self.repeats {
            return Ok(());
        }
        if rev != self.rev.next() {
            return Err(Fault::Impossible(format!("queue revision {rev} after {}", self.rev)));
        }
        self.rev = rev;
        match change {
            QueueChange::Add { index, items: new, more, total } => {
                self.total = total;
                let at = index as usize;
                if more > 0 || self.items.as_ref().is_some_and(|items| at > items.len()) {
                    self.items = None;
                }
                if let Some(items) = &mut self.items {
                    items.splice(at..at, new);
                }
            }
            QueueChange::Remove { entries, total } => {
                self.total = total;
                self.retain(|item| !entries.contains(&item.entry));
            }
            QueueChange::Clear { keep, total } => {
                self.total = total;
                // What had played stays; without the history at hand the length tells whether the window is whole.
                if total == 0 || (total == 1 && keep.is_some()) {
                    self.retain(|item| Some(item.entry) == keep);
                } else {
                    self.items = None;
                }
            }
            QueueChange::Move { entry, index } => {
                if let Some(items) = &mut self.items {
                    let from = position(items, entry)?;
                    let item = items.remove(from);
                    let to = (index as usize).min(items.len());
                    items.insert(to, item);
                }
            }
            QueueChange::Shuffle { offset, items, total } => {
                self.total = total;
                self.items = (offset == 0 && items.len() == total as usize).then_some(items);
            }
            QueueChange::Songs { songs } => {
                for item in self.items.iter_mut().flatten() {
                    if let Some(song) = songs.iter().find(|song| song.id == item.song.id) {
                        item.song = song.clone();
                    }
                }
            }
            QueueChange::Mode { mode } => self.mode = mode,
            QueueChange::Vote { entry, votes } => {
                if let Some(items) = &mut self.items {
                    let at = position(items, entry)?;
                    items[at].votes = votes;
                }
            }
        }
        Ok(())
    }

    fn retain(&mut self, keep: impl Fn(&QueueItem) -> bool) {
        if let Some(items) = &mut self.items {
            items.retain(keep);
        }
    }
}

fn position(items: &[QueueItem], entry: EntryId) -> Result<usize, Fault> {
    items
        .iter()
        .position(|item| item.entry == entry)
        .ok_or_else(|| Fault::Impossible(format!("entry {entry} is not in the queue")))
}
