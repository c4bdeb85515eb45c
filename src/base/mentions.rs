//! Who is spoken to in a text: `@name`.

/// People that one text can call; further ones are not looked for.
const MOST: usize = 10;

/// The names that a text calls, each once, in its order. A mark that ends a sentence is no part of a name, so what ends in
/// one comes twice: with it and without.
pub fn names(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices('@') {
        // Within a word it is an address, not a call.
        if text[..at].chars().next_back().is_some_and(is_of_name) {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        let whole = &rest[..end];
        let bare = whole.trim_end_matches(['.', '-']);
        for name in [whole, bare] {
            if !name.is_empty() && !found.contains(&name) {
                found.push(name);
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.truncate(MOST);
    found
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The beginning of a text, as a list shows it.
pub fn excerpt(text: &str, most: usize) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(most) {
        words.truncate(cut);
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_and_addresses_are_none() {
        for (text, wanted) in [
            ("@ana", &["ana"][..]),
            ("hi @ana, and (@Zoë)! @ana again", &["ana", "Zoë"]),
            ("ask @ben.", &["ben.", "ben"]),
            ("@a.b-c_d @", &["a.b-c_d"]),
            ("mail ana@example.org or x.@y", &[]),
            ("no one", &[]),
        ] {
            assert_eq!(names(text), wanted, "{text}");
        }
        assert_eq!(names(&"@a1 @b2 @c3 @d4 @e5 @f6 @g7 @h8 @i9 @j0 @k1".repeat(2)).len(), 10);
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" a\n b ", 9), "a b");
        assert_eq!(excerpt("äöü", 2), "äö…");
        assert_eq!(excerpt("äö", 2), "äö");
    }
}
