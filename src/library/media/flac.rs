//! The blocks in front of a FLAC's sound: the first is all that a decoder needs, and any other may be damaged
//! (RFC 9639, section 8).

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// Blocks looked at before giving up.
const MAX_BLOCKS: u32 = 1_000;

/// The marker and the first block alone, and where the frames are; none if they can't be found.
pub(super) fn header(path: &Path, sound: &Range<u64>) -> io::Result<Option<(Vec<u8>, Range<u64>)>> {
    const STREAM_INFO: usize = 34;
    let mut file = File::open(path)?;
    let mut at = sound.start + 4;
    let mut first = None;
    for _ in 0..MAX_BLOCKS {
        if at + 4 > sound.end {
            break;
        }
        let mut head = [0; 4];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        let [kind, size @ ..] = head;
        let size = size.iter().fold(0, |n, b| n << 8 | u64::from(*b));
        if first.is_none() {
            if kind & 0x7f != 0 || size != STREAM_INFO as u64 {
                break;
            }
            let mut info = [0; STREAM_INFO];
            file.read_exact(&mut info)?;
            first = Some([&b"fLaC\x80\0\0\x22"[..], &info].concat());
        }
        at += 4 + size;
        if kind & 0x80 != 0 {
            return Ok(first.filter(|_| at < sound.end).map(|first| (first, at..sound.end)));
        }
    }
    Ok(None)
}
