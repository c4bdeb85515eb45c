//! A small notation for music, and the pieces written in it.
//!
//! A tune is words of `pitch:beats`, `-:beats` for a rest: `e5:1 g5:.5 -:.5`. A chord is its usual name: `Fmaj7`.

/// One sounding note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Note {
    /// When, in beats from the start of the piece.
    pub at: f32,
    /// For how long it is held, in beats.
    pub beats: f32,
    /// MIDI number; 60 is middle C, 69 is 440 Hz.
    pub pitch: f32,
    /// 0 to 1.
    pub loud: f32,
}

/// Reads a tune that begins at beat `at`.
pub(crate) fn tune(text: &str, at: f32) -> Vec<Note> {
    let mut now = at;
    let mut notes = Vec::new();
    for word in text.split_whitespace() {
        let (pitch, beats) = word.split_once(':').unwrap_or((word, "1"));
        let beats: f32 = beats.parse().unwrap_or(1.0);
        if let Some(pitch) = pitch_of(pitch) {
            // A bar's first beat weighs a little more.
            let weight = if (now - at) % 4.0 < 0.01 { 0.85 } else { 0.72 };
            notes.push(Note { at: now, beats, pitch, loud: weight });
        }
        now += beats;
    }
    notes
}

/// `c4` is 60, `f#4` 66, `bb3` 58.
fn pitch_of(name: &str) -> Option<f32> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let octave: f32 = name[digits..].parse().ok()?;
    Some(f32::from(class_of(&name[..digits])?) + 12.0 * (octave + 1.0))
}

/// Semitones above C.
fn class_of(name: &str) -> Option<u8> {
    let mut letters = name.chars();
    let natural = match letters.next()?.to_ascii_lowercase() {
        'c' => 0,
        'd' => 2,
        'e' => 4,
        'f' => 5,
        'g' => 7,
        'a' => 9,
        'b' => 11,
        _ => return None,
    };
    match letters.next() {
        None => Some(natural),
        Some('#') => Some((natural + 1) % 12),
        Some('b') => Some((natural + 11) % 12),
        Some(_) => None,
    }
}

/// A chord: its root and the tones above it, as semitones above C.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chord {
    pub root: u8,
    pub tones: Vec<u8>,
}

impl Chord {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let split = if name[1..].starts_with(['#', 'b']) { 2 } else { 1 };
        let root = class_of(&name[..split])?;
        let above: &[u8] = match &name[split..] {
            "" => &[0, 4, 7],
            "m" => &[0, 3, 7],
            "7" => &[0, 4, 7, 10],
            "m7" => &[0, 3, 7, 10],
            "maj7" => &[0, 4, 7, 11],
            "m9" => &[0, 3, 7, 10, 2],
            "maj9" => &[0, 4, 7, 11, 2],
            "add9" => &[0, 4, 7, 2],
            "sus4" => &[0, 5, 7],
            "6" => &[0, 4, 7, 9],
            _ => return None,
        };
        Some(Self { root, tones: above.iter().map(|t| (root + t) % 12).collect() })
    }

    /// The tones within the octave that begins at `lowest`, rising. Neighbouring chords share a register, so that
    /// their voices move by small steps.
    pub(crate) fn voiced(&self, lowest: u8) -> Vec<f32> {
        let mut pitches: Vec<u8> = self.tones.iter().map(|t| lowest + (t + 12 - lowest % 12) % 12).collect();
        pitches.sort_unstable();
        pitches.dedup();
        pitches.into_iter().map(f32::from).collect()
    }

    /// The root in the octave that begins at `lowest`.
    pub(crate) fn bass(&self, lowest: u8) -> f32 {
        f32::from(lowest + (self.root + 12 - lowest % 12) % 12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_is_read() {
        let notes = tune("c4:1 -:.5 f#4:.5 bb3:2", 8.0);
        let read: Vec<_> = notes.iter().map(|n| (n.at, n.beats, n.pitch)).collect();
        assert_eq!(read, [(8.0, 1.0, 60.0), (9.5, 0.5, 66.0), (10.0, 2.0, 58.0)]);
        assert_eq!(Chord::parse("Bbm7").unwrap(), Chord { root: 10, tones: vec![10, 1, 5, 8] });
        assert_eq!(Chord::parse("Fmaj7").unwrap().voiced(55), [57.0, 60.0, 64.0, 65.0]);
        assert_eq!(Chord::parse("Am").unwrap().bass(36).to_string(), "45");
        assert_eq!(Chord::parse("H"), None);
    }
}
