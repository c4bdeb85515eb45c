//! The same work on more and more members: what a delivery or a join costs must not grow.

use anyhow::Result;
use serde::Deserialize;

use super::crowd::Joins;
use super::fanout::Closed;
use crate::hub::Venue;
use crate::stats::Measured;

/// Fan-out in rooms of growing size.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// (rooms, members of each).
    pub steps: Vec<(usize, usize)>,
    pub in_flight: usize,
    pub warm_s: f64,
    pub seconds: f64,
}

/// Joins of growing crowds. Enough of them per step that the server's time can be read: its clock ticks by 10 ms.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinGrowth {
    /// (rooms, members of each).
    pub steps: Vec<(usize, usize)>,
    pub at_once: usize,
}

impl Growth {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let mut measured = Measured::new();
        for &(rooms, members) in &self.steps {
            let closed =
                Closed { rooms, members, in_flight: self.in_flight, warm_s: self.warm_s, seconds: self.seconds };
            let step = closed.run(venue)?;
            measured.insert(format!("deliveries_per_cpu_s at {members:05}"), step["deliveries_per_cpu_s"]);
        }
        Ok(flat(measured))
    }
}

impl JoinGrowth {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let mut measured = Measured::new();
        for &(rooms, members) in &self.steps {
            let step = Joins { rooms, members, at_once: self.at_once }.run(venue)?;
            measured.insert(format!("joins_per_cpu_s at {members:05}"), step["joins_per_cpu_s"]);
        }
        Ok(flat(measured))
    }
}

/// Adds the lowest rate over the highest: 1 is perfectly flat.
fn flat(mut measured: Measured) -> Measured {
    let low = measured.values().copied().fold(f64::INFINITY, f64::min);
    let high = measured.values().copied().fold(0.0, f64::max);
    measured.insert("flatness".into(), low / high);
    measured
}
