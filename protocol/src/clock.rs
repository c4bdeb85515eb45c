//! The server's clock, seen from a client.
//!
//! A probe goes out at `t0`, is read by the server at `t1`, answered at `t2` and is back at `t3`. Each way is judged by
//! itself: which of its delays repeat best is learnt from them (`delays`), what they say of the offset is joined over the
//! bursts (`ways`, `track`), and what has changed is told apart by what both ways say together: a clock that is another
//! one leaves the round trip as it was. `web/src/sync/clock/clock.ts` is the same estimator for browsers;
//! `protocol/vectors/clock` holds both to the same figures. docs/SYNC.md says why it is made so.
//!
//! All times are microseconds in `f64`, which is exact below 2^53. Local times come from one monotonic clock, server
//! times count from the Unix epoch.

mod delays;
mod track;
mod ways;

use ways::{Burst, Surprise, Ways};

/// One question and its answer: `t0` and `t3` on the local clock, `t1` and `t2` on the server's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    pub t0: f64,
    pub t1: f64,
    pub t2: f64,
    pub t3: f64,
}

impl Probe {
    fn trip(&self) -> f64 {
        self.t3 - self.t0 - (self.t2 - self.t1)
    }
}

/// What became of a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BurstOutcome {
    /// No probe in it made sense.
    Empty,
    Accepted,
    /// Too far from what was expected to be believed.
    Rejected,
    /// The path or the server's clock is another one than before.
    Restarted,
}

/// Bursts are judged once so many are known.
const JUDGED_FROM: usize = 6;
/// What is off by more standard deviations than this is not believed; more where few delays count, or few bursts are
/// known.
const GATE: f64 = 5.0;
const GATE_OF_FEW_DELAYS: f64 = 5.0;
const GATE_OF_FEW_BURSTS: f64 = 10.0;
/// Where the round trip has changed too, by so many standard deviations, so many more.
const ANOTHER_TRIP: f64 = 3.5;
const GATE_OF_TRIP: f64 = 2.0;
/// So many in a row on one side are believed.
const RESTART_AFTER: usize = 3;
/// The latest bursts are looked at together, too: so many.
const RUNS: [usize; 3] = [3, 6, 12];
/// What is told is less sure than what is reckoned with: neither jitter nor drift keeps to its model.
const DOUBT: f64 = 4.0;
const UNTOLD_US: f64 = 100.0;
/// The bound takes in so many standard deviations.
const BOUND: f64 = 3.0;

/// Offset and drift of the server's clock against the local one.
#[derive(Debug, Clone, Default)]
pub struct ClockEstimator {
    /// Offsets are kept relative to the first one: an `f64` has only 0.25 µs left at the size of the Unix epoch.
    base: f64,
    ways: Option<Ways>,
    /// Bursts that were not believed so far, all off on one side.
    pending: Vec<(Burst, Surprise)>,
    /// The next burst that is off is believed at once.
    doubted: bool,
    /// How far the latest bursts were from what was expected.
    surprises: Vec<Surprise>,
    /// By how much longer routes have moved what the ways say, and the variance of that.
    skew: f64,
    skew_variance: f64,
}

impl ClockEstimator {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one burst in. The order of its probes does not matter; bursts must come in the order of time.
    pub fn burst(&mut self, probes: &[Probe]) -> BurstOutcome {
        let sound: Vec<Probe> = probes.iter().copied().filter(|p| p.trip() >= 0.0).collect();
        let Some(first) = sound.first() else { return BurstOutcome::Empty };
        let Some(ways) = &mut self.ways else {
            self.base = (first.t1 - first.t0 + 0.5).floor();
            self.ways = Some(Ways::new(Burst::new(&sound, self.base), 0.0));
            return BurstOutcome::Accepted;
        };
        let burst = Burst::new(&sound, self.base);
        if ways.count() < JUDGED_FROM {
            ways.take([burst]);
            return BurstOutcome::Accepted;
        }
        self.judge(burst)
    }

    /// This machine slept: a clock that stood still meanwhile is another one.
    pub fn doubt(&mut self) {
        self.doubted = true;
    }

    /// Whether anything is known yet.
    pub fn is_ready(&self) -> bool {
        self.ways.is_some()
    }

    /// Server time at a local instant.
    pub fn to_server(&self, local_us: f64) -> f64 {
        let (at, offset) = self.offset();
        local_us + self.base + offset + self.drift_ppm() * 1e-6 * (local_us - at)
    }

    /// Local instant of a server time.
    pub fn to_local(&self, server_us: f64) -> f64 {
        let (at, offset) = self.offset();
        let undrifted = server_us - self.base - offset;
        let rate = self.drift_ppm() * 1e-6;
        undrifted - (rate * (undrifted - at)) / (1.0 + rate)
    }

    /// How much faster the server's clock runs, in parts per million: as much of the estimate as stands out from its
    /// uncertainty, 0 of one that doesn't.
    pub fn drift_ppm(&self) -> f64 {
        let Some(line) = self.ways.as_ref().map(Ways::line) else { return 0.0 };
        let (square, doubt) = (square(line.drift), DOUBT * line.var_drift);
        if square <= doubt { 0.0 } else { line.drift * (1.0 - doubt / square) }
    }

    /// Standard deviation of the offset at a local instant, without what the path's asymmetry hides.
    pub fn sd_us(&self, local_us: f64) -> f64 {
        self.ways.as_ref().map_or(0.0, |ways| (DOUBT * self.variance(ways, local_us) + square(UNTOLD_US)).sqrt())
    }

    /// Least round trip of the last minutes; 0 before the first burst.
    pub fn rtt_min(&self) -> f64 {
        self.ways.as_ref().map_or(0.0, Ways::rtt_min)
    }

    /// The most that the estimate can be wrong: no answer is read before it was sent, so the offset is off by no more
    /// than the least delay that the estimate leaves to either way.
    pub fn bound_us(&self, local_us: f64) -> f64 {
        let Some(ways) = &self.ways else { return 0.0 };
        let (up, down) = ways.least();
        (up + self.skew).max(down - self.skew).max(0.0) + BOUND * self.variance(ways, local_us).sqrt()
    }

    fn variance(&self, ways: &Ways, local_us: f64) -> f64 {
        ways.line().variance_at(local_us) + self.skew_variance
    }

    /// When the line was drawn, and the offset then.
    fn offset(&self) -> (f64, f64) {
        self.ways.as_ref().map_or((0.0, 0.0), |ways| (ways.line().at, ways.line().offset - self.skew))
    }

    fn judge(&mut self, burst: Burst) -> BurstOutcome {
        let Some(ways) = &mut self.ways else { return BurstOutcome::Empty };
        let surprise = ways.surprise(&burst);
        let (clock, trip) = together(&[surprise]);
        let more = if trip.abs() > ANOTHER_TRIP { GATE_OF_TRIP } else { 0.0 };
        if clock.abs() <= gate(ways, surprise.probes) + more {
            self.pending.clear();
            self.doubted = false;
            ways.take([burst.clone()]);
            self.surprises.push(surprise);
            self.surprises.drain(..self.surprises.len().saturating_sub(RUNS[RUNS.len() - 1]));
            return self.look_back(burst);
        }
        // A round trip shorter than any before shows another route, and is believed at once.
        if burst.rtt < ways.rtt_min() {
            let drift = ways.line().drift;
            return self.restart(burst, drift);
        }
        if self.pending.iter().any(|(_, s)| (s.up - s.down).signum() != clock.signum()) {
            self.pending.clear();
        }
        self.pending.push((burst.clone(), surprise));
        if self.pending.len() < if self.doubted { 1 } else { RESTART_AFTER } {
            return BurstOutcome::Rejected;
        }
        let trips = delays::mean(self.pending.iter().map(|(_, s)| together(&[*s]).1));
        if trips > ANOTHER_TRIP { self.lengthen() } else { self.restart(burst, 0.0) }
    }

    /// Whether the latest bursts, each not far off by itself, all are off on one side.
    fn look_back(&mut self, burst: Burst) -> BurstOutcome {
        let Some(ways) = &self.ways else { return BurstOutcome::Empty };
        for run in RUNS {
            let Some(from) = self.surprises.len().checked_sub(run) else { break };
            let latest = &self.surprises[from..];
            let (clock, trip) = together(latest);
            if clock.abs() <= gate(ways, latest.iter().map(|s| s.probes).sum()) {
                continue;
            }
            if trip <= ANOTHER_TRIP && burst.rtt <= ways.rtt_usual() {
                return self.restart(burst, 0.0);
            }
            // The route differs, not the clock: these bursts are no witnesses against it.
            self.surprises.clear();
        }
        BurstOutcome::Accepted
    }

    /// Begins anew: what came before may be of another kind.
    fn restart(&mut self, burst: Burst, drift: f64) -> BurstOutcome {
        self.ways = Some(Ways::new(burst, drift));
        (self.skew, self.skew_variance) = (0.0, 0.0);
        self.forget();
        BurstOutcome::Restarted
    }

    fn lengthen(&mut self) -> BurstOutcome {
        let late = self.pending.drain(..).map(|(burst, _)| burst).collect();
        if let Some(ways) = &mut self.ways {
            let (skew, variance) = ways.lengthen(late);
            self.skew += skew;
            self.skew_variance += variance;
        }
        self.forget();
        BurstOutcome::Accepted
    }

    fn forget(&mut self) {
        self.doubted = false;
        self.pending.clear();
        self.surprises.clear();
    }
}

fn gate(ways: &Ways, probes: usize) -> f64 {
    GATE + GATE_OF_FEW_DELAYS / (ways.share() * of(probes)).sqrt() + GATE_OF_FEW_BURSTS / of(ways.count())
}

/// How far off bursts are, in standard deviations: the clock moves both ways apart, the route moves their sum.
fn together(surprises: &[Surprise]) -> (f64, f64) {
    let root = of(surprises.len()).sqrt();
    let clock: f64 = surprises.iter().map(|s| (s.up - s.down) / (s.scatter + s.doubt).sqrt()).sum();
    let trip: f64 = surprises.iter().map(|s| (s.up + s.down) / s.scatter.sqrt()).sum();
    (clock / root, trip / root)
}

fn square(x: f64) -> f64 {
    x * x
}

#[expect(clippy::cast_precision_loss, reason = "some hundred probes")]
fn of(count: usize) -> f64 {
    count as f64
}
