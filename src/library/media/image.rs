//! Covers and avatars: whatever comes in leaves as a JPEG of bounded size.
//!
//! Encoding anew drops everything that is not the picture (positions from a phone, trailing bytes, scripts), and one
//! kind of file that every browser shows is all that the rest of the program has to know.

use std::io::{self, Cursor, Write as _};

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;

use super::name::Hash;
use super::{ImageName, Media, settle};

/// Largest image file in bytes.
pub const MAX_IMAGE_BYTES: usize = 10 * 1024 * 1024;

/// Longest edge of a kept cover in pixels; covers fill half a wide screen.
pub const COVER_PX: u32 = 1024;

/// Longest edge of a kept avatar in pixels.
pub const AVATAR_PX: u32 = 256;

/// Longest edge of an image that is decoded at all, in pixels.
const MAX_EDGE: u32 = 12_000;

/// Memory that decoding one image may take, in bytes; a 50-megapixel photograph needs 150 MB.
const MAX_DECODED_BYTES: u64 = 192 * 1024 * 1024;

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

/// A picture in the shape in which it is kept, under `tmp/` still.
#[derive(Debug)]
pub struct Shaped {
    file: TempPath,
    name: ImageName,
}

impl Media {
    /// Makes of an image what is kept of it: no edge is longer than `max_px`. Dropped, it leaves nothing behind.
    pub async fn shape(&self, bytes: Bytes, max_px: u32) -> Result<Shaped, ImageError> {
        if bytes.len() > MAX_IMAGE_BYTES {
            return Err(ImageError::TooLarge);
        }
        self.shape_any(bytes, max_px).await
    }

    /// The same for one of any size, out of a file that was taken in whole.
    pub(super) async fn shape_any(&self, bytes: Bytes, max_px: u32) -> Result<Shaped, ImageError> {
        let tmp = self.tmp();
        let shaped = self.work(move || {
            let jpeg = encode(&shrink(&bytes, max_px)?)?;
            let name = ImageName::new(&Hash::of(&Sha256::digest(&jpeg)));
            let mut file = tempfile::NamedTempFile::new_in(tmp)?;
            file.write_all(&jpeg)?;
            file.as_file().sync_all()?;
            Ok(Shaped { file: file.into_temp_path(), name })
        });
        shaped.await.unwrap_or(Err(ImageError::Broken))
    }

    /// Moves a picture to its place: its name, and whether it was not there before. [`Media::naming`] is held for it.
    pub async fn keep_image(&self, picture: Shaped) -> io::Result<(ImageName, bool)> {
        let to = self.image_path(&picture.name);
        let fresh =
            tokio::task::spawn_blocking(move || settle(picture.file, &to)).await.map_err(io::Error::other)??;
        Ok((picture.name, fresh))
    }
}

fn shrink(bytes: &[u8], max_px: u32) -> Result<RgbImage, ImageError> {
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) = image::guess_format(bytes) else {
        return Err(ImageError::Unsupported);
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    // The limit on memory is a request that not every decoder honours: the sum is known before the first pixel.
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(ImageError::TooManyPixels);
    }
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if picture.width() > max_px || picture.height() > max_px {
        picture = picture.resize(max_px, max_px, image::imageops::FilterType::CatmullRom);
    }
    picture.apply_orientation(orientation);
    Ok(flatten(&picture))
}

/// JPEG has no transparency: what is transparent becomes a mid grey that suits light and dark pages.
fn flatten(picture: &DynamicImage) -> RgbImage {
    const GREY: u16 = 0x80;
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
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
        let shaped = media.shape(bytes.into(), 200).await?;
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

    #[tokio::test]
    async fn a_pixel_bomb_is_refused_by_its_header() {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let mut bomb = png(8, 8);
        bomb[16..24].copy_from_slice(&[0, 0, 0x2e, 0xe0, 0, 0, 0x2e, 0xe0]); // 12,000 by 12,000
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        let error = put(&media, bomb).await.unwrap_err();
        assert!(matches!(error, ImageError::TooManyPixels), "{error:?}");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        })
    }
}
