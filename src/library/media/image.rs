//! Covers and avatars: whatever comes in leaves as a JPEG of bounded size.
//!
//! Encoding anew drops everything that is not the picture (positions from a phone, trailing bytes, scripts), and one
//! kind of file that every browser shows is all that the rest of the program has to know.
//!
//! All pictures that are worked on at once share a bounded memory. A picture waits on the disk until what it will need
//! ([`weight`]) is free; what needs more than there is gets refused by its header.

mod remembered;
mod strip;
mod weight;

use std::io::{self, BufReader, Cursor, Write as _};
use std::path::Path;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;

use super::name::Hash;
use super::{FileName, ImageName, Incoming, Media, ReceiveError, Received};
pub(super) use remembered::Remembered;
use weight::Weight;

/// Largest image file in bytes.
pub const MAX_IMAGE_BYTES: usize = 10 * 1024 * 1024;

/// Longest edge of a kept cover in pixels; covers fill half a wide screen.
pub const COVER_PX: u32 = 1024;

/// Longest edge of a kept avatar in pixels.
pub const AVATAR_PX: u32 = 256;

/// Longest edge of an image that is decoded at all, in pixels.
const MAX_EDGE: u32 = 12_000;

/// Memory that all pictures take that are worked on at once, in KiB: a photograph of 12 megapixels needs some 50 MiB.
pub(super) const MEMORY_KIB: u32 = 64 * 1024;

/// JPEG quality at which covers show no artefacts beside the original.
const QUALITY: u8 = 88;

/// Why an image was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    #[error("the image is larger than {} MiB", MAX_IMAGE_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("the image is not a PNG, JPEG or WebP file; save it as one of these and try again")]
    Unsupported,
    #[error("the image has more pixels than can be handled; scale it down and try again")]
    TooManyPixels,
    #[error("the image is damaged; save it again and retry")]
    Broken,
    #[error("the image could not be written")]
    Io(#[from] std::io::Error),
}

impl From<ReceiveError> for ImageError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::TooLarge { .. } => Self::TooLarge,
            ReceiveError::Io(error) => Self::Io(error),
        }
    }
}

/// A picture in the shape in which it is kept.
#[derive(Debug)]
pub struct Shaped {
    /// Under `tmp/`; none if it is in its place already.
    file: Option<TempPath>,
    name: ImageName,
}

impl Media {
    /// Begins to receive a picture of at most [`MAX_IMAGE_BYTES`].
    pub async fn receive_picture(&self) -> Result<Incoming, ReceiveError> {
        self.receive_at_most(MAX_IMAGE_BYTES as u64).await
    }

    /// Makes of an image what is kept of it: no edge is longer than `max_px`. Dropped, it leaves nothing behind.
    pub async fn shape(&self, picture: Received, max_px: u32) -> Result<Shaped, ImageError> {
        let (path, tmp) = (picture.path, self.tmp());
        let (weight, path) =
            tokio::task::spawn_blocking(move || (weight::of(&path), path)).await.map_err(|_| ImageError::Broken)?;
        let weight = weight?;
        let kib = u32::try_from(weight.peak(picture.size, max_px).div_ceil(1024)).unwrap_or(u32::MAX);
        if kib > MEMORY_KIB || weight.width.max(weight.height) > MAX_EDGE {
            return Err(ImageError::TooManyPixels);
        }
        let memory = self.pictures.clone().acquire_many_owned(kib).await.map_err(|_| ImageError::Broken)?;
        let shaped = self.work(move || {
            let shaped = shape(&path, &weight, max_px, &tmp);
            // With the work, and not with who has asked for it and may have gone.
            drop(memory);
            shaped
        });
        shaped.await.unwrap_or(Err(ImageError::Broken))
    }

    /// The same for a cover of any size, out of a file that was taken in whole. Songs of an album bring the same picture
    /// one after the other: it is worked on once.
    pub(super) async fn shape_cover(&self, bytes: Bytes) -> Result<Shaped, ImageError> {
        let mut incoming = self.receive_at_most(u64::MAX).await?;
        incoming.write(&bytes).await?;
        drop(bytes);
        let source = incoming.hash();
        if let Some(name) = self.covers.of(&source)
            && self.files.is_kept(&FileName::from(&name), incoming.path()).await?
        {
            return Ok(Shaped { file: None, name });
        }
        let shaped = self.shape(incoming.finish().await?, COVER_PX).await?;
        self.covers.put(source, shaped.name.clone());
        Ok(shaped)
    }

    /// Moves a picture to its place: its name, and whether it was not there before. [`Media::naming`] is held for it.
    pub async fn keep_image(&self, picture: Shaped) -> io::Result<(ImageName, bool)> {
        let name = FileName::from(&picture.name);
        let fresh = match picture.file {
            Some(file) => self.files.keep(file, &name).await?,
            // It was there when it was asked for. Who sends it again has it made anew.
            None if self.files.size(&name).await?.is_none() => return Err(io::ErrorKind::NotFound.into()),
            None => false,
        };
        Ok((picture.name, fresh))
    }
}

impl Shaped {
    pub fn name(&self) -> &ImageName {
        &self.name
    }
}

fn shape(path: &Path, weight: &Weight, max_px: u32, tmp: &Path) -> Result<Shaped, ImageError> {
    let jpeg = encode(&shrink(path, weight, max_px)?)?;
    let name = ImageName::new(&Hash::of(&Sha256::digest(&jpeg)));
    let mut file = tempfile::NamedTempFile::new_in(tmp)?;
    file.write_all(&jpeg)?;
    file.as_file().sync_all()?;
    Ok(Shaped { file: Some(file.into_temp_path()), name })
}

fn shrink(path: &Path, weight: &Weight, max_px: u32) -> Result<RgbImage, ImageError> {
    match weight.format {
        ImageFormat::Png => decode(Cursor::new(strip::png(path)?), weight, max_px),
        _ => decode(BufReader::new(std::fs::File::open(path)?), weight, max_px),
    }
}

fn decode(bytes: impl io::BufRead + io::Seek, weight: &Weight, max_px: u32) -> Result<RgbImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(u64::from(MEMORY_KIB) * 1024);
    let mut reader = ImageReader::with_format(bytes, weight.format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    // Room was made for what the header says; whoever reads it otherwise would take more.
    if decoder.dimensions() != (weight.width, weight.height) || decoder.total_bytes() > weight.decoded {
        return Err(ImageError::Broken);
    }
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    // Most of a large picture goes before the fine work, which takes 16 bytes for each pixel.
    let coarse = weight::coarse(max_px);
    if picture.width() > coarse || picture.height() > coarse {
        picture = picture.thumbnail(coarse, coarse);
    }
    picture = DynamicImage::ImageRgb8(flatten(picture));
    if picture.width() > max_px || picture.height() > max_px {
        picture = picture.resize(max_px, max_px, image::imageops::FilterType::CatmullRom);
    }
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

/// JPEG has no transparency: what is transparent becomes a mid grey that suits light and dark pages.
fn flatten(picture: DynamicImage) -> RgbImage {
    const GREY: u16 = 0x80;
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let a = u16::from(a);
        let over = |c: u8| u8::try_from((u16::from(c) * a + GREY * (255 - a)) / 255).unwrap_or(u8::MAX);
        Rgb([over(r), over(g), over(b)])
    })
}

fn encode(picture: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(picture).map_err(refusal)?;
    Ok(jpeg)
}

fn refusal(error: image::ImageError) -> ImageError {
    match error {
        image::ImageError::Limits(_) => ImageError::TooManyPixels,
        image::ImageError::Unsupported(_) => ImageError::Unsupported,
        image::ImageError::IoError(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => ImageError::Io(e),
        _ => ImageError::Broken,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    async fn put(media: &Media, bytes: Vec<u8>) -> Result<ImageName, ImageError> {
        let mut incoming = media.receive_picture().await?;
        incoming.write(&bytes).await?;
        let shaped = media.shape(incoming.finish().await?, 200).await?;
        Ok(media.keep_image(shaped).await?.0)
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([200, 30, 60])));
        picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png).unwrap();
        out
    }

    pub(crate) fn left_in(dir: &std::path::Path) -> usize {
        std::fs::read_dir(dir).unwrap().count()
    }

    #[tokio::test]
    async fn an_image_is_kept_once_and_scaled() {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let name = put(&media, png(600, 300)).await.unwrap();
        assert_eq!(put(&media, png(600, 300)).await.unwrap(), name);
        let kept = image::open(media.image_path(&name)).unwrap();
        assert_eq!((kept.width(), kept.height()), (200, 100));
        assert_eq!(left_in(&dir.path().join("tmp")), 0);
    }

    type Expected = fn(&ImageError) -> bool;

    #[tokio::test]
    async fn what_is_no_image_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let half = png(600, 300)[..300].to_vec();
        let cases: [(Vec<u8>, Expected); 4] = [
            (b"<svg onload=alert(1)>".to_vec(), |e| matches!(e, ImageError::Unsupported)),
            (b"GIF89a\x01\0\x01\0".to_vec(), |e| matches!(e, ImageError::Unsupported)),
            (half, |e| matches!(e, ImageError::Broken)),
            (vec![0; MAX_IMAGE_BYTES + 1], |e| matches!(e, ImageError::TooLarge)),
        ];
        for (bytes, expected) in cases {
            let error = put(&media, bytes).await.unwrap_err();
            assert!(expected(&error), "{error:?}");
        }
        assert_eq!(left_in(&dir.path().join("covers")) + left_in(&dir.path().join("tmp")), 0);
    }

    /// A PNG that says that it is so large.
    fn bomb(edge: u32) -> Vec<u8> {
        let mut bomb = png(8, 8);
        bomb[16..20].copy_from_slice(&edge.to_be_bytes());
        bomb[20..24].copy_from_slice(&edge.to_be_bytes());
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        bomb
    }

    #[tokio::test]
    async fn a_pixel_bomb_is_refused_by_its_header() {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        for edge in [5_000, 8_000, 12_000, u32::MAX] {
            let error = put(&media, bomb(edge)).await.unwrap_err();
            assert!(matches!(error, ImageError::TooManyPixels), "{edge}: {error:?}");
        }
        let error = put(&media, bomb(4_000)).await.unwrap_err();
        assert!(matches!(error, ImageError::Broken), "there is room for it, and most of it is missing: {error:?}");
    }

    #[tokio::test]
    async fn a_picture_waits_until_there_is_room() {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let others = media.pictures.clone().acquire_many_owned(MEMORY_KIB - 512).await.unwrap();
        let mut waiting = std::pin::pin!(put(&media, png(600, 300)));
        let early = tokio::time::timeout(std::time::Duration::from_millis(200), waiting.as_mut()).await;
        assert!(early.is_err(), "{early:?}");
        drop(others);
        waiting.await.unwrap();
        assert_eq!(media.pictures.available_permits(), MEMORY_KIB as usize, "what it took is free again");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        })
    }
}
