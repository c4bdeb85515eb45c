//! A sound device without sound: it plays frames at its own clock's pace, and remembers what.
//!
//! Where a real one stands, the shell gives `cpal` (or the system's own interface) a callback that takes a block from
//! [`crate::player::Player::fill`], and hands on the time stamp that comes with each block.

use std::collections::VecDeque;

use octave_protocol::EntryId;

use crate::player::{Sound, Stretch};

pub const RATE: u32 = 48_000;
/// Frames that the device asks for at once: 10 ms.
const BLOCK: u32 = 480;
/// What was played is remembered this long, in frames.
const MEMORY: f64 = 20.0 * RATE as f64;

#[derive(Debug)]
pub struct NullDevice {
    /// True time at which frame 0 is heard.
    start: f64,
    /// Frames per microsecond of true time.
    pace: f64,
    /// Frames that are asked for ahead of the one that is heard.
    ahead: f64,
    written: u64,
    played: VecDeque<(u64, Stretch)>,
    pub underruns: u32,
}

/// What leaves the loudspeaker at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    pub entry: EntryId,
    pub position_us: f64,
    /// 1 but in a crossfade.
    pub level: f64,
}

impl NullDevice {
    /// Opens it at true time `start`, with a clock that is `ppm` fast and this much latency.
    pub fn open(start: f64, ppm: f64, latency_us: f64) -> Self {
        let pace = f64::from(RATE) * 1e-6;
        Self {
            start,
            pace: pace * (1.0 + ppm * 1e-6),
            ahead: latency_us * pace,
            written: 0,
            played: VecDeque::new(),
            underruns: 0,
        }
    }

    /// The frame that is heard at a true time.
    pub fn frame_at(&self, now: f64) -> f64 {
        (now - self.start) * self.pace
    }

    /// Asks for all that the device wants by now.
    pub fn run(&mut self, now: f64, mut fill: impl FnMut(u64, u32) -> Vec<Stretch>) {
        let heard = self.frame_at(now);
        if heard > self.written as f64 {
            // Nobody came to fill it in time.
            self.underruns += 1;
            self.written = heard as u64;
        }
        while (self.written as f64) < heard + self.ahead {
            for stretch in fill(self.written, BLOCK) {
                self.played.push_back((self.written, stretch));
                self.written += u64::from(stretch.frames);
            }
        }
        while self.played.front().is_some_and(|(from, _)| (*from as f64) < heard - MEMORY) {
            self.played.pop_front();
        }
    }

    /// What is heard at a true time; nothing in silence, and where it is no longer or not yet known.
    pub fn heard_at(&self, now: f64) -> Option<Heard> {
        self.heard_of(now, |stretch| stretch.sound)
    }

    /// The same of a song that fades out under it.
    pub fn ending_at(&self, now: f64) -> Option<Heard> {
        self.heard_of(now, |stretch| stretch.ending)
    }

    fn heard_of(&self, now: f64, which: impl Fn(&Stretch) -> Option<Sound>) -> Option<Heard> {
        let frame = self.frame_at(now);
        let inside = |(from, s): &&(u64, Stretch)| {
            let from = *from as f64;
            from <= frame && frame < from + f64::from(s.frames)
        };
        let (from, stretch) = self.played.iter().rev().find(inside)?;
        let Sound { entry, position_us, step_us, levels: (first, last), .. } = which(stretch)?;
        let passed = frame - *from as f64;
        let level = first + (last - first) * passed / f64::from(stretch.frames);
        Some(Heard { entry, position_us: position_us + passed * step_us, level })
    }
}
