//! When a stage wakes by itself.
//!
//! At each instant that stands here something is done which takes it away again: one that had passed and stayed would wake
//! the stage a thousand times a second.

use octave_protocol::Instant;

use super::Actor;
use crate::stage::limits::IDLE_STOP;

impl Actor {
    /// The earliest of all timers.
    pub(super) fn next_wake(&mut self) -> Option<tokio::time::Instant> {
        let clock = &self.world.clock;
        let on_clock = [
            self.stage.next_due().filter(|_| !self.stage.has_ended()),
            // A stage with something to do does not stop; what it has to do wakes it.
            self.idle_since.filter(|_| self.has_nothing_to_do()).map(|since| since + IDLE_STOP),
            self.succession.due(),
            self.guests_away.due(),
            self.save_at(),
            self.hurry_at(),
        ];
        let on_clock = on_clock.into_iter().flatten().min().map(|at| clock.deadline(at));
        let (now, more_to_come) = (tokio::time::Instant::now(), self.more_to_come());
        let batch = self.feed.flush_due(now, more_to_come);
        let rest = [on_clock, batch, self.gathers_until(), self.ephemeral.due(self.feed.seats(), now)];
        rest.into_iter().flatten().min()
    }

    pub(super) fn has_idled(&self, now: Instant) -> bool {
        self.idle_since.is_some_and(|since| since + IDLE_STOP <= now) && self.has_nothing_to_do()
    }

    fn has_nothing_to_do(&self) -> bool {
        self.in_flight.is_none() && !self.has_work() && self.lookups.is_empty()
    }
}
