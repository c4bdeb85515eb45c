//! The bytes of a playlist as text, in whatever encoding another player has written them.

use encoding_rs::Encoding;

use crate::base::encoding;

/// So far into a file its encoding is looked for.
const HEAD: usize = 400;

/// What a file says of its encoding counts before what it looks like; old players of Windows say nothing.
pub(super) fn decode(bytes: &[u8]) -> String {
    encoding::decode(bytes, said)
}

/// The encoding that a declaration of XML or a line of M3U names.
fn said(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes.iter().take(HEAD).map(|byte| char::from(*byte)).collect();
    let rest = head.split_once("encoding=").or_else(|| head.split_once("#EXTENC:"))?.1;
    let rest = rest.trim_start_matches([' ', '"', '\'']);
    let label = rest.split(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c))).next()?;
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn a_text_is_read_in_the_encoding_that_it_has() {
        let text = "#EXTM3U\nCorazón – 日本";
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()), text);
        assert_eq!(decode(&utf_16(text, u16::to_le_bytes)), text);
        assert_eq!(decode(&utf_16(text, u16::to_be_bytes)), text);
        assert_eq!(decode(&utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes)), text);
        assert_eq!(decode(&utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes)), text);
        assert_eq!(decode(b"#EXTM3U\nCoraz\xf3n \x96 x"), "#EXTM3U\nCorazón – x");
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='ISO-8859-2'?>\xb3"),
            "<?xml version='1.0' encoding='ISO-8859-2'?>ł"
        );
        assert_eq!(decode(b"#EXTENC: KOI8-R\n\xd0"), "#EXTENC: KOI8-R\nп");
        assert_eq!(decode(b""), "");
    }
}
