//! Numbers of runs: medians with their spread.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use octave_client::median;
use serde::{Deserialize, Serialize};

/// What one run measured, by name. Units stand in the names: `_ms`, `_s`, `_bytes`, `per_cpu_s`.
pub type Measured = BTreeMap<String, f64>;

/// One figure over all runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub median: f64,
    pub low: f64,
    pub high: f64,
    pub runs: Vec<f64>,
}

impl Figure {
    /// `None` without any run.
    pub fn of(runs: Vec<f64>) -> Option<Self> {
        let mut sorted = runs.clone();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        Some(Self { median: median(sorted), low, high, runs })
    }
}

/// Puts the runs of one scenario together.
pub fn figures(runs: &[Measured]) -> BTreeMap<String, Figure> {
    let mut by_name: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for run in runs {
        for (name, value) in run {
            by_name.entry(name.clone()).or_default().push(*value);
        }
    }
    by_name.into_iter().filter_map(|(name, runs)| Some((name, Figure::of(runs)?))).collect()
}

/// A histogram of microseconds up to a minute, three digits exact.
pub fn latencies() -> Histogram<u64> {
    // Bounds and digits are constants that the crate accepts.
    Histogram::new_with_bounds(1, 60_000_000, 3).unwrap_or_else(|_| unreachable!("constant bounds"))
}

/// Adds p50, p99 and the largest under `prefix`, in milliseconds, and their ratio as fairness.
pub fn note_latency(into: &mut Measured, prefix: &str, of: &Histogram<u64>) {
    let ms = |us: u64| us as f64 / 1_000.0;
    let (half, most) = (of.value_at_quantile(0.5), of.value_at_quantile(0.99));
    into.insert(format!("{prefix}p50_ms"), ms(half));
    into.insert(format!("{prefix}p99_ms"), ms(most));
    into.insert(format!("{prefix}max_ms"), ms(of.max()));
    into.insert(format!("{prefix}fairness"), most as f64 / half.max(1) as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let odd = Figure::of(vec![3.0, 1.0, 2.0]).unwrap();
        assert_eq!((odd.median, odd.low, odd.high), (2.0, 1.0, 3.0));
        assert_eq!(Figure::of(vec![4.0, 1.0, 2.0, 3.0]).map(|f| f.median), Some(2.5));
        assert_eq!(Figure::of(vec![]), None);
    }
}
