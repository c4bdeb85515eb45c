//! JPEG: a frame header, somewhere before the first scan. A picture that comes in several scans is kept as coefficients
//! until the last of them.

use std::io::{self, Read, Seek};

use image::ImageFormat;

use super::{Weight, next};

/// A frame: how large, and how the colours are sampled.
struct Frame {
    width: u32,
    height: u32,
    progressive: bool,
    /// Horizontal and vertical sampling of each component.
    sampling: Vec<(u32, u32)>,
}

pub(super) fn weigh(bytes: &mut (impl Read + Seek)) -> io::Result<Option<Weight>> {
    let [0xff, 0xd8] = next(bytes)? else { return Ok(None) };
    let mut frame = None;
    loop {
        match (marker(bytes)?, &frame) {
            (0xda, None) | (0xd9, _) => return Ok(None),
            (0xda, Some(frame)) => {
                let _length = next::<2>(bytes)?;
                let [components] = next(bytes)?;
                return Ok(Some(weight(frame, usize::from(components))));
            }
            // Start of frame: all but the tables for Huffman and arithmetic codes, and one that is reserved.
            (kind @ 0xc0..=0xcf, None) if ![0xc4, 0xc8, 0xcc].contains(&kind) => frame = Some(read(bytes, kind)?),
            (0xd0..=0xd8 | 0x01, _) => {}
            _ => skip(bytes, 0)?,
        }
    }
}

/// The next marker; whatever stands before it is passed over, as decoders do.
fn marker(bytes: &mut impl Read) -> io::Result<u8> {
    loop {
        let [mut byte] = next(bytes)?;
        while byte == 0xff {
            [byte] = next(bytes)?;
            if !matches!(byte, 0 | 0xff) {
                return Ok(byte);
            }
        }
    }
}

/// Passes over the rest of a segment, of which so much was read after its length.
fn skip(bytes: &mut (impl Read + Seek), read: u16) -> io::Result<()> {
    let length = u16::from_be_bytes(next(bytes)?);
    bytes.seek_relative(i64::from(length.saturating_sub(2 + read)))
}

fn read(bytes: &mut (impl Read + Seek), kind: u8) -> io::Result<Frame> {
    let length = u16::from_be_bytes(next(bytes)?);
    let [_depth, h1, h0, w1, w0, components] = next(bytes)?;
    let mut sampling = Vec::with_capacity(usize::from(components));
    for _ in 0..components {
        let [_id, factors, _table] = next(bytes)?;
        sampling.push((u32::from(factors >> 4), u32::from(factors & 15)));
    }
    bytes.seek_relative(i64::from(length.saturating_sub(8 + 3 * u16::from(components))))?;
    let (width, height) = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
    Ok(Frame { width, height, progressive: matches!(kind, 0xc2 | 0xc6 | 0xca | 0xce), sampling })
}

fn weight(frame: &Frame, in_first_scan: usize) -> Weight {
    let (across, down) = frame.sampling.iter().fold((1, 1), |(h, v), factors| (h.max(factors.0), v.max(factors.1)));
    // Blocks of 8 by 8 that are in one step together, and how many steps there are.
    let (wide, high) = (frame.width.div_ceil(8 * across), frame.height.div_ceil(8 * down));
    let blocks: u64 = frame.sampling.iter().map(|(h, v)| u64::from(wide * h) * u64::from(high * v)).sum();
    let rows = u64::from(wide) * 8 * u64::from(across) * u64::from(down) * 8 * 2 * 4;
    let coefficients = if frame.progressive || in_first_scan < frame.sampling.len() { blocks * 64 * 2 } else { 0 };
    let colours = if frame.sampling.len() == 1 { 1 } else { 3 };
    Weight::new(ImageFormat::Jpeg, (frame.width, frame.height), colours, coefficients + rows)
}
