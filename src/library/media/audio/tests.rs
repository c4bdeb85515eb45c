//! Real files of every kind, made with ffmpeg: see `tests/fixtures/audio/README.md`.

mod kinds;
mod odd;
mod said;

use std::path::Path;

use crate::library::media::image::tests::left_in;

use super::*;
use crate::library::media::Format;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/fixtures/audio").join(name)).unwrap()
}

struct Shelf {
    media: Media,
    dir: tempfile::TempDir,
}

impl Shelf {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { media: Media::open(dir.path()).unwrap(), dir }
    }

    async fn upload(&self, bytes: &[u8]) -> Result<Kept, AudioError> {
        let mut incoming = self.media.receive().await.unwrap();
        for chunk in bytes.chunks(1_000) {
            incoming.write(chunk).await.unwrap();
        }
        let received = incoming.finish().await.unwrap();
        Ok(self.media.examine(received).await?.ready(&self.media).await.keep(&self.media).await?)
    }

    fn files(&self) -> usize {
        ["audio", "covers", "tmp"].into_iter().map(|part| left_in(&self.dir.path().join(part))).sum()
    }
}

/// Whether an error is the one that is meant.
type Expected = fn(&AudioError) -> bool;

/// What Chromium's `decodeAudioData` gives for the same files, in frames of their own rate.
const PLAYED: [(&str, Format, i64, i64); 8] = [
    ("tone.mp3", Format::Mp3, 88_200, 44_100),
    ("vbr_no_xing.mp3", Format::Mp3, 89_856, 44_100),
    ("tone.flac", Format::Flac, 24_000, 16_000),
    ("vorbis.ogg", Format::Vorbis, 88_200, 44_100),
    ("tone.opus", Format::Opus, 96_000, 48_000),
    ("tone.m4a", Format::M4a, 88_200, 44_100),
    ("tone.aac", Format::Aac, 90_112, 44_100),
    ("tone.wav", Format::Wav, 24_000, 16_000),
];

#[tokio::test]
async fn every_format_is_as_long_as_a_browser_plays_it() {
    let shelf = Shelf::new();
    for (file, format, frames, rate) in PLAYED {
        let kept = shelf.upload(&fixture(file)).await.unwrap();
        assert_eq!(kept.looked.format, format, "{file}");
        assert_eq!(kept.looked.duration.0, (frames * 1_000_000 + rate / 2) / rate, "{file}");
        assert!(shelf.media.audio_path(&kept.name).exists(), "{file}");
    }
}

#[tokio::test]
async fn tags_and_cover_are_read_from_every_container_that_has_them() {
    let shelf = Shelf::new();
    for (file, cover) in
        [("tone.mp3", true), ("tone.flac", true), ("tone.m4a", true), ("vorbis.ogg", false), ("tone.opus", false)]
    {
        let kept = shelf.upload(&fixture(file)).await.unwrap();
        let tags = kept.tags;
        assert_eq!(tags.title.as_deref(), Some("Tone"), "{file}");
        assert_eq!(tags.artist.as_deref(), Some("Fixture"), "{file}");
        assert_eq!(tags.album.as_deref(), Some("Fixtures"), "{file}");
        assert_eq!(tags.genres, ["Ambient", "Test"], "{file}");
        assert_eq!((tags.track, tags.year), (Some(3), Some(2021)), "{file}");
        assert_eq!(kept.cover.is_some(), cover, "{file}");
    }
}

#[tokio::test]
async fn loudness_and_peaks_are_those_of_the_tone() {
    let shelf = Shelf::new();
    let kept = shelf.upload(&fixture("tone.flac")).await.unwrap().sound.unwrap();
    // Two sines of amplitude 0.2 in one channel: 10 log10(0.2² / 2 + 0.2² / 2) - 0.691 LUFS after BS.1770, and at most 0.4.
    assert!((-14_800..-14_500).contains(&kept.loudness_mlufs.unwrap()), "{:?}", kept.loudness_mlufs);
    assert!((-8_300..-7_900).contains(&kept.true_peak_mdb.unwrap()), "{:?}", kept.true_peak_mdb);
    assert_eq!(kept.waveform.iter().max(), Some(&99));
}

/// A WAV of one channel at 48 kHz: a tone of 1 kHz that is as high as each second says.
fn seconds_of_tone(amplitudes: &[f64]) -> Vec<u8> {
    let sine = |n: u32| (f64::from(n % 48) / 48.0 * std::f64::consts::TAU).sin();
    #[expect(clippy::cast_possible_truncation, reason = "amplitudes of 16 bits")]
    let second =
        |high: &f64| (0..48_000).flat_map(|n| ((high * sine(n)).round() as i16).to_le_bytes()).collect::<Vec<u8>>();
    let samples: Vec<u8> = amplitudes.iter().flat_map(second).collect();
    let size = u32::try_from(samples.len()).unwrap().to_le_bytes();
    let format = b"\x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0";
    [b"RIFF\xff\xff\xff\xffWAVEfmt ", &format[..], b"data", &size, &samples].concat()
}

#[tokio::test]
async fn blocks_at_the_edge_of_the_gate_count_as_the_standard_says() {
    let shelf = Shelf::new();
    // Computed after BS.1770-4 by numbers of 64 bits. The quiet blocks lie 0.02 LU over the gate, and 0.04 under it.
    for (amplitudes, expected) in [(&[8_000.0, 1_840.0][..], -18_037), (&[10_000.0, 1_830.0, 1_830.0], -13_993)] {
        let loudness = shelf.upload(&seconds_of_tone(amplitudes)).await.unwrap().sound.unwrap().loudness_mlufs.unwrap();
        assert!((loudness - expected).abs() <= 5, "{loudness} instead of {expected}");
    }
}

#[tokio::test]
async fn what_is_no_song_is_refused_and_leaves_nothing() {
    let shelf = Shelf::new();
    let mut noise = vec![0u8; 50_000];
    noise.iter_mut().fold(7u32, |x, byte| {
        let x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (x >> 24) as u8;
        x
    });
    let after_tag = [b"ID3\x04\0\0\0\0\0\0".as_slice(), &noise].concat();
    let jpeg = std::fs::read("tests/fixtures/not_audio.jpg").unwrap();
    let cases: [(&str, Vec<u8>, Expected); 8] = [
        ("empty", Vec::new(), |e| matches!(e, AudioError::Unrecognised)),
        ("noise", noise, |e| matches!(e, AudioError::Unrecognised)),
        ("a picture", jpeg, |e| matches!(e, AudioError::Unrecognised)),
        ("noise behind a tag", after_tag, |e| {
            matches!(e, AudioError::Broken | AudioError::Codec | AudioError::TooShort | AudioError::NoAudio)
        }),
        ("a quarter of a second", fixture("tone.mp3")[..3_000].to_vec(), |e| matches!(e, AudioError::TooShort)),
        ("an mp4 without its index", fixture("tone.m4a")[..3_000].to_vec(), |e| matches!(e, AudioError::Broken)),
        ("a flac header", fixture("tone.flac")[..60].to_vec(), |e| matches!(e, AudioError::Broken)),
        ("ALAC", fixture("alac.m4a"), |e| matches!(e, AudioError::Alac)),
    ];
    for (what, bytes, expected) in cases {
        let error = shelf.upload(&bytes).await.unwrap_err();
        assert!(expected(&error), "{what}: {error:?}");
        assert_eq!(shelf.files(), 0, "{what}");
    }
}

#[tokio::test]
async fn a_file_that_ends_too_early_is_at_fault_itself() {
    let shelf = Shelf::new();
    for (file, ..) in PLAYED {
        for most in (0..64).chain((64..4_000).step_by(241)) {
            match shelf.upload(&fixture(file)[..most]).await {
                Err(AudioError::Io(error)) => panic!("{file} cut at {most}: {error}"),
                Err(_) => assert_eq!(shelf.files(), 0, "{file} cut at {most}"),
                Ok(kept) => panic!("{file} cut at {most} lasts {:?}", kept.looked.duration),
            }
        }
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_is_as_long_as_what_it_has() {
    let shelf = Shelf::new();
    let wav = shelf.upload(&fixture("tone.wav")[..40_000]).await.unwrap().looked;
    assert!((1_200_000..1_260_000).contains(&wav.duration.0), "{:?}", wav.duration);
    let mp3 = shelf.upload(&fixture("tone.mp3")[..12_000]).await.unwrap().looked;
    assert!((1_200_000..1_500_000).contains(&mp3.duration.0), "{:?}", mp3.duration);
}

#[tokio::test]
async fn the_same_bytes_are_kept_once() {
    let shelf = Shelf::new();
    let first = shelf.upload(&fixture("tone.mp3")).await.unwrap();
    let files = shelf.files();
    assert_eq!(shelf.upload(&fixture("tone.mp3")).await.unwrap().name, first.name);
    assert_eq!(shelf.files(), files);
}

#[tokio::test]
async fn too_large_is_noticed_while_it_comes_in() {
    let dir = tempfile::tempdir().unwrap();
    let media = Media::open(dir.path()).unwrap().with_max_audio_bytes(1_000);
    let mut incoming = media.receive().await.unwrap();
    incoming.write(&[0; 1_000]).await.unwrap();
    assert!(matches!(incoming.write(&[0]).await, Err(crate::library::media::ReceiveError::TooLarge { limit: 1_000 })));
    drop(incoming);
    assert_eq!(left_in(&dir.path().join("tmp")), 0);
}

#[tokio::test]
async fn what_a_killed_server_left_half_received_goes_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    drop(Media::open(dir.path()).unwrap());
    std::fs::write(dir.path().join("tmp/.tmpXYZ"), b"half").unwrap();
    let server = Media::open(dir.path()).unwrap();
    assert_eq!(left_in(&dir.path().join("tmp")), 0);
    let _receiving = server.receive().await.unwrap();
    let _import = Media::open(dir.path()).unwrap();
    assert_eq!(left_in(&dir.path().join("tmp")), 1, "an import beside a server leaves the server's uploads alone");
}
