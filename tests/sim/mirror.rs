//! What a client knows of the stage, from frames alone.

use std::collections::BTreeMap;

use octave_protocol::model::{Queue, QueueItem, Snapshot, Timeline};
use octave_protocol::server::QueueChange;
use octave_protocol::{EntryId, Epoch, Rev, Seq, ServerFrame};

#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub epoch: Option<Epoch>,
    pub seq: Seq,
    pub chats: BTreeMap<Seq, String>,
    pub timeline: Option<Timeline>,
    pub queue: Vec<EntryId>,
    pub queue_rev: Rev,
    pub listeners: u32,
}

impl Mirror {
    pub(crate) fn apply(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Joined { epoch, seq, resumed, snapshot, .. } => self.joined(*epoch, *seq, *resumed, snapshot),
            ServerFrame::Chat { line, .. } => {
                self.advance(line.seq);
                self.chats.insert(line.seq, line.text.to_string());
            }
            ServerFrame::ChatDeleted { seq, chat, .. } => {
                self.advance(*seq);
                self.chats.insert(*chat, String::new());
            }
            ServerFrame::Timeline { seq, timeline, .. } => {
                if let Some(seq) = seq {
                    self.advance(*seq);
                }
                self.state(timeline);
            }
            ServerFrame::Queue { seq, rev, change, .. } => {
                self.advance(*seq);
                // What a resumed client is sent again is in the snapshot already.
                if *rev > self.queue_rev {
                    assert_eq!(*rev, self.queue_rev.next(), "no change of the queue is skipped");
                    self.queue_rev = *rev;
                    self.change(change);
                }
            }
            ServerFrame::Presence { listeners, .. } => self.listeners = *listeners,
            _ => {}
        }
    }

    fn joined(&mut self, epoch: Epoch, seq: Seq, resumed: bool, snapshot: &Snapshot) {
        if resumed {
            assert_eq!(self.epoch, Some(epoch));
        } else {
            self.chats = snapshot.chats.iter().map(|l| (l.seq, l.text.to_string())).collect();
            self.seq = seq;
        }
        self.epoch = Some(epoch);
        self.state(&snapshot.timeline);
        self.window(&snapshot.queue);
        self.listeners = snapshot.listeners;
    }

    /// Within an epoch the numbers rise by exactly one.
    fn advance(&mut self, seq: Seq) {
        assert_eq!(seq, self.seq.next(), "a gap or a repetition");
        self.seq = seq;
    }

    fn state(&mut self, timeline: &Timeline) {
        if self.timeline.as_ref().is_none_or(|t| timeline.rev >= t.rev) {
            self.timeline = Some(timeline.clone());
        }
    }

    /// The simulated queues fit the window.
    fn window(&mut self, queue: &Queue) {
        assert_eq!((queue.offset, queue.total as usize), (0, queue.items.len()));
        self.queue = entries(&queue.items);
        self.queue_rev = queue.rev;
    }

    fn change(&mut self, change: &QueueChange) {
        match change {
            QueueChange::Add { index, items, .. } => {
                let at = *index as usize;
                self.queue.splice(at..at, entries(items));
            }
            QueueChange::Remove { entries, .. } => self.queue.retain(|e| !entries.contains(e)),
            QueueChange::Move { entry, index } => {
                self.queue.retain(|e| e != entry);
                self.queue.insert(*index as usize, *entry);
            }
            QueueChange::Clear { keep, .. } => self.queue.retain(|e| Some(*e) == *keep),
            QueueChange::Shuffle { items, .. } => self.queue = entries(items),
            QueueChange::Mode { .. } | QueueChange::Vote { .. } | QueueChange::Songs { .. } => {}
        }
    }
}

pub(crate) fn entries(items: &[QueueItem]) -> Vec<EntryId> {
    items.iter().map(|i| i.entry).collect()
}
