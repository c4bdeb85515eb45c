//! Notes into sound: a handful of instruments, each a few lines of arithmetic.

use std::f32::consts::TAU;

use crate::effects::{echo, master, room};
use crate::pieces::{Piece, Voice};
use crate::score::Note;

/// Frames a second. Nothing in this music is higher than 14 kHz, and files are a quarter smaller than at 44.1 kHz.
pub(crate) const RATE: u32 = 32_000;

const FRAMES: f32 = RATE as f32;

/// Seconds after the last beat, for strings and room to fade.
const TAIL: f32 = 6.0;

/// Two channels of samples between -1 and 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stereo {
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

/// Plays a piece; the same samples every time.
pub(crate) fn render(piece: &Piece) -> Stereo {
    let beat = 60.0 / piece.bpm;
    let frames = ((piece.beats() * beat + TAIL) * FRAMES) as usize;
    let mut mix = Mix {
        dry: Stereo { left: vec![0.0; frames], right: vec![0.0; frames] },
        room: vec![0.0; frames],
        echo: vec![0.0; frames],
        random: Random(0x9e37_79b9),
    };
    let tables = Tables::new();
    for (voice, note) in piece.notes() {
        mix.play(&tables, voice, note, beat);
    }
    echo(&mut mix.dry, &mix.echo, (0.75 * beat * FRAMES) as usize);
    room(&mut mix.dry, &mix.room, piece.room);
    master(&mut mix.dry, FRAMES);
    mix.dry
}

/// Where the instruments write: straight out, and into the effects.
struct Mix {
    dry: Stereo,
    room: Vec<f32>,
    echo: Vec<f32>,
    random: Random,
}

/// How an instrument sits in the mix.
struct Seat {
    gain: f32,
    /// -1 is left, 1 is right.
    pan: f32,
    room: f32,
    echo: f32,
}

impl Mix {
    fn play(&mut self, tables: &Tables, voice: Voice, note: Note, beat: f32) {
        let held = note.beats * beat;
        let hz = 440.0 * ((note.pitch - 69.0) / 12.0).exp2();
        let at = (note.at * beat * FRAMES) as usize;
        // Low notes to the left, high ones to the right, as before a keyboard.
        let keyboard = ((note.pitch - 66.0) / 40.0).clamp(-0.5, 0.5);
        match voice {
            Voice::Pad => {
                for (detune, pan) in [(0.9977, -0.8), (1.0023, 0.8)] {
                    let seat = Seat { gain: 0.032 * note.loud, pan, room: 0.9, echo: 0.0 };
                    self.add(at, held + 1.6, &seat, tables.pad(hz * detune, held));
                }
            }
            Voice::Keys => {
                let seat = Seat { gain: 0.17 * note.loud, pan: keyboard, room: 0.4, echo: 0.12 };
                self.add(at, held + 0.5, &seat, tables.keys(hz, held, note.loud));
            }
            Voice::Pluck => {
                let seat = Seat { gain: 0.52 * note.loud, pan: keyboard * 1.4, room: 0.5, echo: 0.18 };
                let string = Pluck::new(hz, note.loud, &mut self.random);
                self.add(at, 2.2, &seat, string);
            }
            Voice::Bell => {
                let seat = Seat { gain: 0.19 * note.loud, pan: keyboard * 1.6, room: 0.8, echo: 0.3 };
                self.add(at, 2.6, &seat, tables.bell(hz));
            }
            Voice::Bass => {
                let seat = Seat { gain: 0.25 * note.loud, pan: 0.0, room: 0.05, echo: 0.0 };
                self.add(at, held + 0.3, &seat, tables.bass(hz, held));
            }
            Voice::Kick => {
                let seat = Seat { gain: 0.42 * note.loud, pan: 0.0, room: 0.04, echo: 0.0 };
                self.add(at, 0.4, &seat, kick());
            }
            Voice::Hat => {
                let seat = Seat { gain: 0.05 * note.loud, pan: 0.35, room: 0.15, echo: 0.0 };
                let seed = self.random.next();
                self.add(at, 0.09, &seat, noise(seed, 0.022, 0.92));
            }
            Voice::Brush => {
                let seat = Seat { gain: 0.1 * note.loud, pan: -0.2, room: 0.3, echo: 0.0 };
                let seed = self.random.next();
                self.add(at, 0.3, &seat, noise(seed, 0.07, 0.55));
            }
        }
    }

    /// Adds up to `seconds` of a sound; what reaches over the end is cut, where everything has faded.
    fn add(&mut self, at: usize, seconds: f32, seat: &Seat, sound: impl Iterator<Item = f32>) {
        // Equal power, so that a sound is as loud at the side as in the middle.
        let angle = (seat.pan.clamp(-1.0, 1.0) + 1.0) * TAU / 8.0;
        let (left, right) = (angle.cos() * seat.gain, angle.sin() * seat.gain);
        let end = self.room.len().min(at + (seconds * FRAMES) as usize);
        for (i, sample) in (at..end).zip(sound) {
            self.dry.left[i] += sample * left;
            self.dry.right[i] += sample * right;
            self.room[i] += sample * seat.gain * seat.room;
            self.echo[i] += sample * seat.gain * seat.echo;
        }
    }
}

/// One period of each steady tone: looked up instead of summed for every sample.
struct Tables {
    sine: Vec<f32>,
    strings: Vec<f32>,
    round: Vec<f32>,
}

const PERIOD: usize = 2_048;

impl Tables {
    fn new() -> Self {
        let of = |partials: &[f32]| {
            (0..=PERIOD)
                .map(|i| {
                    let phase = TAU * i as f32 / PERIOD as f32;
                    partials.iter().zip(1u8..).map(|(a, n)| a * (phase * f32::from(n)).sin()).sum()
                })
                .collect()
        };
        Self {
            sine: of(&[1.0]),
            strings: of(&[1.0, 0.42, 0.3, 0.16, 0.11, 0.07, 0.05, 0.03, 0.02]),
            round: of(&[1.0, 0.34, 0.16, 0.05]),
        }
    }

    fn pad(&self, hz: f32, held: f32) -> impl Iterator<Item = f32> {
        let swell = (held * 0.4).min(0.9);
        tone(&self.strings, hz).zip(clock()).map(move |(s, t)| {
            let rise = (t / swell).min(1.0);
            let fall = (1.0 - (t - held).max(0.0) / 1.6).max(0.0);
            s * rise * rise * (3.0 - 2.0 * rise) * fall * fall
        })
    }

    fn keys(&self, hz: f32, held: f32, loud: f32) -> impl Iterator<Item = f32> {
        let body = tone(&self.round, hz).zip(decay(1.6));
        // The hammer's tine rings high and short, and more when struck hard.
        let tine = tone(&self.sine, hz * 7.0).zip(decay(0.09));
        body.zip(tine).zip(clock()).map(move |((b, t), now)| {
            let sway = 1.0 - 0.12 * (0.5 + 0.5 * (TAU * 4.6 * now).sin());
            (b.0 * b.1 * sway + 0.28 * loud * t.0 * t.1) * edges(now, held, 0.004, 0.25)
        })
    }

    fn bell(&self, hz: f32) -> impl Iterator<Item = f32> {
        // The modes of a struck bar.
        let low = tone(&self.sine, hz).zip(decay(0.75));
        let mid = tone(&self.sine, hz * 2.756).zip(decay(0.24));
        let high = tone(&self.sine, hz * 5.404).zip(decay(0.08));
        low.zip(mid)
            .zip(high)
            .zip(clock())
            .map(|(((l, m), h), now)| (l.0 * l.1 + 0.32 * m.0 * m.1 + 0.14 * h.0 * h.1) * edges(now, 2.4, 0.002, 0.2))
    }

    fn bass(&self, hz: f32, held: f32) -> impl Iterator<Item = f32> {
        tone(&self.round, hz).zip(decay(1.1)).zip(clock()).map(move |((s, d), t)| s * d * edges(t, held, 0.01, 0.12))
    }
}

/// A steady tone, between table entries by a straight line.
fn tone(table: &[f32], hz: f32) -> impl Iterator<Item = f32> {
    let step = hz / FRAMES * PERIOD as f32;
    let mut at = 0.0f32;
    std::iter::repeat_with(move || {
        let i = at as usize;
        let sample = table[i] + (table[i + 1] - table[i]) * at.fract();
        at += step;
        if at >= PERIOD as f32 {
            at -= PERIOD as f32;
        }
        sample
    })
}

/// Falls to 1/e in `seconds`, and on.
fn decay(seconds: f32) -> impl Iterator<Item = f32> {
    let factor = (-1.0 / (seconds * FRAMES)).exp();
    std::iter::successors(Some(1.0f32), move |level| Some(level * factor))
}

/// Seconds since the note began.
fn clock() -> impl Iterator<Item = f32> {
    (0u32..).map(|i| i as f32 / FRAMES)
}

/// Takes the clicks off both ends of a note.
fn edges(t: f32, held: f32, attack: f32, release: f32) -> f32 {
    (t / attack).min(1.0) * (1.0 - (t - held).max(0.0) / release).max(0.0)
}

fn kick() -> impl Iterator<Item = f32> {
    let mut phase = 0.0f32;
    decay(0.11).zip(decay(0.035)).zip(clock()).map(move |((level, fall), now)| {
        phase += TAU * (46.0 + 90.0 * fall) / FRAMES;
        phase.sin() * level * edges(now, 0.35, 0.002, 0.05)
    })
}

/// A burst of noise; `edge` 0 to 1 takes away the low part.
fn noise(seed: u32, seconds: f32, edge: f32) -> impl Iterator<Item = f32> {
    let mut random = Random(seed | 1);
    let mut low = 0.0f32;
    decay(seconds).zip(clock()).map(move |(level, now)| {
        let sample = random.signed();
        low += (1.0 - edge) * (sample - low);
        let bright = if edge > 0.8 { sample - low } else { low * 1.6 };
        bright * level * edges(now, 0.3, 0.003, 0.05)
    })
}

/// A string after Karplus and Strong (1983): a burst of noise goes around a loop of one period and loses its edges.
struct Pluck {
    string: Vec<f32>,
    at: usize,
    last: f32,
    /// Corrects the loop's whole-frame length to the wanted pitch by an allpass.
    tuning: f32,
    allpass: (f32, f32),
    damping: f32,
}

impl Pluck {
    fn new(hz: f32, loud: f32, random: &mut Random) -> Self {
        let period = FRAMES / hz - 0.5;
        let whole = (period - 0.1).floor();
        let rest = period - whole;
        let mut string: Vec<f32> = (0..whole as usize).map(|_| random.signed()).collect();
        // A soft finger: the softer, the rounder.
        for _ in 0..(if loud > 0.5 { 3 } else { 5 }) {
            let mut before = string.last().copied().unwrap_or(0.0);
            for sample in &mut string {
                let now = *sample;
                *sample = 0.5 * (now + before);
                before = now;
            }
        }
        let peak = string.iter().fold(0.001f32, |m, s| m.max(s.abs()));
        for sample in &mut string {
            *sample /= peak;
        }
        // High strings would ring out at once, low ones for ever: six tenths of a second to a second for all.
        let damping = (-1.0 / (hz * 0.55)).exp();
        Self { string, at: 0, last: 0.0, tuning: (1.0 - rest) / (1.0 + rest), allpass: (0.0, 0.0), damping }
    }
}

impl Iterator for Pluck {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let sample = self.string[self.at];
        let soft = 0.5 * (sample + self.last) * self.damping;
        self.last = sample;
        let (before_in, before_out) = self.allpass;
        let tuned = self.tuning * (soft - before_out) + before_in;
        self.allpass = (soft, tuned);
        self.string[self.at] = tuned;
        self.at = (self.at + 1) % self.string.len();
        Some(sample)
    }
}

/// Marsaglia's xorshift: the same noise every time.
struct Random(u32);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    /// Between -1 and 1.
    fn signed(&mut self) -> f32 {
        self.next() as f32 / u32::MAX as f32 * 2.0 - 1.0
    }
}
