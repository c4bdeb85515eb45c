//! Coming, staying and going, without a word said.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::Meter;
use super::stage_layout::{Pace, StageLayout};
use crate::dialect::{Dialect, Heard, Seat};
use crate::hub::Venue;
use crate::net::{Frames, Handler, Io, Slot, Swarm};
use crate::stats::Measured;

/// How much memory members cost who only listen. Needs a server that has done nothing before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idle {
    pub rooms: usize,
    pub members: usize,
}

/// How fast members get in (token checked, snapshot sent).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joins {
    pub rooms: usize,
    pub members: usize,
    pub at_once: usize,
}

/// Members that come and go at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Churn {
    pub rooms: usize,
    pub at_once: usize,
    pub warm_s: f64,
    pub seconds: f64,
}

impl Idle {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        // What a server allocates once, for its first connections, is no cost of the others.
        Joins { rooms: 4, members: 50, at_once: 32 }.run(venue)?;
        let dialect = venue.open(self.rooms)?;
        let mut swarm = Swarm::new()?;
        let mut layout = StageLayout::new(&*dialect, self.rooms, self.members, Pace::Clock).with_mirrors(venue);
        let before = venue.server.resident()?;
        layout.enter(&mut swarm, venue)?;
        layout.listen(&mut swarm, Duration::from_secs(2))?;
        let grown = venue.server.resident()?.saturating_sub(before);
        let mut measured = Measured::new();
        measured.insert("bytes_per_connection".into(), grown as f64 / layout.entered() as f64);
        let meter = Meter::start(venue)?;
        layout.listen(&mut swarm, Duration::from_secs(3))?;
        measured.insert("idle_cpu_share".into(), meter.stop(venue)?.cpu_s / 3.0);
        layout.verify(&mut swarm, venue, &mut measured)?;
        layout.leave(&mut swarm)?;
        Ok(measured)
    }
}

impl Joins {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let dialect = venue.open(self.rooms)?;
        let mut swarm = Swarm::new()?;
        let mut layout = StageLayout::new(&*dialect, self.rooms, self.members, Pace::Clock).with_mirrors(venue);
        let meter = Meter::start(venue)?;
        layout.enter_up_to(&mut swarm, venue, self.rooms * self.members, self.at_once)?;
        let spent = meter.stop(venue)?;
        let mut measured = Measured::new();
        spent.note(&mut measured, "joins", (self.rooms * self.members) as u64);
        layout.settle(&mut swarm)?;
        layout.verify(&mut swarm, venue, &mut measured)?;
        layout.leave(&mut swarm)?;
        layout.settle(&mut swarm)?;
        Ok(measured)
    }
}

impl Churn {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let dialect = venue.open(self.rooms)?;
        let mut swarm = Swarm::new()?;
        let mut door =
            Door { dialect: &*dialect, seats: Vec::new(), inside: 0, gone: 0, broken: 0, frames: Frames::default() };
        let mut came = 0;
        let mut turn = |stretch: f64, door: &mut Door<'_>, swarm: &mut Swarm| -> Result<()> {
            let until = Instant::now() + Duration::from_secs_f64(stretch);
            while Instant::now() < until {
                while came - door.gone < self.at_once as u64 {
                    let seat = Seat { room: came as usize % self.rooms, number: came as usize };
                    let slot = swarm.connect(venue.server.addr, door.dialect.upgrade(&seat))?;
                    if door.seats.len() <= slot {
                        door.seats.resize_with(slot + 1, Seat::default);
                    }
                    door.seats[slot] = seat;
                    came += 1;
                }
                swarm.turn(door, Duration::from_millis(50))?;
            }
            Ok(())
        };
        turn(self.warm_s, &mut door, &mut swarm)?;
        let (gone, meter) = (door.gone, Meter::start(venue)?);
        turn(self.seconds, &mut door, &mut swarm)?;
        let spent = meter.stop(venue)?;
        ensure!(door.broken == 0, "{} members were thrown out before they were in", door.broken);
        let mut measured = Measured::new();
        spent.note(&mut measured, "visits", door.gone - gone);
        Ok(measured)
    }
}

/// Everybody who is in goes out again.
struct Door<'d> {
    dialect: &'d dyn Dialect,
    /// By slot.
    seats: Vec<Seat>,
    inside: u64,
    gone: u64,
    broken: u64,
    frames: Frames,
}

impl Door<'_> {
    fn go(&mut self, io: &mut Io, slot: Slot) {
        self.inside += 1;
        self.frames.clear();
        self.frames.close(1000);
        io.send(slot, &self.frames);
    }
}

impl Handler for Door<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        self.frames.clear();
        self.dialect.enter(&self.seats[slot], &mut self.frames);
        if !self.frames.as_bytes().is_empty() {
            io.send(slot, &self.frames);
        }
        if self.dialect.enters_by_opening() {
            self.go(io, slot);
        }
    }

    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]) {
        let mut entered = false;
        // The answer to entering comes whole with every hub.
        self.dialect.read(&mut Vec::new(), payload, &mut |heard| entered |= matches!(heard, Heard::Entered { .. }));
        if entered {
            self.go(io, slot);
        }
    }

    fn closed(&mut self, _: &mut Io, _: Slot, _: u16) {
        self.gone += 1;
        if self.inside == 0 {
            self.broken += 1;
        } else {
            self.inside -= 1;
        }
    }
}
