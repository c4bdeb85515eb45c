//! What a picture will take of memory while it is worked on, found from its header.
//!
//! No decoder is asked: some take a multiple of the file before they say how large the picture is. Each kind of file has
//! what its decoder keeps beside the pixels; those figures are of the decoders that `image` 0.25 uses.

mod jpeg;
mod png;
mod webp;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use image::ImageFormat;

use super::ImageError;

/// Tables of decoders and the encoder, and all that is small, in bytes.
const SLACK: u64 = 512 * 1024;

/// Bytes of a pixel in the fine work: four colours as 32-bit floats.
const FINE: u64 = 16;

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) format: ImageFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes of all pixels, at most.
    pub(super) decoded: u64,
    /// Bytes that the decoder takes beside them.
    pub(super) beside: u64,
}

/// The longest edge that goes into the fine work.
pub(super) const fn coarse(max_px: u32) -> u32 {
    max_px + max_px / 2
}

/// Reads the header.
pub(super) fn of(file: &Path) -> Result<Weight, ImageError> {
    let mut bytes = BufReader::new(File::open(file)?);
    let mut magic = Vec::with_capacity(16);
    bytes.by_ref().take(16).read_to_end(&mut magic)?;
    bytes.rewind()?;
    let weight = match image::guess_format(&magic) {
        Ok(ImageFormat::Png) => png::weigh(&mut bytes),
        Ok(ImageFormat::Jpeg) => jpeg::weigh(&mut bytes),
        Ok(ImageFormat::WebP) => webp::weigh(&mut bytes),
        _ => return Err(ImageError::Unsupported),
    };
    match weight {
        Ok(Some(weight)) if weight.width > 0 && weight.height > 0 => Ok(weight),
        Ok(_) => Err(ImageError::Broken),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(ImageError::Broken),
        Err(error) => Err(ImageError::Io(error)),
    }
}

impl Weight {
    fn new(format: ImageFormat, (width, height): (u32, u32), bytes_per_pixel: u64, beside: u64) -> Self {
        let decoded = u64::from(width).saturating_mul(height.into()).saturating_mul(bytes_per_pixel);
        Self { format, width, height, decoded, beside }
    }

    /// Bytes taken at once, at most, to make of a file of `size` bytes a picture of no edge over `max_px`.
    pub(super) fn peak(&self, size: u64, max_px: u32) -> u64 {
        let pixels = (u64::from(self.width) * u64::from(self.height)).max(1);
        let (wide, high) = self.within(coarse(max_px));
        let small = if (wide, high) == (self.width, self.height) { 0 } else { u64::from(wide) * u64::from(high) };
        let coarse = small.saturating_mul(self.decoded.div_ceil(pixels));
        let decoding = size.saturating_add(self.decoded).saturating_add(self.beside).saturating_add(coarse);
        // Without transparency it is what it was; with it there are two copies for a moment.
        let plain = u64::from(wide) * u64::from(high) * (4 + 3);
        let flattening = plain.saturating_add(if small > 0 { coarse } else { self.decoded });
        let (_, last) = self.within(max_px);
        let resizing = if last == high { 0 } else { u64::from(wide) * u64::from(last) * FINE + plain };
        decoding.max(flattening).max(resizing).saturating_add(SLACK)
    }

    /// The size when no edge is longer than `most`.
    fn within(&self, most: u32) -> (u32, u32) {
        let longest = self.width.max(self.height);
        if longest <= most {
            return (self.width, self.height);
        }
        let scaled = |edge: u32| u32::try_from(u64::from(edge) * u64::from(most) / u64::from(longest)).unwrap_or(most);
        // One more than rounding may give.
        (scaled(self.width) + 1, scaled(self.height) + 1)
    }
}

/// The next bytes.
fn next<const N: usize>(bytes: &mut impl Read) -> io::Result<[u8; N]> {
    let mut some = [0; N];
    bytes.read_exact(&mut some)?;
    Ok(some)
}

#[cfg(test)]
mod tests;
