//! The last events, encoded, for those who come back.

use std::collections::VecDeque;

use bytes::Bytes;
use octave_protocol::Seq;

use crate::stage::limits::{RING_BYTES, RING_EVENTS};

#[derive(Debug)]
pub(super) struct Ring {
    /// The number of the oldest frame, or of the one to come.
    oldest: Seq,
    frames: VecDeque<Bytes>,
    bytes: usize,
}

impl Ring {
    pub(super) fn starting_at(first: Seq) -> Self {
        Self { oldest: first, frames: VecDeque::new(), bytes: 0 }
    }

    /// Keeps the event whose number follows the last one's.
    pub(super) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
        while (self.frames.len() > RING_EVENTS || self.bytes > RING_BYTES)
            && let Some(dropped) = self.frames.pop_front()
        {
            self.bytes -= dropped.len();
            self.oldest = self.oldest.next();
        }
    }

    /// What came after `seq`, unless part of it is forgotten.
    pub(super) fn after(&self, seq: Seq) -> Option<impl Iterator<Item = &Bytes>> {
        let skip = usize::try_from(seq.0 + 1 - self.oldest.0).ok()?;
        Some(self.frames.iter().skip(skip))
    }
}
