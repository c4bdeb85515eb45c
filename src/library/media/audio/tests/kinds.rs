//! Kinds of files that people who run music servers meet. How long the small ones under `odd/` are, and which of them no
//! browser plays, Chromium's `decodeAudioData` has said.

use super::odd::{flac_saying, frame, frames, length, samples, tag, wav, words};
use super::*;

const LENGTHS: [(&str, Format, u32, u32, i64); 11] = [
    ("192k.flac", Format::Flac, 1, 192_000, 288_000),
    ("24-96.flac", Format::Flac, 1, 96_000, 144_000),
    ("51.flac", Format::Flac, 6, 44_100, 66_150),
    ("8k.flac", Format::Flac, 1, 8_000, 12_000),
    ("8k.m4a", Format::M4a, 1, 8_000, 12_000),
    ("8k.ogg", Format::Vorbis, 1, 8_000, 12_000),
    ("film.mp4", Format::M4a, 1, 44_100, 66_150),
    ("first.m4a", Format::M4a, 1, 44_100, 66_150),
    ("mpeg25-8k.mp3", Format::Mp3, 1, 8_000, 12_000),
    ("mpeg25.mp3", Format::Mp3, 1, 11_025, 16_538),
    ("page.opus", Format::Opus, 2, 48_000, 72_000),
];

fn odd(name: &str) -> Vec<u8> {
    fixture(&format!("odd/{name}"))
}

#[tokio::test]
async fn rare_kinds_are_as_long_as_a_browser_plays_them() {
    for (file, format, channels, rate, frames) in LENGTHS {
        let looked = Shelf::new().upload(&odd(file)).await.unwrap().looked;
        assert_eq!((looked.format, looked.channels, looked.sample_rate), (format, channels, rate), "{file}");
        assert_eq!(length(&odd(file)).await, frames, "{file}");
    }
}

#[tokio::test]
async fn an_mp4_in_pieces_is_as_long_as_they_are_together() {
    // The last packet is said to be shorter than it is, which a browser heeds here and not in an MP4 of one piece.
    assert!((length(&odd("pieces.m4a")).await - 67_174).abs() < 1_024);
}

#[tokio::test]
async fn what_no_browser_plays_is_refused() {
    let shelf = Shelf::new();
    let packed = |kind: u16| {
        let mut format = fixture("tone.wav")[20..36].to_vec();
        format[..2].copy_from_slice(&kind.to_le_bytes());
        wav(&format, None)
    };
    let apple_double = [&b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02"[..], &[0; 60]].concat();
    for (what, bytes) in [
        ("layer II", odd("layer2.mp3")),
        ("MP3 of free format", odd("free.mp3")),
        ("ADPCM", packed(2)),
        ("MP3 in a WAV", packed(0x55)),
        ("FLAC in Ogg, which not all of them play", odd("flac.oga")),
        ("what a Mac puts beside a file", apple_double),
        ("a page instead of music", b"<html><body>Sign in to the hotel</body></html>".to_vec()),
    ] {
        let refused = shelf.upload(&bytes).await;
        assert!(refused.is_err(), "{what}: {:?}", refused.map(|kept| kept.looked));
        assert_eq!(shelf.files(), 0, "{what}");
    }
}

#[tokio::test]
async fn wav_of_every_kind_of_sample_is_heard() {
    let format = |kind: u16, channels: u16, bits: u16| {
        let block = channels * bits / 8;
        let rate = 8_000u32;
        let bytes = [rate, rate * u32::from(block)].map(u32::to_le_bytes).concat();
        [&kind.to_le_bytes()[..], &channels.to_le_bytes(), &bytes, &block.to_le_bytes(), &bits.to_le_bytes()].concat()
    };
    let size = i64::try_from(samples().len()).unwrap();
    for (what, kind, channels, bits) in [
        ("8 bits", 1, 1, 8),
        ("24 bits", 1, 1, 24),
        ("32 bits", 1, 1, 32),
        ("floats", 3, 1, 32),
        ("A-law", 6, 2, 8),
        ("mu-law", 7, 2, 8),
    ] {
        let expected = size / i64::from(channels * bits / 8);
        assert_eq!(length(&wav(&format(kind, channels, bits), None)).await, expected, "{what}");
    }
}

#[tokio::test]
async fn what_a_header_says_of_the_length_does_not_count() {
    let place = |bytes: &[u8], name: &[u8]| bytes.windows(name.len()).position(|w| w == name).unwrap();
    let mut xing = fixture("tone.mp3");
    let info = ["Xing", "Info"].iter().find_map(|name| xing.windows(4).position(|w| w == name.as_bytes())).unwrap();
    for frames in [0u32, 20] {
        xing[info + 8..info + 12].copy_from_slice(&frames.to_be_bytes());
        assert_eq!(length(&xing).await, 88_200, "a Xing header of {frames} frames");
    }
    let mut flac = fixture("tone.flac");
    flac[21] &= 0xf0;
    flac[22..42].fill(0);
    assert_eq!(length(&flac).await, 24_000, "FLAC that does not say how long it is");

    let m4a = fixture("tone.m4a");
    let mut nothing = m4a.clone();
    let media = place(&m4a, b"mdhd");
    nothing[media + 20..media + 24].fill(0);
    assert_eq!(length(&nothing).await, 88_200, "an MP4 whose media is said to last nothing");
    let stray = [&odd("first.m4a")[..], b"\0\0\0\x08moof"].concat();
    assert_eq!(length(&stray).await, 66_150, "an empty piece behind an MP4");
    let mut cut = m4a.clone();
    let edit = place(&m4a, b"elst") + 12;
    let scale = place(&m4a, b"mvhd") + 16;
    let half = u32::from_be_bytes(m4a[scale..scale + 4].try_into().unwrap());
    cut[edit..edit + 4].copy_from_slice(&half.to_be_bytes());
    cut[edit + 4..edit + 8].copy_from_slice(&22_050u32.to_be_bytes());
    assert_eq!(length(&cut).await, 44_100, "an edit that plays one second from the middle");
}

/// The MP4 with another table of these entries, behind its count.
fn indexed(m4a: &[u8], table: [u8; 4], entries: &[u32]) -> Vec<u8> {
    let at = m4a.windows(4).position(|w| w == table.as_slice()).unwrap() - 4;
    let size_at = |m4a: &[u8], at: usize| u32::from_be_bytes(m4a[at..at + 4].try_into().unwrap());
    let old = size_at(m4a, at);
    let mut new: Vec<u8> = [&[0; 4][..], &table, &[0; 4]].concat();
    new.extend(entries.iter().flat_map(|n| n.to_be_bytes()));
    let size = u32::try_from(new.len()).unwrap();
    new[..4].copy_from_slice(&size.to_be_bytes());
    let mut bytes = [&m4a[..at], &new, &m4a[at + usize::try_from(old).unwrap()..]].concat();
    for around in [&b"moov"[..], b"trak", b"mdia", b"minf", b"stbl"] {
        let at = m4a.windows(4).position(|w| w == around).unwrap() - 4;
        let size = size_at(m4a, at) + size - old;
        bytes[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }
    bytes
}

#[tokio::test]
async fn an_index_that_promises_more_than_there_is_gets_what_there_is() {
    let mut m4a = fixture("tone.m4a");
    let edits = m4a.windows(4).position(|w| w == b"edts").unwrap();
    m4a[edits..edits + 4].copy_from_slice(b"free");
    let slow = indexed(&m4a, *b"stts", &[1, 88, 20_000_000]);
    assert_eq!(length(&slow).await, 88 * 1_024, "each packet is said to last eight minutes");

    let data = u32::try_from(m4a.windows(4).position(|w| w == b"mdat").unwrap() + 4).unwrap();
    let chunks: Vec<u32> = std::iter::once(5_000).chain(std::iter::repeat_n(data, 5_000)).collect();
    let again = indexed(&indexed(&m4a, *b"stsc", &[1, 1, 1_000_000, 1]), *b"stsz", &[200, 0xffff_ffff]);
    let again = indexed(&indexed(&again, *b"stts", &[1, 0xffff_ffff, 1]), *b"stco", &chunks);
    let refused = Shelf::new().upload(&again).await;
    assert!(refused.is_err(), "the same bytes again and again: {:?}", refused.map(|kept| kept.looked));
}

#[tokio::test]
async fn what_a_download_left_behind_the_sound_does_not_count() {
    for tail in [vec![0; 300_000], vec![0xff; 5_000], b"<html>".repeat(500)] {
        assert_eq!(length(&[frames(), tail].concat()).await, 89_856);
    }
}

#[tokio::test]
async fn tags_stand_in_chunks_of_a_wav() {
    let chunk = |name: &[u8], content: &[u8]| {
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        [name, &size, content, &vec![0; content.len() % 2]].concat()
    };
    let plain = wav(&fixture("tone.wav")[20..36], None);
    let info = [&b"INFO"[..], &chunk(b"INAM", b"Info\0"), &chunk(b"IART", b"Zoe\0")].concat();
    for (what, chunk, title) in [
        ("LIST", chunk(b"LIST", &info), "Info"),
        ("id3", chunk(b"id3 ", &tag("Chunk", &frame(b"TPE1", b"\0Zoe"))), "Chunk"),
        ("ID3", chunk(b"ID3 ", &tag("Chunk", &frame(b"TPE1", b"\0Zoe"))), "Chunk"),
    ] {
        let mut bytes = [&plain[..], &chunk].concat();
        let size = u32::try_from(bytes.len() - 8).unwrap();
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        let kept = Shelf::new().upload(&bytes).await.unwrap();
        assert_eq!((kept.tags.title.as_deref(), kept.tags.artist.as_deref()), (Some(title), Some("Zoe")), "{what}");
        assert_eq!(kept.looked.duration.0, 1_500_000, "{what}");
    }
}

#[tokio::test]
async fn names_of_vorbis_comments_are_read_in_any_case() {
    let kept = Shelf::new().upload(&flac_saying(&words(&["title=lower", "Artist=Mixed", "aLbUm=Case"]))).await.unwrap();
    let tags = kept.tags;
    assert_eq!([tags.title, tags.artist, tags.album], ["lower", "Mixed", "Case"].map(|text| Some(text.to_owned())));
}

/// The FLAC with a block of a picture behind its words.
fn flac_showing(picture: &[u8], said: usize) -> Vec<u8> {
    let number = |n: usize| u32::try_from(n).unwrap().to_be_bytes();
    let told = [number(3), number(9), *b"imag", *b"e/pn"].concat();
    let block = [&told[..], b"g", &[0; 20], &number(said), picture].concat();
    let words = words(&["TITLE=T", "ARTIST=A"]);
    let sound = flac_saying(&words).split_off(46 + words.len());
    let size = number(block.len());
    [&fixture("tone.flac")[..42], &[4], &number(words.len())[1..], &words, &[0x86], &size[1..], &block, &sound].concat()
}

#[tokio::test]
async fn a_picture_of_any_size_or_none_leaves_the_song_its_names() {
    for kib in [1_100, 3_000, 9_000, 12_000] {
        let picture = vec![0xab; kib << 10];
        let in_tag = frame(b"APIC", &[b"\0image/jpeg\0\x03\0", &picture[..]].concat());
        let mp3 = [tag("T", &[in_tag, frame(b"TPE1", b"\0A")].concat()), frames()].concat();
        for (what, bytes) in [("mp3", mp3), ("flac", flac_showing(&picture, picture.len()))] {
            let kept = Shelf::new().upload(&bytes).await.unwrap();
            let said = (kept.tags.title.as_deref(), kept.tags.artist.as_deref(), kept.cover);
            assert_eq!(said, (Some("T"), Some("A"), None), "{what} with {kib} KiB");
        }
    }
    let jpeg = std::fs::read("tests/fixtures/not_audio.jpg").unwrap();
    for (said, is_kept) in [(jpeg.len(), true), (jpeg.len() + 900, false), (1 << 30, false)] {
        let kept = Shelf::new().upload(&flac_showing(&jpeg, said)).await.unwrap();
        assert_eq!((kept.tags.title.as_deref(), kept.cover.is_some()), (Some("T"), is_kept), "said to be {said}");
    }
}
