//! A series: the same scenarios on one or more hubs, their runs taken in turns, so that what the machine does
//! meanwhile happens to all of them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::hub::{How, Hub, Venue};
use crate::net::Swarm;
use crate::probe;
use crate::run::stage_layout::{Pace, StageLayout};
use crate::scenario::{Objective, Scenario, Work};
use crate::stats::{Figure, Measured, figures};

/// All that a series found; what the JSON result holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub machine: String,
    pub client: String,
    /// Of the repository when the series was run, or what the server was called.
    pub revision: String,
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
    /// How the hub's sockets divide the network, as the kernel calls it.
    pub congestion: String,
    pub figures: BTreeMap<String, Figure>,
    pub verdicts: Vec<Verdict>,
    /// Why a run could not be finished.
    pub failures: Vec<String>,
}

/// Whether a figure is what it should be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    pub kind: Kind,
    pub figure: String,
    pub bound: String,
    pub median: Option<f64>,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To be reached.
    Objective,
    /// Not to be lost.
    Floor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Met,
    Missed,
    /// The peer that it takes was not asked.
    NotMeasured,
}

impl Report {
    /// Whether every run was finished and every bound is kept.
    pub fn is_good(&self) -> bool {
        let good = |o: &Outcome| o.failures.is_empty() && o.verdicts.iter().all(|v| v.standing != Standing::Missed);
        self.outcomes.iter().all(good)
    }
}

/// The runs of one hub in one scenario.
struct Turns<'h> {
    hub: &'h Hub,
    venue: Option<Venue>,
    congestion: String,
    /// `None` where a run failed.
    runs: Vec<Option<Measured>>,
    failures: Vec<String>,
}

impl<'h> Turns<'h> {
    fn new(hub: &'h Hub) -> Self {
        Self { hub, venue: None, congestion: String::new(), runs: Vec::new(), failures: Vec::new() }
    }

    fn take(&mut self, scenario: &Scenario) {
        match self.once(scenario) {
            Ok(figures) => self.runs.push(Some(figures)),
            Err(e) => {
                eprintln!("\n  {e:#}");
                self.failures.push(format!("{e:#}"));
                self.runs.push(None);
                self.venue = None;
            }
        }
    }

    fn once(&mut self, scenario: &Scenario) -> Result<Measured> {
        if scenario.fresh {
            self.venue = None;
        }
        if self.venue.is_none() {
            let venue = self.hub.start_on(scenario.people, scenario.on_postgres())?;
            self.congestion = congestion(&venue)?;
            self.venue = Some(venue);
        }
        let venue = self.venue.as_mut().context("no server")?;
        match &scenario.work {
            Work::Closed(work) => work.run(venue),
            Work::Paced(work) => work.run(venue),
            Work::Deaf(work) => work.run(venue),
            Work::Idle(work) => work.run(venue),
            Work::Joins(work) => work.run(venue),
            Work::Churn(work) => work.run(venue),
            Work::Growth(work) => work.run(venue),
            Work::JoinGrowth(work) => work.run(venue),
            Work::Urgent(work) => work.run(venue),
            Work::Opening(work) => work.run(venue),
            Work::Chat(work) => {
                let (data_in, postgres) = match &self.hub.how {
                    How::Octave { data_in, postgres, .. } => (data_in.as_deref(), postgres.as_deref()),
                    How::Peer { .. } => (None, None),
                };
                work.run(venue, data_in, postgres)
            }
        }
    }
}

/// Runs `scenarios` on `hubs`. `runs` overrides how often.
pub fn run(hubs: &[Hub], scenarios: &[Scenario], runs: Option<usize>, revision: String) -> Result<Report> {
    let mut report = Report {
        machine: probe::machine(),
        client: format!("octave-load {}", env!("CARGO_PKG_VERSION")),
        revision,
        busy_before: quiet()?,
        outcomes: Vec::new(),
    };
    for scenario in scenarios {
        let able = hubs.iter().filter(|h| h.is_octave() || scenario.suits_peers());
        let mut all: Vec<Turns<'_>> = able.map(Turns::new).collect();
        let count = runs.unwrap_or(scenario.runs);
        for round in 1..=count {
            for turns in &mut all {
                // Alone on its core: other hubs rest between their turns, but a stopped one can't even tick.
                eprint!("\r\x1b[K{} · {} · run {round} of {count}", scenario.name, turns.hub.name);
                turns.take(scenario);
            }
        }
        eprint!("\r\x1b[K");
        compare_with_peers(scenario, &mut all);
        report.outcomes.extend(all.into_iter().map(|turns| outcome(scenario, turns)));
    }
    Ok(report)
}

/// Gives each run of Octave its share of what each peer did in the same turn.
fn compare_with_peers(scenario: &Scenario, all: &mut [Turns<'_>]) {
    let Some(figure) = &scenario.compared_by else { return };
    let (octave, peers): (Vec<_>, Vec<_>) = all.iter_mut().partition(|turns| turns.hub.is_octave());
    for turns in octave {
        for peer in &peers {
            for (ours, theirs) in turns.runs.iter_mut().zip(&peer.runs) {
                let Some(ours) = ours else { continue };
                let (of, theirs) = (ours.get(figure), theirs.as_ref().and_then(|t| t.get(figure)));
                if let (Some(of), Some(theirs)) = (of, theirs) {
                    ours.insert(format!("{OF}{}", peer.hub.name), of / theirs);
                }
            }
        }
    }
}

/// What begins the name of a figure that compares Octave with a peer.
const OF: &str = "of_";

fn outcome(scenario: &Scenario, turns: Turns<'_>) -> Outcome {
    let figures = figures(&turns.runs.into_iter().flatten().collect::<Vec<_>>());
    // Bounds are Octave's; peers are only measured.
    let bounds = [(Kind::Objective, &scenario.objectives), (Kind::Floor, &scenario.floors)];
    let verdicts = if turns.hub.is_octave() {
        bounds.into_iter().flat_map(|(kind, bounds)| judge(kind, bounds, &figures, scenario)).collect()
    } else {
        Vec::new()
    };
    Outcome {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        hub: turns.hub.name.clone(),
        congestion: turns.congestion,
        figures,
        verdicts,
        failures: turns.failures,
    }
}

fn judge(
    kind: Kind,
    bounds: &BTreeMap<String, Objective>,
    figures: &BTreeMap<String, Figure>,
    scenario: &Scenario,
) -> Vec<Verdict> {
    let verdict = |(name, bound): (&String, &Objective)| {
        let median = figures.get(name).map(|f| f.median);
        let of_a_peer = scenario.compared_by.is_some() && name.starts_with(OF);
        let standing = match median {
            Some(median) if bound.is_met(median) => Standing::Met,
            None if of_a_peer => Standing::NotMeasured,
            _ => Standing::Missed,
        };
        Verdict { kind, figure: name.clone(), bound: bound.to_string(), median, standing }
    };
    bounds.iter().map(verdict).collect()
}

/// How the kernel divides the network among the hub's members, asked of one that is in.
fn congestion(venue: &Venue) -> Result<String> {
    let dialect = venue.open(1)?;
    let mut swarm = Swarm::new()?;
    let mut layout = StageLayout::new(&*dialect, 1, 1, Pace::Clock);
    layout.enter_up_to(&mut swarm, venue, 1, 1)?;
    let name = probe::congestion(venue.server.addr)?;
    layout.leave(&mut swarm)?;
    Ok(name)
}

/// How busy the machine is before anything is run.
fn quiet() -> Result<f64> {
    let (busy, total) = probe::busy()?;
    std::thread::sleep(std::time::Duration::from_millis(500));
    let (busy_now, total_now) = probe::busy()?;
    Ok((busy_now - busy) as f64 / (total_now - total).max(1) as f64)
}

#[cfg(test)]
mod tests;
