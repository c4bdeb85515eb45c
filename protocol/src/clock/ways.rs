//! The latest bursts, way by way, and what they say of the clock together. Microseconds.

use super::Probe;
use super::delays::{Scale, mean, scales};
use super::track::{Line, Measurement};
use super::{of, square};

/// A burst's probes: when they left and came back, and what the clocks show of each way: its length and their offset.
#[derive(Debug, Clone)]
pub(super) struct Burst {
    pub(super) at: f64,
    pub(super) rtt: f64,
    left: Vec<f64>,
    back: Vec<f64>,
    up: Vec<f64>,
    down: Vec<f64>,
}

impl Burst {
    pub(super) fn new(probes: &[Probe], base: f64) -> Self {
        Self {
            at: mean(probes.iter().map(|p| f64::midpoint(p.t0, p.t3))),
            rtt: least(probes.iter().map(Probe::trip)),
            left: probes.iter().map(|p| p.t0).collect(),
            back: probes.iter().map(|p| p.t3).collect(),
            up: probes.iter().map(|p| p.t1 - p.t0 - base).collect(),
            down: probes.iter().map(|p| p.t3 - p.t2 + base).collect(),
        }
    }
}

/// How far a burst's ways lie from where they were expected, and the variances of that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surprise {
    pub(super) probes: usize,
    pub(super) up: f64,
    pub(super) down: f64,
    /// Of the burst's own scatter; of what was expected.
    pub(super) scatter: f64,
    pub(super) doubt: f64,
}

/// So many bursts are kept, and no older ones: routes change.
const KEPT: usize = 64;
const MEMORY_US: f64 = 300e6;
/// A burst is usual if this share of them are no better, in quarters.
const USUAL_QUARTERS: usize = 3;
/// Noise of a probe that no scatter shows: interrupts at both ends.
const FLOOR_US: f64 = 20.0;
/// What bursts scatter more than their probes is believed from a few bursts on.
const SCATTER_PRIOR: f64 = 2.0;
/// The line that delays are measured from moves with what they say; twice is enough.
const ROUNDS: usize = 2;

/// How long both ways took, by the line.
struct Lengths {
    up: Vec<f64>,
    down: Vec<f64>,
}

#[derive(Debug, Clone)]
pub(super) struct Ways {
    bursts: Vec<Burst>,
    up: Scale,
    down: Scale,
    line: Line,
    /// How much of what a probe says the one before has not said, up and down.
    fresh: (f64, f64),
    /// Variance of a burst's level beyond what its probes' scatter explains.
    between: f64,
    /// The drift that is likely beforehand, in ppm.
    likely: f64,
}

impl Ways {
    pub(super) fn new(first: Burst, likely: f64) -> Self {
        let offset = (least(first.up.iter().copied()) - least(first.down.iter().copied())) / 2.0;
        let line = Line { at: first.at, offset, drift: likely, ..Line::default() };
        let (up, down) = (Scale::default(), Scale::default());
        let mut ways = Self { bursts: vec![first], up, down, line, fresh: (1.0, 1.0), between: 0.0, likely };
        ways.fit();
        ways
    }

    pub(super) fn count(&self) -> usize {
        self.bursts.len()
    }

    pub(super) fn line(&self) -> Line {
        self.line
    }

    /// Share of the delays that count.
    pub(super) fn share(&self) -> f64 {
        self.up.share
    }

    pub(super) fn rtt_min(&self) -> f64 {
        least(self.bursts.iter().map(|b| b.rtt))
    }

    /// Three of four bursts had a least round trip no longer than this: they met no crowd.
    pub(super) fn rtt_usual(&self) -> f64 {
        let mut trips: Vec<f64> = self.bursts.iter().map(|b| b.rtt).collect();
        trips.sort_by(f64::total_cmp);
        trips[trips.len() * USUAL_QUARTERS / 4]
    }

    /// The least delay up, and down: the offset can be off by no more, whatever the ways' lengths are.
    pub(super) fn least(&self) -> (f64, f64) {
        (self.up.least, self.down.least)
    }

    pub(super) fn take(&mut self, bursts: impl IntoIterator<Item = Burst>) {
        self.bursts.extend(bursts);
        let oldest = self.bursts.last().map_or(0.0, |b| b.at) - MEMORY_US;
        self.bursts.drain(..self.bursts.len().saturating_sub(KEPT));
        self.bursts.retain(|b| b.at >= oldest);
        self.fit();
    }

    pub(super) fn surprise(&self, burst: &Burst) -> Surprise {
        let probes = burst.up.len();
        let lengths = self.lengths(burst);
        Surprise {
            probes,
            up: said(&self.up, &lengths.up) - self.up.level,
            down: said(&self.down, &lengths.down) - self.down.level,
            scatter: self.variance(of(probes)) + 4.0 * square(FLOOR_US),
            doubt: 4.0 * self.line.variance_at(burst.at),
        }
    }

    /// The ways have become longer, as these bursts show: those before are moved along, so that the clock stays where it
    /// is. Tells by how much it would have moved, and the variance of that.
    pub(super) fn lengthen(&mut self, late: Vec<Burst>) -> (f64, f64) {
        let lengths: Vec<Lengths> = late.iter().map(|b| self.lengths(b)).collect();
        let up = self.up.rise(&lengths.iter().flat_map(|l| l.up.iter().copied()).collect::<Vec<_>>());
        let down = self.down.rise(&lengths.iter().flat_map(|l| l.down.iter().copied()).collect::<Vec<_>>());
        for burst in &mut self.bursts {
            burst.up.iter_mut().for_each(|delay| *delay += up);
            burst.down.iter_mut().for_each(|delay| *delay += down);
        }
        let skew = (up - down) / 2.0;
        self.line.offset += skew;
        let probes: usize = late.iter().map(|b| b.up.len()).sum();
        let variance = (self.up.variance + self.down.variance) / 4.0 / of(probes);
        self.take(late);
        (skew, variance)
    }

    fn fit(&mut self) {
        for _ in 0..ROUNDS {
            let lengths: Vec<Lengths> = self.bursts.iter().map(|b| self.lengths(b)).collect();
            let all = |way: fn(&Lengths) -> &Vec<f64>| lengths.iter().flat_map(way).copied().collect::<Vec<f64>>();
            (self.up, self.down) = scales(&all(|l| &l.up), &all(|l| &l.down));
            let levels: Vec<(f64, f64, f64)> =
                lengths.iter().map(|l| (of(l.up.len()), said(&self.up, &l.up), said(&self.down, &l.down))).collect();
            self.fresh = (
                freshness(lengths.iter().map(|l| &l.up), &self.up),
                freshness(lengths.iter().map(|l| &l.down), &self.down),
            );
            self.between = beyond(levels.iter().map(|l| (l.0, l.1)), &self.up, self.fresh.0)
                + beyond(levels.iter().map(|l| (l.0, l.2)), &self.down, self.fresh.1);
            let measured: Vec<Measurement> = self
                .bursts
                .iter()
                .zip(levels)
                .map(|(burst, (n, up, down))| Measurement {
                    at: burst.at,
                    offset: self.line.offset_at(burst.at) + (up - down) / 2.0,
                    variance: self.variance(n) / 4.0 + square(FLOOR_US) / n,
                })
                .collect();
            self.line = Line::through(measured[0], measured[1..].iter().copied(), self.likely);
        }
    }

    fn lengths(&self, burst: &Burst) -> Lengths {
        let up = burst.up.iter().zip(&burst.left).map(|(seen, &at)| seen - self.line.offset_at(at)).collect();
        let down = burst.down.iter().zip(&burst.back).map(|(seen, &at)| seen + self.line.offset_at(at)).collect();
        Lengths { up, down }
    }

    /// Variance of both ways' levels in a burst of `n` probes, summed.
    fn variance(&self, n: f64) -> f64 {
        self.up.variance / worth(n, self.fresh.0) + self.down.variance / worth(n, self.fresh.1) + self.between
    }
}

fn said(scale: &Scale, delays: &[f64]) -> f64 {
    mean(delays.iter().map(|&delay| scale.says(delay)))
}

/// Queues remember: probes that follow each other closely meet the same one. Half the mean square of what one says less
/// the one before, over the variance (von Neumann's ratio): 1 if each says something new, near 0 if all say the same.
fn freshness<'a>(bursts: impl Iterator<Item = &'a Vec<f64>>, scale: &Scale) -> f64 {
    let (mut squares, mut pairs) = (0.0, 0);
    for delays in bursts {
        let said: Vec<f64> = delays.iter().map(|&delay| scale.says(delay)).collect();
        pairs += said.len() - 1;
        squares += said.windows(2).map(|pair| square(pair[1] - pair[0])).sum::<f64>();
    }
    if pairs > 0 && scale.variance > 0.0 { (squares / of(pairs) / 2.0 / scale.variance).min(1.0) } else { 1.0 }
}

/// As how many independent probes `n` of that freshness count: as those of an autoregression.
fn worth(n: f64, fresh: f64) -> f64 {
    ((n * fresh) / (2.0 - fresh)).max(1.0)
}

/// Variance of bursts' levels beyond their probes' scatter; each with the number of its probes.
fn beyond(levels: impl ExactSizeIterator<Item = (f64, f64)>, scale: &Scale, fresh: f64) -> f64 {
    let count = of(levels.len());
    let sum: f64 = levels.map(|(n, level)| square(level - scale.level) - scale.variance / worth(n, fresh)).sum();
    (sum / (count + SCATTER_PRIOR)).max(0.0)
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}
