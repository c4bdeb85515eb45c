//! A client's picture of a stage: made of one snapshot and every event after it, and compared with a fresh snapshot.
//!
//! If the comparison holds, the events told the whole truth: no line was lost, doubled or reordered, and no statement
//! about the timeline, the queue or the people went missing.

mod compare;
mod queue;

use std::collections::{BTreeMap, VecDeque};

use octave_protocol::model::{ChatLine, Role, Snapshot, Stage, Timeline};
use octave_protocol::{EntryId, Epoch, Rev, Seq, ServerFrame, UserId};

use queue::QueueMirror;

/// Lines that a snapshot holds, and so the mirror keeps.
const CHATS: usize = 50;

/// Something that the server must never do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An event's number does not follow the one before it.
    Gap { after: Seq, got: Seq },
    /// A line was edited or deleted that nobody said, a queue was changed that was not there, …
    Impossible(String),
}

/// From an epoch into the next, after a restart: what was missed has numbers with gaps between them, up to here. Until it is
/// crossed, the position to come back to is that of the epoch before.
#[derive(Debug, Clone, Copy)]
struct Bridge {
    epoch: Epoch,
    until: Seq,
}

#[derive(Debug, Clone)]
pub struct Mirror {
    /// With `seq`, from where to go on after a lost connection.
    pub epoch: Epoch,
    pub seq: Seq,
    bridge: Option<Bridge>,
    pub stage: Stage,
    pub timeline: Timeline,
    queue: QueueMirror,
    people: BTreeMap<UserId, Role>,
    /// Presence names everybody while a stage is small; beyond that it only counts.
    people_complete: bool,
    listeners: u32,
    chats: VecDeque<ChatLine>,
}

impl Mirror {
    pub fn new(epoch: Epoch, seq: Seq, snapshot: Snapshot) -> Self {
        Self {
            epoch,
            seq,
            bridge: None,
            people_complete: snapshot.participants.len() == snapshot.listeners as usize,
            people: snapshot.participants.iter().map(|p| (p.id, p.role)).collect(),
            queue: QueueMirror::new(snapshot.queue),
            stage: snapshot.stage,
            timeline: snapshot.timeline,
            listeners: snapshot.listeners,
            chats: snapshot.chats.into(),
        }
    }

    /// After a join that resumed: the picture of now, while lines and numbers go on where the connection broke off. In
    /// another epoch, up to `position`, only what was said follows; all else is in the picture.
    pub fn resume(&mut self, epoch: Epoch, position: Seq, snapshot: Snapshot) {
        let fresh = Self::new(epoch, position, snapshot);
        let (chats, seq) = (std::mem::take(&mut self.chats), self.seq);
        let bridge = (epoch != self.epoch).then_some(Bridge { epoch, until: position });
        *self = Self { epoch: self.epoch, seq, bridge, chats, ..fresh };
        self.queue.expect_repeats();
    }

    /// Takes in one frame of this stage; frames that say nothing about it change nothing.
    pub fn apply(&mut self, frame: ServerFrame) -> Result<(), Fault> {
        if let Some(seq) = seq_of(&frame) {
            self.number(seq)?;
        }
        match frame {
            ServerFrame::Chat { line, .. } => {
                self.chats.push_back(line);
                if self.chats.len() > CHATS {
                    self.chats.pop_front();
                }
            }
            ServerFrame::ChatEdited { chat, text, at_us, .. } => self.amend(chat, |line| {
                line.text = text;
                line.edited_us = Some(at_us);
            }),
            ServerFrame::ChatDeleted { chat, .. } => self.amend(chat, |line| {
                line.text = "".into();
                line.deleted = true;
            }),
            ServerFrame::Timeline { timeline, .. } if timeline.rev >= self.timeline.rev => self.timeline = timeline,
            ServerFrame::Queue { rev, change, .. } => self.queue.apply(rev, change)?,
            ServerFrame::StageUpdated { now, .. } => self.stage = *now,
            ServerFrame::Role { user, role, .. } => {
                if let Some(held) = self.people.get_mut(&user.id) {
                    *held = role;
                }
            }
            ServerFrame::Presence { joined, left, listeners, .. } => {
                for user in left {
                    self.people.remove(&user);
                }
                self.people.extend(joined.iter().map(|p| (p.id, p.role)));
                self.listeners = listeners;
                self.people_complete &= self.people.len() <= 200;
            }
            _ => {}
        }
        Ok(())
    }

    fn number(&mut self, seq: Seq) -> Result<(), Fault> {
        let follows = match self.bridge {
            Some(Bridge { until, .. }) if seq <= until => seq > self.seq,
            Some(Bridge { until, .. }) => seq == until.next(),
            None => seq == self.seq.next(),
        };
        if !follows {
            return Err(Fault::Gap { after: self.seq, got: seq });
        }
        self.seq = seq;
        if let Some(crossed) = self.bridge.take_if(|bridge| seq >= bridge.until) {
            self.epoch = crossed.epoch;
        }
        Ok(())
    }

    /// The last event that is part of this picture.
    fn position(&self) -> (Epoch, Seq) {
        self.bridge.map_or((self.epoch, self.seq), |bridge| (bridge.epoch, bridge.until))
    }

    /// Lines older than the window are out of sight: amending them changes nothing here.
    fn amend(&mut self, chat: Seq, change: impl FnOnce(&mut ChatLine)) {
        if let Some(line) = self.chats.iter_mut().find(|line| line.seq == chat) {
            change(line);
        }
    }

    /// The queue's entries in their order, while all are known.
    pub fn entries(&self) -> Option<Vec<EntryId>> {
        Some(self.queue.items.as_ref()?.iter().map(|item| item.entry).collect())
    }

    pub fn queue_rev(&self) -> Rev {
        self.queue.rev
    }

    pub fn listeners(&self) -> u32 {
        self.listeners
    }

    /// What is not as a newcomer's mirror says; empty when all is well.
    pub fn differences(&self, fresh: &Self) -> Vec<String> {
        compare::differences(self, fresh)
    }
}

/// The number that a sequenced event takes.
pub fn seq_of(frame: &ServerFrame) -> Option<Seq> {
    match frame {
        ServerFrame::Chat { line, .. } => Some(line.seq),
        ServerFrame::Timeline { seq, .. } => *seq,
        ServerFrame::ChatEdited { seq, .. }
        | ServerFrame::ChatDeleted { seq, .. }
        | ServerFrame::Queue { seq, .. }
        | ServerFrame::StageUpdated { seq, .. }
        | ServerFrame::Role { seq, .. }
        | ServerFrame::Removed { seq, .. } => Some(*seq),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
