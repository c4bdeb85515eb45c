//! How much one user may say.

use std::collections::HashMap;

use octave_protocol::{Duration, Instant, UserId};

use crate::stage::limits::{BUCKETS_SWEPT_FROM, CHAT_BURST, CHAT_PER_SECOND};

/// The time that one line costs.
const COST: i64 = 1_000_000 / CHAT_PER_SECOND;

/// Everybody's bucket, whether they are here or have left, until it is full again.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    by_user: HashMap<UserId, Bucket>,
    /// How many there are when the full ones are looked for next.
    sweep_at: usize,
}

impl Buckets {
    /// Takes one line's worth, or tells when there will be one.
    pub(super) fn take(&mut self, who: UserId, now: Instant) -> Result<(), Duration> {
        if self.by_user.len() >= self.sweep_at {
            self.by_user.retain(|_, bucket| bucket.full_at > now);
            self.sweep_at = (self.by_user.len() * 2).max(BUCKETS_SWEPT_FROM);
        }
        self.by_user.entry(who).or_insert(Bucket::full(now)).take(now)
    }
}

/// A token bucket kept as one instant: when it will be full again.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    full_at: Instant,
}

impl Bucket {
    const fn full(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// Takes one line's worth, or tells when there will be one.
    fn take(&mut self, now: Instant) -> Result<(), Duration> {
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

    #[test]
    fn as_many_are_kept_as_are_not_full() {
        let mut now = Instant(1_000_000_000);
        let mut buckets = Buckets::default();
        for user in 0..100_000 {
            buckets.take(UserId(user), now).unwrap();
            now = now + Duration(COST / 10);
        }
        assert!(buckets.by_user.len() <= BUCKETS_SWEPT_FROM, "{}", buckets.by_user.len());
        for _ in 0..CHAT_BURST {
            buckets.take(UserId(1), now).unwrap();
        }
        for user in 2..1_000 {
            buckets.take(UserId(user), now).unwrap();
        }
        buckets.take(UserId(1), now).unwrap_err();
    }
}
