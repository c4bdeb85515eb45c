//! Text from outside, made fit to keep, to compare and to find.

use octave_protocol::text::shows_nothing;
use unicode_normalization::UnicodeNormalization;

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|four| char::from(b"0123456789abcdef"[usize::from(four)]));
    bytes.iter().flat_map(digits).collect()
}

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
    (!shows_nothing(&out)).then_some(out)
}

/// Several lines of at most `max` characters in all, without controls and direction overrides.
pub fn block(raw: &str, max: usize) -> String {
    let kept = raw.trim().chars().filter(|c| *c == '\n' || !(c.is_control() || is_deceptive(*c)));
    let kept: String = kept.take(max).collect();
    if shows_nothing(&kept) { String::new() } else { kept }
}

/// What makes two names the same: compatibility forms, case and blanks don't count; accents do.
pub fn key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What makes two usernames the same to whoever reads or types them: like [`key`], by Unicode's caseless matching, which
/// knows one sigma and one sharp s.
pub fn caseless(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a username looks like: [`caseless`], with the Cyrillic and Greek letters that are drawn as Latin ones.
pub fn likeness(name: &str) -> String {
    let drawn = |c| match c {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'ӏ' => 'l',
        'ո' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        c => c,
    };
    caseless(name).chars().map(drawn).collect()
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
    fn each_byte_is_two_digits() {
        assert_eq!(hex(&[0x00, 0x0f, 0xa7, 0xff]), "000fa7ff");
    }

    #[test]
    fn a_line_loses_what_deceives_and_keeps_what_is_said() {
        assert_eq!(line("  So \t What\0\r\n", 100).as_deref(), Some("So What"));
        assert_eq!(line("evil\u{202e}3pm.exe", 100).as_deref(), Some("evil3pm.exe"));
        assert_eq!(line("\u{202e} \u{feff}", 100), None);
        assert_eq!(line("日本語の歌", 3).as_deref(), Some("日本語"));
        assert_eq!(line("ab cd", 3).as_deref(), Some("ab"));
        for nothing in ["\u{200b}", "\u{3164}", "\u{2800}", "\u{feff}", "\u{ad} \u{200d}"] {
            assert_eq!((line(nothing, 100), block(nothing, 100)), (None, String::new()), "{nothing:?}");
        }
        assert_eq!(line("👩‍🚀 song", 100).as_deref(), Some("👩‍🚀 song"));
    }

    #[test]
    fn names_fold_by_case_and_form() {
        assert_eq!(key("  ÄRGER  im Ｂüro "), key("ärger im büro"));
        assert_ne!(key("Bjork"), key("Björk"));
        assert_eq!(key("Straße"), "straße");
    }

    #[test]
    fn usernames_are_the_same_whatever_their_case_and_alike_whatever_their_script() {
        assert_eq!(caseless("Σίσυφος"), caseless("ΣΊΣΥΦΟΣ"));
        assert_eq!(caseless("Straße"), caseless("STRASSE"));
        assert_ne!(caseless("zoë"), caseless("zoe"));
        assert_ne!(caseless("ana"), caseless("аnа"));
        assert_eq!(likeness("Ana"), likeness("Аnа"), "with Cyrillic letters");
        assert_ne!(likeness("ana"), likeness("anа1"));
    }
}
