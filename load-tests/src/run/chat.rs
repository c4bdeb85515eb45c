//! Durable chat: how many lines are acknowledged, and what the baseline, a bare loop of batched inserts, does on the same disk.

use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use super::stage_layout::{Pace, StageLayout};
use crate::baseline;
use crate::hub::Venue;
use crate::net::Swarm;
use crate::stats::{Measured, note_latency};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Database {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    pub rooms: usize,
    /// Per room; all of them speak.
    pub senders: usize,
    /// Lines that one sender has said and not seen acknowledged.
    pub in_flight: usize,
    pub database: Database,
    pub warm_s: f64,
    pub seconds: f64,
}

impl Chat {
    pub fn run(&self, venue: &Venue, data_in: Option<&str>, postgres: Option<&str>) -> Result<Measured> {
        let dialect = venue.open(self.rooms)?;
        let mut swarm = Swarm::new()?;
        let mut layout = StageLayout::new(&*dialect, self.rooms, self.senders, Pace::Confirmed).with_mirrors(venue);
        layout.enter(&mut swarm, venue)?;
        layout.speak_all(swarm.io(), self.in_flight);
        let spent = layout.measure(&mut swarm, venue, self.warm_s, self.seconds)?;
        let mut measured = Measured::new();
        spent.note(&mut measured, "acked", layout.tally.confirmed);
        note_latency(&mut measured, "ack_", &layout.tally.confirmation);
        layout.drain(&mut swarm)?;
        layout.verify(&mut swarm, venue, &mut measured)?;
        layout.leave(&mut swarm)?;

        let writers = self.rooms * self.senders * self.in_flight;
        let baseline = match self.database {
            Database::Sqlite => baseline::sqlite(data_in, writers, Duration::from_secs_f64(self.seconds))?,
            Database::Postgres => baseline::postgres(postgres, writers, Duration::from_secs_f64(self.seconds))?,
        };
        measured.insert("baseline_per_s".into(), baseline.per_s);
        measured.insert("baseline_batch".into(), baseline.batch as f64);
        measured.insert("baseline_connections".into(), baseline.connections as f64);
        measured.insert("of_baseline".into(), measured["acked_per_s"] / baseline.per_s);
        Ok(measured)
    }
}
