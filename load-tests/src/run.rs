//! What is measured. Each kind of scenario makes one run at a time and answers its figures by name.

pub mod body;
pub mod chat;
pub mod crowd;
pub mod deaf;
pub mod fanout;
pub mod growth;
pub mod opening;
pub mod stage_layout;
pub mod urgent;

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::hub::Venue;
use crate::stats::Measured;

/// Reads the server's CPU time at both ends of a stretch.
#[derive(Debug)]
pub struct Meter {
    cpu: Duration,
    from: Instant,
}

/// The kernel counts a process's CPU time in such steps.
const RESOLUTION_S: f64 = 0.01;

/// What was spent between two readings.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub cpu_s: f64,
    pub wall_s: f64,
}

impl Meter {
    pub fn start(venue: &Venue) -> Result<Self> {
        Ok(Self { cpu: venue.server.cpu()?, from: Instant::now() })
    }

    pub fn stop(self, venue: &Venue) -> Result<Spent> {
        let cpu = venue.server.cpu()?.saturating_sub(self.cpu);
        Ok(Spent { cpu_s: cpu.as_secs_f64(), wall_s: self.from.elapsed().as_secs_f64() })
    }
}

impl Spent {
    /// Adds `{what}_per_s`, `{what}_per_cpu_s` and the share of a core that the server had.
    pub fn note(&self, into: &mut Measured, what: &str, count: u64) {
        into.insert(format!("{what}_per_s"), count as f64 / self.wall_s);
        into.insert(format!("{what}_per_cpu_s"), count as f64 / self.cpu_s.max(RESOLUTION_S));
        into.insert("server_cpu_share".into(), self.cpu_s / self.wall_s);
    }
}
