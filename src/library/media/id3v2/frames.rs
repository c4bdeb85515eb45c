//! From frame to frame of an `ID3v2` tag.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::text::unescape;

/// So far behind a broken header the next frame is looked for.
const SEARCH: usize = 4_096;

/// A tag of nothing but frames, or of nothing but broken ones, is not read to its end.
const MOST: u32 = 4_096;
const MOST_SEARCHES: u32 = 16;

/// Names by which a frame is found again.
const LANDMARKS: [&[u8]; 13] = [
    b"TIT2", b"TPE1", b"TPE2", b"TALB", b"TCON", b"TRCK", b"TPOS", b"TYER", b"TDRC", b"COMM", b"APIC", b"PRIV", b"TCOP",
];

/// Where a frame's content lies, and how it is wrapped.
#[derive(Debug)]
pub(super) struct Frame {
    id: [u8; 4],
    content: Range<u64>,
    is_escaped: bool,
}

impl Frame {
    pub(super) fn id(&self) -> &str {
        std::str::from_utf8(&self.id).unwrap_or_default().trim_end_matches('\0')
    }

    /// In bytes.
    pub(super) fn size(&self) -> u64 {
        self.content.end - self.content.start
    }
}

pub(super) struct Frames<'a, R> {
    source: &'a mut R,
    at: u64,
    end: u64,
    version: u8,
    all_escaped: bool,
    left: u32,
    searches_left: u32,
}

impl<'a, R: Read + Seek> Frames<'a, R> {
    /// The frames within `body`, behind the header of a tag that had these flags.
    pub(super) fn new(source: &'a mut R, body: Range<u64>, version: u8, flags: u8) -> io::Result<Self> {
        let mut frames = Self {
            source,
            at: body.start,
            end: body.end,
            version,
            all_escaped: version >= 4 && flags & 0x80 != 0,
            left: MOST,
            searches_left: MOST_SEARCHES,
        };
        if version >= 3 && flags & 0x40 != 0 {
            let size: [u8; 4] = frames.look(frames.at)?;
            let skipped = if version == 3 { 4 + u64::from(u32::from_be_bytes(size)) } else { synchsafe(size) };
            // One that leads beyond the tag was no extended header.
            if skipped >= 6 && frames.at + skipped < frames.end {
                frames.at += skipped;
            }
        }
        Ok(frames)
    }

    /// The next frame that may be one.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame>> {
        while self.left > 0 {
            self.left -= 1;
            let header = if self.version == 2 { 6 } else { 10 };
            if self.at + header >= self.end {
                return Ok(None);
            }
            let head: [u8; 10] = self.look(self.at)?;
            if head[0] == 0 {
                return Ok(None); // padding
            }
            let size = self.size_of(&head)?;
            let start = self.at + header;
            if !is_id(&head[..if self.version == 2 { 3 } else { 4 }]) || start + size > self.end {
                match self.landmark()? {
                    Some(at) => self.at = at,
                    None => return Ok(None),
                }
                continue;
            }
            self.at = start + size;
            if let Some(frame) = self.frame(&head, start..start + size) {
                return Ok(Some(frame));
            }
        }
        Ok(None)
    }

    /// The bytes of a frame as they were before they were wrapped.
    pub(super) fn content(&mut self, frame: &Frame) -> io::Result<Vec<u8>> {
        self.source.seek(SeekFrom::Start(frame.content.start))?;
        let mut bytes = Vec::new();
        self.source.by_ref().take(frame.size()).read_to_end(&mut bytes)?;
        Ok(if frame.is_escaped { unescape(&bytes) } else { bytes })
    }

    fn frame(&self, head: &[u8; 10], mut content: Range<u64>) -> Option<Frame> {
        if self.version == 2 {
            return Some(Frame { id: [head[0], head[1], head[2], 0], content, is_escaped: false });
        }
        let flags = head[9];
        let (is_packed, is_grouped, has_length) = if self.version == 3 {
            (flags & 0xc0 != 0, flags & 0x20 != 0, false)
        } else {
            (flags & 0x0c != 0, flags & 0x40 != 0, flags & 0x01 != 0)
        };
        content.start += u64::from(is_grouped) + if has_length { 4 } else { 0 };
        if is_packed || content.start > content.end {
            return None; // compressed or encrypted: nobody does
        }
        let is_escaped = self.version >= 4 && (self.all_escaped || flags & 0x02 != 0);
        Some(Frame { id: [head[0], head[1], head[2], head[3]], content, is_escaped })
    }

    /// Version 2.4 writes sizes in seven bits a byte; some who say so write them in eight.
    fn size_of(&mut self, head: &[u8; 10]) -> io::Result<u64> {
        let four = [head[4], head[5], head[6], head[7]];
        Ok(match self.version {
            2 => u64::from(u32::from_be_bytes([0, head[3], head[4], head[5]])),
            3 => u32::from_be_bytes(four).into(),
            _ => {
                let (safe, plain) = (synchsafe(four), u64::from(u32::from_be_bytes(four)));
                if safe != plain && !self.leads_on(safe)? && self.leads_on(plain)? { plain } else { safe }
            }
        })
    }

    /// Whether a frame, padding or the end comes after a content of this size.
    fn leads_on(&mut self, size: u64) -> io::Result<bool> {
        let next = self.at + 10 + size;
        if next >= self.end {
            return Ok(next == self.end);
        }
        let id: [u8; 4] = self.look(next)?;
        Ok(is_id(&id) || id == [0; 4])
    }

    fn landmark(&mut self) -> io::Result<Option<u64>> {
        if self.searches_left == 0 || self.version == 2 {
            return Ok(None);
        }
        self.searches_left -= 1;
        let from = self.at + 1;
        let mut window = vec![0; usize::try_from(self.end - from).unwrap_or(SEARCH).min(SEARCH)];
        self.source.seek(SeekFrom::Start(from))?;
        self.source.read_exact(&mut window)?;
        let ahead = window.windows(4).position(|id| LANDMARKS.contains(&id));
        Ok(ahead.map(|ahead| from + ahead as u64))
    }

    /// Bytes from a place on, zeroes beyond the end.
    fn look<const N: usize>(&mut self, at: u64) -> io::Result<[u8; N]> {
        let mut out = [0; N];
        let most = usize::try_from(self.end.saturating_sub(at)).unwrap_or(N).min(N);
        self.source.seek(SeekFrom::Start(at))?;
        self.source.read_exact(&mut out[..most])?;
        Ok(out)
    }
}

fn synchsafe(bytes: [u8; 4]) -> u64 {
    bytes.iter().fold(0, |size, b| size << 7 | u64::from(b & 0x7f))
}

fn is_id(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
