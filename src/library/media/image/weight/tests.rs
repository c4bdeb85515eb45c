use std::io::{Cursor, Write};

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const MIB: u64 = 1024 * 1024;

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn weighed(bytes: &[u8]) -> Result<Weight, ImageError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    of(file.path())
}

#[test]
fn a_header_says_what_the_decoder_finds() {
    let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(70, 30, Luma([9])));
    let plain = DynamicImage::ImageRgb8(RgbImage::from_pixel(70, 30, Rgb([9, 8, 7])));
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(70, 30, Rgba([9, 8, 7, 6])));
    let deep = DynamicImage::ImageRgba16(clear.to_rgba16());
    for (picture, format, bytes_per_pixel) in [
        (&grey, ImageFormat::Png, 1),
        (&plain, ImageFormat::Png, 3),
        (&clear, ImageFormat::Png, 4),
        (&deep, ImageFormat::Png, 8),
        (&grey, ImageFormat::Jpeg, 1),
        (&plain, ImageFormat::Jpeg, 3),
        (&clear, ImageFormat::WebP, 4),
    ] {
        let bytes = encoded(picture, format);
        let weight = weighed(&bytes).unwrap();
        assert_eq!((weight.format, weight.width, weight.height), (format, 70, 30));
        assert_eq!(weight.decoded, 70 * 30 * bytes_per_pixel, "{format:?}");
        for cut in 0..20 {
            let short = weighed(&bytes[..cut]);
            assert!(matches!(short, Err(ImageError::Broken | ImageError::Unsupported)), "{format:?}, {cut}: {short:?}");
        }
    }
}

fn of_size(format: ImageFormat, size: (u32, u32), colours: u64) -> Weight {
    Weight::new(format, size, colours, 0)
}

#[test]
fn a_photograph_fits_and_what_is_much_larger_does_not() {
    let most = u64::from(super::super::MEMORY_KIB) * 1024;
    let photograph = of_size(ImageFormat::Jpeg, (4_000, 3_000), 3);
    assert!((40 * MIB..most).contains(&photograph.peak(4 * MIB, 1024)), "{}", photograph.peak(4 * MIB, 1024));
    assert!(of_size(ImageFormat::Png, (8_000, 8_000), 1).peak(MIB, 256) <= most);
    assert!(of_size(ImageFormat::Png, (8_000, 8_000), 3).peak(MIB, 256) > most);
    assert!(of_size(ImageFormat::Png, (u32::MAX, u32::MAX), 8).peak(MIB, 256) > most);
    // What is as it is to be takes little more than itself.
    assert!(of_size(ImageFormat::Jpeg, (256, 256), 3).peak(50_000, 256) < 2 * MIB);
}

/// The head of a JPEG of 4,000 by 3,000 whose colours are sampled in half.
fn jpeg(start: u8, in_first_scan: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, start, 0, 17, 8];
    bytes.extend([3_000_u16.to_be_bytes(), 4_000_u16.to_be_bytes()].concat());
    bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xda, 0, 12, in_first_scan]);
    bytes
}

#[test]
fn a_jpeg_in_several_scans_is_kept_as_coefficients_beside_its_pixels() {
    let beside = |bytes: &[u8]| {
        let weight = weighed(bytes).unwrap();
        assert_eq!((weight.width, weight.height, weight.decoded), (4_000, 3_000, 36_000_000));
        weight.beside
    };
    let at_once = beside(&jpeg(0xc0, 3));
    assert!(at_once < MIB, "{at_once}");
    let coefficients = 4_000 * 3_008 * 2 * 3 / 2;
    assert_eq!(beside(&jpeg(0xc2, 3)) - at_once, coefficients, "progressive");
    assert_eq!(beside(&jpeg(0xc0, 1)) - at_once, coefficients, "a scan for each colour");
    assert!(matches!(weighed(&jpeg(0xc4, 3)), Err(ImageError::Broken)), "no frame");
}
