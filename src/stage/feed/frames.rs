//! Events in the words of the wire.

use octave_protocol::model::ChatLine;
use octave_protocol::server::{QueueChange, RemovedReason};
use octave_protocol::{Seq, ServerFrame};

use crate::stage::core::{Arrangement, Durable, Event, Immediate, Line, QueueEvent, Stage};
use crate::stage::limits::QUEUE_WINDOW;

/// A placeholder until the feed numbers the frame.
const UNNUMBERED: Seq = Seq(0);

/// The frame of an event that has just been applied to `stage`, if it is one that is numbered.
pub(in crate::stage) fn sequenced(stage: &Stage, event: Event<'_>) -> Option<ServerFrame> {
    match event {
        Event::Durable(event) => durable(stage, event),
        Event::Immediate(Immediate::Timeline { .. }) => {
            Some(ServerFrame::Timeline { stage: stage.about().id, seq: None, timeline: stage.statement() })
        }
        Event::Immediate(_) => None,
    }
}

fn durable(stage: &Stage, event: &Durable) -> Option<ServerFrame> {
    let (id, seq) = (stage.about().id, UNNUMBERED);
    Some(match event {
        Durable::Queue(event) => {
            ServerFrame::Queue { stage: id, seq, rev: stage.queue().rev(), change: queue_change(stage, event) }
        }
        Durable::ChatEdited { chat, text, at, .. } => {
            ServerFrame::ChatEdited { stage: id, seq, chat: *chat, text: text.clone(), at_us: *at }
        }
        Durable::ChatDeleted { chat, by, .. } => ServerFrame::ChatDeleted { stage: id, seq, chat: *chat, by: *by },
        Durable::Updated { .. } => ServerFrame::StageUpdated { seq, stage: id, now: Box::new(stage.describe()) },
        Durable::RoleSet { user, role, .. } => {
            ServerFrame::Role { stage: id, seq, user: (**user).clone(), role: *role }
        }
        Durable::Kicked { user, .. } => {
            ServerFrame::Removed { stage: id, seq, user: Some(user.id), reason: RemovedReason::Kicked }
        }
        // A block is told as a ban: who was blocked by whom is nobody's to know.
        Durable::Banned { user, .. } | Durable::ShutOut { user } => {
            ServerFrame::Removed { stage: id, seq, user: Some(user.id), reason: RemovedReason::Banned }
        }
        Durable::Ended { .. } => ServerFrame::Removed { stage: id, seq, user: None, reason: RemovedReason::StageEnded },
        Durable::Unbanned { .. }
        | Durable::Muted { .. }
        | Durable::Unmuted { .. }
        | Durable::Suggested { .. }
        | Durable::Settled { .. } => return None,
    })
}

pub(super) fn set_seq(frame: &mut ServerFrame, n: Seq) {
    match frame {
        ServerFrame::Chat { line, .. } => line.seq = n,
        ServerFrame::Timeline { seq, .. } => *seq = Some(n),
        ServerFrame::ChatEdited { seq, .. }
        | ServerFrame::ChatDeleted { seq, .. }
        | ServerFrame::Queue { seq, .. }
        | ServerFrame::StageUpdated { seq, .. }
        | ServerFrame::Role { seq, .. }
        | ServerFrame::Removed { seq, .. } => *seq = n,
        _ => {}
    }
}

pub(in crate::stage) fn chat_line(line: &Line, seq: Seq) -> ChatLine {
    ChatLine {
        seq,
        from: (*line.from).clone(),
        text: line.text.clone(),
        at_us: line.at,
        nonce: line.nonce.clone(),
        reply_to: line.reply_to,
        edited_us: None,
        deleted: false,
    }
}

fn queue_change(stage: &Stage, event: &QueueEvent) -> QueueChange {
    let queue = stage.queue();
    let total = count(queue.len());
    match event {
        QueueEvent::Added { index, entries, .. } => {
            let listed = entries.len().min(QUEUE_WINDOW);
            QueueChange::Add {
                index: count(*index),
                items: entries[..listed].iter().map(|e| queue.item(e)).collect(),
                more: count(entries.len() - listed),
                total,
            }
        }
        QueueEvent::Removed { entry, .. } => QueueChange::Remove { entries: vec![*entry], total },
        QueueEvent::Moved { entry, index, .. } => QueueChange::Move { entry: *entry, index: count(*index) },
        QueueEvent::Corrected { songs } => QueueChange::Songs { songs: songs.clone() },
        QueueEvent::Cleared { keep, .. } => QueueChange::Clear { keep: *keep, total },
        QueueEvent::Arranged(Arrangement { moved: Some((entry, index)), .. }) => {
            QueueChange::Move { entry: *entry, index: count(*index) }
        }
        QueueEvent::Shuffled { .. } | QueueEvent::Arranged(_) => {
            let window = stage.queue_window();
            QueueChange::Shuffle { offset: window.offset, items: window.items, total }
        }
        QueueEvent::ModeSet { mode, .. } => QueueChange::Mode { mode: *mode },
        QueueEvent::Voted { entry, .. } => QueueChange::Vote { entry: *entry, votes: queue.votes(*entry) },
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
