//! The one place that reads a clock.
//!
//! The server's time is the wall clock at start, carried on by the monotonic clock: it never jumps while the process
//! lives, whatever is done to the wall clock, and positions saved by an earlier process stay meaningful. The nodes of a
//! cluster [steer](Helm) theirs towards one another, so slowly that nobody hears it.

use std::sync::{PoisonError, RwLock};

use octave_protocol::Instant;

/// The server's clock; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall_us: i64,
    mono: tokio::time::Instant,
    helm: Option<&'static Helm>,
}

/// By how much a clock goes faster or slower at most while it is steered: half a millisecond in a second. It never goes back.
const SLEW_PPM: f64 = 500.0;

/// How a clock is steered.
#[derive(Debug, Default)]
pub struct Helm(RwLock<Course>);

/// What is added to the clock: `from` microseconds at `since`, and then at an even pace `to`. Times are the bare clock's.
#[derive(Debug, Clone, Copy, Default)]
struct Course {
    since: f64,
    from: f64,
    to: f64,
}

impl Course {
    fn at(&self, bare_us: f64) -> f64 {
        let most = (bare_us - self.since).max(0.0) * SLEW_PPM * 1e-6;
        self.from + (self.to - self.from).clamp(-most, most)
    }
}

impl Clock {
    /// Reads the wall clock once, now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock, once")]
    pub fn start() -> Self {
        let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let wall_us = i64::try_from(wall.as_micros()).unwrap_or(i64::MAX);
        Self { wall_us, mono: tokio::time::Instant::now(), helm: None }
    }

    /// The same clock, and from here on steered. What steers it lives as long as the process.
    #[must_use]
    pub fn steered(self) -> Self {
        Self { helm: Some(Box::leak(Box::default())), ..self }
    }

    /// Starts at an instant of the caller's: for simulations, which have no wall clock.
    pub fn starting_at(at: Instant) -> Self {
        Self { wall_us: at.0, mono: tokio::time::Instant::now(), helm: None }
    }

    pub fn now(&self) -> Instant {
        let bare = self.bare();
        match self.helm {
            None => bare,
            Some(helm) => Instant(bare.0.saturating_add(whole(helm.course().at(micros(bare))))),
        }
    }

    /// The clock as it would be if nobody steered it: what others are compared with.
    pub fn bare(&self) -> Instant {
        let since = i64::try_from(self.mono.elapsed().as_micros()).unwrap_or(i64::MAX);
        Instant(self.wall_us.saturating_add(since))
    }

    /// Steers towards so much more than the bare clock shows.
    pub fn steer(&self, to_us: f64) {
        if let Some(helm) = self.helm {
            let since = micros(self.bare());
            let from = helm.course().at(since);
            helm.set(Course { since, from, to: to_us });
        }
    }

    /// Sets it so at once: before anybody has been told the time.
    pub fn set(&self, to_us: f64) {
        if let Some(helm) = self.helm {
            helm.set(Course { since: micros(self.bare()), from: to_us, to: to_us });
        }
    }

    /// When `at` comes on the runtime's clock; in the past if it is over.
    pub fn deadline(&self, at: Instant) -> tokio::time::Instant {
        let ahead = at - self.now();
        tokio::time::Instant::now() + ahead.to_std()
    }
}

impl Helm {
    fn course(&self) -> Course {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, course: Course) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = course;
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact below 2^53, which is in the year 2255")]
fn micros(at: Instant) -> f64 {
    at.0 as f64
}

#[expect(clippy::cast_possible_truncation, reason = "what clocks differ by")]
fn whole(us: f64) -> i64 {
    us.round() as i64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_is_steered_slowly_and_never_goes_back() {
        let clock = Clock::starting_at(Instant(1_000_000)).steered();
        clock.set(2_000.0);
        assert_eq!(clock.now(), Instant(1_002_000), "set at once");
        clock.steer(-3_000.0);
        let mut last = clock.now();
        for step in 1..=11 {
            tokio::time::advance(Duration::from_secs(1)).await;
            let (now, bare) = (clock.now(), clock.bare());
            assert!(now > last);
            last = now;
            let expected = (2_000 - 500 * step).max(-3_000);
            assert_eq!(now - bare, octave_protocol::Duration(expected), "after {step} s");
        }
        clock.steer(-2_900.0);
        assert_eq!(clock.now(), last, "nothing jumps");
        tokio::time::advance(Duration::from_millis(100)).await;
        assert_eq!(clock.now() - clock.bare(), octave_protocol::Duration(-2_950));
    }
}
