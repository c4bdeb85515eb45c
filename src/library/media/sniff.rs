//! What a file is by its bytes, and where in it the sound lies; names and declared types are hearsay.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::mpeg::{HEAD, Mp3};

/// The outer form of an audio file. The codec within is learnt by decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A bare stream of MPEG audio frames.
    Mpeg,
    /// A bare stream of AAC frames with ADTS headers.
    Adts,
    Flac,
    Ogg,
    Mp4,
    Wav,
}

impl Container {
    /// The extension by which a decoder is told what it is about to read.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Mpeg => "mp3",
            Self::Adts => "aac",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
            Self::Mp4 => "m4a",
            Self::Wav => "wav",
        }
    }

    /// Whether tags that belong to no container stand behind such streams.
    const fn is_bare(self) -> bool {
        matches!(self, Self::Mpeg | Self::Adts | Self::Flac)
    }
}

/// What was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub container: Container,
    /// The bytes without the tags before and behind.
    pub sound: Range<u64>,
    /// The `ID3v2` blocks in front.
    pub tags: Vec<Range<u64>>,
}

/// So far into a file its first frame is looked for, behind tags; a cut or a recorder that died leaves less.
const SEARCH: u64 = 64 * 1024;

/// So many frames in a row are no accident.
const FRAMES_IN_A_ROW: usize = 4;

/// Recognises a file, or says `None` for anything that Octave does not play.
pub fn sniff<R: Read + Seek>(source: &mut R) -> io::Result<Option<Found>> {
    let end = source.seek(SeekFrom::End(0))?;
    let mut tags = Vec::new();
    // Taggers put an ID3v2 block before any kind of stream, and some put two.
    let mut at = 0u64;
    let mut head: Head = head_at(source, 0)?;
    while let Some(len) = id3v2_len(source, &head, at)? {
        tags.push(at..(at + len).min(end));
        at += len;
        head = head_at(source, at)?;
    }
    let known = by_magic(&head);
    let container = match known {
        None | Some(Container::Mpeg) => match first_frame(source, at, end)? {
            Some(first) => {
                at = first;
                Container::Mpeg
            }
            None if known.is_some() || !tags.is_empty() => Container::Mpeg,
            None => return Ok(None),
        },
        Some(container) => container,
    };
    let end = if container.is_bare() { before_tags(source, at, end)? } else { end };
    Ok(Some(Found { container, sound: at.min(end)..end, tags }))
}

type Head = [u8; 12];

/// Bytes from a place on, zeroes beyond the end.
fn head_at<R: Read + Seek, const N: usize>(source: &mut R, at: u64) -> io::Result<[u8; N]> {
    let mut head = [0; N];
    source.seek(SeekFrom::Start(at))?;
    let mut rest = &mut head[..];
    while !rest.is_empty() {
        let n = source.read(rest)?;
        if n == 0 {
            break;
        }
        rest = &mut rest[n..];
    }
    Ok(head)
}

fn by_magic(head: &Head) -> Option<Container> {
    match head {
        [b'f', b'L', b'a', b'C', ..] => Some(Container::Flac),
        [b'O', b'g', b'g', b'S', ..] => Some(Container::Ogg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E'] => Some(Container::Wav),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Container::Mp4),
        // Eleven bits of sync; then version and layer, where AAC's layer 0 is MPEG audio's reserved one.
        [0xff, b, ..] if b & 0xf6 == 0xf0 => Some(Container::Adts),
        [0xff, b, c, ..] if b & 0xe6 == 0xe2 && b & 0x18 != 0x08 && c & 0xf0 != 0xf0 => Some(Container::Mpeg),
        _ => None,
    }
}

/// Where the first of several frames of layer III in a row begins: behind zeroes, or the rest of a frame that was cut.
fn first_frame<R: Read + Seek>(source: &mut R, from: u64, end: u64) -> io::Result<Option<u64>> {
    let mut window = vec![0; usize::try_from(SEARCH.min(end.saturating_sub(from))).unwrap_or(0)];
    source.seek(SeekFrom::Start(from))?;
    source.read_exact(&mut window)?;
    for (ahead, head) in window.windows(4).enumerate() {
        if head[0] == 0xff && Mp3::of(head).is_some() {
            let at = from + ahead as u64;
            if are_frames(source, at, end)? {
                return Ok(Some(at));
            }
        }
    }
    Ok(None)
}

fn are_frames<R: Read + Seek>(source: &mut R, mut at: u64, end: u64) -> io::Result<bool> {
    let mut first: Option<Mp3> = None;
    for _ in 0..FRAMES_IN_A_ROW {
        let Some(frame) = Mp3::of(&head_at::<_, HEAD>(source, at)?) else { return Ok(false) };
        if first.is_some_and(|first| (first.rate, first.side_info) != (frame.rate, frame.side_info)) {
            return Ok(false);
        }
        first.get_or_insert(frame);
        at += frame.size;
        if at > end {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The whole length of an `ID3v2` block that begins here (its version 2.4, section 3.1): a header, a "sync-safe" length of four
/// times seven bits, and a footer, which is there if it can be seen: the flag is set astray, and forgotten.
fn id3v2_len<R: Read + Seek>(source: &mut R, head: &Head, at: u64) -> io::Result<Option<u64>> {
    let [b'I', b'D', b'3', major, _, _, a, b, c, d, ..] = *head else { return Ok(None) };
    if major == 0xff || [a, b, c, d].iter().any(|byte| byte & 0x80 != 0) {
        return Ok(None);
    }
    let body = [a, b, c, d].into_iter().fold(0u64, |len, byte| len << 7 | u64::from(byte));
    let has_footer = &head_at::<_, 3>(source, at + 10 + body)? == b"3DI";
    Ok(Some(10 + body + if has_footer { 10 } else { 0 }))
}

/// Where the tags behind a stream begin: `ID3v1`, `APEv2`, Lyrics3, one behind the other.
fn before_tags<R: Read + Seek>(source: &mut R, start: u64, mut end: u64) -> io::Result<u64> {
    while let Some(len) = tag_behind(source, end)? {
        match end.checked_sub(len) {
            Some(before) if before > start => end = before,
            _ => break,
        }
    }
    Ok(end)
}

/// How long the tag is that ends here.
fn tag_behind<R: Read + Seek>(source: &mut R, end: u64) -> io::Result<Option<u64>> {
    let Some(at) = end.checked_sub(128) else { return Ok(None) };
    let tail: [u8; 128] = head_at(source, at)?;
    if &tail[..3] == b"TAG" {
        return Ok(Some(128));
    }
    if &tail[96..104] == b"APETAGEX" {
        let word = |at: usize| tail[at..at + 4].iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let (size, flags) = (word(108), word(116));
        return Ok(Some(size + if flags & 1 << 31 == 0 { 0 } else { 32 }));
    }
    if &tail[119..] == b"LYRICS200" {
        let size = std::str::from_utf8(&tail[113..119]).ok().and_then(|s| s.parse::<u64>().ok());
        return Ok(size.map(|size| size + 15));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Option<Found> {
        sniff(&mut io::Cursor::new(bytes)).unwrap()
    }

    fn of(bytes: &[u8]) -> Option<Container> {
        found(bytes).map(|f| f.container)
    }

    fn frames(n: usize) -> Vec<u8> {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0]);
        frame.repeat(n)
    }

    #[test]
    fn containers_are_known_by_their_magic() {
        assert_eq!(of(b"fLaC\0\0\0\x22........"), Some(Container::Flac));
        assert_eq!(of(b"OggS\0\x02.........."), Some(Container::Ogg));
        assert_eq!(of(b"RIFF\x24\0\0\0WAVEfmt "), Some(Container::Wav));
        assert_eq!(of(b"RIFF\x24\0\0\0AVI LIST"), None);
        assert_eq!(of(b"\0\0\0\x20ftypM4A \0\0\0\0"), Some(Container::Mp4));
        assert_eq!(of(b"\xff\xfb\x90\x64........"), Some(Container::Mpeg));
        assert_eq!(of(b"\xff\xf1\x50\x80........"), Some(Container::Adts));
    }

    #[test]
    fn tags_before_the_stream_are_passed_over() {
        let mut two = b"ID3\x04\0\0\0\0\0\x03abc".to_vec();
        two.extend(b"ID3\x03\0\0\0\0\0\0");
        two.extend(b"fLaC\0\0\0\x22");
        let flac = found(&two).unwrap();
        assert_eq!((flac.container, flac.sound, flac.tags), (Container::Flac, 23..31, vec![0..13, 13..23]));
        assert_eq!(of(b"ID3\x03\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\0"), Some(Container::Mpeg));
    }

    #[test]
    fn a_footer_counts_where_it_stands() {
        let with = [&b"ID3\x04\0\x10\0\0\0\x02ab3DI\x04\0\x10\0\0\0\x02"[..], &frames(5)].concat();
        assert_eq!(found(&with).unwrap().sound.start, 22);
        let forgotten = [&b"ID3\x04\0\0\0\0\0\x02ab3DI\x04\0\0\0\0\0\x02"[..], b"fLaC\0\0\0\x22"].concat();
        let flac = found(&forgotten).unwrap();
        assert_eq!((flac.container, flac.sound.start), (Container::Flac, 22));
        let astray = [&b"ID3\x03\0\x10\0\0\0\x02ab"[..], &frames(5)].concat();
        assert_eq!(found(&astray).unwrap().sound.start, 12);
    }

    #[test]
    fn a_stream_may_begin_behind_zeroes_or_within_a_frame() {
        for junk in [vec![0; 512], vec![0; 60_000], frames(1)[100..].to_vec(), vec![0xff; 8]] {
            let mpeg = found(&[&junk[..], &frames(6)].concat()).unwrap();
            assert_eq!((mpeg.container, mpeg.sound.start), (Container::Mpeg, junk.len() as u64));
        }
        assert_eq!(of(&[&[0; 512][..], &frames(3)].concat()), None, "three may be an accident");
    }

    #[test]
    fn tags_behind_the_stream_are_left_out() {
        let sound = frames(6);
        let v1 = [&b"TAG"[..], &[0; 125]].concat();
        let ape = [&[7; 40][..], b"APETAGEX", &[0xd0, 7, 0, 0, 72, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], &[0; 8]].concat();
        let lyrics = [&b"LYRICSBEGIN.."[..], b"000013LYRICS200"].concat();
        for tail in [vec![], v1.clone(), [&ape[..], &v1].concat(), [&lyrics[..], &v1].concat()] {
            assert_eq!(found(&[&sound[..], &tail].concat()).unwrap().sound, 0..sound.len() as u64);
        }
    }

    #[test]
    fn what_only_claims_to_be_music_is_not() {
        for other in
            [&b""[..], b"ID", b"\xff\xd8\xff\xe0JFIF", b"MZ\x90\0", b"%PDF-1.7", b"<html>", b"\xff\xff\xff\xff"]
        {
            assert_eq!(of(other), None, "{other:?}");
        }
        assert_eq!(of(&std::fs::read("tests/fixtures/not_audio.jpg").unwrap()), None);
    }
}
