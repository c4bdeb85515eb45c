//! The server's clock, seen from a client.
//!
//! A probe goes out at `t0`, is read by the server at `t1`, answered at `t2` and is back at `t3`. Probes travel in
//! bursts: of each burst only those that met the least queueing count, and a Kalman filter of offset and drift joins the
//! bursts. `web/src/sync/clock/clock.ts` is the same estimator for browsers; `protocol/vectors/clock` holds both to the same
//! figures.
//!
//! All times are microseconds in `f64`, which is exact below 2^53. Local times come from one monotonic clock, server
//! times count from the Unix epoch.

/// One question and its answer: `t0` and `t3` on the local clock, `t1` and `t2` on the server's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    pub t0: f64,
    pub t1: f64,
    pub t2: f64,
    pub t3: f64,
}

/// What became of a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BurstOutcome {
    /// No probe in it made sense.
    Empty,
    Accepted,
    /// Too far from what was expected to be believed.
    Rejected,
    /// Three in a row lay on one side: the path or the server's clock is another one than before.
    Restarted,
}

/// A burst's samples count up to this much above its least round trip, or [`RTT_SLACK_SHARE`] if that is more.
const RTT_SLACK_US: f64 = 500.0;
const RTT_SLACK_SHARE: f64 = 0.03;
/// Noise of a burst that met no queueing: scheduling and interrupts at both ends.
const NOISE_FLOOR_US: f64 = 150.0;
/// Where the samples of a burst scatter, not even the best of them met empty queues: a share of how far, by their number.
const NOISE_OF_SPREAD: f64 = 0.25;
/// Quartz is within 50 ppm, cheap boards within 100.
const DRIFT_PRIOR_PPM: f64 = 100.0;
/// No clock that works drifts more; such a figure is an artefact of the network.
const DRIFT_MAX_PPM: f64 = 300.0;
/// Random walk of the offset (µs² per second) and of the drift (ppm² per second): warming up, frequency scaling.
const OFFSET_WALK: f64 = 25.0;
const DRIFT_WALK: f64 = 4e-4;
/// Innovations beyond this many standard deviations are not believed...
const GATE: f64 = 3.0;
/// ...unless so many in a row lie on one side.
const RESTART_AFTER: i32 = 3;
/// The least round trip is looked for in this much past: routes change.
const RTT_MEMORY_US: f64 = 300e6;

/// Offset and drift of the server's clock against the local one.
#[derive(Debug, Clone, Default)]
pub struct ClockEstimator {
    /// Offsets are kept relative to the first one: an `f64` has only 0.25 µs left at the size of the Unix epoch.
    base: f64,
    offset: f64,
    drift: f64,
    var_offset: f64,
    covariance: f64,
    var_drift: f64,
    at: f64,
    count: u64,
    streak: i32,
    trips: Vec<Trip>,
}

#[derive(Debug, Clone, Copy)]
struct Trip {
    at: f64,
    rtt: f64,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    at: f64,
    offset: f64,
    rtt: f64,
}

/// A burst, reduced to its best estimate.
#[derive(Debug, Clone, Copy)]
struct Reduced {
    at: f64,
    offset: f64,
    rtt: f64,
    /// How far the samples' median round trip lies above the least, over the root of their number.
    spread: f64,
}

impl ClockEstimator {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one burst in. The order of its probes does not matter; bursts must come in the order of time.
    pub fn burst(&mut self, probes: &[Probe]) -> BurstOutcome {
        let Some(reduced) = reduce(probes) else { return BurstOutcome::Empty };
        let before = self.rtt_min();
        self.trips.retain(|trip| trip.at >= reduced.at - RTT_MEMORY_US);
        self.trips.push(Trip { at: reduced.at, rtt: reduced.rtt });
        let rtt_min = self.rtt_min();
        if self.count == 0 {
            self.base = reduced.offset;
            self.restart(reduced);
            return BurstOutcome::Accepted;
        }
        // A shorter trip than any before shows that all earlier bursts had met a queue and knew less than they claimed.
        if rtt_min < before {
            self.var_offset += square((before - rtt_min) / 2.0);
        }
        self.update(reduced)
    }

    /// Whether anything is known yet.
    pub fn is_ready(&self) -> bool {
        self.count > 0
    }

    /// Server time at a local instant.
    pub fn to_server(&self, local_us: f64) -> f64 {
        local_us + self.base + self.offset + self.drift_ppm() * 1e-6 * (local_us - self.at)
    }

    /// Local instant of a server time.
    pub fn to_local(&self, server_us: f64) -> f64 {
        let undrifted = server_us - self.base - self.offset;
        let rate = self.drift_ppm() * 1e-6;
        undrifted - (rate * (undrifted - self.at)) / (1.0 + rate)
    }

    /// How much faster the server's clock runs, in parts per million: as much of the estimate as stands out from its
    /// uncertainty, 0 of one that doesn't.
    pub fn drift_ppm(&self) -> f64 {
        if square(self.drift) <= self.var_drift || self.drift.abs() >= DRIFT_MAX_PPM {
            return 0.0;
        }
        self.drift * (1.0 - self.var_drift / square(self.drift))
    }

    /// Standard deviation of the offset at a local instant, without what the path's asymmetry hides.
    pub fn sd_us(&self, local_us: f64) -> f64 {
        let dt = (local_us - self.at).max(0.0) * 1e-6;
        (self.var_offset + dt * (2.0 * self.covariance + dt * self.var_drift) + OFFSET_WALK * dt).sqrt()
    }

    /// Least round trip of the last minutes; 0 before the first burst.
    pub fn rtt_min(&self) -> f64 {
        self.trips.iter().map(|trip| trip.rtt).reduce(f64::min).unwrap_or(0.0)
    }

    /// The most that the estimate can be wrong: no two-way method sees how a round trip divides into its two ways.
    pub fn bound_us(&self, local_us: f64) -> f64 {
        self.rtt_min() / 2.0 + self.sd_us(local_us)
    }

    /// Variance of a burst's offset.
    fn noise(&self, reduced: Reduced) -> f64 {
        square(NOISE_FLOOR_US + (reduced.rtt - self.rtt_min()) / 2.0 + NOISE_OF_SPREAD * reduced.spread)
    }

    fn restart(&mut self, reduced: Reduced) {
        self.offset = reduced.offset - self.base;
        self.drift = 0.0;
        self.var_offset = self.noise(reduced);
        self.covariance = 0.0;
        self.var_drift = square(DRIFT_PRIOR_PPM);
        self.at = reduced.at;
        self.count = 1;
        self.streak = 0;
    }

    fn update(&mut self, reduced: Reduced) -> BurstOutcome {
        let dt = ((reduced.at - self.at) * 1e-6).max(0.0);
        let predicted = self.offset + self.drift * dt;
        let var_offset = self.var_offset + dt * (2.0 * self.covariance + dt * self.var_drift) + OFFSET_WALK * dt;
        let covariance = self.covariance + dt * self.var_drift;
        let var_drift = self.var_drift + DRIFT_WALK * dt;

        let innovation = reduced.offset - self.base - predicted;
        let variance = var_offset + self.noise(reduced);
        if square(innovation) > GATE * GATE * variance {
            let sign = if innovation > 0.0 { 1 } else { -1 };
            self.streak = if self.streak.signum() == sign { self.streak + sign } else { sign };
            if self.streak.abs() < RESTART_AFTER {
                return BurstOutcome::Rejected;
            }
            self.trips = vec![Trip { at: reduced.at, rtt: reduced.rtt }];
            self.restart(reduced);
            return BurstOutcome::Restarted;
        }
        let gain_offset = var_offset / variance;
        let gain_drift = covariance / variance;
        self.offset = predicted + gain_offset * innovation;
        self.drift += gain_drift * innovation;
        self.var_offset = (1.0 - gain_offset) * var_offset;
        self.var_drift = var_drift - gain_drift * covariance;
        self.covariance = (1.0 - gain_offset) * covariance;
        self.at = self.at.max(reduced.at);
        self.count += 1;
        self.streak = 0;
        BurstOutcome::Accepted
    }
}

/// The median of the samples that met the least queueing.
fn reduce(probes: &[Probe]) -> Option<Reduced> {
    let samples: Vec<Sample> = probes
        .iter()
        .map(|p| Sample {
            at: f64::midpoint(p.t0, p.t3),
            offset: f64::midpoint(p.t1 - p.t0, p.t2 - p.t3),
            rtt: p.t3 - p.t0 - (p.t2 - p.t1),
        })
        .filter(|s| s.rtt >= 0.0)
        .collect();
    let rtt = samples.iter().map(|s| s.rtt).reduce(f64::min)?;
    #[expect(clippy::cast_precision_loss, reason = "a burst has some probes")]
    let spread = (median(samples.iter().map(|s| s.rtt))? - rtt) / (samples.len() as f64).sqrt();
    let good = || samples.iter().filter(move |s| s.rtt <= rtt + RTT_SLACK_US.max(RTT_SLACK_SHARE * rtt));
    Some(Reduced { at: median(good().map(|s| s.at))?, offset: median(good().map(|s| s.offset))?, rtt, spread })
}

/// The middle value, or the mean of the middle two.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { f64::midpoint(sorted[middle - 1], upper) })
}

fn square(x: f64) -> f64 {
    x * x
}
