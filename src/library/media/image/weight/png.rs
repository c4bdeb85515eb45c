//! PNG: the first chunk says all but whether something is transparent.

use std::io::{self, Read, Seek};

use image::ImageFormat;

use super::{Weight, next};

pub(super) fn weigh(bytes: &mut (impl Read + Seek)) -> io::Result<Option<Weight>> {
    let [_signature, _length] = [next::<8>(bytes)?, next::<8>(bytes)?];
    let (width, height) = (u32::from_be_bytes(next(bytes)?), u32::from_be_bytes(next(bytes)?));
    let [depth, colour, _, _, _] = next(bytes)?;
    let _checksum = next::<4>(bytes)?;
    let has_transparent = has_transparent(bytes)?;
    let colours = match colour {
        0 | 4 => 1,
        2 | 6 | 3 => 3,
        _ => return Ok(None),
    };
    let samples = colours + u64::from(has_transparent || matches!(colour, 4 | 6));
    let bytes_per_sample = if depth == 16 { 2 } else { 1 };
    // Two rows, and the window of what is unpacked.
    let beside = u64::from(width) * samples * bytes_per_sample * 2 + 64 * 1024;
    Ok(Some(Weight::new(ImageFormat::Png, (width, height), samples * bytes_per_sample, beside)))
}

/// Whether there is a `tRNS` chunk before the pixels.
fn has_transparent(bytes: &mut (impl Read + Seek)) -> io::Result<bool> {
    loop {
        let length = u32::from_be_bytes(next(bytes)?);
        match &next::<4>(bytes)? {
            b"tRNS" => return Ok(true),
            b"IDAT" | b"IEND" => return Ok(false),
            _ => bytes.seek_relative(i64::from(length) + 4)?,
        }
    }
}
