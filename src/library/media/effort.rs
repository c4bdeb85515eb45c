//! How much work one file may make: processor time, so that a busy machine is no reason to refuse it.
//!
//! What a file costs to read or to decode its uploader decides, and a file that was made for it costs without end. A look has a
//! fixed allowance; whoever listens gets more with every second that was heard, up to a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::refusal::AudioError;

/// Processor time that may be spent on a file. Half of what was heard is added to the beginning, and never more than the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    pub(super) beginning: Duration,
    pub(super) end: Duration,
}

/// Two hundred megabytes are read through in two seconds where a processor is fast, and in twenty where it is not.
pub(super) const LOOK: Allowance = Allowance { beginning: Duration::from_secs(30), end: Duration::from_secs(30) };

/// An hour of music takes some ten seconds where a processor is fast.
pub(super) const LISTEN: Allowance = Allowance { beginning: Duration::from_secs(30), end: Duration::from_mins(10) };

/// What this thread has spent on a file since this was made.
#[derive(Debug, Clone)]
pub(super) struct Effort(Arc<Spent>);

#[derive(Debug)]
struct Spent {
    began: Duration,
    allowance: Allowance,
    heard_us: AtomicU64,
}

impl Effort {
    pub(super) fn begin(allowance: Allowance) -> Self {
        Self(Arc::new(Spent { began: used(), allowance, heard_us: AtomicU64::new(0) }))
    }

    /// So much more was heard.
    pub(super) fn heard(&self, frames: usize, rate: u32) {
        let us = frames as u64 * 1_000_000 / u64::from(rate.max(1));
        self.0.heard_us.fetch_add(us, Ordering::Relaxed);
    }

    /// Fails when all of it is spent.
    pub(super) fn check(&self) -> Result<(), AudioError> {
        let Allowance { beginning, end } = self.0.allowance;
        let earned = Duration::from_micros(self.0.heard_us.load(Ordering::Relaxed)) / 2;
        let allowed = beginning.saturating_add(earned).min(end);
        if used().saturating_sub(self.0.began) > allowed { Err(AudioError::TooCostly) } else { Ok(()) }
    }
}

/// Processor time of this thread.
fn used() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let (secs, nanos) = (u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0));
    Duration::new(secs, nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toil(effort: &Effort) -> Option<AudioError> {
        let began = used();
        let mut sum = 0_u64;
        while used() < began + Duration::from_millis(20) {
            sum = std::hint::black_box(sum + 1);
        }
        effort.check().err()
    }

    #[test]
    fn work_is_counted_and_waiting_is_not() {
        let allowance = Allowance { beginning: Duration::from_millis(10), end: Duration::from_millis(50) };
        let waits = Effort::begin(allowance);
        std::thread::park_timeout(Duration::from_millis(30));
        waits.check().unwrap();

        assert!(matches!(toil(&Effort::begin(allowance)), Some(AudioError::TooCostly)));

        let hears = Effort::begin(allowance);
        hears.heard(480, 8_000);
        assert!(toil(&hears).is_none(), "60 ms of sound allow for 30 more");

        let hears_long = Effort::begin(allowance);
        hears_long.heard(8_000 * 3_600, 8_000);
        assert!((0..3).any(|_| toil(&hears_long).is_some()), "there is an end");
    }
}
