//! How much one user may say.

use std::collections::HashMap;

use octave_protocol::{Duration, Instant, UserId};

use crate::base::rate::Bucket;
use crate::stage::limits::{BUCKETS_SWEPT_FROM, CHAT};

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
            self.by_user.retain(|_, bucket| !bucket.is_full(now));
            self.sweep_at = (self.by_user.len() * 2).max(BUCKETS_SWEPT_FROM);
        }
        self.by_user.entry(who).or_default().take(CHAT, now)
    }
}

/// When those who are held to a pause between two lines said their last one.
#[derive(Debug, Default)]
pub(super) struct SlowMode {
    last: HashMap<UserId, Instant>,
    sweep_at: usize,
}

impl SlowMode {
    /// How long somebody has to wait yet.
    pub(super) fn wait(&self, who: UserId, pause: Duration, now: Instant) -> Option<Duration> {
        let over = *self.last.get(&who)? + pause;
        (over > now).then(|| over - now)
    }

    pub(super) fn said(&mut self, who: UserId, pause: Duration, now: Instant) {
        if self.last.len() >= self.sweep_at {
            self.last.retain(|_, at| *at + pause > now);
            self.sweep_at = (self.last.len() * 2).max(BUCKETS_SWEPT_FROM);
        }
        self.last.insert(who, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_kept_as_are_not_full() {
        let mut now = Instant(1_000_000_000);
        let mut buckets = Buckets::default();
        for user in 0..100_000 {
            buckets.take(UserId(user), now).unwrap();
            now = now + Duration(CHAT.every.0 / 10);
        }
        assert!(buckets.by_user.len() <= BUCKETS_SWEPT_FROM, "{}", buckets.by_user.len());
        for _ in 0..CHAT.burst {
            buckets.take(UserId(1), now).unwrap();
        }
        for user in 2..1_000 {
            buckets.take(UserId(user), now).unwrap();
        }
        buckets.take(UserId(1), now).unwrap_err();
    }
}
