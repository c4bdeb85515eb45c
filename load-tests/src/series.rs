//! A series: the same scenarios on one or more hubs, their runs taken in turns, so that what the machine does
//! meanwhile happens to all of them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::hub::{How, Hub, Venue};
use crate::probe;
use crate::scenario::{Scenario, Work};
use crate::stats::{Figure, Measured, figures};

/// All that a series found; what the JSON result holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub machine: String,
    pub client: String,
    /// Share of all cores' time that was not idle when the series began.
    pub busy_before: f64,
    pub outcomes: Vec<Outcome>,
}

/// One scenario on one hub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub scenario: String,
    pub title: String,
    pub hub: String,
    pub figures: BTreeMap<String, Figure>,
    pub objectives: Vec<Verdict>,
    /// Why a run could not be finished.
    pub failures: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    pub figure: String,
    pub bound: String,
    pub median: Option<f64>,
    pub met: bool,
}

impl Report {
    /// Whether every run was finished and every objective is met.
    pub fn is_good(&self) -> bool {
        self.outcomes.iter().all(|o| o.failures.is_empty() && o.objectives.iter().all(|v| v.met))
    }
}

/// Runs `scenarios` on `hubs`. `runs` overrides how often.
pub fn run(hubs: &[Hub], scenarios: &[Scenario], runs: Option<usize>) -> Result<Report> {
    let mut report = Report {
        machine: probe::machine(),
        client: format!("octave-load {}", env!("CARGO_PKG_VERSION")),
        busy_before: quiet()?,
        outcomes: Vec::new(),
    };
    for scenario in scenarios {
        let able: Vec<&Hub> = hubs.iter().filter(|h| h.is_octave() || scenario.suits_peers()).collect();
        let mut measured: Vec<Vec<Measured>> = vec![Vec::new(); able.len()];
        let mut failures: Vec<Vec<String>> = vec![Vec::new(); able.len()];
        let mut venues: Vec<Option<Venue>> = able.iter().map(|_| None).collect();
        let count = runs.unwrap_or(scenario.runs);
        for round in 1..=count {
            for (at, hub) in able.iter().enumerate() {
                // Alone on its core: other hubs rest between their turns, but a stopped one can't even tick.
                eprint!("\r\x1b[K{} · {} · run {round} of {count}", scenario.name, hub.name);
                match once(hub, scenario, &mut venues[at]) {
                    Ok(figures) => measured[at].push(figures),
                    Err(e) => {
                        eprintln!("\n  {e:#}");
                        failures[at].push(format!("{e:#}"));
                        venues[at] = None;
                    }
                }
            }
        }
        eprint!("\r\x1b[K");
        for ((hub, runs), failures) in able.iter().zip(measured).zip(failures) {
            report.outcomes.push(outcome(scenario, hub, &runs, failures));
        }
    }
    Ok(report)
}

fn once(hub: &Hub, scenario: &Scenario, venue: &mut Option<Venue>) -> Result<Measured> {
    if scenario.fresh {
        *venue = None;
    }
    if venue.is_none() {
        *venue = Some(hub.start_on(scenario.people, scenario.on_postgres())?);
    }
    let venue = venue.as_mut().context("no server")?;
    match &scenario.work {
        Work::Closed(work) => work.run(venue),
        Work::Paced(work) => work.run(venue),
        Work::Idle(work) => work.run(venue),
        Work::Joins(work) => work.run(venue),
        Work::Churn(work) => work.run(venue),
        Work::Growth(work) => work.run(venue),
        Work::JoinGrowth(work) => work.run(venue),
        Work::Urgent(work) => work.run(venue),
        Work::Opening(work) => work.run(venue),
        Work::Chat(work) => {
            let (data_in, postgres) = match &hub.how {
                How::Octave { data_in, postgres, .. } => (data_in.as_deref(), postgres.as_deref()),
                How::Peer { .. } => (None, None),
            };
            work.run(venue, data_in, postgres)
        }
    }
}

fn outcome(scenario: &Scenario, hub: &Hub, runs: &[Measured], failures: Vec<String>) -> Outcome {
    let figures = figures(runs);
    let judge = |(name, bound): (&String, &crate::scenario::Objective)| {
        let median = figures.get(name).map(|f| f.median);
        Verdict { figure: name.clone(), bound: bound.to_string(), median, met: median.is_some_and(|m| bound.is_met(m)) }
    };
    // Objectives are Octave's; peers are only measured.
    let objectives = if hub.is_octave() { scenario.objectives.iter().map(judge).collect() } else { Vec::new() };
    let (scenario, title) = (scenario.name.clone(), scenario.title.clone());
    Outcome { scenario, title, hub: hub.name.clone(), figures, objectives, failures }
}

/// How busy the machine is before anything is run.
fn quiet() -> Result<f64> {
    let (busy, total) = probe::busy()?;
    std::thread::sleep(std::time::Duration::from_millis(500));
    let (busy_now, total_now) = probe::busy()?;
    Ok((busy_now - busy) as f64 / (total_now - total).max(1) as f64)
}
