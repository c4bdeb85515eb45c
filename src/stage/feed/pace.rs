//! When a run leaves.
//!
//! A write to a socket costs nearly the same with one line in it as with ten, so lines that come close together are made
//! to leave together. What comes alone leaves at once, and so do [`ENOUGH_EVENTS`] and everything that is urgent. In
//! between, a run waits for the lines that are being committed behind it, and in a large stage until the run before lies
//! back so far that the stage does not take a whole core.

use tokio::time::{Duration, Instant};

use crate::stage::limits::{ENOUGH_EVENTS, GATHER_MAX, PACED_FROM, SPACING_MAX, SPACING_PER_SEAT};

#[derive(Debug)]
pub(super) struct Pace {
    /// When the run before began to leave, and when all of it had left.
    began: Instant,
    ended: Instant,
    /// Since when the present run waits, and for how many events.
    since: Option<Instant>,
    events: usize,
    urgent: bool,
}

impl Pace {
    /// Nothing has left for long.
    pub(super) fn new(now: Instant) -> Self {
        let long_ago = now.checked_sub(Duration::from_secs(1)).unwrap_or(now);
        Self { began: long_ago, ended: long_ago, since: None, events: 0, urgent: false }
    }

    /// The run has got one more event.
    pub(super) fn grew(&mut self) {
        self.events += 1;
    }

    /// The run holds something that must not wait.
    pub(super) fn hurry(&mut self) {
        self.urgent = true;
    }

    /// When the run, which holds something, has to leave. `more_to_come`: lines behind it are being committed.
    pub(super) fn due(&mut self, now: Instant, seats: usize, more_to_come: bool) -> Instant {
        let since = *self.since.get_or_insert(now);
        if self.urgent || self.events >= ENOUGH_EVENTS {
            return since;
        }
        let gathered = if more_to_come { since + GATHER_MAX } else { since };
        let spacing = spacing(seats);
        let into_silence = seats < PACED_FROM || since >= self.ended + spacing;
        if into_silence { gathered } else { gathered.max(self.began + spacing) }
    }

    /// The run has left.
    pub(super) fn left(&mut self, began: Instant, ended: Instant) {
        *self = Self { began, ended, since: None, events: 0, urgent: false };
    }
}

fn spacing(seats: usize) -> Duration {
    (SPACING_PER_SEAT * u32::try_from(seats).unwrap_or(u32::MAX)).min(SPACING_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A run left 12 ms ago, and that took 6 ms.
    fn busy(now: Instant) -> Pace {
        let mut pace = Pace::new(now);
        pace.left(now - 12 * MS, now - 6 * MS);
        pace
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_into_silence_leaves_at_once() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        pace.grew();
        assert_eq!(pace.due(now, 10_000, false), now);
    }

    #[tokio::test(start_paused = true)]
    async fn in_a_busy_large_stage_a_line_waits_and_enough_of_them_do_not() {
        let now = Instant::now();
        let mut pace = busy(now);
        pace.grew();
        assert_eq!(pace.due(now, 1_000, false), now + 28 * MS);
        for _ in 1..ENOUGH_EVENTS {
            pace.grew();
        }
        assert_eq!(pace.due(now + MS, 1_000, false), now);
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_waits_for_those_that_are_committed_behind_it_but_not_for_long() {
        let now = Instant::now();
        let mut pace = busy(now);
        pace.grew();
        assert_eq!(pace.due(now, 10, true), now + GATHER_MAX);
        assert_eq!(pace.due(now + 5 * MS, 10, true), now + GATHER_MAX);
        assert_eq!(pace.due(now + 5 * MS, 10, false), now);
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeline_never_waits() {
        let now = Instant::now();
        let mut pace = busy(now);
        pace.hurry();
        assert_eq!(pace.due(now, 10_000, true), now);
    }
}
