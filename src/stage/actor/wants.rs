//! How much one user may say.

use octave_protocol::{Duration, Instant};

use crate::stage::limits::{CHAT_BURST, CHAT_PER_SECOND};

/// The time that one line costs.
const COST: i64 = 1_000_000 / CHAT_PER_SECOND;

/// A token bucket kept as one instant: when it will be full again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    full_at: Instant,
}

impl Bucket {
    pub(super) const fn full(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// Takes one line's worth, or tells when there will be one.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let after = self.full_at.max(now) + Duration(COST);
        let over = (after - now) - Duration(COST * CHAT_BURST);
        if over > Duration::ZERO {
            return Err(over);
        }
        self.full_at = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_pace() {
        let start = Instant(1_000_000_000);
        let mut bucket = Bucket::full(start);
        for _ in 0..CHAT_BURST {
            bucket.take(start).unwrap();
        }
        let wait = bucket.take(start).unwrap_err();
        assert_eq!(wait, Duration(COST));
        bucket.take(start + wait).unwrap();
        bucket.take(start + wait).unwrap_err();
    }
}
