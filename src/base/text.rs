//! Text from outside, made fit to keep, to compare and to find.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// One line of at most `max` characters without controls, direction overrides or outer blanks; `None` when nothing is
/// left. Inner runs of blanks become one.
pub fn line(raw: &str, max: usize) -> Option<String> {
    let words = raw.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    let mut out = String::with_capacity(raw.len().min(4 * max));
    let mut left = max;
    for word in words {
        let gap = usize::from(!out.is_empty());
        if left <= gap {
            break;
        }
        let mut word = word.chars().filter(|c| !is_deceptive(*c)).peekable();
        if word.peek().is_none() {
            continue;
        }
        if gap == 1 {
            out.push(' ');
            left -= 1;
        }
        for c in word.take(left) {
            out.push(c);
            left -= 1;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Several lines of at most `max` characters in all, without controls and direction overrides.
pub fn block(raw: &str, max: usize) -> String {
    let kept = raw.trim().chars().filter(|c| *c == '\n' || !(c.is_control() || is_deceptive(*c)));
    kept.take(max).collect()
}

/// What makes two names the same: compatibility forms, case and blanks don't count; accents do.
pub fn key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a search compares: like [`key`], and accents don't count either.
pub fn search_key(text: &str) -> String {
    let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that show nothing but change how their neighbours look: direction marks, embeddings, overrides and
/// isolates (Unicode TR 9), the byte-order mark, and noncharacters. Joiners stay: scripts and emoji need them.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_what_deceives_and_keeps_what_is_said() {
        assert_eq!(line("  So \t What\0\r\n", 100).as_deref(), Some("So What"));
        assert_eq!(line("evil\u{202e}3pm.exe", 100).as_deref(), Some("evil3pm.exe"));
        assert_eq!(line("\u{202e} \u{feff}", 100), None);
        assert_eq!(line("日本語の歌", 3).as_deref(), Some("日本語"));
        assert_eq!(line("ab cd", 3).as_deref(), Some("ab"));
        assert_eq!(line("👩‍🚀 song", 100).as_deref(), Some("👩‍🚀 song"));
    }

    #[test]
    fn names_fold_by_case_and_form_and_searches_by_accent_too() {
        assert_eq!(key("  ÄRGER  im Ｂüro "), key("ärger im büro"));
        assert_ne!(key("Bjork"), key("Björk"));
        assert_eq!(search_key("Björk"), search_key("BJORK"));
        assert_eq!(key("Straße"), "straße");
    }
}
