//! Lines that may concern somebody who is not there: those that call a name, and answers.

use std::sync::Arc;

use octave_protocol::{Seq, StageId, UserId};
use tokio::sync::mpsc;

use crate::stage::storage::{Placed, Work};

/// A line that was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub stage: StageId,
    pub seq: Seq,
    pub from: UserId,
    pub text: Arc<str>,
    pub reply_to: Option<Seq>,
}

pub(super) fn tell(to: &mpsc::Sender<Said>, work: &[Work], placed: &[Vec<Placed>]) {
    for (work, placed) in work.iter().zip(placed) {
        for (line, placed) in work.chats.iter().zip(placed) {
            let Placed::Fresh(seq) = placed else { continue };
            if line.reply_to.is_none() && !line.text.contains('@') {
                continue;
            }
            let (from, text, reply_to) = (line.from.id, line.text.clone(), line.reply_to);
            if to.try_send(Said { stage: work.stage, seq: *seq, from, text, reply_to }).is_err() {
                tracing::debug!(stage = %work.stage, "too many lines call somebody: nobody is told of this one");
            }
        }
    }
}
