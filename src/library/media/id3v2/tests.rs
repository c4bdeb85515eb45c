use super::*;

/// A frame of version 2.3, or of 2.4 as long as it is short.
fn frame(id: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_be_bytes();
    [id, &size, &[0, 0], content].concat()
}

fn sized(size: usize) -> [u8; 4] {
    [size >> 21, size >> 14, size >> 7, size].map(|n| u8::try_from(n & 0x7f).unwrap())
}

fn block(version: u8, flags: u8, frames: &[u8]) -> Vec<u8> {
    [b"ID3", &[version, 0, flags][..], &sized(frames.len()), frames].concat()
}

fn read_block(bytes: &[u8]) -> (Tag, usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, bytes).unwrap();
    read(&mut File::open(path).unwrap(), 0..bytes.len() as u64, 1_000).unwrap()
}

/// Title, artist and album of a block.
fn told(bytes: &[u8]) -> [String; 3] {
    let (tag, _) = read_block(bytes);
    [ItemKey::TrackTitle, ItemKey::TrackArtist, ItemKey::AlbumTitle]
        .map(|key| tag.get_strings(key).collect::<Vec<_>>().join("|"))
}

fn utf16(text: &str, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to).collect()
}

#[test]
fn texts_are_read_in_every_encoding() {
    let le = utf16("Groß", u16::to_le_bytes);
    let be = utf16("Groß", u16::to_be_bytes);
    for (what, content, expected) in [
        ("Latin-1", b"\0Gro\xdf".to_vec(), "Groß"),
        ("UTF-8 that says Latin-1", [&b"\0"[..], "Groß".as_bytes()].concat(), "Groß"),
        ("UTF-16 with its mark", [&b"\x01\xff\xfe"[..], &le].concat(), "Groß"),
        ("the other way round", [&b"\x01\xfe\xff"[..], &be].concat(), "Groß"),
        ("without its mark", [&b"\x01"[..], &le].concat(), "Groß"),
        ("the other way round without", [&b"\x01"[..], &be].concat(), "Groß"),
        ("UTF-16BE", [&b"\x02"[..], &be].concat(), "Groß"),
        ("UTF-8", [&b"\x03"[..], "Groß".as_bytes()].concat(), "Groß"),
        ("no byte that says", b"Gross".to_vec(), "Gross"),
        ("several", b"\x03Ada\0Bob\0".to_vec(), "Ada|Bob"),
        ("several of two bytes", [&b"\x01\xff\xfe"[..], &le, &[0, 0, 0xff, 0xfe], &le].concat(), "Groß|Groß"),
        (
            "the first one's mark",
            [&b"\x01\xfe\xff"[..], &be, &[0, 0], &utf16("日本", u16::to_be_bytes)].concat(),
            "Groß|日本",
        ),
        ("a mark and nothing", b"\x01\xff\xfe".to_vec(), ""),
        ("half a character", b"\x01\xff\xfeA".to_vec(), ""),
    ] {
        assert_eq!(told(&block(3, 0, &frame(b"TIT2", &content)))[0], expected, "{what}");
    }
}

#[test]
fn a_wrong_frame_loses_itself_alone() {
    let (title, artist) = (frame(b"TIT2", b"\0Title"), frame(b"TPE1", b"\0Artist"));
    let too_long = [&b"TXXX\0\x0d\xbb\xa0\0\0"[..], b"\0x"].concat();
    let packed = [&b"TALB\0\0\0\x05\0\x80"[..], b"\0\0\0\0x"].concat();
    for (what, wrong) in [
        ("a size beyond the tag", too_long.clone()),
        ("no name", b"t\x01?2\0\0\0\x04\0\0abcd".to_vec()),
        ("compressed", packed),
        ("empty", frame(b"TALB", b"")),
        ("bytes between", vec![7; 100]),
    ] {
        let bytes = block(3, 0, &[&title[..], &wrong, &artist].concat());
        assert_eq!(told(&bytes), ["Title", "Artist", ""], "{what}");
        let last = block(3, 0, &[&title[..], &artist, &wrong].concat());
        assert_eq!(told(&last), ["Title", "Artist", ""], "{what}, last");
    }
    let padded = block(3, 0, &[&title[..], &[0; 500]].concat());
    assert_eq!(told(&padded), ["Title", "", ""]);
    let many = block(3, 0, &too_long.repeat(2_000));
    assert_eq!(told(&many), ["", "", ""], "it ends");
}

#[test]
fn versions_wrap_their_frames_differently() {
    let old = [&b"TT2\0\0\x0b\0Old tagger"[..], b"TP1\0\0\x06\0iPod9"].concat();
    assert_eq!(told(&block(2, 0, &old)), ["Old tagger", "iPod9", ""]);

    let escaped = frame(b"TIT2", &[&b"\x01\xff\xfe"[..], &utf16("Ÿes", u16::to_le_bytes)].concat());
    let escaped: Vec<u8> = [&escaped[..], &frame(b"TPE1", b"\0A")].concat();
    let escaped: Vec<u8> = escaped.iter().flat_map(|b| if *b == 0xff { vec![0xff, 0] } else { vec![*b] }).collect();
    assert_eq!(told(&block(3, 0x80, &escaped)), ["Ÿes", "A", ""]);

    let long = vec![b'x'; 200];
    let long = [&b"\x03"[..], &long].concat();
    let safe = [&b"TIT2"[..], &sized(201), &[0, 0], &long].concat();
    let plain = [&b"TIT2"[..], &201u32.to_be_bytes(), &[0, 0], &long].concat();
    for frames in [safe, plain] {
        let bytes = block(4, 0, &[&frames[..], &frame(b"TPE1", b"\x03A")].concat());
        assert_eq!(told(&bytes), ["x".repeat(200), "A".to_owned(), String::new()]);
    }
    let with_length = [&b"TIT2"[..], &sized(6), &[0, 3], &[0, 0, 0, 2], b"\x03A"].concat();
    assert_eq!(told(&block(4, 0, &with_length))[0], "A");
    let extended = [&[0, 0, 0, 6, 0, 0, 0, 0, 0, 0][..], &frame(b"TIT2", b"\0Behind")].concat();
    assert_eq!(told(&block(3, 0x40, &extended))[0], "Behind");
    assert_eq!(told(&block(3, 0x40, &frame(b"TIT2", b"\0Astray")))[0], "Astray");
}

#[test]
fn what_taggers_write_in_their_own_frames_is_known() {
    let frames = [
        frame(b"TXXX", b"\0MusicBrainz Album Id\0abc"),
        frame(b"TXXX", b"\0replaygain_track_gain\0-6.50 dB"),
        frame(b"UFID", b"http://musicbrainz.org\0def"),
        frame(b"TCMP", b"\x001"),
        frame(b"TYER", b"\x001999"),
    ]
    .concat();
    let (tag, _) = read_block(&block(3, 0, &frames));
    for (key, value) in [
        (ItemKey::MusicBrainzReleaseId, "abc"),
        (ItemKey::ReplayGainTrackGain, "-6.50 dB"),
        (ItemKey::MusicBrainzRecordingId, "def"),
        (ItemKey::FlagCompilation, "1"),
        (ItemKey::RecordingDate, "1999"),
    ] {
        assert_eq!(tag.get_string(key), Some(value), "{key:?}");
    }
}

#[test]
fn names_of_own_frames_are_read_in_any_case() {
    for (name, key) in [
        ("MUSICBRAINZ ALBUM ID", ItemKey::MusicBrainzReleaseId),
        ("musicbrainz album id", ItemKey::MusicBrainzReleaseId),
        ("Artists", ItemKey::TrackArtists),
        ("Replaygain_Album_Gain", ItemKey::ReplayGainAlbumGain),
    ] {
        let (tag, _) = read_block(&block(3, 0, &frame(b"TXXX", &[b"\0", name.as_bytes(), b"\0x"].concat())));
        assert_eq!(tag.get_string(key), Some("x"), "{name}");
    }
}

#[test]
fn a_group_stands_before_the_content() {
    for (version, flag) in [(3, 0x20), (4, 0x40)] {
        let grouped = [&b"TIT2\0\0\0\x07\0"[..], &[flag], b"\x07\0Title"].concat();
        let bytes = block(version, 0, &[&grouped[..], &frame(b"TPE1", b"\0A")].concat());
        assert_eq!(told(&bytes), ["Title", "A", ""], "version {version}");
    }
    let sized = [&b"TIT2\0\0\0\x08\0\x41\x07\0\0\0\x03"[..], b"\x03Me"].concat();
    assert_eq!(told(&block(4, 0, &sized))[0], "Me", "and before the length");
}

#[test]
fn a_text_too_long_to_be_a_name_is_left_out() {
    let long = |len: u64| frame(b"TIT2", &vec![b'x'; usize::try_from(len).unwrap()]);
    for (len, expected) in [(MAX_TEXT, MAX_TEXT), (MAX_TEXT + 1, 0), (3 << 20, 0)] {
        let [title, artist, _] = told(&block(3, 0, &[&long(len)[..], &frame(b"TPE1", b"\0A")].concat()));
        assert_eq!((title.len() as u64, artist.as_str()), (expected, "A"), "{len}");
    }
}

#[test]
fn genres_are_names_and_references() {
    for (text, expected) in [
        ("Rock", &["Rock"][..]),
        ("17", &["Rock"]),
        ("(51)(39)", &["Techno-Industrial", "Noise"]),
        ("(4)Eurodisco", &["Disco", "Eurodisco"]),
        ("((Loud)", &["(Loud)"]),
        ("(unknown) Pop", &["(unknown) Pop"]),
        ("(RX)", &["Remix"]),
        ("999", &["999"]),
    ] {
        assert_eq!(genres(text), expected, "{text}");
    }
}

#[test]
fn pictures_are_taken_up_to_a_size() {
    let small = frame(b"APIC", b"\0image/png\0\x03Front\0PNG");
    let large = frame(b"APIC", &[&b"\0image/png\0\x03\0"[..], &[7; 2_000]].concat());
    let (tag, too_large) = read_block(&block(3, 0, &[&large[..], &small, &frame(b"TIT2", b"\0T")].concat()));
    let [picture] = tag.pictures() else { panic!("{:?}", tag.pictures()) };
    assert_eq!((picture.data(), picture.pic_type(), too_large), (&b"PNG"[..], PictureType::CoverFront, 1));
    assert_eq!(tag.get_string(ItemKey::TrackTitle), Some("T"));
    let old = [&b"PIC\0\0\x0c\0PNG\x03"[..], b"Front\0P"].concat();
    assert_eq!(read_block(&block(2, 0, &old)).0.pictures().len(), 1);
}
