//! Members that stop reading: what the server keeps for them, how soon it lets go of them and with which word, and whether
//! the others notice.
//!
//! The same hearers are spoken to three times: alone, beside the deaf until the server has let go of all of these, and
//! alone again. A deaf member gives its kernel hardly any room, so what is said to it soon waits in the server.

mod crowd;
mod seats;
mod watch;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::Meter;
use super::fanout::{Paced, finish};
use super::stage_layout::{Clock, Pace, StageLayout};
use crate::hub::Venue;
use crate::net::{Handler, Io, Slot, Swarm};
use crate::stats::{Measured, note_latency};
use crowd::DeafCrowd;
use seats::Seats;
use watch::Watch;

/// Members of one room of which some stop reading. For Octave alone: others say nothing to whom they let go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deaf {
    /// Those who hear everything: the same in all three stretches.
    pub hearers: usize,
    /// Those who come for the second one, and stop reading.
    pub deaf: usize,
    pub per_second: f64,
    /// Of a line: enough that what waits for a deaf member reaches the server's bound before its patience ends.
    pub line_bytes: usize,
    pub warm_s: f64,
    /// How long the first and the last stretch are. The second one ends when the server has let go of all who are deaf.
    pub seconds: f64,
    /// Or after so long.
    pub patience_s: f64,
}

/// How often it is noted what was said and who is still there.
const LOOK: Duration = Duration::from_millis(100);

/// Once the server begins to let go, it waits 2 s for its last word to be read: the deaf listen again before that.
const LAST_WORD: Duration = Duration::from_secs(1);

impl Deaf {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let dialect = venue.open(1)?;
        let mut swarm = Swarm::new()?;
        let layout = StageLayout::new(&*dialect, 1, self.hearers, Pace::Clock)
            .with_lines_of(self.line_bytes)
            .with_mirrors(venue);
        let mut scene = Scene { layout, deaf: DeafCrowd::new(&*dialect) };
        scene.layout.enter(&mut swarm, venue)?;
        let paced = Paced {
            rooms: 1,
            members: self.hearers,
            per_second: self.per_second,
            warm_s: self.warm_s,
            seconds: self.seconds,
        };
        let before = paced.stretch(&mut scene.layout, &mut swarm, venue)?;
        scene.let_in(&mut swarm, venue, self.deaf)?;
        let mut measured = self.beside_the_deaf(&mut scene, &mut swarm, venue)?;
        let after = paced.stretch(&mut scene.layout, &mut swarm, venue)?;

        let alone = f64::midpoint(before["p99_ms"], after["p99_ms"]);
        measured.insert("p99_ratio".into(), measured["meanwhile_p99_ms"] / alone);
        measured.insert("p99_ms".into(), alone);
        measured.insert("p50_ms".into(), f64::midpoint(before["p50_ms"], after["p50_ms"]));
        finish(&mut scene.layout, &mut swarm, venue, &mut measured)?;
        Ok(measured)
    }

    /// Lines by the clock until the server has let go of the deaf; then these read what they find.
    fn beside_the_deaf(&self, scene: &mut Scene<'_>, swarm: &mut Swarm, venue: &Venue) -> Result<Measured> {
        let resident = venue.server.resident()?;
        let seats = Seats::of(venue.server.addr)?;
        let mut watch = Watch::new(seats.taken(), scene.layout.heard_bytes());
        let mut most = resident;
        scene.deaf.stop_reading(swarm)?;
        scene.layout.begin();
        let meter = Meter::start(venue)?;
        let mut clock = Clock::new(self.per_second);
        let patience = Instant::now() + Duration::from_secs_f64(self.patience_s);
        let mut last_word = None;
        while watch.gone() < self.deaf && Instant::now() < last_word.unwrap_or(patience) {
            scene.layout.speak_on(swarm, &mut clock, LOOK)?;
            watch.look(seats.taken(), scene.layout.heard_bytes());
            most = most.max(venue.server.resident()?);
            if watch.gone() > 0 && last_word.is_none() {
                last_word = Some(Instant::now() + LAST_WORD);
            }
        }
        let spent = meter.stop(venue)?;
        scene.layout.drain(swarm)?;
        let mut measured = Measured::new();
        spent.note(&mut measured, "meanwhile_deliveries", scene.layout.tally.deliveries);
        note_latency(&mut measured, "meanwhile_", &scene.layout.tally.latency);
        measured.insert("deaf_resident_bytes".into(), (most - resident) as f64 / self.deaf.max(1) as f64);

        scene.read_what_is_left(swarm)?;
        let found = watch.judge(scene.deaf.taken());
        measured.insert("deaf_kept_bytes".into(), found.most_kept as f64);
        measured.insert("deaf_kept_for_s".into(), found.longest_s);
        measured.insert("deaf_not_told".into(), (self.deaf - scene.deaf.told()) as f64);
        Ok(measured)
    }
}

/// The hearers, and on connections of their own those who are to be deaf.
struct Scene<'d> {
    layout: StageLayout<'d>,
    deaf: DeafCrowd<'d>,
}

impl Scene<'_> {
    fn let_in(&mut self, swarm: &mut Swarm, venue: &Venue, count: usize) -> Result<()> {
        const AT_ONCE: usize = 64;
        const PATIENCE: Duration = Duration::from_secs(30);
        let limit = Instant::now() + PATIENCE;
        while self.deaf.inside() < count {
            while self.deaf.asked() < count && self.deaf.asked() - self.deaf.inside() < AT_ONCE {
                self.deaf.connect(swarm, venue)?;
            }
            swarm.turn(self, Duration::from_millis(50))?;
            ensure!(Instant::now() < limit, "only {} of {count} deaf members got in", self.deaf.inside());
        }
        // The others are told of them a little later.
        let until = Instant::now() + Duration::from_millis(500);
        while Instant::now() < until {
            swarm.turn(self, Duration::from_millis(20))?;
        }
        Ok(())
    }

    fn read_what_is_left(&mut self, swarm: &mut Swarm) -> Result<()> {
        const PATIENCE: Duration = Duration::from_secs(3);
        self.deaf.read_again(swarm)?;
        let limit = Instant::now() + PATIENCE;
        while self.deaf.inside() > 0 && Instant::now() < limit {
            swarm.turn(self, Duration::from_millis(20))?;
        }
        self.deaf.leave(swarm);
        swarm.turn(self, Duration::ZERO)
    }
}

impl Handler for Scene<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        if self.deaf.has(slot) { self.deaf.opened(io, slot) } else { self.layout.opened(io, slot) }
    }

    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]) {
        if self.deaf.has(slot) {
            self.deaf.message(io, slot, payload);
        } else {
            self.layout.message(io, slot, payload);
        }
    }

    fn closed(&mut self, io: &mut Io, slot: Slot, code: u16) {
        if self.deaf.has(slot) {
            self.deaf.closed(io, slot, code);
        } else {
            self.layout.closed(io, slot, code);
        }
    }
}
