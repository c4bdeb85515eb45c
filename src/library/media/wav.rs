//! Headers of WAV files as recorders leave them: sizes of zero, a `fmt ` that is longer than its kind needs.
//!
//! Players look for the format and take what follows `data`; so the sound is read behind a plain header of ours.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use super::refusal::AudioError;

/// Chunks looked at before giving up.
const MAX_CHUNKS: u32 = 1_000;

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
const EXTENSIBLE: u16 = 0xfffe;

/// A header that says what is there, and where the samples are.
pub(super) fn header(path: &Path) -> Result<(Vec<u8>, Range<u64>), AudioError> {
    let mut file = File::open(path)?;
    let end = file.metadata()?.len();
    let mut format = None;
    let mut at = 12;
    for _ in 0..MAX_CHUNKS {
        if at + 8 > end {
            break;
        }
        let [k0, k1, k2, k3, size @ ..]: [u8; 8] = bytes(&mut file, at)?;
        let (start, size) = (at + 8, u64::from(u32::from_le_bytes(size)));
        match &[k0, k1, k2, k3] {
            b"fmt " if size >= 16 && start + size <= end => {
                let most = usize::try_from(size.min(40)).unwrap_or(40);
                let whole: [u8; 40] = bytes(&mut file, start)?;
                format = Some(plain(&whole[..most])?);
            }
            b"data" => {
                let Some(format) = format else { return Err(AudioError::Broken) };
                let is_told = size > 0 && start + size <= end;
                let samples = start..if is_told { start + size } else { end };
                return Ok((with(&format, samples.end - samples.start), samples));
            }
            _ => {}
        }
        at = start + size + (size & 1);
    }
    Err(AudioError::Broken)
}

/// The format as short as its kind may be.
fn plain(format: &[u8]) -> Result<Vec<u8>, AudioError> {
    let word = |at: usize| format.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
    let kind = word(0);
    let within = if kind == EXTENSIBLE { word(24) } else { kind };
    if within == FLOAT && word(14) == 64 {
        return Err(AudioError::DoubleFloat);
    }
    Ok(match kind {
        EXTENSIBLE if format.len() == 40 => [&format[..16], &[22, 0], &format[18..40]].concat(),
        PCM => format[..16].to_vec(),
        FLOAT | A_LAW | MU_LAW => [&format[..16], &[0, 0]].concat(),
        _ => format.to_vec(),
    })
}

fn with(format: &[u8], samples: u64) -> Vec<u8> {
    let size = u32::try_from(format.len()).unwrap_or_default().to_le_bytes();
    let samples = u32::try_from(samples).unwrap_or(u32::MAX).to_le_bytes();
    let open_end = [0xff; 4];
    [&b"RIFF"[..], &open_end, b"WAVEfmt ", &size, format, b"data", &samples].concat()
}

/// Bytes from a place on, zeroes beyond the end.
fn bytes<const N: usize>(file: &mut File, at: u64) -> io::Result<[u8; N]> {
    let mut out = [0; N];
    file.seek(SeekFrom::Start(at))?;
    let mut read = 0;
    while read < N {
        match file.read(&mut out[read..])? {
            0 => break,
            n => read += n,
        }
    }
    Ok(out)
}
