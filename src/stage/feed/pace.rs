//! When a batch leaves.
//!
//! A write to a socket costs nearly the same with one line in it as with ten, so lines that come close together are made
//! to leave together. What is urgent leaves at once. Anything else waits for the lines that are being committed behind it,
//! up to [`MANY_EVENTS`]; and fewer than [`ENOUGH_EVENTS`] wait until the stage has earned it: a batch costs
//! [`RUN_COSTS_PER_SEAT`], or twice the time that it took to write, a stage earns as time passes, and keeps [`CREDIT_MAX`].
//! So a stage of a thousand shows each of twenty lines per second at once, however close together some of them come, and a
//! hundred per second in batches of four or five.

use tokio::time::Instant;

use crate::stage::limits::{
    CREDIT_MAX, ENOUGH_EVENTS, GATHER_MAX, MANY_EVENTS, RUN_COSTS_MAX, RUN_COSTS_PER_SEAT, RUN_WAITS_MAX,
};

#[derive(Debug)]
pub(super) struct Pace {
    /// When what batches have cost is earned again, and when the last one had left.
    earned: Instant,
    ended: Instant,
    /// Since when the present batch waits, and for how many events.
    since: Option<Instant>,
    events: usize,
    urgent: bool,
}

impl Pace {
    /// Nothing has left for long.
    pub(super) fn new(now: Instant) -> Self {
        let long_ago = now.checked_sub(CREDIT_MAX).unwrap_or(now);
        Self { earned: long_ago, ended: long_ago, since: None, events: 0, urgent: false }
    }

    /// The batch has got one more event.
    pub(super) fn grew(&mut self) {
        self.events += 1;
    }

    /// The batch holds something that must not wait.
    pub(super) fn hurry(&mut self) {
        self.urgent = true;
    }

    /// When the batch, which holds something, has to leave. `more_to_come`: lines behind it are being committed.
    pub(super) fn due(&mut self, now: Instant, more_to_come: bool) -> Instant {
        let since = *self.since.get_or_insert(now);
        if self.urgent {
            return since;
        }
        let gathered = if self.gathers(more_to_come) { since + GATHER_MAX } else { since };
        let earned = if self.wants() > 0 { self.slot() } else { since };
        gathered.max(earned)
    }

    /// Whether the batch waits for the lines that are being committed behind it.
    pub(super) fn gathers(&self, more_to_come: bool) -> bool {
        more_to_come && !self.urgent && self.events < MANY_EVENTS
    }

    /// When a batch leaves at the earliest that is neither urgent nor large enough.
    pub(super) fn slot(&self) -> Instant {
        self.earned.min(self.ended + RUN_WAITS_MAX)
    }

    /// Events that the present batch still waits for.
    pub(super) fn wants(&self) -> usize {
        ENOUGH_EVENTS.saturating_sub(self.events)
    }

    /// The batch has left, to so many.
    pub(super) fn left(&mut self, began: Instant, ended: Instant, seats: usize) {
        let by_seats = RUN_COSTS_PER_SEAT * u32::try_from(seats).unwrap_or(u32::MAX);
        let cost = by_seats.min(RUN_COSTS_MAX).max((ended - began) * 2);
        let most = began.checked_sub(CREDIT_MAX).unwrap_or(began);
        let earned = self.earned.max(most) + cost;
        *self = Self { earned, ended, since: None, events: 0, urgent: false };
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Duration;

    use super::*;

    const MS: Duration = Duration::from_millis(1);
    /// What a batch to a thousand takes.
    const TAKES: Duration = Duration::from_millis(7);

    /// A hundred batches have left, the last one just now.
    fn busy(now: Instant) -> Pace {
        let mut pace = Pace::new(now - 2_000 * MS);
        for ago in (0..100).rev() {
            let ended = now - 10 * MS * ago;
            pace.left(ended - TAKES, ended, 1_000);
        }
        pace
    }

    /// Says one line per step and writes each batch when it is due; how long the last line waited.
    fn talk(pace: &mut Pace, from: Instant, step: Duration, lines: u32) -> Duration {
        let mut waited = Duration::ZERO;
        for line in 0..lines {
            let said = from + step * line;
            pace.grew();
            let due = pace.due(said, false);
            waited = due.saturating_duration_since(said);
            if due < said + step {
                pace.left(due.max(said), due.max(said) + TAKES, 1_000);
            }
        }
        waited
    }

    #[tokio::test(start_paused = true)]
    async fn lines_into_silence_leave_at_once_even_some_together() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        assert_eq!(talk(&mut pace, now, 8 * MS, 10), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn twenty_lines_a_second_never_wait() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        assert_eq!(talk(&mut pace, now, 50 * MS, 1_000), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn in_a_busy_stage_a_line_waits_for_company_but_not_for_long() {
        let now = Instant::now() + 2_000 * MS;
        let mut pace = busy(now);
        pace.grew();
        let due = pace.due(now, false);
        assert!(due > now && due <= now + RUN_WAITS_MAX, "{:?}", due - now);
        for _ in 1..ENOUGH_EVENTS {
            pace.grew();
        }
        assert_eq!(pace.due(now + MS, false), now);
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_waits_for_those_that_are_committed_behind_it_but_not_for_long() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        pace.grew();
        assert_eq!(pace.due(now, true), now + GATHER_MAX);
        assert_eq!(pace.due(now + 5 * MS, true), now + GATHER_MAX);
        assert_eq!(pace.due(now + 5 * MS, false), now);
        for _ in 1..MANY_EVENTS {
            assert!(pace.gathers(true));
            pace.grew();
        }
        assert_eq!(pace.due(now + 5 * MS, true), now);
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeline_never_waits() {
        let now = Instant::now() + 2_000 * MS;
        let mut pace = busy(now);
        pace.hurry();
        assert_eq!(pace.due(now, true), now);
    }
}
