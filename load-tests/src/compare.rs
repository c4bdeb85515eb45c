//! Two series: what changed, and what is noise.
//!
//! The machine of one series may be faster than that of the other, so costs are taken relative to a hub that both
//! have measured (a peer), where there is one. A change counts when the runs of both series don't overlap and their
//! medians are further apart than [`NOISE`].

use std::fmt::Write;

use crate::report::short;
use crate::series::{Outcome, Report};
use crate::stats::Figure;

/// Medians this close are the same, however little the runs scatter.
const NOISE: f64 = 0.08;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    Noise,
    Better,
    Worse,
}

/// Judges a figure whose old runs were multiplied by `scale`, the speed of this machine over that of the old one.
pub fn judge(name: &str, old: &Figure, new: &Figure, scale: f64) -> Difference {
    let (low, high) = (old.low * scale, old.high * scale);
    let apart = new.low > high || new.high < low;
    let ratio = new.median / (old.median * scale);
    if !apart || (ratio - 1.0).abs() <= NOISE || !ratio.is_finite() {
        return Difference::Noise;
    }
    if (ratio > 1.0) == more_is_better(name) { Difference::Better } else { Difference::Worse }
}

fn more_is_better(name: &str) -> bool {
    name.contains("per_cpu_s") || name.contains("per_s") || name == "of_baseline" || name == "flatness"
}

/// Whether a figure speaks of the server's speed, and so of the machine's.
fn depends_on_machine(name: &str) -> bool {
    name.contains("per_cpu_s")
}

/// A Markdown table of every figure that two series share; true when none became worse.
pub fn compare(old: &Report, new: &Report) -> (String, bool) {
    let mut text = String::from(
        "| scenario | hub | figure | before | now | ratio | |\n| --- | --- | --- | ---: | ---: | ---: | --- |\n",
    );
    let mut good = true;
    for now in &new.outcomes {
        let Some(before) = find(old, &now.scenario, &now.hub) else { continue };
        for (name, new_figure) in &now.figures {
            let Some(old_figure) = before.figures.get(name) else { continue };
            let scale = if depends_on_machine(name) { machine_scale(old, new, now, name) } else { 1.0 };
            let difference = judge(name, old_figure, new_figure, scale);
            good &= difference != Difference::Worse;
            let said = match difference {
                Difference::Noise => "noise",
                Difference::Better => "**better**",
                Difference::Worse => "**worse**",
            };
            let (was, is) = (old_figure.median * scale, new_figure.median);
            let _ = writeln!(
                text,
                "| {} | {} | {name} | {} | {} | {:.2} | {said} |",
                now.scenario,
                now.hub,
                short(was),
                short(is),
                is / was
            );
        }
    }
    (text, good)
}

/// How much faster the other hubs of both series became, which they can't have by themselves.
fn machine_scale(old: &Report, new: &Report, of: &Outcome, name: &str) -> f64 {
    let others = new.outcomes.iter().filter(|o| o.scenario == of.scenario && o.hub != of.hub && o.hub != "octave");
    let ratios: Vec<f64> = others
        .filter_map(|o| {
            let before = find(old, &o.scenario, &o.hub)?.figures.get(name)?;
            Some(o.figures.get(name)?.median / before.median)
        })
        .collect();
    Figure::of(ratios).map_or(1.0, |f| f.median)
}

fn find<'r>(report: &'r Report, scenario: &str, hub: &str) -> Option<&'r Outcome> {
    report.outcomes.iter().find(|o| o.scenario == scenario && o.hub == hub)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(runs: &[f64]) -> Figure {
        Figure::of(runs.to_vec()).unwrap()
    }

    #[test]
    fn overlapping_runs_are_noise() {
        let (old, new) = (figure(&[90.0, 100.0, 130.0]), figure(&[110.0, 125.0, 140.0]));
        assert_eq!(judge("deliveries_per_cpu_s", &old, &new, 1.0), Difference::Noise);
    }

    #[test]
    fn a_change_beyond_the_spread_counts() {
        let (old, new) = (figure(&[98.0, 100.0, 102.0]), figure(&[118.0, 120.0, 122.0]));
        assert_eq!(judge("deliveries_per_cpu_s", &old, &new, 1.0), Difference::Better);
        assert_eq!(judge("p99_ms", &old, &new, 1.0), Difference::Worse);
    }

    #[test]
    fn a_faster_machine_is_no_improvement() {
        let (old, new) = (figure(&[98.0, 100.0, 102.0]), figure(&[118.0, 120.0, 122.0]));
        assert_eq!(judge("deliveries_per_cpu_s", &old, &new, 1.2), Difference::Noise);
    }
}
