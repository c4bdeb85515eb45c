//! Durable chat: how many lines are acknowledged, and what a bare loop of batched inserts does on the same disk.

use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use super::hall::{Hall, Pace};
use crate::bare;
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
        let mut hall = Hall::new(&*dialect, self.rooms, self.senders, Pace::Confirmed).with_mirrors(venue);
        hall.enter(&mut swarm, venue)?;
        hall.speak_all(swarm.io(), self.in_flight);
        let spent = hall.measure(&mut swarm, venue, self.warm_s, self.seconds)?;
        let mut measured = Measured::new();
        spent.note(&mut measured, "acked", hall.tally.confirmed);
        note_latency(&mut measured, "ack_", &hall.tally.confirmation);
        hall.drain(&mut swarm)?;
        hall.verify(&mut swarm, venue, &mut measured)?;
        hall.leave(&mut swarm)?;

        let writers = self.rooms * self.senders * self.in_flight;
        let bare = match self.database {
            Database::Sqlite => bare::sqlite(data_in, writers, Duration::from_secs_f64(self.seconds))?,
            Database::Postgres => bare::postgres(postgres, writers, Duration::from_secs_f64(self.seconds))?,
        };
        measured.insert("bare_per_s".into(), bare);
        measured.insert("of_bare".into(), measured["acked_per_s"] / bare);
        Ok(measured)
    }
}
