//! Members who come, listen, talk, and go in every way there is.

mod member;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use octave_client::socket::headers;

use super::Pace;
use super::dice::Dice;
use crate::dialect::upgrade;
use crate::net::{Frames, Handler, Io, Slot, Swarm};
use member::{Member, Position, Told};

/// New connections in one turn, so that a wave does not wait in the server's backlog.
const AT_ONCE: usize = 8;
/// How long a half-dead one is left to be noticed before its socket is closed here.
const DEAF_FOR: Duration = Duration::from_secs(30);
/// How long a broken one stays away before it resumes.
const AWAY_FOR: Duration = Duration::from_secs(3);
/// How long a line takes to reach everybody who stays.
const PATIENCE: Duration = Duration::from_secs(30);

/// What has happened to the crowd.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub joined: u64,
    pub resumed: u64,
    /// Came back and had to begin anew, since the stage had ended or forgotten where they were.
    pub begun_anew: u64,
    pub left: u64,
    pub broke_off: u64,
    pub fell_silent: u64,
    pub moved: u64,
    pub said: u64,
    pub acknowledged: u64,
    pub heard: u64,
    /// Joins of a stage that was about to end.
    pub refused: u64,
    /// Events that came out of turn: lost, doubled or disordered.
    pub out_of_turn: u64,
    /// Members whom the server closed although they did nothing wrong.
    pub thrown_out: u64,
}

impl Counts {
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.out_of_turn > 0 {
            faults.push(format!("{} events came out of turn", self.out_of_turn));
        }
        if self.thrown_out > 0 {
            faults.push(format!("{} members were thrown out", self.thrown_out));
        }
        // Who says a line and goes, or whose stage ends, does not hear of it.
        if self.acknowledged < self.said - self.said / 10 {
            faults.push(format!("{} of {} lines were acknowledged", self.acknowledged, self.said));
        }
        faults
    }
}

/// What is due when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// The visit with this number at this place is over.
    Goes(Slot, u64),
    /// A socket that nobody has read is closed.
    Forgotten(Slot, u64),
    Returns(Position),
}

#[derive(Debug)]
pub(super) struct Crowd<'a> {
    addr: SocketAddr,
    tokens: &'a [String],
    stages: &'a Mutex<Vec<i64>>,
    pace: Pace,
    members: Vec<Option<Member>>,
    here: usize,
    visits: u64,
    due: BinaryHeap<Reverse<(Instant, Due)>>,
    dice: Dice,
    frames: Frames,
    pub(super) counts: Counts,
}

impl<'a> Crowd<'a> {
    pub(super) fn new(addr: SocketAddr, tokens: &'a [String], stages: &'a Mutex<Vec<i64>>, pace: Pace) -> Self {
        Self {
            addr,
            tokens,
            stages,
            pace,
            members: Vec::new(),
            here: 0,
            visits: 0,
            due: BinaryHeap::new(),
            dice: Dice::new(7),
            frames: Frames::default(),
            counts: Counts::default(),
        }
    }

    /// Comes and goes until then, or until it is over before.
    pub(super) fn stay(&mut self, swarm: &mut Swarm, until: Instant, is_over: impl Fn() -> bool) -> Result<()> {
        let every = Duration::from_secs_f64(1.0 / self.pace.lines_per_s);
        let mut next_line = Instant::now();
        while Instant::now() < until && !is_over() {
            for _ in 0..AT_ONCE.min(self.pace.members.saturating_sub(self.here)) {
                self.comes(swarm, None)?;
            }
            while let Some(Reverse((at, due))) = self.due.peek().copied()
                && at <= Instant::now()
            {
                self.due.pop();
                self.happens(swarm, due)?;
            }
            if next_line <= Instant::now() {
                next_line += every;
                self.says(swarm.io());
            }
            swarm.turn(self, Duration::from_millis(10))?;
        }
        Ok(())
    }

    /// Everybody goes, one half after a word and one without.
    pub(super) fn go(&mut self, swarm: &mut Swarm) -> Result<()> {
        for slot in 0..self.members.len() {
            let Some(member) = &mut self.members[slot] else { continue };
            member.going = true;
            if slot.is_multiple_of(2) && !member.deaf {
                say_goodbye(&mut self.frames, member.stage);
                swarm.io().send(slot, &self.frames);
            } else {
                swarm.io().drop_connection(slot);
            }
        }
        let until = Instant::now() + PATIENCE;
        while self.here > 0 && Instant::now() < until {
            swarm.turn(self, Duration::from_millis(50))?;
        }
        for slot in 0..self.members.len() {
            swarm.io().drop_connection(slot);
        }
        swarm.turn(self, Duration::from_millis(50))
    }

    fn comes(&mut self, swarm: &mut Swarm, back: Option<Position>) -> Result<()> {
        let number = back.map_or(self.dice.roll(self.tokens.len()), |b| b.person);
        let Some(stage) = back.map(|b| b.stage).or_else(|| self.some_stage()) else { return Ok(()) };
        let slot = swarm.connect(self.addr, upgrade(self.addr, "/ws", &headers(&self.tokens[number])))?;
        if self.members.len() <= slot {
            self.members.resize_with(slot + 1, || None);
        }
        self.visits += 1;
        self.here += 1;
        self.members[slot] = Some(Member::new(self.visits, number, stage, back));
        let stay = self.dice.time(self.pace.stay);
        self.due.push(Reverse((Instant::now() + stay, Due::Goes(slot, self.visits))));
        Ok(())
    }

    fn some_stage(&mut self) -> Option<i64> {
        let stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        if stages.is_empty() { None } else { Some(stages[self.dice.roll(stages.len())]) }
    }

    fn happens(&mut self, swarm: &mut Swarm, due: Due) -> Result<()> {
        match due {
            Due::Returns(position) => self.comes(swarm, Some(position)),
            Due::Forgotten(slot, visit) => {
                if self.visiting(slot, visit).is_some() {
                    swarm.io().drop_connection(slot);
                }
                Ok(())
            }
            Due::Goes(slot, visit) => self.goes(swarm, slot, visit),
        }
    }

    fn visiting(&mut self, slot: Slot, visit: u64) -> Option<&mut Member> {
        self.members[slot].as_mut().filter(|m| m.visit == visit && !m.going)
    }

    fn goes(&mut self, swarm: &mut Swarm, slot: Slot, visit: u64) -> Result<()> {
        let way = self.dice.roll(10);
        let away = self.dice.time(AWAY_FOR);
        let Some(member) = self.visiting(slot, visit) else { return Ok(()) };
        let (inside, stage, position) = (member.inside, member.stage, member.position());
        match way {
            0 => {
                member.deaf = true;
                swarm.stop_reading(slot)?;
                self.counts.fell_silent += 1;
                self.due.push(Reverse((Instant::now() + DEAF_FOR, Due::Forgotten(slot, visit))));
            }
            1..=4 => {
                member.going = true;
                swarm.io().drop_connection(slot);
                self.counts.broke_off += 1;
                if inside {
                    self.due.push(Reverse((Instant::now() + away, Due::Returns(position))));
                }
            }
            _ => {
                member.going = true;
                self.counts.left += 1;
                say_goodbye(&mut self.frames, stage);
                swarm.io().send(slot, &self.frames);
            }
        }
        Ok(())
    }

    /// Somebody who is there says something.
    fn says(&mut self, io: &mut Io) {
        for _ in 0..20.min(self.members.len()) {
            let slot = self.dice.roll(self.members.len());
            let Some(member) = self.members[slot].as_ref().filter(|m| m.inside && !m.deaf && !m.going) else {
                continue;
            };
            self.counts.said += 1;
            let (stage, number) = (member.stage, self.counts.said);
            self.frames.clear();
            self.frames.text(
                format!(r#"{{"type":"chat","id":2,"stage":{stage},"text":"word {number} of a long evening","nonce":"{number}"}}"#)
                    .as_bytes(),
            );
            io.send(slot, &self.frames);
            return;
        }
    }

    /// Asks for a place, where it was before if it was somewhere.
    fn asks(&mut self, io: &mut Io, slot: Slot) {
        let Some(member) = &self.members[slot] else { return };
        self.frames.clear();
        self.frames.text(member.request().as_bytes());
        io.send(slot, &self.frames);
    }

    /// Goes on in another stage on the same connection.
    fn moves(&mut self, io: &mut Io, slot: Slot) {
        let stage = self.some_stage();
        let Some(member) = self.members[slot].as_mut().filter(|m| !m.going) else { return };
        let Some(stage) = stage else { return };
        member.enters(stage);
        self.asks(io, slot);
    }
}

fn say_goodbye(frames: &mut Frames, stage: i64) {
    frames.clear();
    frames.text(format!(r#"{{"type":"leave","id":3,"stage":{stage}}}"#).as_bytes());
    frames.close(1000);
}

impl Handler for Crowd<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        self.asks(io, slot);
    }

    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]) {
        let Some(member) = &mut self.members[slot] else { return };
        match member.hears(payload) {
            Told::Nothing => {}
            Told::Line => self.counts.heard += 1,
            Told::Acknowledged => self.counts.acknowledged += 1,
            Told::Joined => self.counts.joined += 1,
            Told::Resumed => self.counts.resumed += 1,
            Told::BegunAnew => self.counts.begun_anew += 1,
            Told::OutOfTurn => self.counts.out_of_turn += 1,
            Told::Refused => {
                self.counts.refused += 1;
                self.moves(io, slot);
            }
            Told::Ended => {
                self.counts.moved += 1;
                self.moves(io, slot);
            }
        }
    }

    fn closed(&mut self, _: &mut Io, slot: Slot, _: u16) {
        let Some(member) = self.members[slot].take() else { return };
        self.here -= 1;
        if !member.going && !member.deaf {
            self.counts.thrown_out += 1;
        }
    }
}
