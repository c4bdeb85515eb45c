//! Files as people have them: what stands around the sound, and what its header says wrongly.

use super::*;
use crate::library::media::effort::{Effort, LOOK};

/// An `ID3v2.3` block with a title and whatever else.
pub(super) fn tag(title: &str, more: &[u8]) -> Vec<u8> {
    let text = [&[0], title.as_bytes()].concat();
    let frames = [&frame(b"TIT2", &text)[..], more].concat();
    let size = [21, 14, 7, 0].map(|by| u8::try_from(frames.len() >> by & 0x7f).unwrap());
    [b"ID3\x03\0\0", &size[..], &frames].concat()
}

pub(super) fn frame(id: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_be_bytes();
    [id, &size, &[0, 0], content].concat()
}

/// The frames of the MP3 without a Xing header: 78 of 1,152.
pub(super) fn frames() -> Vec<u8> {
    fixture("vbr_no_xing.mp3")[161..].to_vec()
}

/// How many frames a song has.
pub(super) async fn length(bytes: &[u8]) -> i64 {
    let kept = Shelf::new().upload(bytes).await.unwrap();
    let us = i128::from(kept.looked.duration.0);
    i64::try_from((us * i128::from(kept.looked.sample_rate) + 500_000) / 1_000_000).unwrap()
}

#[tokio::test]
async fn what_stands_around_the_sound_does_not_count() {
    let (flac, adts, mp3) = (fixture("tone.flac"), fixture("tone.aac"), frames());
    let v1 = [&b"TAG"[..], b"Front", &[0; 120]].concat();
    let zeroes = vec![0; 512];
    let picture = frame(b"APIC", &[&b"\0image/png\0\x03\0"[..], &vec![0xff; 3 << 20]].concat());
    let huge = tag("Huge", &picture);
    let geob = tag("Object", &frame(b"GEOB", &vec![0xfb; 2 << 20]));
    for (what, parts, expected) in [
        ("nothing", [&[][..], &mp3, &[]], 89_856),
        ("ID3v1 behind", [&[], &mp3, &v1], 89_856),
        ("a cover of 3 MiB", [&huge, &mp3, &v1], 89_856),
        ("an object of 2 MiB", [&geob, &mp3, &[]], 89_856),
        ("two tags", [&[tag("A", &[]), tag("B", &[])].concat(), &mp3, &[]], 89_856),
        ("zeroes", [&zeroes, &mp3, &[]], 89_856),
        ("the rest of a frame", [&mp3[150..300], &mp3, &[]], 89_856),
        ("FLAC, ID3v1 behind", [&[], &flac, &v1], 24_000),
        ("FLAC, a cover in front", [&huge, &flac, &v1], 24_000),
        ("ADTS, a cover in front", [&huge, &adts, &[]], 90_112),
        ("ADTS, ID3v1 behind", [&[], &adts, &v1], 90_112),
    ] {
        assert_eq!(length(&parts.concat()).await, expected, "{what}");
    }
}

#[tokio::test]
async fn without_an_edit_list_all_that_is_decoded_is_played() {
    let mut m4a = fixture("tone.m4a");
    let edits = m4a.windows(4).position(|name| name == b"edts").unwrap();
    m4a[edits..edits + 4].copy_from_slice(b"free");
    // 88 packets; the index tells of the last one that it is short.
    assert_eq!(length(&m4a).await, 88 * 1_024);
}

/// The FLAC with other words than it has.
pub(super) fn flac_saying(words: &[u8]) -> Vec<u8> {
    let flac = fixture("tone.flac");
    let (mut at, mut is_last) = (4, false);
    while !is_last {
        is_last = flac[at] & 0x80 != 0;
        at += 4 + flac[at + 1..at + 4].iter().fold(0, |size, byte| size << 8 | usize::from(*byte));
    }
    let size = u32::try_from(words.len()).unwrap().to_be_bytes();
    [&flac[..42], &[0x84], &size[1..], words, &flac[at..]].concat()
}

#[tokio::test]
async fn a_flac_whose_words_are_damaged_is_heard() {
    assert_eq!(length(&flac_saying(&[0xff; 8])).await, 24_000);
}

/// A block of Vorbis comments.
pub(super) fn words(said: &[&str]) -> Vec<u8> {
    let size = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let mut words = [size(0), size(said.len())].concat();
    for one in said {
        words.extend(size(one.len()));
        words.extend(one.as_bytes());
    }
    words
}

/// The tags of a FLAC with these Vorbis comments.
async fn said(said: &[&str]) -> crate::library::media::tags::Tags {
    Shelf::new().upload(&flac_saying(&words(said))).await.unwrap().tags
}

#[tokio::test]
async fn of_several_titles_and_numbers_the_first_counts_and_artists_keep_their_order() {
    let titles =
        ["ARTIST=Zoe", "TITLE=One", "ARTIST=Ada", "TRACKNUMBER=2/9", "TITLE=Two", "TRACKNUMBER=5", "ARTIST=Bob"];
    let tags = said(&[&titles[..], &["DISCNUMBER=1", "DISCNUMBER=2"]].concat()).await;
    assert_eq!((tags.title.as_deref(), tags.track, tags.disc), (Some("One"), Some(2), Some(1)));
    assert_eq!(tags.artists, ["Zoe", "Ada", "Bob"]);
    assert_eq!(said(&["ARTIST=Zoe\0Ada"]).await.artists, ["Zoe", "Ada"]);
}

#[tokio::test]
async fn what_other_programs_say_of_a_song_is_kept() {
    let id = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3";
    let recording = format!("MUSICBRAINZ_TRACKID={id}");
    let names = [
        "ARTIST=Zoe & Ada",
        "ARTISTS=Zoe",
        "ARTISTS=Ada",
        "ALBUM=Us",
        "COMPILATION=1",
        "DISCNUMBER=2",
        "DATE=2021-04-05",
    ];
    let gains = ["REPLAYGAIN_TRACK_GAIN=-6.50 dB", "R128_TRACK_GAIN=-256", recording.as_str()];
    let tags = said(&[&names[..], &gains].concat()).await;
    assert_eq!(
        (tags.artist.as_deref(), tags.artists.as_slice()),
        (Some("Zoe & Ada"), &["Zoe".to_owned(), "Ada".into()][..])
    );
    assert_eq!((tags.album_artist.as_deref(), tags.disc, tags.year), (Some("Various Artists"), Some(2), Some(2021)));
    assert_eq!((tags.gains.replaygain_track, tags.gains.r128_track), (Some(-6.5), Some(-1.0)));
    assert_eq!(tags.ids.recording.as_deref(), Some(id));
    let tags = said(&["ALBUMARTIST=Us All", "COMPILATION=1", "DATE=20210405", "TRACKNUMBER=0"]).await;
    assert_eq!((tags.album_artist.as_deref(), tags.year, tags.track), (Some("Us All"), None, None));
}

/// AAC of 8 kHz in one channel, in which so many frames say that nothing is to be heard.
fn silence(frames: usize) -> Vec<u8> {
    const FRAME: [u8; 11] = [0xff, 0xf1, 0x6c, 0x40, 0x01, 0x7f, 0xfc, 0x01, 0x18, 0x20, 0x07];
    FRAME.repeat(frames)
}

#[tokio::test]
async fn a_song_lasts_twelve_hours_at_most() {
    let most = 12 * 3_600 * 8_000 / 1_024;
    let dir = tempfile::tempdir().unwrap();
    let looked = |frames: usize| {
        let path = dir.path().join("x");
        std::fs::write(&path, silence(frames)).unwrap();
        let found = sniff(&mut File::open(&path).unwrap()).unwrap().unwrap();
        look(&path, &found, &Effort::begin(LOOK))
    };
    assert_eq!(looked(most).unwrap().duration.0, 12 * 3_600_000_000);
    assert!(matches!(looked(most + 1), Err(AudioError::TooLong)));
}

#[tokio::test]
async fn streams_that_follow_one_another_are_one_song() {
    let (vorbis, opus, mp3) = (fixture("vorbis.ogg"), fixture("tone.opus"), frames());
    assert_eq!(length(&[&vorbis[..], &vorbis].concat()).await, 2 * 88_200);
    assert_eq!(length(&[&opus[..], &opus, &opus].concat()).await, 3 * 96_000);
    assert_eq!(length(&[&mp3[..], &mp3].concat()).await, 2 * 89_856);
    assert_eq!(length(&[&mp3[..], &tag("Second", &[]), &mp3].concat()).await, 2 * 89_856);
    let shelf = Shelf::new();
    let (one, three) =
        (shelf.upload(&opus).await.unwrap(), shelf.upload(&[&opus[..], &opus, &opus].concat()).await.unwrap());
    let of = |kept: Kept| kept.sound.unwrap().loudness_mlufs.unwrap();
    assert!((of(one) - of(three)).abs() < 200, "all of it is listened to");
}

#[tokio::test]
async fn a_large_cover_is_kept_small_and_one_that_can_not_be_kept_is_told() {
    let shelf = Shelf::new();
    let mut png = std::io::Cursor::new(Vec::new());
    let mut grey = 7u32;
    let noise = image::RgbImage::from_fn(2_400, 1_600, |_, _| {
        grey = grey.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb(grey.to_be_bytes()[..3].try_into().unwrap())
    });
    noise.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    assert!(png.len() > crate::library::media::MAX_IMAGE_BYTES);
    let content = |picture: &[u8]| frame(b"APIC", &[b"\0image/png\0\x03\0", picture].concat());
    let kept = shelf.upload(&[tag("Large", &content(&png)), frames()].concat()).await.unwrap();
    assert_eq!((kept.tags.title.as_deref(), kept.notes.len()), (Some("Large"), 0));
    let cover = image::open(shelf.media.image_path(&kept.cover.unwrap())).unwrap();
    assert_eq!((cover.width(), cover.height()), (1_024, 683));
    for (picture, note) in [(vec![0; 25 << 20], "too large"), (png[..900].to_vec(), "can't be read")] {
        let kept = shelf.upload(&[tag("Without", &content(&picture)), frames()].concat()).await.unwrap();
        assert_eq!((kept.tags.title.as_deref(), kept.cover), (Some("Without"), None));
        assert!(kept.notes.iter().any(|n| n.contains(note)), "{:?}", kept.notes);
    }
}

/// The checksum of an Ogg page (RFC 3533, section 6).
fn ogg_crc(page: &[u8]) -> u32 {
    page.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |c, _| if c >> 31 == 1 { c << 1 ^ 0x04c1_1db7 } else { c << 1 })
    })
}

#[tokio::test]
async fn opus_is_as_loud_as_its_header_says() {
    let shelf = Shelf::new();
    let mut quiet = fixture("tone.opus");
    let plain = shelf.upload(&quiet).await.unwrap().sound.unwrap();
    let head = quiet.windows(8).position(|w| w == b"OpusHead").unwrap();
    quiet[head + 16..head + 18].copy_from_slice(&(-10i16 * 256).to_le_bytes());
    quiet[22..26].fill(0);
    let crc = ogg_crc(&quiet[..head + 19]);
    quiet[22..26].copy_from_slice(&crc.to_le_bytes());
    let quiet = shelf.upload(&quiet).await.unwrap().sound.unwrap();
    for (a, b) in [(plain.loudness_mlufs, quiet.loudness_mlufs), (plain.true_peak_mdb, quiet.true_peak_mdb)] {
        assert!((9_990..=10_010).contains(&(a.unwrap() - b.unwrap())), "{a:?} {b:?}");
    }
}

#[tokio::test]
async fn five_channels_and_bass_are_taken() {
    let shelf = Shelf::new();
    // As ffmpeg's ebur128 says: what AAC makes of the tones is a decibel louder.
    for (file, expected) in [("surround.opus", -16_000), ("surround.m4a", -15_000)] {
        let kept = shelf.upload(&fixture(file)).await.unwrap();
        assert_eq!((kept.looked.channels, kept.looked.duration.0), (6, 1_500_000), "{file}");
        let loudness = kept.sound.unwrap().loudness_mlufs.unwrap();
        assert!((loudness - expected).abs() <= 100, "{file}: {loudness}");
    }
}

#[tokio::test]
async fn he_aac_is_heard_in_all_its_width() {
    let shelf = Shelf::new();
    // MP4 says what is played; ADTS knows nothing of SBR, and half of what is heard.
    for (file, us, expected) in [("he.m4a", 2_000_000, -12_800), ("he.aac", 2_089_796, -12_300)] {
        let kept = shelf.upload(&fixture(file)).await.unwrap();
        assert_eq!((kept.looked.channels, kept.looked.sample_rate, kept.looked.duration.0), (2, 44_100, us), "{file}");
        let loudness = kept.sound.unwrap().loudness_mlufs.unwrap();
        assert!((loudness - expected).abs() <= 150, "{file}: {loudness}");
    }
}

pub(super) fn samples() -> Vec<u8> {
    let file = fixture("tone.wav");
    file[file.len() - 48_000..].to_vec()
}

/// A WAV with this `fmt ` and sizes, and the samples of the fixture.
pub(super) fn wav(format: &[u8], sizes: Option<u32>) -> Vec<u8> {
    let samples = samples();
    let told = |len: usize| sizes.unwrap_or(u32::try_from(len).unwrap()).to_le_bytes();
    let size = u32::try_from(format.len()).unwrap().to_le_bytes();
    let riff = told(20 + format.len() + samples.len());
    [b"RIFF", &riff[..], b"WAVEfmt ", &size, format, b"data", &told(samples.len()), &samples].concat()
}

#[tokio::test]
async fn wav_is_read_whatever_its_header_says_of_sizes() {
    let format = fixture("tone.wav")[20..36].to_vec();
    let long = [&format[..], &[0; 26]].concat();
    for (what, bytes) in [
        ("as it should be", wav(&format, None)),
        ("sizes of 0", wav(&format, Some(0))),
        ("sizes without end", wav(&format, Some(u32::MAX))),
        ("a long fmt", wav(&long, None)),
        ("an empty extension", wav(&[&format[..], &[0, 0]].concat(), None)),
    ] {
        assert_eq!(length(&bytes).await, 24_000, "{what}");
    }
    let pcm = b"\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71";
    let mut extensible = [&format[..], &[0, 0, 16, 0, 4, 0, 0, 0], pcm].concat();
    extensible[..2].copy_from_slice(&[0xfe, 0xff]);
    assert_eq!(length(&wav(&extensible, None)).await, 24_000, "an extension that says it is empty");
    let mut double = format;
    double[0] = 3;
    double[14] = 64;
    let error = Shelf::new().upload(&wav(&double, None)).await.unwrap_err();
    assert!(matches!(error, AudioError::DoubleFloat) && error.to_string().contains("64-bit"), "{error}");
}
