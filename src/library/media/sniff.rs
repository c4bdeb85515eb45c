//! What a file is by its first bytes; names and declared types are hearsay.

use std::io::{self, Read, Seek, SeekFrom};

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
}

/// Recognises a container, or says `None` for anything that Octave does not play.
pub fn sniff<R: Read + Seek>(source: &mut R) -> io::Result<Option<Container>> {
    let mut head = head_at(source, 0)?;
    let mut after_id3 = false;
    // Taggers put an ID3v2 block before any kind of stream, and some put two.
    let mut at = 0u64;
    while let Some(len) = id3v2_len(&head) {
        at += len;
        head = head_at(source, at)?;
        after_id3 = true;
    }
    Ok(by_magic(&head).or(after_id3.then_some(Container::Mpeg)))
}

type Head = [u8; 12];

fn head_at<R: Read + Seek>(source: &mut R, at: u64) -> io::Result<Head> {
    let mut head = Head::default();
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

/// The whole length of an `ID3v2` block that begins here (its version 2.4, section 3.1): a header, a "sync-safe" length of four
/// times seven bits, and a footer if flagged.
fn id3v2_len(head: &Head) -> Option<u64> {
    let [b'I', b'D', b'3', major, _, flags, a, b, c, d, ..] = *head else { return None };
    if major == 0xff || [a, b, c, d].iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let body = [a, b, c, d].into_iter().fold(0u64, |len, byte| len << 7 | u64::from(byte));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    Some(10 + body + footer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Option<Container> {
        sniff(&mut io::Cursor::new(bytes)).unwrap()
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
        assert_eq!(of(&two), Some(Container::Flac));
        assert_eq!(of(b"ID3\x03\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\0"), Some(Container::Mpeg));
    }

    #[test]
    fn what_only_claims_to_be_music_is_not() {
        for other in
            [&b""[..], b"ID", b"\xff\xd8\xff\xe0JFIF", b"MZ\x90\0", b"%PDF-1.7", b"<html>", b"\xff\xff\xff\xff"]
        {
            assert_eq!(of(other), None, "{other:?}");
        }
    }
}
