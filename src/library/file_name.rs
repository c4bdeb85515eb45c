//! What the name of a file tells of its song, where its tags tell nothing.
//!
//! A number at the front is a track's only where people write tracks so (`01 Title`, `1. Title`, `12 - Title`, `1-06 Title`):
//! songs and bands begin with numbers too.

use crate::base::text;
use crate::library::media::tags::MAX_NAME;

/// What stands behind a name's last dot and is no part of the name.
const EXTENSIONS: [&str; 15] =
    ["mp3", "flac", "ogg", "oga", "opus", "m4a", "m4b", "mp4", "aac", "wav", "wave", "mpga", "mp2", "webm", "weba"];

/// What a name tells; what it doesn't is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub artist: Option<String>,
    pub album: Option<String>,
    pub title: Option<String>,
    pub disc: Option<u32>,
    pub track: Option<u32>,
}

/// Reads a name, whatever folders stand before it.
pub(super) fn read(name: &str) -> Told {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let spaced = without_extension(name).replace('_', " ").replace(" \u{2013} ", " - ");
    let stem = spaced.trim();
    if !stem.chars().any(char::is_alphanumeric) {
        return Told { title: text::line(stem.trim_matches(['.', '-', ' ']), MAX_NAME), ..Told::default() };
    }
    let (number, rest) = numbered(stem).unwrap_or((Number::default(), stem));
    let mut told = parts(rest);
    told.disc = number.disc;
    told.track = number.track.or(told.track);
    told
}

fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, end)) if EXTENSIONS.iter().any(|known| end.eq_ignore_ascii_case(known)) => stem,
        _ => name,
    }
}

/// `Artist - Title`, `Artist - 03 - Title`, `Artist - Album - 03 - Title`; all else is a title.
fn parts(stem: &str) -> Told {
    let line = |s: &str| text::line(s, MAX_NAME);
    let all: Vec<&str> = stem.split(" - ").collect();
    let track = |s: &str| s.parse().ok().filter(|_| s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit()));
    match all.as_slice() {
        [artist, n, title] if track(n).is_some() => {
            Told { artist: line(artist), track: track(n), title: line(title), ..Told::default() }
        }
        [artist, album, n, title] if track(n).is_some() => {
            Told { artist: line(artist), album: line(album), track: track(n), title: line(title), ..Told::default() }
        }
        [artist, title @ ..] if !title.is_empty() => {
            Told { artist: line(artist), title: line(&title.join(" - ")), ..Told::default() }
        }
        _ => Told { title: line(stem), ..Told::default() },
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Number {
    disc: Option<u32>,
    track: Option<u32>,
}

/// The track's number at the front, and what is left; none when the number belongs to the name.
fn numbered(stem: &str) -> Option<(Number, &str)> {
    let (digits, rest) = digits(stem)?;
    if let Some((number, rest)) = of_disc(digits, rest) {
        return kept(number, rest);
    }
    let has_zero = digits.starts_with('0');
    if digits.len() > 3 || (digits.len() == 3 && !has_zero) {
        return None; // a year, `311`, `112`
    }
    let number = Number { disc: None, track: digits.parse().ok() };
    let next = rest.chars().next()?;
    let after = &rest[next.len_utf8()..];
    let is_separated = match next {
        '.' | ')' => !after.starts_with(|c: char| c.is_ascii_digit()), // not `10.000 Days`
        '-' => has_zero || digits.len() == 2 && !after.starts_with(|c: char| c.is_ascii_digit()), // not `2-Step`, `24-7`
        ' ' => has_zero || after.trim_start().starts_with("- "),
        _ => false,
    };
    if is_separated { kept(number, rest) } else { None }
}

/// `1-06 Title`: one digit of the disc, two of the track.
fn of_disc<'a>(disc: &str, rest: &'a str) -> Option<(Number, &'a str)> {
    let (track, rest) = digits(rest.strip_prefix(['-', '.'])?)?;
    let fits = disc.len() == 1 && track.len() == 2 && rest.starts_with([' ', '.', '-']);
    fits.then(|| (Number { disc: disc.parse().ok(), track: track.parse().ok() }, rest))
}

fn digits(s: &str) -> Option<(&str, &str)> {
    let end = s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (end > 0).then(|| s.split_at(end))
}

fn kept(number: Number, rest: &str) -> Option<(Number, &str)> {
    let rest = rest.trim_start_matches([' ', '.', '-', ')']);
    (!rest.is_empty()).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_what_it_can() {
        for (name, artist, title, number) in [
            ("Miles Davis - So What.mp3", "Miles Davis", "So What", ""),
            ("01. So_What.flac", "", "So What", "1"),
            ("07 Title.mp3", "", "Title", "7"),
            ("12 - Title.ogg", "", "Title", "12"),
            ("11-title.mp3", "", "title", "11"),
            ("3) Title.mp3", "", "Title", "3"),
            ("1-06 Foo.m4a", "", "Foo", "1/6"),
            ("2.11 - Foo.m4a", "", "Foo", "2/11"),
            ("003 Intro.mp3", "", "Intro", "3"),
            ("02 - Chicago - 25 or 6 to 4.mp3", "Chicago", "25 or 6 to 4", "2"),
            ("Abba - 03 - Waterloo.mp3", "Abba", "Waterloo", "3"),
            ("Abba - Gold - 03 - Waterloo.mp3", "Abba", "Waterloo", "3"),
            ("A – B.mp3", "A", "B", ""),
            ("A - B - C.mp3", "A", "B - C", ""),
            ("99 Problems.mp3", "", "99 Problems", ""),
            ("1999.mp3", "", "1999", ""),
            ("22.mp3", "", "22", ""),
            ("07.mp3", "", "07", ""),
            ("50 Cent - In Da Club.mp3", "50 Cent", "In Da Club", ""),
            ("7 rings.mp3", "", "7 rings", ""),
            ("311 - Down.mp3", "311", "Down", ""),
            ("1979 - Live.mp3", "1979", "Live", ""),
            ("10.000 Days.mp3", "", "10.000 Days", ""),
            ("24-7 Spyz - Ballots.mp3", "24-7 Spyz", "Ballots", ""),
            ("2-Step.mp3", "", "2-Step", ""),
            ("4ever.mp3", "", "4ever", ""),
            ("100% %41 real.mp3", "", "100% %41 real", ""),
            ("Mr. Brightside.mp3", "", "Mr. Brightside", ""),
            ("Mr. Brightside", "", "Mr. Brightside", ""),
            ("No. 5.OGG", "", "No. 5", ""),
            ("semi;colon \"quoted\".mp3", "", "semi;colon \"quoted\"", ""),
            ("/home/ana/Björk - Jóga.mp3", "Björk", "Jóga", ""),
            ("C:\\Music\\Jóga.mp3", "", "Jóga", ""),
            ("../../etc/pass\u{202e}wd", "", "passwd", ""),
            ("日本の歌.mp3", "", "日本の歌", ""),
            ("???.mp3", "", "???", ""),
            ("...mp3", "", "", ""),
            (".mp3", "", "", ""),
            ("..", "", "", ""),
            ("", "", "", ""),
        ] {
            let told = read(name);
            let shown = match (told.disc, told.track) {
                (Some(disc), Some(track)) => format!("{disc}/{track}"),
                (None, Some(track)) => track.to_string(),
                _ => String::new(),
            };
            let found = (told.artist.unwrap_or_default(), told.title.unwrap_or_default(), shown);
            assert_eq!(found, (artist.to_owned(), title.to_owned(), number.to_owned()), "{name:?}");
        }
        assert_eq!(read("Abba - Gold - 03 - Waterloo.mp3").album.as_deref(), Some("Gold"));
    }
}
