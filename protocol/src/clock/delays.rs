//! What the delays of one way say of its length, whatever the shape of their jitter.
//!
//! Of n delays the mean of the k least is taken, for a ladder of k from the lowest few up to nine tenths. Where queues
//! only add, the lowest say most; where jitter goes both ways, nearly all of them do. Which k says most is learnt from
//! the delays: each rung's variance follows from its influence function (what one delay more would change), and rungs
//! count by it.

use super::{of, square};

/// The ladder: its lowest rung as a share of the delays, at least [`FEWEST`]; its highest; from one to the next.
const LOWEST_SHARE: f64 = 0.02;
const FEWEST: usize = 2;
const HIGHEST_SHARE: f64 = 0.9;
const STEP: f64 = 1.6;
/// Of few delays a variance says little: rungs count by its inverse to this power, in full from so many delays on...
const TRUST: f64 = 4.0;
const TRUSTED_FROM: f64 = 100.0;
/// ...and before that by how near they are to a rung that is never far from the best one, up to so many delays in full.
const SAFE_SHARE: f64 = 0.15;
const SAFE_UP_TO: f64 = 40.0;
/// The variance of a rung's own variance, in delays.
const FEW: f64 = 2.0;

/// One rung: the mean of the `k` least delays, of which `edge` is the greatest.
#[derive(Debug, Clone, Copy)]
struct Rung {
    k: usize,
    edge: f64,
    /// Variance of the mean, times the number of delays.
    variance: f64,
}

/// The delays of a way, in order, with their ladder.
struct Delays {
    sorted: Vec<f64>,
    rungs: Vec<Rung>,
}

impl Delays {
    fn new(delays: &[f64]) -> Self {
        let mut sorted = delays.to_vec();
        sorted.sort_by(f64::total_cmp);
        let rungs = ladder(&sorted);
        Self { sorted, rungs }
    }

    /// The weighted mean of the means of the least `shares` of these delays.
    fn level(&self, shares: &[f64], weights: &[f64]) -> f64 {
        let of_share = |(share, weight): (&f64, &f64)| {
            let k = whole((share * of(self.sorted.len()) + 0.5).floor()).max(1);
            weight * self.sorted[..k].iter().sum::<f64>() / of(k)
        };
        shares.iter().zip(weights).map(of_share).sum()
    }
}

fn ladder(sorted: &[f64]) -> Vec<Rung> {
    let n = sorted.len();
    let origin = sorted[0];
    let mut rungs = Vec::new();
    let mut k = n.min(FEWEST.max(whole((LOWEST_SHARE * of(n)).ceil())));
    let top = k.max(whole((HIGHEST_SHARE * of(n)).floor()));
    let (mut sum, mut squares) = (0.0, 0.0);
    for (j, delay) in sorted[..top].iter().map(|delay| delay - origin).enumerate() {
        sum += delay;
        squares += delay * delay;
        if j + 1 < k {
            continue;
        }
        // Of the delays cut off at the edge: theirs is the variance of the influence function, times the square of k / n.
        let mean = (sum + of(n - k) * delay) / of(n);
        let cut = ((squares + of(n - k) * delay * delay) / of(n) - mean * mean).max(0.0);
        let variance = (cut * of(n) * of(n) * of(n)) / (of(k) * of(k) * of(n.saturating_sub(1).max(1)));
        rungs.push(Rung { k, edge: delay + origin, variance });
        k = top.min((k + 1).max(whole((of(k) * STEP).ceil())));
    }
    rungs
}

/// How much each rung counts, of both ways alike: what is skew in both of them cancels.
fn weigh(up: &Delays, down: &Delays) -> Vec<f64> {
    let n = of(up.sorted.len());
    let both: Vec<f64> = up.rungs.iter().zip(&down.rungs).map(|(u, d)| u.variance + d.variance).collect();
    // A few lowest delays lie close together by chance: no rung is better than the next one and its number allow.
    let cautious: Vec<f64> = up
        .rungs
        .iter()
        .enumerate()
        .map(|(i, rung)| both[i].max(both.get(i + 1).copied().unwrap_or(0.0)) * (1.0 + FEW / of(rung.k)))
        .collect();
    let best = cautious.iter().copied().fold(f64::INFINITY, f64::min);
    let trust = TRUST * (n / TRUSTED_FROM).min(1.0);
    let safety = (SAFE_UP_TO / n).min(1.0);
    let weight = |(rung, variance): (&Rung, &f64)| {
        let distance = (of(rung.k) / n / SAFE_SHARE).ln();
        (-trust * ((variance + 1.0) / (best + 1.0)).ln() - safety * distance * distance).exp()
    };
    let weights: Vec<f64> = up.rungs.iter().zip(&cautious).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// A way's delays with their weights: turns each delay into what it says of the way's level.
#[derive(Debug, Clone, Default)]
pub(super) struct Scale {
    /// Mean of what the delays say, and the variance of what one says.
    pub(super) level: f64,
    pub(super) variance: f64,
    pub(super) least: f64,
    /// Share of the delays that the lowest means are made of, weighted.
    pub(super) share: f64,
    shares: Vec<f64>,
    edges: Vec<f64>,
    weights: Vec<f64>,
}

impl Scale {
    fn new(delays: &Delays, all: &[f64], weights: Vec<f64>) -> Self {
        let n = of(delays.sorted.len());
        let counting: f64 = delays.rungs.iter().zip(&weights).map(|(rung, weight)| of(rung.k) * weight).sum();
        let mut scale = Self {
            level: 0.0,
            variance: 0.0,
            least: delays.sorted[0],
            share: counting / n,
            shares: delays.rungs.iter().map(|rung| of(rung.k) / n).collect(),
            edges: delays.rungs.iter().map(|rung| rung.edge).collect(),
            weights,
        };
        let said: Vec<f64> = all.iter().map(|&delay| scale.says(delay)).collect();
        scale.level = mean(said.iter().copied());
        let squares: f64 = said.iter().map(|s| square(s - scale.level)).sum();
        scale.variance = (squares / of(said.len().saturating_sub(1).max(1))) * (1.0 + FEW / counting);
        scale
    }

    /// What one delay says of the level: delays above a rung's edge all say the same.
    pub(super) fn says(&self, delay: f64) -> f64 {
        let rungs = self.edges.iter().zip(&self.shares).zip(&self.weights);
        rungs.map(|((edge, share), weight)| weight * (edge - (edge - delay).max(0.0) / share)).sum()
    }

    /// By how much other delays lie above these, nought if they lie below.
    pub(super) fn rise(&self, others: &[f64]) -> f64 {
        (Delays::new(others).level(&self.shares, &self.weights) - self.level).max(0.0)
    }
}

/// Both ways' scales, from all delays that are known of them.
pub(super) fn scales(up: &[f64], down: &[f64]) -> (Scale, Scale) {
    let (of_up, of_down) = (Delays::new(up), Delays::new(down));
    let weights = weigh(&of_up, &of_down);
    (Scale::new(&of_up, up, weights.clone()), Scale::new(&of_down, down, weights))
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of some hundred delays, rounded")]
fn whole(value: f64) -> usize {
    value as usize
}
