//! How fast a client may send.
//!
//! Two virtual schedulers (the generic cell rate algorithm, ITU-T I.371): each is a single instant, the time at which
//! its next frame would be due if they came evenly. What exceeds the first is refused, what exceeds the second as well
//! is a flood.

use octave_protocol::{Duration, Instant};

use crate::connection::limits::{EXCESS_BURST, EXCESS_PER_SECOND, FRAMES_BURST, FRAMES_PER_SECOND};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    Excess { retry_after: Duration },
    Flood,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    frames: Due,
    excess: Due,
}

impl Pace {
    pub(super) fn count(&mut self, now: Instant) -> Verdict {
        let Err(retry_after) = self.frames.take(now, FRAMES_PER_SECOND, FRAMES_BURST) else { return Verdict::Pass };
        match self.excess.take(now, EXCESS_PER_SECOND, EXCESS_BURST) {
            Ok(()) => Verdict::Excess { retry_after },
            Err(_) => Verdict::Flood,
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Due(Instant);

impl Due {
    /// Takes one of `per_second`, `burst` at once; or says how long to wait.
    fn take(&mut self, now: Instant, per_second: i64, burst: i64) -> Result<(), Duration> {
        let interval = Duration::from_micros(1_000_000 / per_second);
        let next = self.0.max(now) + interval;
        let ahead = next - now - Duration::from_micros(interval.as_micros() * burst);
        if ahead > Duration::ZERO {
            return Err(ahead);
        }
        self.0 = next;
        Ok(())
    }
}
