//! Texts that other programs have written, in whatever encoding they had.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text with fewer bytes beyond ASCII tells too little of its language: it is taken for a western one.
const TELLING: usize = 8;

/// A byte-order mark counts before what a text says of itself, and that before what it looks like.
pub fn decode(bytes: &[u8], said: impl FnOnce(&[u8]) -> Option<&'static Encoding>) -> String {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (guess(bytes, said), bytes),
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn guess(bytes: &[u8], said: impl FnOnce(&[u8]) -> Option<&'static Encoding>) -> &'static Encoding {
    match bytes {
        [0, second, ..] if *second != 0 => return UTF_16BE,
        [first, 0, ..] if *first != 0 => return UTF_16LE,
        _ => {}
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    said(bytes).filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| by_looks(bytes))
}

fn by_looks(bytes: &[u8]) -> &'static Encoding {
    if bytes.iter().filter(|byte| !byte.is_ascii()).count() < TELLING {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_players_of_many_countries_are_understood() {
        for (label, text) in [
            ("windows-1251", "[00:01.00]Выхожу один я на дорогу\n[00:05.00]Сквозь туман кремнистый путь блестит"),
            ("koi8-r", "Выхожу один я на дорогу, сквозь туман кремнистый путь блестит"),
            ("windows-1253", "Σε γνωρίζω από την κόψη του σπαθιού την τρομερή"),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, has_failed) = encoding.encode(text);
            assert!(!has_failed, "{label}");
            assert_eq!(decode(&bytes, |_| None), text, "{label}");
        }
        assert_eq!(decode(b"O\xf9", |_| None), "Où");
        assert_eq!(decode("Où".as_bytes(), |_| None), "Où");
    }
}
