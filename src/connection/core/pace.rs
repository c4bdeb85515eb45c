//! How fast a client may send: what exceeds the first rate is refused, what exceeds the second as well is a flood.

use octave_protocol::{Duration, Instant};

use crate::base::rate::Bucket;
use crate::connection::limits::{EXCESS, FRAMES};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    Excess { retry_after: Duration },
    Flood,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    frames: Bucket,
    excess: Bucket,
}

impl Pace {
    pub(super) fn count(&mut self, now: Instant) -> Verdict {
        let Err(retry_after) = self.frames.take(FRAMES, now) else { return Verdict::Pass };
        match self.excess.take(EXCESS, now) {
            Ok(()) => Verdict::Excess { retry_after },
            Err(_) => Verdict::Flood,
        }
    }
}
