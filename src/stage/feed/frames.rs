//! Events in the words of the wire.

use octave_protocol::model::ChatLine;
use octave_protocol::server::{QueueChange, RemovedReason};
use octave_protocol::{Seq, ServerFrame};

use crate::stage::core::{Event, Line, Room};
use crate::stage::limits::QUEUE_WINDOW;

/// A placeholder until the feed numbers the frame.
const UNNUMBERED: Seq = Seq(0);

/// The frame of a sequenced event that has just been applied to `room`.
pub(in crate::stage) fn sequenced(room: &Room, event: &Event) -> Option<ServerFrame> {
    let (stage, seq) = (room.about().id, UNNUMBERED);
    Some(match event {
        Event::ChatEdited { chat, text, at, .. } => {
            ServerFrame::ChatEdited { stage, seq, chat: *chat, text: text.clone(), at_us: *at }
        }
        Event::ChatDeleted { chat, by, .. } => ServerFrame::ChatDeleted { stage, seq, chat: *chat, by: *by },
        Event::Timeline { .. } => ServerFrame::Timeline { stage, seq: None, timeline: room.statement() },
        Event::Updated { .. } => ServerFrame::StageUpdated { seq, stage, now: Box::new(room.describe()) },
        Event::RoleSet { user, role, .. } => ServerFrame::Role { stage, seq, user: (**user).clone(), role: *role },
        Event::Kicked { user, .. } => {
            ServerFrame::Removed { stage, seq, user: Some(user.id), reason: RemovedReason::Kicked }
        }
        // A block is told as a ban: who was blocked by whom is nobody's to know.
        Event::Banned { user, .. } | Event::ShutOut { user } => {
            ServerFrame::Removed { stage, seq, user: Some(user.id), reason: RemovedReason::Banned }
        }
        Event::Ended { .. } => ServerFrame::Removed { stage, seq, user: None, reason: RemovedReason::StageEnded },
        _ => ServerFrame::Queue { stage, seq, rev: room.queue().rev(), change: queue_change(room, event)? },
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

fn queue_change(room: &Room, event: &Event) -> Option<QueueChange> {
    let queue = room.queue();
    let total = count(queue.len());
    Some(match event {
        Event::Added { index, entries, .. } => {
            let listed = entries.len().min(QUEUE_WINDOW);
            QueueChange::Add {
                index: count(*index),
                items: entries[..listed].iter().map(|e| queue.item(e)).collect(),
                more: count(entries.len() - listed),
                total,
            }
        }
        Event::Removed { entry, .. } => QueueChange::Remove { entries: vec![*entry], total },
        Event::Moved { entry, index, .. } => QueueChange::Move { entry: *entry, index: count(*index) },
        Event::Corrected { songs } => QueueChange::Songs { songs: songs.clone() },
        Event::Cleared { keep, .. } => QueueChange::Clear { keep: *keep, total },
        Event::Shuffled { .. } => {
            let window = room.queue_window();
            QueueChange::Shuffle { offset: window.offset, items: window.items, total }
        }
        Event::ModeSet { mode, .. } => QueueChange::Mode { mode: *mode },
        Event::Voted { entry, .. } => QueueChange::Vote { entry: *entry, votes: queue.votes(*entry) },
        _ => return None,
    })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
