//! The music of the demo: five small pieces for this program, in different moods.

use crate::score::{Chord, Note, tune};

/// Who plays a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Slow, wide strings.
    Pad,
    /// An electric piano.
    Keys,
    /// A plucked string.
    Pluck,
    /// A music box.
    Bell,
    Bass,
    Kick,
    Hat,
    /// A brush on a snare.
    Brush,
}

/// What goes on in a stretch of eight bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Chords,
    Arpeggio,
    Bass,
    Drums,
    TuneA,
    TuneB,
}

/// A piece of music: its chords, tunes and who plays them.
#[derive(Debug)]
pub struct Piece {
    pub title: &'static str,
    pub(crate) genre: &'static str,
    pub(crate) bpm: f32,
    pub(crate) beats_per_bar: u8,
    /// How late every second half beat comes, in beats.
    pub(crate) swing: f32,
    /// A chord a bar, eight bars; around again for every section.
    chords: &'static str,
    chord_voice: Voice,
    tune_voice: Voice,
    arpeggio_voice: Voice,
    tune_a: &'static str,
    tune_b: &'static str,
    sections: &'static [&'static [Part]],
    /// How much of the room is heard, 0 to 1.
    pub(crate) room: f32,
    /// Top, bottom and figure of its cover.
    pub(crate) colours: [[u8; 3]; 3],
}

/// Bars of a section.
const BARS: u8 = 8;

impl Piece {
    /// Until the last note has been struck, in beats.
    pub(crate) fn beats(&self) -> f32 {
        self.sections.len() as f32 * f32::from(BARS * self.beats_per_bar)
    }

    /// All notes with who plays them.
    pub(crate) fn notes(&self) -> Vec<(Voice, Note)> {
        let chords: Vec<Chord> = self.chords.split_whitespace().filter_map(Chord::parse).collect();
        let mut out = Vec::new();
        for (n, parts) in self.sections.iter().enumerate() {
            let start = n as f32 * f32::from(BARS * self.beats_per_bar);
            for part in *parts {
                match part {
                    Part::TuneA => out.extend(tune(self.tune_a, start).into_iter().map(|n| (self.tune_voice, n))),
                    Part::TuneB => out.extend(tune(self.tune_b, start).into_iter().map(|n| (self.tune_voice, n))),
                    _ => {
                        for (bar, chord) in chords.iter().enumerate() {
                            let at = start + bar as f32 * f32::from(self.beats_per_bar);
                            self.bar(*part, chord, at, &mut out);
                        }
                    }
                }
            }
        }
        self.end(&chords, &mut out);
        for (_, note) in &mut out {
            if (note.at.fract() - 0.5).abs() < 0.01 {
                note.at += self.swing;
            }
        }
        out
    }

    /// One bar of an accompanying part.
    fn bar(&self, part: Part, chord: &Chord, at: f32, out: &mut Vec<(Voice, Note)>) {
        let beats = f32::from(self.beats_per_bar);
        let note = |at: f32, beats: f32, pitch: f32, loud: f32| Note { at, beats, pitch, loud };
        match part {
            Part::Chords => {
                let long = if self.chord_voice == Voice::Pad { beats } else { beats * 0.9 };
                for (i, pitch) in chord.voiced(55).into_iter().enumerate() {
                    // A hand does not strike all keys at the same instant.
                    let spread = if self.chord_voice == Voice::Pad { 0.0 } else { 0.02 * i as f32 };
                    out.push((self.chord_voice, note(at + spread, long, pitch, 0.55)));
                }
            }
            Part::Arpeggio => {
                let tones = chord.voiced(60);
                let steps = 2 * usize::from(self.beats_per_bar);
                for step in 0..steps {
                    // Up and down again, the highest tone an octave up in the middle of the bar.
                    let turn = 2 * tones.len() - 2;
                    let i = step % turn;
                    let tone = tones[if i < tones.len() { i } else { turn - i }];
                    let pitch = if step == steps / 2 { tone + 12.0 } else { tone };
                    let loud = if step == 0 { 0.6 } else { 0.42 };
                    out.push((self.arpeggio_voice, note(at + step as f32 / 2.0, 0.5, pitch, loud)));
                }
            }
            Part::Bass => {
                let root = chord.bass(36);
                out.push((Voice::Bass, note(at, beats * 0.55, root, 0.8)));
                out.push((Voice::Bass, note(at + beats - 1.0, 0.9, root + 7.0, 0.55)));
            }
            Part::Drums => {
                for beat in 0..self.beats_per_bar {
                    let now = at + f32::from(beat);
                    match beat {
                        0 => out.push((Voice::Kick, note(now, 0.5, 0.0, 0.8))),
                        _ if beat % 2 == 1 || self.beats_per_bar == 3 => {
                            out.push((Voice::Brush, note(now, 0.5, 0.0, 0.5)));
                        }
                        _ => out.push((Voice::Kick, note(now, 0.5, 0.0, 0.55))),
                    }
                    out.push((Voice::Hat, note(now, 0.25, 0.0, 0.4)));
                    out.push((Voice::Hat, note(now + 0.5, 0.25, 0.0, 0.25)));
                }
            }
            Part::TuneA | Part::TuneB => {}
        }
    }

    /// The first chord once more, to rest on.
    fn end(&self, chords: &[Chord], out: &mut Vec<(Voice, Note)>) {
        let at = self.beats();
        let Some(home) = chords.first() else { return };
        out.push((Voice::Bass, Note { at, beats: 4.0, pitch: home.bass(36), loud: 0.7 }));
        for (i, pitch) in home.voiced(55).into_iter().enumerate() {
            let note = Note { at: at + 0.06 * i as f32, beats: 4.0, pitch, loud: 0.5 };
            out.push((self.chord_voice, note));
        }
    }
}

use Part::{Arpeggio, Bass, Chords, Drums, TuneA, TuneB};

pub const ALBUM: &str = "Quiet Rooms";
pub(crate) const ARTIST: &str = "The House Band";

pub const PIECES: [Piece; 5] = [
    Piece {
        title: "Morning Ferry",
        genre: "Folk",
        bpm: 92.0,
        beats_per_bar: 4,
        swing: 0.0,
        chords: "Cadd9 G Am7 Fmaj7 Cadd9 G Fmaj7 Gsus4",
        chord_voice: Voice::Pad,
        tune_voice: Voice::Pluck,
        arpeggio_voice: Voice::Pluck,
        tune_a: "e5:1.5 d5:.5 c5:2  d5:1.5 e5:.5 g4:2  a4:1 c5:1 e5:1 d5:1  c5:3 -:1 \
                 e5:1.5 f5:.5 g5:2  b5:1 a5:.5 g5:.5 d5:2  c5:1 a4:1 f5:1 e5:1  d5:3 -:1",
        tune_b: "g5:1 e5:.5 g5:.5 c6:2  b5:1 g5:1 d5:2  c5:.5 e5:.5 a5:1 g5:1 e5:1  f5:2 e5:1 c5:1 \
                 g5:1 e5:.5 g5:.5 c6:2  d6:1 b5:1 g5:2  a5:1 g5:1 f5:1 c5:1  d5:3 -:1",
        sections: &[
            &[Chords, Arpeggio],
            &[Chords, Arpeggio, Bass, TuneA],
            &[Chords, Arpeggio, Bass, Drums, TuneB],
            &[Chords, Arpeggio, Bass, Drums, TuneA],
        ],
        room: 0.24,
        colours: [[250, 214, 165], [94, 152, 178], [255, 247, 224]],
    },
    Piece {
        title: "Night Tram",
        genre: "Jazz",
        bpm: 76.0,
        beats_per_bar: 4,
        swing: 0.14,
        chords: "Fmaj9 Em7 Dm9 G7 Cmaj9 Am7 Dm9 G7",
        chord_voice: Voice::Keys,
        tune_voice: Voice::Keys,
        arpeggio_voice: Voice::Pluck,
        tune_a: "-:1 c5:.5 e5:.5 g5:1.5 e5:.5  d5:1 b4:.5 d5:.5 g4:2  -:.5 a4:.5 c5:.5 e5:.5 f5:1 e5:.5 c5:.5  d5:1.5 b4:.5 g4:2 \
                 -:1 e5:.5 g5:.5 b5:1.5 g5:.5  a5:1 g5:.5 e5:.5 c5:2  -:.5 f5:.5 e5:.5 c5:.5 a4:1 c5:1  b4:2 -:2",
        tune_b: "a5:1 g5:.5 e5:.5 c5:1 e5:1  g5:1 e5:.5 d5:.5 b4:2  f5:1 e5:.5 d5:.5 a4:1 c5:1  b4:1 d5:1 f5:2 \
                 e5:1.5 g5:.5 b5:1 d6:1  c6:1 a5:.5 g5:.5 e5:2  d5:.5 f5:.5 a5:.5 c6:.5 a5:1 f5:1  g5:3 -:1",
        sections: &[&[Chords, Drums], &[Chords, Bass, Drums, TuneA], &[Chords, Bass, Drums, TuneB]],
        room: 0.2,
        colours: [[24, 26, 58], [122, 62, 108], [255, 196, 112]],
    },
    Piece {
        title: "Lanterns on the Water",
        genre: "Ambient",
        bpm: 66.0,
        beats_per_bar: 4,
        swing: 0.0,
        chords: "Am7 Fmaj7 Cadd9 G Dm7 Am7 Fmaj7 Em7",
        chord_voice: Voice::Pad,
        tune_voice: Voice::Bell,
        arpeggio_voice: Voice::Bell,
        tune_a: "e5:2 a5:1 g5:1  a5:3 -:1  g5:2 e5:1 d5:1  d5:3 -:1 \
                 f5:2 a5:1 d6:1  c6:3 -:1  a5:2 g5:1 e5:1  e5:4",
        tune_b: "a5:1 c6:1 e6:2  c6:1 a5:1 f5:2  g5:1 c6:1 d6:2  b5:3 -:1 \
                 d6:1.5 c6:.5 a5:2  c6:1 a5:1 e5:2  f5:1 g5:1 a5:2  b5:2 g5:2",
        sections: &[&[Chords], &[Chords, TuneA, Bass], &[Chords, TuneB, Bass]],
        room: 0.42,
        colours: [[12, 34, 56], [38, 92, 110], [255, 170, 84]],
    },
    Piece {
        title: "Paper Kites",
        genre: "Folk",
        bpm: 126.0,
        beats_per_bar: 3,
        swing: 0.0,
        chords: "D A Bm7 Gmaj7 D A G A",
        chord_voice: Voice::Pad,
        tune_voice: Voice::Bell,
        arpeggio_voice: Voice::Pluck,
        tune_a: "f#5:2 a5:1  e5:2 c#5:1  d5:1 f#5:1 a5:1  b5:2 a5:1  f#5:2 a5:1  e5:1 f#5:1 e5:1  d5:1 b4:1 d5:1  e5:3",
        tune_b: "a5:1 b5:1 d6:1  c#6:2 a5:1  b5:1 a5:1 f#5:1  g5:2 b5:1  a5:1 f#5:1 d5:1  e5:1 a5:1 c#6:1  b5:2 g5:1  a5:3",
        sections: &[
            &[Arpeggio],
            &[Arpeggio, Bass, TuneA],
            &[Arpeggio, Bass, Chords, Drums, TuneB],
            &[Arpeggio, Bass, Chords, Drums, TuneA],
            &[Chords, Arpeggio, TuneB],
            &[Arpeggio, Bass, Chords, Drums, TuneA],
        ],
        room: 0.26,
        colours: [[120, 190, 226], [236, 240, 214], [222, 84, 72]],
    },
    Piece {
        title: "Slow Harbour",
        genre: "Ambient",
        bpm: 58.0,
        beats_per_bar: 4,
        swing: 0.0,
        chords: "Ebmaj7 Cm9 Abmaj7 Bbsus4 Gm7 Cm9 Abmaj7 Bb",
        chord_voice: Voice::Pad,
        tune_voice: Voice::Keys,
        arpeggio_voice: Voice::Pluck,
        tune_a: "-:2 g5:1 bb5:1  eb5:3 d5:1  c5:2 eb5:1 g5:1  f5:4 \
                 -:1 d5:1 f5:1 bb5:1  g5:3 eb5:1  c5:1 d5:1 eb5:2  d5:4",
        tune_b: "bb5:2 g5:2  eb5:1 g5:1 d6:2  c6:2 bb5:1 g5:1  f5:3 -:1 \
                 bb5:1 a5:1 f5:2  g5:1 eb5:1 c5:2  eb5:2 g5:1 f5:1  f5:4",
        sections: &[&[Chords, Arpeggio], &[Chords, Bass, TuneA, Arpeggio], &[Chords, Bass, TuneB]],
        room: 0.38,
        colours: [[208, 196, 222], [84, 96, 132], [250, 240, 230]],
    },
];

/// Two pieces of a few bars, for tests.
pub static SHORT: [Piece; 2] =
    [Piece { sections: &[&[Bass]], ..PIECES[0] }, Piece { sections: &[&[Bass]], ..PIECES[3] }];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunes_fill_their_bars_and_stay_in_range() {
        for piece in &PIECES {
            let section = f32::from(BARS * piece.beats_per_bar);
            assert_eq!(
                piece.chords.split_whitespace().filter_map(Chord::parse).count(),
                usize::from(BARS),
                "{}",
                piece.title
            );
            for text in [piece.tune_a, piece.tune_b] {
                let beats: f32 =
                    text.split_whitespace().map(|w| w.split_once(':').unwrap().1.parse::<f32>().unwrap()).sum();
                assert!((beats - section).abs() < 0.001, "{}: {text}", piece.title);
                let notes = tune(text, 0.0);
                assert!(notes.iter().all(|n| (64.0..=90.0).contains(&n.pitch)), "{}", piece.title);
            }
            let seconds = (piece.beats() + 6.0) * 60.0 / piece.bpm;
            assert!((60.0..=125.0).contains(&seconds), "{}: {seconds} s", piece.title);
        }
    }
}
