//! What a newcomer hears with `--demo`: a house band and its album, synthesised. Knows nothing of the server.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "arithmetic on samples: all numbers are bounded by a piece of two minutes in 16 bits"
)]

mod cover;
mod effects;
mod flac;
mod pieces;
mod score;
mod synth;

pub use pieces::{ALBUM, PIECES, Piece, SHORT};

impl Piece {
    /// Its picture as a JPEG; another for each seed.
    pub fn picture(&self, seed: u32) -> Vec<u8> {
        cover::jpeg(&cover::draw(self.colours, seed))
    }

    /// The piece as a tagged FLAC file, the album's track of this number.
    pub fn record(&self, number: usize) -> Vec<u8> {
        let sound = synth::render(self);
        let samples = |side: &[f32]| side.iter().map(|s| (s * f32::from(i16::MAX)).round() as i16).collect::<Vec<_>>();
        let drawn = cover::draw(self.colours, number as u32);
        let picture = flac::Picture { jpeg: &cover::jpeg(&drawn), width: drawn.width(), height: drawn.height() };
        let track = number.to_string();
        let comments = [
            ("TITLE", self.title),
            ("ARTIST", pieces::ARTIST),
            ("ALBUM", ALBUM),
            ("GENRE", self.genre),
            ("TRACKNUMBER", track.as_str()),
        ];
        let tags = flac::Tags { comments: &comments, picture };
        flac::encode(&samples(&sound.left), &samples(&sound.right), synth::RATE, &tags)
    }
}
