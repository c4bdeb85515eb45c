//! The one place that reads a clock.
//!
//! The server's time is the wall clock at start, carried on by the monotonic clock: it never jumps while the process
//! lives, whatever is done to the wall clock, and positions saved by an earlier process stay meaningful.

use octave_protocol::Instant;

/// The server's clock; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall_us: i64,
    mono: tokio::time::Instant,
}

impl Clock {
    /// Reads the wall clock once, now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock, once")]
    pub fn start() -> Self {
        let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self { wall_us: i64::try_from(wall.as_micros()).unwrap_or(i64::MAX), mono: tokio::time::Instant::now() }
    }

    /// Starts at an instant of the caller's: for simulations, which have no wall clock.
    pub fn starting_at(at: Instant) -> Self {
        Self { wall_us: at.0, mono: tokio::time::Instant::now() }
    }

    pub fn now(&self) -> Instant {
        let since = i64::try_from(self.mono.elapsed().as_micros()).unwrap_or(i64::MAX);
        Instant(self.wall_us.saturating_add(since))
    }

    /// When `at` comes on the runtime's clock; in the past if it is over.
    pub fn deadline(&self, at: Instant) -> tokio::time::Instant {
        let ahead = at - self.now();
        tokio::time::Instant::now() + ahead.to_std()
    }
}
