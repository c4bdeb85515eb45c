//! Offset and drift through a run of measurements: two Kalman filters, and how much each is believed. Microseconds.

use super::square;

#[derive(Debug, Clone, Copy)]
pub(super) struct Measurement {
    pub(super) at: f64,
    pub(super) offset: f64,
    pub(super) variance: f64,
}

/// Where the offset is, at an instant: `drift` in ppm, the last three its covariances.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    pub(super) at: f64,
    pub(super) offset: f64,
    pub(super) drift: f64,
    pub(super) var_offset: f64,
    pub(super) covariance: f64,
    pub(super) var_drift: f64,
}

/// Most machines discipline their clocks, and the two then run alike...
const CALM_PPM: f64 = 3.0;
/// ...others run as their quartz does: within 50 ppm, on cheap boards within 100. One is as likely as the other.
const FREE_PPM: f64 = 80.0;
/// Random walk of the offset (µs² per second) and of the drift (ppm² per second): warming up, frequency scaling.
const OFFSET_WALK: f64 = 25.0;
const DRIFT_WALK: f64 = 4e-4;
/// What lies further off than so many standard deviations counts for less, as their share of it.
const FAR: f64 = 3.0;
/// Neither filter is ever ruled out for good.
const MOST_EVIDENCE: f64 = 30.0;
const MOST_SURPRISE: f64 = 25.0;

impl Line {
    /// The line through measurements in the order of time, the first one apart. `likely` is the drift expected beforehand.
    pub(super) fn through(first: Measurement, rest: impl Iterator<Item = Measurement>, likely: f64) -> Self {
        let mut calm = Self::begin(first, likely, CALM_PPM);
        let mut free = Self::begin(first, likely, FREE_PPM);
        let mut evidence: f64 = 0.0;
        for measurement in rest {
            let gained = calm.step(measurement) - free.step(measurement);
            evidence = (evidence + gained).clamp(-MOST_EVIDENCE, MOST_EVIDENCE);
        }
        calm.mixed(free, 1.0 / (1.0 + (-evidence).exp()))
    }

    /// Variance of the offset that the line gives for `at`.
    pub(super) fn variance_at(&self, at: f64) -> f64 {
        let dt = (at - self.at).max(0.0) * 1e-6;
        self.var_offset + dt * (2.0 * self.covariance + dt * self.var_drift) + OFFSET_WALK * dt
    }

    /// The offset that the line gives for `at`.
    pub(super) fn offset_at(&self, at: f64) -> f64 {
        self.offset + self.drift * 1e-6 * (at - self.at)
    }

    fn begin(first: Measurement, drift: f64, sd: f64) -> Self {
        let Measurement { at, offset, variance } = first;
        Self { at, offset, drift, var_offset: variance, covariance: 0.0, var_drift: sd * sd }
    }

    /// Takes a measurement in, and tells the logarithm of how likely it was.
    fn step(&mut self, Measurement { at, offset, variance }: Measurement) -> f64 {
        let dt = ((at - self.at) * 1e-6).max(0.0);
        let predicted = self.offset + self.drift * dt;
        let var_offset = self.variance_at(at);
        let covariance = self.covariance + dt * self.var_drift;
        let var_drift = self.var_drift + DRIFT_WALK * dt;

        let innovation = offset - predicted;
        let expected = var_offset + variance;
        let surprise = (innovation * innovation) / expected;
        let total = var_offset + variance * (surprise.sqrt() / FAR).max(1.0);
        let gain_offset = var_offset / total;
        let gain_drift = covariance / total;
        *self = Self {
            at,
            offset: predicted + gain_offset * innovation,
            drift: self.drift + gain_drift * innovation,
            var_offset: (1.0 - gain_offset) * var_offset,
            covariance: (1.0 - gain_offset) * covariance,
            var_drift: var_drift - gain_drift * covariance,
        };
        -(expected.ln() + surprise.min(MOST_SURPRISE)) / 2.0
    }

    /// Mean and covariances of the two, `share` being this one's.
    fn mixed(self, other: Self, share: f64) -> Self {
        let blend = |x: f64, y: f64| share * x + (1.0 - share) * y;
        let offset = blend(self.offset, other.offset);
        let drift = blend(self.drift, other.drift);
        let (u, v) = ((self.offset - offset, self.drift - drift), (other.offset - offset, other.drift - drift));
        Self {
            at: self.at,
            offset,
            drift,
            var_offset: blend(self.var_offset + square(u.0), other.var_offset + square(v.0)),
            covariance: blend(self.covariance + u.0 * u.1, other.covariance + v.0 * v.1),
            var_drift: blend(self.var_drift + square(u.1), other.var_drift + square(v.1)),
        }
    }
}
