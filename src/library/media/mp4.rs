//! The edit list of an MP4's sound track: which part of what is decoded is played (ISO/IEC 14496-12, 8.6.6).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// The part of the decoded frames that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    /// The first frame played.
    pub start: u64,
    /// How many frames are played.
    pub frames: u64,
}

/// Boxes looked at before giving up; a plain song has about thirty.
const MAX_BOXES: u32 = 2_000;

/// Reads the one edit that encoders write to hide their delay. Several edits, empty edits and changed rates are left
/// alone, as players do with audio.
pub(super) fn edit_list(path: &Path) -> Option<Edit> {
    let file = File::open(path).ok()?;
    let end = file.metadata().ok()?.len();
    let mut walk = Walk { file, boxes: 0 };
    let moov = walk.find(0..end, *b"moov")?;
    let movie_scale = walk.timescale(moov.clone(), *b"mvhd")?;
    let mut at = moov.start;
    while let Some(trak) = walk.find(at..moov.end, *b"trak") {
        at = trak.end;
        let mdia = walk.find(trak.clone(), *b"mdia")?;
        let hdlr = walk.find(mdia.clone(), *b"hdlr")?;
        if walk.bytes::<4>(hdlr.start + 8)? != *b"soun" {
            continue;
        }
        let media_scale = walk.timescale(mdia, *b"mdhd")?;
        let edts = walk.find(trak, *b"edts")?;
        let elst = walk.find(edts, *b"elst")?;
        return walk.edit(elst.start, movie_scale, media_scale);
    }
    None
}

type Span = std::ops::Range<u64>;

struct Walk {
    file: File,
    boxes: u32,
}

impl Walk {
    /// The contents of the first box of a kind within `span`.
    fn find(&mut self, span: Span, kind: [u8; 4]) -> Option<Span> {
        let mut at = span.start;
        while at + 8 <= span.end && self.boxes < MAX_BOXES {
            self.boxes += 1;
            let size: [u8; 4] = self.bytes(at)?;
            let name: [u8; 4] = self.bytes(at + 4)?;
            let (header, size) = match u32::from_be_bytes(size) {
                0 => (8, span.end - at),
                1 => (16, u64::from_be_bytes(self.bytes(at + 8)?)),
                n => (8, n.into()),
            };
            let end = at.checked_add(size).filter(|end| *end <= span.end && size >= header)?;
            if name == kind {
                return Some(at + header..end);
            }
            at = end;
        }
        None
    }

    /// Ticks a second of an `mvhd` or `mdhd`.
    fn timescale(&mut self, span: Span, kind: [u8; 4]) -> Option<u64> {
        let at = self.find(span, kind)?.start;
        let long = self.bytes::<1>(at)? == [1];
        let scale = u32::from_be_bytes(self.bytes(at + if long { 20 } else { 12 })?);
        (scale > 0).then_some(scale.into())
    }

    fn edit(&mut self, at: u64, movie_scale: u64, media_scale: u64) -> Option<Edit> {
        let [version, _, _, _, count @ ..] = self.bytes::<8>(at)?;
        if u32::from_be_bytes(count) != 1 {
            return None;
        }
        let (duration, start) = if version == 1 {
            (u64::from_be_bytes(self.bytes(at + 8)?), i64::from_be_bytes(self.bytes(at + 16)?))
        } else {
            let duration = u32::from_be_bytes(self.bytes(at + 8)?);
            (duration.into(), i32::from_be_bytes(self.bytes(at + 12)?).into())
        };
        let frames = u128::from(duration) * u128::from(media_scale) / u128::from(movie_scale);
        (duration > 0).then_some(Edit { start: u64::try_from(start).ok()?, frames: u64::try_from(frames).ok()? })
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut out = [0; N];
        self.file.seek(SeekFrom::Start(at)).ok()?;
        self.file.read_exact(&mut out).ok()?;
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&size[..], &kind, content].concat()
    }

    /// A header of version 0, whose ticks a second stand behind two dates.
    fn scale(kind: [u8; 4], ticks: u32) -> Vec<u8> {
        named(kind, &[&[0; 12][..], &ticks.to_be_bytes(), &[0; 8]].concat())
    }

    /// A track of a kind that plays so many frames from the one at `start` on.
    fn track(handler: [u8; 4], edits: &[(u32, i32)]) -> Vec<u8> {
        let mut list = [[0; 4], u32::try_from(edits.len()).unwrap().to_be_bytes()].concat();
        for (frames, start) in edits {
            list.extend([frames.to_be_bytes(), start.to_be_bytes(), [0, 1, 0, 0]].concat());
        }
        let media = [scale(*b"mdhd", 44_100), named(*b"hdlr", &[&[0; 8][..], &handler, &[0; 13]].concat())].concat();
        named(*b"trak", &[named(*b"edts", &named(*b"elst", &list)), named(*b"mdia", &media)].concat())
    }

    fn found(tracks: &[Vec<u8>]) -> Option<Edit> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let index = named(*b"moov", &[&scale(*b"mvhd", 44_100)[..], &tracks.concat()].concat());
        std::fs::write(&path, [named(*b"ftyp", b"M4A "), index].concat()).unwrap();
        edit_list(&path)
    }

    #[test]
    fn the_edit_of_the_sound_counts_whatever_tracks_stand_before_it() {
        let sound = track(*b"soun", &[(88_200, 1_024)]);
        let edit = Some(Edit { start: 1_024, frames: 88_200 });
        assert_eq!(found(std::slice::from_ref(&sound)), edit);
        assert_eq!(found(&[track(*b"vide", &[(7, 3)]), track(*b"text", &[]), sound]), edit);
        assert_eq!(found(&[track(*b"vide", &[(7, 3)])]), None);
    }

    #[test]
    fn edits_that_players_leave_alone_are_none() {
        for edits in [&[][..], &[(1_000, 0), (2_000, 5_000)], &[(88_200, -1)], &[(0, 1_024)]] {
            assert_eq!(found(&[track(*b"soun", edits)]), None, "{edits:?}");
        }
    }
}
