//! Members in rooms: they enter, speak, and everything they hear is counted, timed and checked.

mod check;
mod hear;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use hdrhistogram::Histogram;

use super::body::{self, Stamp};
use super::{Meter, Spent};
use crate::dialect::{Dialect, Seat};
use crate::hub::Venue;
use crate::net::{Frames, Io, Slot, Swarm};
use crate::stats;
use octave_client::mirror::Mirror;

/// Members that may be on their way in at the same time.
const ENTERING: usize = 128;

/// A hub that delivers nothing for so long has lost something.
const STALLED: Duration = Duration::from_secs(10);

/// At most so many rooms have a member that keeps a mirror.
const MIRRORS: usize = 8;

/// What makes a lane say its next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// All members have the line.
    Delivered,
    /// The hub has confirmed the line to its speaker.
    Confirmed,
    /// The clock: nothing by itself.
    Clock,
}

#[derive(Debug)]
struct Member {
    seat: Seat,
    carry: Vec<u8>,
    slot: Option<Slot>,
    entered: bool,
    seq: i64,
    /// Over all lines in the order in which they came: equal in all members of a room that were there from the start.
    digest: u64,
    lines: u64,
    /// Of all messages.
    bytes: u64,
    mirror: Option<Box<Mirror>>,
    mirrors: bool,
    /// When the lines were said that are not confirmed yet.
    unconfirmed: std::collections::VecDeque<u64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Lane {
    number: u64,
    missing: u32,
}

#[derive(Debug)]
struct Room {
    members: Range<usize>,
    hearing: u32,
    lanes: Vec<Lane>,
}

/// Counted since the last [`StageLayout::begin`].
#[derive(Debug)]
pub struct Tally {
    pub deliveries: u64,
    pub confirmed: u64,
    pub latency: Histogram<u64>,
    pub confirmation: Histogram<u64>,
}

/// What must not happen, counted from the beginning.
#[derive(Debug, Default)]
pub struct Faults {
    pub gaps: u64,
    pub refused: u64,
    pub last_refusal: String,
    pub closed: BTreeMap<u16, u64>,
    pub mirror: Vec<String>,
}

pub struct StageLayout<'d> {
    dialect: &'d dyn Dialect,
    began: Instant,
    pace: Pace,
    speaking: bool,
    members: Vec<Member>,
    rooms: Vec<Room>,
    /// Which member has a slot of the swarm.
    by_slot: Vec<usize>,
    frames: Frames,
    body: Vec<u8>,
    line_bytes: usize,
    entered: usize,
    leaving: bool,
    last_line: Instant,
    /// Anything at all was heard, presence included.
    pub messages: u64,
    pub tally: Tally,
    pub faults: Faults,
}

impl<'d> StageLayout<'d> {
    pub fn new(dialect: &'d dyn Dialect, rooms: usize, members: usize, pace: Pace) -> Self {
        let member = |number: usize| Member {
            seat: Seat { room: number / members, number },
            carry: Vec::new(),
            slot: None,
            entered: false,
            seq: 0,
            digest: 0,
            lines: 0,
            bytes: 0,
            mirror: None,
            mirrors: false,
            unconfirmed: std::collections::VecDeque::new(),
        };
        Self {
            dialect,
            began: Instant::now(),
            pace,
            speaking: false,
            members: (0..rooms * members).map(member).collect(),
            rooms: (0..rooms)
                .map(|r| Room { members: r * members..(r + 1) * members, hearing: members as u32, lanes: Vec::new() })
                .collect(),
            by_slot: Vec::new(),
            frames: Frames::default(),
            body: Vec::new(),
            line_bytes: body::LEN,
            entered: 0,
            leaving: false,
            last_line: Instant::now(),
            messages: 0,
            tally: Tally::new(),
            faults: Faults::default(),
        }
    }

    /// The first member of some rooms keeps a mirror, if the hub is Octave.
    #[must_use]
    pub fn with_mirrors(mut self, venue: &Venue) -> Self {
        if venue.is_octave() {
            for room in self.rooms.iter().take(MIRRORS) {
                self.members[room.members.start].mirrors = true;
            }
        }
        self
    }

    /// Lines have so many bytes.
    #[must_use]
    pub fn with_lines_of(mut self, bytes: usize) -> Self {
        self.line_bytes = bytes;
        self
    }

    /// Microseconds since the run began.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Brings all members in, and waits until the hub is quiet.
    pub fn enter(&mut self, swarm: &mut Swarm, venue: &Venue) -> Result<()> {
        self.enter_up_to(swarm, venue, self.members.len(), ENTERING)?;
        self.settle(swarm)
    }

    /// Brings members in until `count` are, `at_once` at a time.
    pub fn enter_up_to(&mut self, swarm: &mut Swarm, venue: &Venue, count: usize, at_once: usize) -> Result<()> {
        let mut asked = self.entered;
        let mut waiting_since = Instant::now();
        let mut seen = self.entered;
        while self.entered < count {
            while asked < count && asked - self.entered < at_once {
                let slot = swarm.connect(venue.server.addr, self.dialect.upgrade(&self.members[asked].seat))?;
                self.members[asked].slot = Some(slot);
                if self.by_slot.len() <= slot {
                    self.by_slot.resize(slot + 1, 0);
                }
                self.by_slot[slot] = asked;
                asked += 1;
            }
            swarm.turn(self, Duration::from_millis(100))?;
            self.complain()?;
            if self.entered > seen {
                (seen, waiting_since) = (self.entered, Instant::now());
            }
            ensure!(waiting_since.elapsed() < STALLED, "only {} of {count} got in", self.entered);
        }
        Ok(())
    }

    /// Turns until nothing has been heard for a while: joins are told to the others a little later.
    pub fn settle(&mut self, swarm: &mut Swarm) -> Result<()> {
        const QUIET: Duration = Duration::from_millis(400);
        let limit = Instant::now() + STALLED;
        let (mut heard, mut since) = (self.messages, Instant::now());
        while since.elapsed() < QUIET && Instant::now() < limit {
            swarm.turn(self, Duration::from_millis(20))?;
            if self.messages != heard {
                (heard, since) = (self.messages, Instant::now());
            }
        }
        Ok(())
    }

    /// Everybody who speaks begins: `lanes` lines are in flight per room from now on.
    pub fn speak(&mut self, io: &mut Io, lanes: usize) {
        self.speaking = true;
        self.last_line = Instant::now();
        for room in 0..self.rooms.len() {
            self.rooms[room].lanes.resize(lanes, Lane::default());
            for lane in 0..lanes {
                self.say(io, room, lane, self.now_us());
            }
        }
    }

    /// Every member of every room begins, `each` lines in flight, paced by confirmations.
    pub fn speak_all(&mut self, io: &mut Io, each: usize) {
        self.speaking = true;
        self.last_line = Instant::now();
        for room in 0..self.rooms.len() {
            let speakers = self.rooms[room].members.len();
            self.rooms[room].lanes.resize(speakers, Lane::default());
            for lane in (0..speakers).cycle().take(speakers * each) {
                self.say(io, room, lane, self.now_us());
            }
        }
    }

    /// Says one line in a room, stamped with the time at which it was due.
    pub fn say(&mut self, io: &mut Io, room: usize, lane: usize, due_us: u64) {
        let hearing = self.rooms[room].hearing;
        let lanes = self.rooms[room].lanes.len().max(1);
        let members = self.rooms[room].members.clone();
        // Speakers sit spread over the room, so that none is always first to be written to.
        let speaker = members.start + lane * (hearing as usize) / lanes;
        if self.rooms[room].lanes.is_empty() {
            self.rooms[room].lanes.push(Lane::default());
        }
        let state = &mut self.rooms[room].lanes[lane];
        state.number += 1;
        state.missing += hearing;
        let stamp = Stamp { room: room as u32, lane: lane as u32, number: state.number, at_us: due_us };
        stamp.write(self.line_bytes, &mut self.body);
        let member = &mut self.members[speaker];
        if self.pace == Pace::Confirmed {
            member.unconfirmed.push_back(due_us);
        }
        let Some(slot) = member.slot else { return };
        self.frames.clear();
        self.dialect.say(&member.seat, &self.body, &mut self.frames);
        io.send(slot, &self.frames);
    }

    /// Counts from zero.
    pub fn begin(&mut self) {
        self.tally = Tally::new();
    }

    /// Turns for so many seconds to warm up, then counts for so many; what the server spent on these.
    pub fn measure(&mut self, swarm: &mut Swarm, venue: &Venue, warm_s: f64, seconds: f64) -> Result<Spent> {
        self.listen(swarm, Duration::from_secs_f64(warm_s))?;
        self.begin();
        let meter = Meter::start(venue)?;
        self.listen(swarm, Duration::from_secs_f64(seconds))?;
        meter.stop(venue)
    }

    /// Turns for `stretch`.
    pub fn listen(&mut self, swarm: &mut Swarm, stretch: Duration) -> Result<()> {
        let until = Instant::now() + stretch;
        while Instant::now() < until {
            swarm.turn(self, Duration::from_millis(50))?;
            self.complain()?;
            if self.speaking && self.pace != Pace::Clock && self.last_line.elapsed() > STALLED {
                bail!("no line was delivered for {STALLED:?}; {} lines are missing", self.missing());
            }
        }
        Ok(())
    }

    /// Says `per_second` lines in each room for `stretch`, whatever the hub does, then waits for the last.
    pub fn speak_by_clock(&mut self, swarm: &mut Swarm, per_second: f64, stretch: Duration) -> Result<()> {
        self.speak_on(swarm, &mut Clock::new(per_second), stretch)?;
        self.drain(swarm)
    }

    /// Says what is due in each room within `stretch`, and waits for nothing.
    pub fn speak_on(&mut self, swarm: &mut Swarm, clock: &mut Clock, stretch: Duration) -> Result<()> {
        let until = Instant::now() + stretch;
        while clock.due < until || Instant::now() < until {
            let wait = clock.due.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                let due_us = u64::try_from(clock.due.duration_since(self.began).as_micros())?;
                for room in 0..self.rooms.len() {
                    self.say(swarm.io(), room, 0, due_us);
                }
                clock.due += clock.step;
            }
            swarm.turn(self, wait.min(Duration::from_millis(20)))?;
            self.complain()?;
        }
        Ok(())
    }

    /// Says nothing more and waits until everybody has heard everything.
    pub fn drain(&mut self, swarm: &mut Swarm) -> Result<()> {
        self.speaking = false;
        let limit = Instant::now() + STALLED;
        while self.missing() > 0 {
            swarm.turn(self, Duration::from_millis(20))?;
            ensure!(Instant::now() < limit, "{} deliveries never came", self.missing());
        }
        Ok(())
    }

    fn missing(&self) -> u64 {
        self.rooms.iter().flat_map(|r| &r.lanes).map(|l| u64::from(l.missing)).sum()
    }

    /// Everybody goes.
    pub fn leave(&mut self, swarm: &mut Swarm) -> Result<()> {
        self.leaving = true;
        for member in &mut self.members {
            if let Some(slot) = member.slot.take() {
                swarm.io().drop_connection(slot);
            }
        }
        swarm.turn(self, Duration::ZERO)
    }

    pub fn entered(&self) -> usize {
        self.entered
    }

    /// Bytes of all messages that the last member has heard, who never speaks.
    pub fn heard_bytes(&self) -> u64 {
        self.members.last().map_or(0, |m| m.bytes)
    }

    /// Fails on what no correct hub does.
    fn complain(&self) -> Result<()> {
        let faults = &self.faults;
        ensure!(faults.refused == 0, "{} requests were refused: {}", faults.refused, faults.last_refusal);
        ensure!(faults.gaps == 0, "{} events did not follow the one before", faults.gaps);
        Ok(())
    }
}

/// When lines are due, whatever the hub does.
#[derive(Debug)]
pub struct Clock {
    step: Duration,
    due: Instant,
}

impl Clock {
    /// The first line is due now.
    pub fn new(per_second: f64) -> Self {
        Self { step: Duration::from_secs_f64(1.0 / per_second), due: Instant::now() }
    }
}

impl Tally {
    fn new() -> Self {
        Self { deliveries: 0, confirmed: 0, latency: stats::latencies(), confirmation: stats::latencies() }
    }
}
