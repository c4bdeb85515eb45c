use proptest::prelude::*;

use super::*;

/// What a reader showed, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
}

fn frame(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(n @ 0..126), _) => out.push(0x80 | n),
        (_, Ok(n)) => {
            out.push(0xfe);
            out.extend(n.to_be_bytes());
        }
        _ => {
            out.push(0xff);
            out.extend((payload.len() as u64).to_be_bytes());
        }
    }
    out.extend(mask);
    out.extend(payload.iter().enumerate().map(|(i, b)| b ^ mask[i % 4]));
    out
}

fn text(payload: &str) -> Vec<u8> {
    frame(0x81, *b"mask", payload.as_bytes())
}

/// Feeds `bytes` in pieces that end at `cuts`.
fn read_in_pieces(bytes: &[u8], cuts: &[usize]) -> (Vec<Shown>, Result<(), CloseCode>) {
    let mut reader = Reader::default();
    let mut shown = Vec::new();
    let mut show = |incoming: Incoming<'_>| {
        shown.push(match incoming {
            Incoming::Text(text) => Shown::Text(text.to_owned()),
            Incoming::Ping(payload) => Shown::Ping(payload.to_vec()),
            Incoming::Pong => Shown::Pong,
            Incoming::Close(code) => Shown::Close(code),
        });
        Flow::Continue(())
    };
    let mut from = 0;
    let mut result = Ok(());
    for to in cuts.iter().copied().chain([bytes.len()]) {
        let mut piece = bytes[from..to].to_vec();
        from = to;
        if let Err(violation) = reader.feed(&mut piece, &mut show) {
            result = Err(violation.code);
            break;
        }
    }
    if result.is_ok() && from == bytes.len() {
        assert!(reader.partial.is_none() || reader.partial.as_ref().is_some_and(|p| !p.is_idle()));
    }
    (shown, result)
}

fn read(bytes: &[u8]) -> (Vec<Shown>, Result<(), CloseCode>) {
    read_in_pieces(bytes, &[])
}

fn refused(bytes: &[u8]) -> CloseCode {
    let whole = read(bytes).1.unwrap_err();
    let cuts: Vec<usize> = (1..bytes.len().min(300)).collect();
    assert_eq!(read_in_pieces(bytes, &cuts).1, Err(whole), "byte by byte it is the same");
    whole
}

#[test]
fn a_whole_frame_leaves_nothing_behind() {
    let mut reader = Reader::default();
    let mut seen = 0;
    let flow = reader.feed(&mut text("hello"), &mut |_| {
        seen += 1;
        Flow::Continue(())
    });
    assert_eq!((flow, seen), (Ok(Flow::Continue(())), 1));
    assert!(reader.partial.is_none());
}

#[test]
fn frames_may_be_cut_anywhere() {
    let long = "ü".repeat(200);
    let stream = [
        text("hello"),
        frame(0x89, *b"ping", b"p"),
        frame(0x01, *b"frag", "gr\u{fc}".as_bytes()),
        frame(0x8a, *b"pong", b""),
        frame(0x00, *b"frag", "ß".as_bytes()),
        frame(0x80, *b"frag", b""),
        text(&long),
        text(""),
        frame(0x88, *b"shut", &1000_u16.to_be_bytes()),
    ]
    .concat();
    let expected = vec![
        Shown::Text("hello".into()),
        Shown::Ping(b"p".to_vec()),
        Shown::Pong,
        Shown::Text("grüß".into()),
        Shown::Text(long),
        Shown::Text(String::new()),
        Shown::Close(Some(1000)),
    ];
    assert_eq!(read(&stream), (expected.clone(), Ok(())));
    for cut in 1..stream.len() {
        assert_eq!(read_in_pieces(&stream, &[cut]), (expected.clone(), Ok(())), "cut at {cut}");
    }
    let every: Vec<usize> = (1..stream.len()).collect();
    assert_eq!(read_in_pieces(&stream, &every), (expected, Ok(())));
}

#[test]
fn a_character_may_be_cut_by_fragments_but_not_be_missing() {
    let euro = "€".as_bytes();
    let split = [frame(0x01, [1; 4], &euro[..1]), frame(0x80, [2; 4], &euro[1..])].concat();
    assert_eq!(read(&split).0, [Shown::Text("€".into())]);
    let cut_off = [frame(0x01, [1; 4], &euro[..1]), frame(0x80, [2; 4], &euro[1..2])].concat();
    assert_eq!(refused(&cut_off), CloseCode::InvalidPayload);
}

#[test]
fn bad_text_is_refused_before_its_message_ends() {
    assert_eq!(refused(&frame(0x81, [9; 4], b"\xce\xba\xed\xa0\x80")), CloseCode::InvalidPayload);
    assert_eq!(refused(&frame(0x01, [9; 4], b"\xff")), CloseCode::InvalidPayload);
    let mut announced = frame(0x81, [0; 4], &[b'x'; 100]);
    announced.truncate(20);
    announced.extend(b"\xf8");
    assert_eq!(refused(&announced), CloseCode::InvalidPayload);
}

#[test]
fn what_breaks_the_framing_is_refused_by_its_code() {
    let mut unmasked = vec![0x81, 2];
    unmasked.extend(b"hi");
    assert_eq!(refused(&unmasked), CloseCode::ProtocolError);
    for reserved in [0xc1, 0xa1, 0x91, 0x83, 0x87, 0x8b, 0x8f] {
        assert_eq!(refused(&frame(reserved, [0; 4], b"")), CloseCode::ProtocolError, "{reserved:x}");
    }
    assert_eq!(refused(&frame(0x80, [0; 4], b"x")), CloseCode::ProtocolError);
    assert_eq!(refused(&[frame(0x01, [0; 4], b"a"), text("b")].concat()), CloseCode::ProtocolError);
    assert_eq!(refused(&frame(0x09, [0; 4], b"")), CloseCode::ProtocolError);
    assert_eq!(refused(&frame(0x89, [0; 4], &[0; 126])), CloseCode::ProtocolError);
    assert_eq!(refused(&frame(0x82, [0; 4], b"binary")), CloseCode::BadFrame);
}

#[test]
fn a_message_over_64_kib_is_refused_by_its_header() {
    let most = "x".repeat(MAX_FRAME_BYTES);
    assert_eq!(read(&text(&most)).0, [Shown::Text(most.clone())]);
    assert_eq!(refused(&text(&(most.clone() + "x"))[..14]), CloseCode::TooBig);
    let fragments = [frame(0x01, [3; 4], most.as_bytes()), frame(0x80, [3; 4], b"x")].concat();
    assert_eq!(read(&fragments).1, Err(CloseCode::TooBig));
    let endless = [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4];
    assert_eq!(refused(&endless), CloseCode::TooBig);
}

#[test]
fn close_frames_carry_a_code_that_may_be_sent() {
    let close = |payload: &[u8]| read(&frame(0x88, [7; 4], payload));
    assert_eq!(close(b"").0, [Shown::Close(None)]);
    assert_eq!(close(&[0x0f, 0xa0, b'b', b'y', b'e']).0, [Shown::Close(Some(4000))]);
    assert_eq!(close(&[3]).1, Err(CloseCode::ProtocolError));
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
        assert_eq!(close(&code.to_be_bytes()).1, Err(CloseCode::ProtocolError), "{code}");
    }
    assert_eq!(close(&[0x03, 0xe8, 0xff]).1, Err(CloseCode::InvalidPayload));
}

#[test]
fn who_has_seen_enough_is_shown_no_more() {
    let mut seen = 0;
    let flow = Reader::default().feed(&mut [text("a"), text("b")].concat(), &mut |_| {
        seen += 1;
        Flow::Break(())
    });
    assert_eq!((flow, seen), (Ok(Flow::Break(())), 1));
}

proptest! {
    #[test]
    fn pieces_show_the_same_as_the_whole(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        texts in proptest::collection::vec(".{0,80}", 0..6),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        // Well-formed frames first, then whatever.
        let mut stream: Vec<u8> = texts.iter().flat_map(|t| text(t)).collect();
        stream.extend(&bytes);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        prop_assert_eq!(read_in_pieces(&stream, &cuts), read(&stream));
    }
}
