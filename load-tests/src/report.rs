//! What a series found, as Markdown with plots.

pub(crate) mod svg;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use crate::series::{Kind, Outcome, Report, Standing, Verdict};

/// Figures that tables show first, in this order; others follow by name.
const FIRST: &[&str] = &[
    "deliveries_per_cpu_s",
    "of_bun",
    "acked_per_s",
    "of_baseline",
    "joins_per_cpu_s",
    "visits_per_cpu_s",
    "bytes_per_connection",
    "p50_ms",
    "p99_ms",
    "fairness",
    "p99_ratio",
    "flatness",
];

/// A number as people read it: three digits that mean something.
pub fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 1_000_000.0 => format!("{:.2} M", value / 1_000_000.0),
        v if v >= 10_000.0 => format!("{:.0} k", value / 1_000.0),
        v if v >= 1_000.0 => format!("{:.1} k", value / 1_000.0),
        v if v >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Writes `report.md`, `result.json` and the plots into `folder`.
pub fn write(report: &Report, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("result.json"), serde_json::to_vec_pretty(report)?)?;
    let mut plots = Vec::new();
    for (scenario, outcomes) in by_scenario(report) {
        if let Some(plot) = svg::growth(outcomes[0]).or_else(|| svg::bars(&outcomes)) {
            std::fs::write(folder.join(format!("{scenario}.svg")), plot)?;
            plots.push(scenario.to_owned());
        }
    }
    std::fs::write(folder.join("report.md"), markdown(report, &plots))?;
    Ok(())
}

/// The report as text; `plots` are the scenarios that have an image beside it.
pub fn markdown(report: &Report, plots: &[String]) -> String {
    let mut text = String::from("# Load tests\n\n");
    // Writing to a String can't fail.
    let _ = writeln!(
        text,
        "Revision {}; {}; server on one core, client on another; {}; before the series the machine was {:.0} % busy. \
         Medians of all runs, lowest to highest in brackets.\n",
        report.revision,
        report.machine,
        report.client,
        report.busy_before * 100.0
    );
    for (scenario, outcomes) in by_scenario(report) {
        let _ = writeln!(text, "## {}\n\n`{scenario}`\n", outcomes[0].title);
        text.push_str(&table(&outcomes));
        let congestion: Vec<_> = outcomes.iter().map(|o| format!("{} {}", o.hub, o.congestion)).collect();
        let _ = writeln!(text, "- congestion control: {}", congestion.join(", "));
        for outcome in &outcomes {
            for verdict in &outcome.verdicts {
                let _ = writeln!(text, "- {}", said(verdict));
            }
            for failure in &outcome.failures {
                let _ = writeln!(text, "- **{} failed**: {failure}", outcome.hub);
            }
        }
        if plots.iter().any(|p| p == scenario) {
            let _ = writeln!(text, "\n![{}]({scenario}.svg)", outcomes[0].title);
        }
        text.push('\n');
    }
    text
}

/// A verdict in one line.
fn said(verdict: &Verdict) -> String {
    let bound = match verdict.kind {
        Kind::Objective => format!("to reach: {} {}", verdict.figure, verdict.bound),
        Kind::Floor => format!("not to lose: {} {}", verdict.figure, verdict.bound),
    };
    let got = verdict.median.map_or_else(|| "nothing".to_owned(), short);
    match verdict.standing {
        Standing::Met => format!("{bound}: met with {got}"),
        Standing::Missed => format!("{bound}: **missed** with {got}"),
        Standing::NotMeasured => format!("{bound}: not measured"),
    }
}

/// Figures down, hubs across.
fn table(outcomes: &[&Outcome]) -> String {
    let mut names: Vec<&String> = outcomes.iter().flat_map(|o| o.figures.keys()).collect();
    names.sort_by_key(|n| (FIRST.iter().position(|f| f == n).unwrap_or(FIRST.len()), (*n).clone()));
    names.dedup();
    let mut text = String::from("| |");
    for outcome in outcomes {
        let _ = write!(text, " {} |", outcome.hub);
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(outcomes.len()));
    text.push('\n');
    for name in names {
        let _ = write!(text, "| {} |", name.replace('_', " "));
        for outcome in outcomes {
            let _ = match outcome.figures.get(name) {
                Some(f) if f.runs.len() > 1 => {
                    write!(text, " {} ({}–{}) |", short(f.median), short(f.low), short(f.high))
                }
                Some(f) => write!(text, " {} |", short(f.median)),
                None => write!(text, " – |"),
            };
        }
        text.push('\n');
    }
    text.push('\n');
    text
}

/// One line per hub, one column per scenario: the main figure of each.
pub fn side_by_side(report: &Report) -> String {
    let scenarios = by_scenario(report);
    let mut hubs: Vec<&str> = Vec::new();
    for outcome in &report.outcomes {
        if !hubs.contains(&outcome.hub.as_str()) {
            hubs.push(&outcome.hub);
        }
    }
    let mut text = String::from("| hub |");
    for (_, outcomes) in &scenarios {
        let _ = write!(text, " {} |", outcomes[0].title);
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(scenarios.len()));
    text.push('\n');
    for hub in hubs {
        let _ = write!(text, "| {hub} |");
        for (_, outcomes) in &scenarios {
            let cell = outcomes.iter().find(|o| o.hub == hub).map_or_else(String::new, |o| main_figures(o));
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text
}

fn main_figures(outcome: &Outcome) -> String {
    let figure = |name: &str| outcome.figures.get(name).map(|f| short(f.median));
    let shown: Vec<String> = if outcome.title.contains("ms") {
        ["p50_ms", "p99_ms"].iter().filter_map(|n| figure(n)).collect()
    } else {
        FIRST.iter().filter_map(|n| figure(n)).take(1).collect()
    };
    if shown.is_empty() { "–".to_owned() } else { shown.join(" / ") }
}

fn by_scenario(report: &Report) -> Vec<(&str, Vec<&Outcome>)> {
    let mut order: Vec<&str> = Vec::new();
    let mut found: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in &report.outcomes {
        if !order.contains(&outcome.scenario.as_str()) {
            order.push(&outcome.scenario);
        }
        found.entry(&outcome.scenario).or_default().push(outcome);
    }
    order.into_iter().filter_map(|name| Some((name, found.remove(name)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_what_was_wanted_and_what_came() {
        let verdict = |kind, median: Option<f64>, standing| {
            said(&Verdict { kind, figure: "of_bun".into(), bound: "≥ 0.90".into(), median, standing })
        };
        let met = verdict(Kind::Objective, Some(0.92), Standing::Met);
        assert_eq!(met, "to reach: of_bun ≥ 0.90: met with 0.92");
        let missed = verdict(Kind::Floor, Some(0.47), Standing::Missed);
        assert_eq!(missed, "not to lose: of_bun ≥ 0.90: **missed** with 0.47");
        let unknown = verdict(Kind::Objective, None, Standing::NotMeasured);
        assert_eq!(unknown, "to reach: of_bun ≥ 0.90: not measured");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [1_234_567.0, 65_432.0, 1_794.0, 672.0, 4.5, 13.0].map(short),
            ["1.23 M", "65 k", "1.8 k", "672", "4.50", "13"]
        );
    }
}
