//! Where frames lie in a file that is frames and nothing else (MP3, AAC in ADTS). Each tells its own length and not its
//! place, so who wants to begin in the middle, to the sample, has to be told by somebody who has read all of it.
//!
//! Frames are counted as `web/src/sync/song/frames.ts` does: what is counted otherwise there is heard elsewhere.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;

use super::mpeg::{HEAD, Mp3, adts};
use super::sniff::sniff;
use super::{AudioName, Format, Media};

/// Every so many frames (1.7 s of MP3 at 44.1 kHz) one's place is told, fewer in files of more than [`MOST`] places.
const EVERY: u64 = 64;
const MOST: usize = 1_024;
/// What is no frame is skipped so far.
const SEARCH: u64 = 128 * 1024;
/// The longest first frame of an MP3, which may be a tag.
const TAG: usize = 192;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub every: u64,
    /// Of the frames 0, `every`, 2 × `every`, …, in bytes.
    pub offsets: Vec<u64>,
}

impl Media {
    /// Reads a file through for the places of its frames; empty where the format tells of them by itself.
    pub async fn places(&self, name: &AudioName) -> io::Result<Places> {
        let (file, format) = (self.local(&name.into()).await?, name.format);
        self.work(move || places(file.path(), format)).await.unwrap_or_else(|| Err(io::ErrorKind::InvalidData.into()))
    }
}

fn places(path: &Path, format: Format) -> io::Result<Places> {
    let sound = sniff(&mut File::open(path)?)?.map_or(0..0, |found| found.sound);
    let mut walk = Walk::open(path, sound.end)?;
    let offsets = match format {
        Format::Mp3 => walk.mp3(sound.start)?,
        Format::Aac => walk.adts(sound.start)?,
        _ => Vec::new(),
    };
    let thinner = offsets.len().div_ceil(MOST).max(1).next_power_of_two();
    Ok(Places { every: EVERY * thinner as u64, offsets: offsets.into_iter().step_by(thinner).collect() })
}

/// The size of the frame that begins with these bytes, if one of the stream's does.
type SizeOf<'a> = &'a dyn Fn(&[u8]) -> Option<u64>;

struct Walk {
    file: BufReader<File>,
    at: u64,
    /// Where the sound ends.
    size: u64,
}

impl Walk {
    fn open(path: &Path, size: u64) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self { file: BufReader::with_capacity(64 * 1024, file), at: 0, size })
    }

    /// Bytes from `at` on, zeroes beyond the file.
    fn look<const N: usize>(&mut self, at: u64) -> io::Result<[u8; N]> {
        let mut out = [0; N];
        if at >= self.size {
            return Ok(out);
        }
        self.file.seek_relative(at.cast_signed() - self.at.cast_signed())?;
        self.at = at;
        let wanted = usize::try_from(self.size - at).unwrap_or(usize::MAX).min(N);
        self.file.read_exact(&mut out[..wanted])?;
        self.at += wanted as u64;
        Ok(out)
    }

    fn mp3(&mut self, start: u64) -> io::Result<Vec<u64>> {
        let Some(first) = self.search(start, &|b| Mp3::of(b).map(|h| h.size))? else { return Ok(Vec::new()) };
        let Some(header) = Mp3::of(&self.look::<HEAD>(first)?) else { return Ok(Vec::new()) };
        let tag = is_tag(header, &self.look::<TAG>(first)?);
        let size_of = |b: &[u8]| Mp3::of(b).filter(|h| h.rate == header.rate).map(|h| h.size);
        self.frames(if tag { first + header.size } else { first }, &size_of)
    }

    fn adts(&mut self, start: u64) -> io::Result<Vec<u64>> {
        let Some(first) = self.search(start, &|b| adts(b).map(|(size, _)| size))? else { return Ok(Vec::new()) };
        let Some((_, kind)) = adts(&self.look::<HEAD>(first)?) else { return Ok(Vec::new()) };
        self.frames(first, &|b| adts(b).filter(|(_, other)| *other == kind).map(|(size, _)| size))
    }

    /// Each [`EVERY`]th frame from the first on.
    fn frames(&mut self, first: u64, size_of: SizeOf<'_>) -> io::Result<Vec<u64>> {
        let mut found = Vec::new();
        let mut at = first;
        for index in 0_u64.. {
            let size = match size_of(&self.look::<HEAD>(at)?) {
                Some(size) => size,
                None => match self.search(at, size_of)? {
                    Some(next) => {
                        at = next;
                        size_of(&self.look::<HEAD>(at)?).unwrap_or(1)
                    }
                    None => break,
                },
            };
            if at + size > self.size {
                break;
            }
            if index % EVERY == 0 {
                found.push(at);
            }
            at += size;
        }
        Ok(found)
    }

    /// The first frame that is followed by another one, or by the end.
    fn search(&mut self, from: u64, size_of: SizeOf<'_>) -> io::Result<Option<u64>> {
        let mut at = from;
        while at < (from + SEARCH).min(self.size) {
            if let Some(size) = size_of(&self.look::<HEAD>(at)?) {
                let next = at + size;
                if next >= self.size || size_of(&self.look::<HEAD>(next)?).is_some() {
                    return Ok(Some(at));
                }
            }
            at = self.next_mark(at + 1)?;
        }
        Ok(None)
    }

    /// The next byte with which a frame may begin.
    fn next_mark(&mut self, mut at: u64) -> io::Result<u64> {
        while at < self.size {
            self.file.seek_relative(at.cast_signed() - self.at.cast_signed())?;
            self.at = at;
            let buffer = self.file.fill_buf()?;
            match buffer.iter().position(|b| *b == 0xff) {
                Some(ahead) => return Ok(at + ahead as u64),
                None => at += (buffer.len() as u64).max(1),
            }
        }
        Ok(at)
    }
}

/// Whether a first frame is no sound but tells of the others.
fn is_tag(header: Mp3, frame: &[u8; TAG]) -> bool {
    let at = 4 + header.side_info;
    &frame[36..40] == b"VBRI" || matches!(&frame[at..at + 4], b"Xing" | b"Info")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, format: Format) -> Places {
        places(&Path::new("tests/fixtures/audio").join(name), format).unwrap()
    }

    /// The web client's own counting of the same files: `frames.test.ts`.
    #[test]
    fn frames_are_counted_as_the_web_client_does() {
        assert_eq!(of("tone.mp3", Format::Mp3), Places { every: 64, offsets: vec![675, 14_049] });
        assert_eq!(of("vbr_no_xing.mp3", Format::Mp3).offsets, [161, 10_772]);
        assert_eq!(of("tone.aac", Format::Aac).offsets, [0, 12_275]);
    }

    #[test]
    fn formats_that_tell_of_places_need_none() {
        assert_eq!(of("tone.flac", Format::Flac), Places { every: 64, offsets: vec![] });
    }

    #[test]
    fn what_is_between_frames_is_skipped_and_a_long_file_has_no_more_places_than_a_short_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long.mp3");
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0]);
        let frames = 64 * 3_000;
        let tag = b"ID3\x03\0\0\0\0\x01\0".iter().copied().chain([0; 128]);
        let mut bytes: Vec<u8> = tag.clone().chain(tag).collect(); // two of them
        bytes.extend(frame.repeat(64));
        bytes.extend([7; 1_000]);
        bytes.extend(frame.repeat(frames - 64));
        std::fs::write(&path, bytes).unwrap();
        let Places { every, offsets } = places(&path, Format::Mp3).unwrap();
        assert_eq!((every, offsets.len()), (256, 750));
        assert_eq!(offsets[..2], [276, 276 + 256 * 417 + 1_000]);
    }

    #[test]
    fn rubbish_has_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rubbish.mp3");
        std::fs::write(&path, [0xff; 3_000]).unwrap();
        assert_eq!(places(&path, Format::Mp3).unwrap().offsets, Vec::<u64>::new());
        std::fs::write(&path, []).unwrap();
        assert_eq!(places(&path, Format::Aac).unwrap().offsets, Vec::<u64>::new());
    }
}
