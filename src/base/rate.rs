//! How often something may be done: the one bucket for frames, chat lines, logins and requests.
//!
//! A virtual scheduler (the generic cell rate algorithm, ITU-T I.371): a single instant says how full a bucket is, the one
//! at which it will be full again. It needs no timer, and whoever has done nothing for a while has no bucket at all.

mod buckets;

use octave_protocol::{Duration, Instant};

pub use buckets::Buckets;

/// So many at once, and one more each `every`.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub burst: i64,
    pub every: Duration,
}

impl Rate {
    pub const fn per_second(count: i64, burst: i64) -> Self {
        Self { burst, every: Duration::from_micros(1_000_000 / count) }
    }
}

/// What is left of a rate for one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bucket {
    full_at: Instant,
}

impl Bucket {
    /// Takes one; or says how long to wait for it.
    pub fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        self.take_many(rate, 1, now)
    }

    /// Takes `count` at once, which must not be more than the burst; or none, and says how long to wait for them.
    pub fn take_many(&mut self, rate: Rate, count: i64, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + Duration::from_micros(rate.every.as_micros() * count);
        let over = full_at - now - Duration::from_micros(rate.every.as_micros() * rate.burst);
        if over > Duration::ZERO {
            return Err(over);
        }
        self.full_at = full_at;
        Ok(())
    }

    /// Puts one back that was taken.
    pub fn give_back(&mut self, rate: Rate) {
        self.full_at = self.full_at - rate.every;
    }

    /// Whether it is as one that was never used.
    pub fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant(1_000_000_000);

    #[test]
    fn a_burst_then_a_pace() {
        let rate = Rate::per_second(5, 10);
        let mut bucket = Bucket::default();
        for _ in 0..10 {
            bucket.take(rate, START).unwrap();
        }
        let wait = bucket.take(rate, START).unwrap_err();
        assert_eq!(wait, Duration::from_micros(200_000));
        bucket.take(rate, START + wait).unwrap();
        bucket.take(rate, START + wait).unwrap_err();
        bucket.give_back(rate);
        bucket.take(rate, START + wait).unwrap();
        assert!(!bucket.is_full(START + Duration::from_secs(2)) && bucket.is_full(START + Duration::from_secs(3)));
    }
}
