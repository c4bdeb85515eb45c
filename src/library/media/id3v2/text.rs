//! Texts within frames: four encodings, NUL between the values.

/// The values of a text frame, whose first byte names the encoding.
pub(super) fn of_frame(content: &[u8]) -> Vec<String> {
    match content.split_first() {
        Some((encoding @ 0..=3, text)) => decode(*encoding, text),
        // The byte was forgotten.
        Some(_) => decode(3, content),
        None => Vec::new(),
    }
}

/// The values of a text, between NULs.
pub(super) fn decode(encoding: u8, text: &[u8]) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = text;
    let mut is_big = None;
    while !rest.is_empty() {
        let (value, after) = split_off(encoding, rest);
        rest = after;
        values.push(match encoding {
            1 | 2 => utf16(value, encoding == 2, &mut is_big),
            _ => utf8_or_latin1(value),
        });
    }
    values
}

/// The part before the first NUL, as wide as the encoding's, and the part behind it.
pub(super) fn split_off(encoding: u8, text: &[u8]) -> (&[u8], &[u8]) {
    if matches!(encoding, 1 | 2) {
        match text.chunks_exact(2).position(|unit| unit == [0, 0]) {
            Some(at) => (&text[..2 * at], &text[2 * at + 2..]),
            None => (text, &[]),
        }
    } else {
        match text.iter().position(|b| *b == 0) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text, &[]),
        }
    }
}

/// A byte-order mark decides, then the one of an earlier value, then what the encoding says; where UTF-16 came without the
/// mark that it has to have, the side on which the zeroes are.
fn utf16(text: &[u8], is_big_said: bool, is_big: &mut Option<bool>) -> String {
    let (marked, text) = match text {
        [0xff, 0xfe, rest @ ..] => (Some(false), rest),
        [0xfe, 0xff, rest @ ..] => (Some(true), rest),
        _ => (None, text),
    };
    let zeroes = |side: usize| text.chunks_exact(2).filter(|unit| unit[side] == 0).count();
    let guessed = is_big_said || zeroes(0) > zeroes(1);
    let big = marked.or(*is_big).unwrap_or(guessed);
    *is_big = is_big.or(marked);
    let units = text.chunks_exact(2).map(|unit| {
        let unit = [unit[0], unit[1]];
        if big { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) }
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Much that says to be Latin-1 is UTF-8; the other way round is read as well.
fn utf8_or_latin1(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => text.iter().map(|b| char::from(*b)).collect(),
    }
}

/// Takes out the zero bytes that were put in behind 0xFF, so that no tag looks like sound.
pub(super) fn unescape(escaped: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(escaped.len());
    let mut after_ff = false;
    for byte in escaped {
        if !(after_ff && *byte == 0) {
            plain.push(*byte);
        }
        after_ff = *byte == 0xff;
    }
    plain
}
