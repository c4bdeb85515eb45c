//! The room around the instruments.

use crate::synth::Stereo;

/// Repeats that cross from side to side, a third as loud each time.
pub(crate) fn echo(out: &mut Stereo, input: &[f32], delay: usize) {
    let mut line = [vec![0.0f32; delay.max(1)], vec![0.0f32; delay.max(1)]];
    for (i, sample) in input.iter().enumerate() {
        let at = i % line[0].len();
        let (left, right) = (line[0][at], line[1][at]);
        line[0][at] = sample + 0.34 * right;
        line[1][at] = 0.8 * left;
        out.left[i] += left;
        out.right[i] += right;
    }
}

/// A hall after Schroeder and Moorer: eight combs that lose their treble, then four allpasses; a few frames apart on
/// the two sides. The lengths are the well-known ones of Freeverb, in frames at 44.1 kHz, scaled.
pub(crate) fn room(out: &mut Stereo, input: &[f32], level: f32) {
    const COMBS: [usize; 8] = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
    const ALLPASSES: [usize; 4] = [556, 441, 341, 225];
    const SPREAD: usize = 23;
    let scaled = |frames: usize| frames * 32_000 / 44_100;
    for (side, shift) in [(&mut out.left, 0), (&mut out.right, SPREAD)] {
        let mut combs: Vec<Comb> = COMBS.iter().map(|n| Comb::new(scaled(n + shift))).collect();
        let mut allpasses: Vec<Allpass> = ALLPASSES.iter().map(|n| Allpass::new(scaled(n + shift))).collect();
        for (sample, dry) in side.iter_mut().zip(input) {
            let sum: f32 = combs.iter_mut().map(|c| c.next(dry * 0.12)).sum();
            *sample += level * allpasses.iter_mut().fold(sum, |s, a| a.next(s));
        }
    }
}

struct Comb {
    line: Vec<f32>,
    at: usize,
    low: f32,
}

impl Comb {
    fn new(len: usize) -> Self {
        Self { line: vec![0.0; len], at: 0, low: 0.0 }
    }

    fn next(&mut self, input: f32) -> f32 {
        let out = self.line[self.at];
        self.low = out * 0.65 + self.low * 0.35;
        self.line[self.at] = input + self.low * 0.87;
        self.at = if self.at + 1 == self.line.len() { 0 } else { self.at + 1 };
        out
    }
}

struct Allpass {
    line: Vec<f32>,
    at: usize,
}

impl Allpass {
    fn new(len: usize) -> Self {
        Self { line: vec![0.0; len], at: 0 }
    }

    fn next(&mut self, input: f32) -> f32 {
        let held = self.line[self.at];
        self.line[self.at] = input + held * 0.5;
        self.at = if self.at + 1 == self.line.len() { 0 } else { self.at + 1 };
        held - input
    }
}

/// Rounds the peaks off, brings the piece to -2 dB and fades its end.
pub(crate) fn master(out: &mut Stereo, rate: f32) {
    const CEILING: f32 = 0.8;
    let frames = out.left.len();
    let peak = out.left.iter().chain(&out.right).fold(0.001f32, |m, s| m.max(s.abs()));
    // Pushed a little into the curve: peaks are rounded, the rest gains.
    let drive = 0.9 / peak;
    let top = 0.9f32.tanh();
    let fade = (2.5 * rate) as usize;
    for side in [&mut out.left, &mut out.right] {
        for (i, sample) in side.iter_mut().enumerate() {
            let end = ((frames - i) as f32 / fade as f32).min(1.0);
            *sample = (*sample * drive).tanh() / top * CEILING * end;
        }
    }
}
