//! What a newcomer hears with `--demo`: a house band, its album, and a stage that plays it.
//!
//! The music is synthesised here and goes the way of every upload. What is there already is left as it is, so a start
//! that was interrupted is completed by the next one.

mod cover;
mod effects;
mod flac;
mod pieces;
mod score;
mod synth;

use pieces::{ALBUM, ARTIST, Piece};

/// A piece as a tagged FLAC file.
fn record(piece: &Piece, number: u32) -> Vec<u8> {
    let sound = synth::render(piece);
    let samples = |side: &[f32]| side.iter().map(|s| (s * f32::from(i16::MAX)).round() as i16).collect::<Vec<_>>();
    let picture = cover::jpeg(&cover::draw(piece.colours, number));
    let track = number.to_string();
    let comments = [
        ("TITLE", piece.title),
        ("ARTIST", ARTIST),
        ("ALBUM", ALBUM),
        ("GENRE", piece.genre),
        ("TRACKNUMBER", track.as_str()),
    ];
    let tags = flac::Tags { comments: &comments, cover: &picture };
    flac::encode(&samples(&sound.left), &samples(&sound.right), synth::RATE, &tags)
}
pub fn try_all() {
    for (n, p) in (1..).zip(&pieces::PIECES) {
        let t = std::time::Instant::now();
        let s = synth::render(p);
        let t1 = t.elapsed();
        let f = record(p, n);
        println!("{} {:?} {:?} {} bytes {} s", p.title, t1, t.elapsed()-t1, f.len(), s.left.len()/32000);
        std::fs::write(format!("/tmp/demo_try/{n}.flac"), f).unwrap();
    }
}
