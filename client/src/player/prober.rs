//! When the server is asked for its time: dense at first, then as the path asks for, dense again when its clock is another
//! one. The pace is the browser's (`web/src/sync/clock/prober.ts`).

use std::collections::HashMap;

use octave_protocol::ClientFrame;
use octave_protocol::client::Ping;
use octave_protocol::clock::{BurstOutcome, ClockEstimator, Probe};

use super::pace::{Pace, pace_of};

/// A server that does not answer is asked again this soon.
const SILENT_US: f64 = 1e6;
/// A probe that takes longer says nothing.
const TIMEOUT_US: f64 = 3e6;
/// Nobody comes this late to a probe that is due, unless the machine slept.
const ASLEEP_US: f64 = 3e6;
/// Requests of this connection with lower ids are somebody else's.
const FIRST_ID: i64 = 1_000_000;

#[derive(Debug)]
pub struct Prober {
    clock: ClockEstimator,
    bursts: u32,
    /// When the learning began, and what is asked in the present burst.
    begun: f64,
    pace: Pace,
    /// Of the burst that is under way.
    sent: u32,
    open: HashMap<i64, f64>,
    probes: Vec<Probe>,
    last_id: i64,
    due: f64,
    silent: bool,
}

impl Default for Prober {
    fn default() -> Self {
        Self {
            clock: ClockEstimator::new(),
            bursts: 0,
            begun: f64::NEG_INFINITY,
            pace: pace_of(0, 0.0, 0.0, false),
            sent: 0,
            open: HashMap::new(),
            probes: Vec::new(),
            last_id: FIRST_ID,
            // At once, whatever the local clock shows.
            due: f64::NEG_INFINITY,
            silent: false,
        }
    }
}

impl Prober {
    pub fn clock(&self) -> &ClockEstimator {
        &self.clock
    }

    /// When [`Prober::ping`] has something to do.
    pub fn wake(&self) -> f64 {
        self.due
    }

    /// The next probe, if it is due. It counts as sent at `now`.
    pub fn ping(&mut self, now: f64) -> Option<ClientFrame> {
        if now < self.due {
            return None;
        }
        if self.begun == f64::NEG_INFINITY {
            self.begun = now;
        } else if now > self.due + ASLEEP_US {
            // What was on its way is lost, and a clock that stood still meanwhile is another one.
            self.clock.doubt();
            (self.bursts, self.begun, self.sent) = (0, now, 0);
            self.pace = pace_of(0, 0.0, 0.0, false);
            self.open.clear();
            self.probes.clear();
        }
        if self.sent == self.pace.probes {
            self.finish(now);
            return None;
        }
        self.last_id += 1;
        let id = self.last_id;
        self.open.insert(id, now);
        self.sent += 1;
        self.due = now + if self.sent == self.pace.probes { TIMEOUT_US } else { self.pace.gap_us };
        Some(ClientFrame::Ping(Ping { id, t0: serde_json::Value::Null }))
    }

    /// An answer, read at `t3`. One to no probe of this burst is ignored.
    pub fn pong(&mut self, id: i64, t1: f64, t2: f64, t3: f64) {
        let Some(t0) = self.open.remove(&id) else { return };
        self.probes.push(Probe { t0, t1, t2, t3 });
        if self.open.is_empty() && self.sent == self.pace.probes {
            self.finish(t3);
        }
    }

    fn finish(&mut self, now: f64) {
        let outcome = self.clock.burst(&self.probes);
        let back = outcome != BurstOutcome::Empty && self.silent;
        self.silent = outcome == BurstOutcome::Empty;
        self.probes.clear();
        self.open.clear();
        self.sent = 0;
        self.bursts += 1;
        self.due = now + if self.silent { SILENT_US } else { self.pace.pause_us };
        if back {
            (self.bursts, self.begun, self.due) = (0, now, now);
        } else if outcome == BurstOutcome::Restarted {
            // Another clock, or another way to it: learn it quickly.
            self.begun = now;
        }
        let doubted = outcome == BurstOutcome::Rejected;
        self.pace = pace_of(self.bursts, now - self.begun, self.clock.sd_us(now), doubted);
    }
}
