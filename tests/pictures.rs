//! Pictures that unfold: whatever is sent, and however much at once, the server's memory stays within what it says.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::fs;
use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageEncoder, ImageFormat, Rgb, RgbImage};
use octave_testkit::api::Api;
use octave_testkit::server::{Options, Server};

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// 64 MiB for pictures, and what connections and the allocator keep, in KiB.
const MOST_KIB: u64 = (64 + 24) * 1024;

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A small picture with a colour profile of some hundred kilobytes that unfolds into 150 MiB.
fn with_profile() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut out);
    encoder.set_icc_profile(vec![0; 150 * 1024 * 1024]).unwrap();
    encoder.write_image(&[7; 8 * 8 * 3], 8, 8, image::ExtendedColorType::Rgb8).unwrap();
    out
}

/// The most that the process has taken since it was last forgotten, in KiB.
fn peak(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn forget_peak(server: &Server) {
    fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").unwrap();
}

#[tokio::test]
async fn all_pictures_at_once_take_as_much_as_one_may() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, place.path())).await.unwrap();
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    let photograph = RgbImage::from_fn(4_000, 3_000, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 90]));
    let photograph = DynamicImage::ImageRgb8(photograph);
    let large = DynamicImage::ImageLuma8(GrayImage::new(8_000, 8_000));
    for (what, bytes, times, expected) in [
        ("a profile that unfolds", with_profile(), 1, 200),
        ("a photograph", encoded(&photograph, ImageFormat::Jpeg), 1, 200),
        ("five photographs", encoded(&photograph, ImageFormat::Jpeg), 5, 200),
        ("64 megapixels of grey", encoded(&large, ImageFormat::Png), 2, 200),
        ("64 megapixels of colours", encoded(&DynamicImage::ImageRgb8(large.to_rgb8()), ImageFormat::Png), 1, 415),
    ] {
        assert!(bytes.len() < 10 * 1024 * 1024, "{what}: {} bytes", bytes.len());
        forget_peak(&server);
        let before = peak(&server);
        let sent = (0..times).map(|_| ana.api.put_bytes("/api/v1/me/avatar", bytes.clone()));
        for reply in futures_util::future::join_all(sent).await {
            assert_eq!(reply.unwrap().status, expected, "{what}");
        }
        let taken = peak(&server) - before;
        println!("{what}: {} bytes, {taken} KiB", bytes.len());
        assert!(taken < MOST_KIB, "{what}: {taken} KiB");
    }
}
