//! Texts that people send.

/// Whether nothing is to be seen of a text: blanks, controls, joiners and marks of direction alone, and the letters that are
/// drawn empty (Braille without dots, the fillers of Hangul).
pub fn shows_nothing(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_empty(c))
}

/// What Unicode lets be ignored where it can't be shown (`Default_Ignorable_Code_Point`), and what is drawn as nothing.
const fn is_empty(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_nothing() {
        for text in [
            "",
            " \n",
            "\u{200b}\u{200b}",
            "\u{feff}",
            "\u{200e}\u{200f}",
            "\u{2800}",
            "\0",
            "\u{3164} \u{ad}",
            "\u{fe0f}\u{200d}",
        ] {
            assert!(shows_nothing(text), "{text:?}");
        }
        for text in ["a", "\u{200b}a", ".", "👩\u{200d}🚀", "ㅎ", "⠁", "\u{301}"] {
            assert!(!shows_nothing(text), "{text:?}");
        }
    }
}
