//! WebP: three kinds, told by the name of the first chunk.

use std::io::{self, Read, Seek};

use image::ImageFormat;

use super::{Weight, next};

const HAS_ALPHA: u8 = 0x10;
const IS_ANIMATED: u8 = 0x02;

pub(super) fn weigh(bytes: &mut (impl Read + Seek)) -> io::Result<Option<Weight>> {
    let _riff = next::<12>(bytes)?;
    let kind = next::<4>(bytes)?;
    let _length = next::<4>(bytes)?;
    let made = |size: (u32, u32), colours: u64, beside: u64| {
        let pixels = u64::from(size.0).saturating_mul(size.1.into());
        Ok(Some(Weight::new(ImageFormat::WebP, size, colours, pixels.saturating_mul(beside))))
    };
    match &kind {
        // Brightness in full and two colours in a quarter.
        b"VP8 " => {
            let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1] = next(bytes)? else { return Ok(None) };
            let edge = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            made((edge(w0, w1), edge(h0, h1)), 3, 2)
        }
        // Unpacked with transparency, whatever is made of it.
        b"VP8L" => {
            let [0x2f, rest @ ..] = next::<5>(bytes)? else { return Ok(None) };
            let bits = u32::from_le_bytes(rest);
            made(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1), 4, 4)
        }
        b"VP8X" => {
            let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = next(bytes)?;
            let edge = |bytes: [u8; 3]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1;
            let size = (edge([w0, w1, w2]), edge([h0, h1, h2]));
            match flags {
                // A canvas, a frame, and what that is unpacked from.
                flags if flags & IS_ANIMATED != 0 => made(size, 4, 12),
                flags if flags & HAS_ALPHA != 0 => made(size, 4, 8),
                _ => made(size, 3, 4),
            }
        }
        _ => Ok(None),
    }
}
