//! Who plays in a song, out of the texts that name them together.

use super::MAX_NAME;
use crate::base::text;

/// Most artists of one song.
const MOST: usize = 16;

/// What stands between an artist and a guest, in lower case.
const GUEST: [&str; 5] = [" feat. ", " feat ", " ft. ", " ft ", " featuring "];

/// The artists of fields that name one each, or several with a guest (`A feat. B`) or with one of `separators` between them.
/// Without a separator that the operator has named nothing else is taken apart: `AC/DC` and `Earth, Wind & Fire` are one.
pub fn split(fields: &[String], separators: &[String]) -> Vec<String> {
    let mut names: Vec<String> = fields.iter().flat_map(|field| guests(field)).collect();
    for separator in separators.iter().filter(|s| !s.is_empty()) {
        names = names.iter().flat_map(|name| name.split(separator.as_str())).map(str::to_owned).collect();
    }
    distinct(&names)
}

/// Each of them once, and not too many.
pub fn distinct(names: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names.iter().filter_map(|name| text::line(name, MAX_NAME)) {
        if found.len() < MOST && !found.iter().any(|f| text::key(f) == text::key(&name)) {
            found.push(name);
        }
    }
    found
}

fn guests(field: &str) -> Vec<String> {
    // Brackets around the guest: `A (feat. B)`.
    let plain = field.replace(['(', '['], " ").replace([')', ']'], " ");
    let lower = plain.to_ascii_lowercase();
    let first = GUEST.iter().filter_map(|mark| lower.find(mark).map(|at| (at, mark.len()))).min();
    match first {
        Some((at, len)) if !plain[..at].trim().is_empty() && !plain[at + len..].trim().is_empty() => {
            let mut found = vec![plain[..at].to_owned()];
            found.extend(guests(&plain[at + len..]));
            found
        }
        _ => vec![field.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artists_are_taken_apart_where_they_say_so() {
        for (fields, separators, expected) in [
            (&["Ada"][..], &[][..], &["Ada"][..]),
            (&["Ada", "Bob"], &[], &["Ada", "Bob"]),
            (&["Ada", "ADA", " "], &[], &["Ada"]),
            (&["Ada feat. Bob"], &[], &["Ada", "Bob"]),
            (&["Ada (feat. Bob)"], &[], &["Ada", "Bob"]),
            (&["Ada Ft. Bob ft. Cy"], &[], &["Ada", "Bob", "Cy"]),
            (&["Ada Featuring Bob"], &[], &["Ada", "Bob"]),
            (&["Feat. Ada"], &[], &["Feat. Ada"]),
            (&["Little Feat"], &[], &["Little Feat"]),
            (&["Ada (UK)"], &[], &["Ada (UK)"]),
            (&["AC/DC"], &[], &["AC/DC"]),
            (&["hey; ho"], &[], &["hey; ho"]),
            (&["Earth, Wind & Fire"], &[], &["Earth, Wind & Fire"]),
            (&["Ada; Bob / Cy"], &[";", " / "], &["Ada", "Bob", "Cy"]),
            (&["AC/DC"], &[" / "], &["AC/DC"]),
        ] {
            let own = |texts: &[&str]| texts.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
            assert_eq!(split(&own(fields), &own(separators)), expected, "{fields:?}");
        }
        let many: Vec<String> = (0..20).map(|n| format!("Artist {n}")).collect();
        assert_eq!(split(&many, &[]), many[..MOST]);
    }
}
