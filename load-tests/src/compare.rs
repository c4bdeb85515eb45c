//! Two series: what changed, and what is noise.
//!
//! The machine of one series may be faster than that of the other, so costs are taken relative to a hub that both
//! have measured (a peer), where there is one. A change counts when the runs of both series don't overlap and their
//! medians are further apart than [`NOISE`]. What the first series has and the second one has not, or failed at, counts as
//! worse: nobody knows what became of it.

use std::fmt::Write;

use crate::report::short;
use crate::series::{Outcome, Report};
use crate::stats::Figure;

/// Medians this close are the same, however little the runs scatter.
const NOISE: f64 = 0.08;

/// A share of a core is read off a clock that ticks by 10 ms, over stretches of a second and more.
const SHARE_RESOLUTION: f64 = 0.01;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    Noise,
    Better,
    Worse,
    /// Further apart than noise, and neither good nor bad in itself.
    Other,
}

/// What is better of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    More,
    Less,
    /// It says how the run went, not how well.
    Neither,
}

/// Judges a figure whose old runs were multiplied by `scale`, the speed of this machine over that of the old one.
pub fn judge(name: &str, old: &Figure, new: &Figure, scale: f64) -> Difference {
    let (low, high) = (old.low * scale, old.high * scale);
    let apart = new.low > high || new.high < low;
    let (was, is) = (old.median * scale, new.median);
    // From nothing to something is a change of any size; there is no ratio to tell it by.
    let beyond_noise = (is - was).abs() > NOISE * was.abs().max(f64::MIN_POSITIVE);
    let beyond_clock = !name.ends_with("_share") || (is - was).abs() > SHARE_RESOLUTION;
    if is.is_nan() || was.is_nan() {
        return Difference::Worse;
    }
    if !(apart && beyond_noise && beyond_clock) {
        return Difference::Noise;
    }
    match (aim(name), is > was) {
        (Aim::Neither, _) => Difference::Other,
        (Aim::More, true) | (Aim::Less, false) => Difference::Better,
        _ => Difference::Worse,
    }
}

fn aim(name: &str) -> Aim {
    // The bare loop is the disk's speed; how much of its core a server had follows from what is measured.
    if name.starts_with("baseline_") || name == "probes" || name.ends_with("server_cpu_share") {
        Aim::Neither
    } else if name.contains("per_cpu_s")
        || name.contains("per_s")
        || name.starts_with("of_")
        || name == "flatness"
        || name == "mirrors_equal"
    {
        Aim::More
    } else {
        Aim::Less
    }
}

/// Whether a figure speaks of the server's speed, and so of the machine's.
fn depends_on_machine(name: &str) -> bool {
    name.contains("per_cpu_s")
}

/// Only scenarios whose name contains `only`, only these hubs (all when there are none).
#[derive(Debug, Default)]
pub struct Choice {
    pub only: Option<String>,
    pub hubs: Vec<String>,
}

impl Choice {
    fn has(&self, outcome: &Outcome) -> bool {
        self.only.as_ref().is_none_or(|part| outcome.scenario.contains(part))
            && (self.hubs.is_empty() || self.hubs.contains(&outcome.hub))
    }
}

/// A Markdown table of every figure of the first series; true when none became worse, and none is missing.
pub fn compare(old: &Report, new: &Report, choice: &Choice) -> (String, bool) {
    let mut text = format!(
        "{} before, {} now.\n\n| scenario | hub | figure | before | now | ratio | |\n\
         | --- | --- | --- | ---: | ---: | ---: | --- |\n",
        old.revision, new.revision
    );
    let mut good = true;
    for before in old.outcomes.iter().filter(|o| choice.has(o)) {
        let row = format!("| {} | {}", before.scenario, before.hub);
        let Some(now) = find(new, &before.scenario, &before.hub) else {
            let _ = writeln!(text, "{row} | | | | | **missing** |");
            good = false;
            continue;
        };
        for failure in &now.failures {
            let _ = writeln!(text, "{row} | | | | | **failed**: {} |", failure.replace(['\n', '|'], " "));
            good = false;
        }
        good &= compare_figures(&mut text, &row, (old, before), (new, now));
    }
    for now in new.outcomes.iter().filter(|o| choice.has(o)) {
        // What is new has nothing to be compared with, but must not have failed either.
        if find(old, &now.scenario, &now.hub).is_none() {
            good &= now.failures.is_empty();
            let said = if now.failures.is_empty() { "new" } else { "new, **failed**" };
            let _ = writeln!(text, "| {} | {} | | | | | {said} |", now.scenario, now.hub);
        }
    }
    (text, good)
}

fn compare_figures(
    text: &mut String,
    row: &str,
    (old, before): (&Report, &Outcome),
    (new, now): (&Report, &Outcome),
) -> bool {
    let mut good = true;
    for (name, old_figure) in &before.figures {
        let scale = if depends_on_machine(name) { machine_scale(old, new, now, name) } else { 1.0 };
        let was = old_figure.median * scale;
        let Some(new_figure) = now.figures.get(name) else {
            let _ = writeln!(text, "{row} | {name} | {} | – | | **missing** |", short(was));
            good = false;
            continue;
        };
        let difference = judge(name, old_figure, new_figure, scale);
        good &= difference != Difference::Worse;
        let said = match difference {
            Difference::Noise => "noise",
            Difference::Better => "**better**",
            Difference::Worse => "**worse**",
            Difference::Other => "another",
        };
        let is = new_figure.median;
        let ratio = if was == 0.0 { "–".to_owned() } else { format!("{:.2}", is / was) };
        let _ = writeln!(text, "{row} | {name} | {} | {} | {ratio} | {said} |", short(was), short(is));
    }
    good
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
mod tests;
