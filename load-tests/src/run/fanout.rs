//! One line to many members: as fast as they take it, or by the clock.

use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use super::Meter;
use super::stage_layout::{Pace, StageLayout};
use crate::hub::Venue;
use crate::net::Swarm;
use crate::stats::{Measured, note_latency};

/// A closed loop: a room's next line is said when all its members have the one before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    pub rooms: usize,
    pub members: usize,
    pub in_flight: usize,
    pub warm_s: f64,
    pub seconds: f64,
}

/// An open loop: lines are said when they are due, and timed from then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paced {
    pub rooms: usize,
    pub members: usize,
    pub per_second: f64,
    pub warm_s: f64,
    pub seconds: f64,
}

impl Closed {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let dialect = venue.open(self.rooms)?;
        let mut swarm = Swarm::new()?;
        let mut layout = StageLayout::new(&*dialect, self.rooms, self.members, Pace::Delivered).with_mirrors(venue);
        layout.enter(&mut swarm, venue)?;
        layout.speak(swarm.io(), self.in_flight);
        let spent = layout.measure(&mut swarm, venue, self.warm_s, self.seconds)?;
        let mut measured = Measured::new();
        spent.note(&mut measured, "deliveries", layout.tally.deliveries);
        note_latency(&mut measured, "", &layout.tally.latency);
        finish(&mut layout, &mut swarm, venue, &mut measured)?;
        Ok(measured)
    }
}

impl Paced {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let dialect = venue.open(self.rooms)?;
        let mut swarm = Swarm::new()?;
        let mut layout = StageLayout::new(&*dialect, self.rooms, self.members, Pace::Clock).with_mirrors(venue);
        layout.enter(&mut swarm, venue)?;
        let mut measured = self.stretch(&mut layout, &mut swarm, venue)?;
        finish(&mut layout, &mut swarm, venue, &mut measured)?;
        Ok(measured)
    }

    /// Lines by the clock, after some to warm up.
    pub(super) fn stretch(&self, layout: &mut StageLayout<'_>, swarm: &mut Swarm, venue: &Venue) -> Result<Measured> {
        layout.speak_by_clock(swarm, self.per_second, Duration::from_secs_f64(self.warm_s))?;
        layout.begin();
        let meter = Meter::start(venue)?;
        layout.speak_by_clock(swarm, self.per_second, Duration::from_secs_f64(self.seconds))?;
        let spent = meter.stop(venue)?;
        let mut measured = Measured::new();
        spent.note(&mut measured, "deliveries", layout.tally.deliveries);
        note_latency(&mut measured, "", &layout.tally.latency);
        Ok(measured)
    }
}

/// Waits for the last line, checks what was heard, and lets everybody go.
pub(super) fn finish(
    layout: &mut StageLayout<'_>,
    swarm: &mut Swarm,
    venue: &Venue,
    measured: &mut Measured,
) -> Result<()> {
    layout.drain(swarm)?;
    measured.insert("disordered".into(), layout.disordered() as f64);
    layout.verify(swarm, venue, measured)?;
    layout.leave(swarm)
}
