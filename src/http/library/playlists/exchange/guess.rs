//! Which songs an entry of another player's list may mean, the surest guess first.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::Track;
use crate::base::fold::plain;

/// A title with what must be true of whoever made the song; all folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub title: String,
    pub by: By,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum By {
    Artist(String),
    /// One of these is its artist or its album.
    OneOf(Vec<String>),
    Anybody,
}

/// What an entry may mean.
#[derive(Debug)]
pub(super) struct Meaning {
    pub guesses: Vec<Guess>,
    /// The folders around its file, folded, and its album.
    pub folders: Vec<String>,
    pub album: Option<String>,
}

impl Meaning {
    pub(super) fn of(track: &Track) -> Self {
        let place = track.location.as_deref().map(Place::of).unwrap_or_default();
        let guesses = guesses(track, &place);
        Self { guesses, folders: place.folders, album: track.album.as_deref().map(plain) }
    }
}

/// Most places at which what is said is cut into artist and title.
const MOST_CUTS: usize = 3;

/// Where an entry says that its file is.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// The name of the file, without its ending.
    stem: String,
    /// The folders around it, the innermost first.
    pub folders: Vec<String>,
}

impl Place {
    /// Of an address or a path, with the separators of either world.
    pub(super) fn of(location: &str) -> Self {
        let address =
            location.split_once("://").filter(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
        let path = address.map_or(location, |(_, rest)| rest.split(['?', '#']).next().unwrap_or(rest));
        let decoded = percent_decode_str(path).decode_utf8();
        let path = decoded.map_or_else(|_| path.to_owned(), Cow::into_owned);
        let mut parts = path.split(['/', '\\']).filter(|part| !part.is_empty() && !matches!(*part, "." | "..")).rev();
        let name = parts.next().unwrap_or_default();
        let stem = name.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && ending.len() <= 5);
        let stem = stem.map_or(name, |(stem, _)| stem).to_owned();
        Self { stem, folders: parts.take(2).map(plain).collect() }
    }
}

fn guesses(track: &Track, place: &Place) -> Vec<Guess> {
    let mut all = Vec::new();
    if !track.title.is_empty() {
        all.push(Guess { title: plain(&track.title), by: by(&track.artist) });
    }
    if !track.said.is_empty() {
        if track.artist.is_empty() {
            all.extend(parted(&track.said, Order::Either));
        } else {
            all.push(Guess { title: plain(&track.said), by: by(&track.artist) });
        }
        all.push(Guess { title: plain(&track.said), by: By::OneOf(place.folders.clone()) });
        all.push(Guess { title: plain(&track.said), by: By::Anybody });
    }
    let is_told = !track.title.is_empty() || track.said.contains(" - ");
    for stem in [place.stem.as_str(), without_number(&place.stem)] {
        all.push(Guess { title: plain(stem), by: By::OneOf(place.folders.clone()) });
        all.extend(parted(stem, Order::ArtistFirst));
    }
    // Where nothing else is said, the name of the file has to do.
    if !is_told {
        all.extend(
            [place.stem.as_str(), without_number(&place.stem)]
                .map(|stem| Guess { title: plain(stem), by: By::Anybody }),
        );
    }
    all.retain(|guess| !guess.title.is_empty());
    let mut seen = Vec::new();
    all.retain(|guess| {
        !seen.contains(guess) && {
            seen.push(guess.clone());
            true
        }
    });
    all
}

/// What to look for where no guess was right, the most telling first: all that is said, then its parts, without what stands in
/// brackets as well.
pub(super) fn near(track: &Track) -> Vec<String> {
    let place = track.location.as_deref().map(Place::of).unwrap_or_default();
    let mut all = if track.title.is_empty() { Vec::new() } else { vec![track.title.as_str()] };
    if !track.said.is_empty() {
        all.push(&track.said);
        all.extend(track.said.rsplit_once(" - ").map(|(_, right)| right));
        all.extend(track.said.split_once(" - ").map(|(left, _)| left));
    }
    if all.is_empty() {
        let stem = without_number(&place.stem);
        all.push(stem);
        all.extend(stem.rsplit_once(" - ").map(|(_, right)| right));
    }
    let bare = |text: &str| without_brackets(text).filter(|bare| !bare.is_empty());
    let mut words: Vec<String> = all.iter().flat_map(|text| [Some((*text).to_owned()), bare(text)]).flatten().collect();
    let mut seen = Vec::new();
    words.retain(|text| {
        let key = plain(text);
        let is_new = !key.is_empty() && !seen.contains(&key);
        seen.push(key);
        is_new
    });
    words
}

/// A text without its brackets and what is in them; none if it has none.
fn without_brackets(text: &str) -> Option<String> {
    let (mut depth, mut has_any) = (0u32, false);
    let bare: String = text
        .chars()
        .filter(|c| {
            let is_within = depth > 0;
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => return !is_within,
            }
            has_any = true;
            false
        })
        .collect();
    has_any.then(|| bare.trim().to_owned())
}

fn by(artist: &str) -> By {
    if artist.trim().is_empty() { By::Anybody } else { By::Artist(plain(artist)) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    ArtistFirst,
    Either,
}

/// `Artist - Title`, cut at each ` - `, and the other way round where players write it so; and `Artist - Album - 03 - Title`.
fn parted(said: &str, order: Order) -> Vec<Guess> {
    let guess = |artist: &str, title: &str| Guess { title: plain(title), by: By::Artist(plain(artist)) };
    let cuts: Vec<usize> = said.match_indices(" - ").map(|(at, _)| at).collect();
    let halves = || cuts.iter().take(MOST_CUTS).map(|at| (&said[..*at], &said[at + 3..]));
    let mut all: Vec<Guess> = halves().map(|(left, right)| guess(left, right)).collect();
    if order == Order::Either {
        all.extend(halves().map(|(left, right)| guess(right, left)));
    }
    if let [first, .., last] = cuts.as_slice() {
        all.push(guess(&said[..*first], &said[last + 3..]));
    }
    all
}

/// What stands behind the number of a track: `03 Title`, `1-06 Title`, `03. Title`, `03 - Title`.
fn without_number(stem: &str) -> &str {
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match rest.strip_prefix('-').filter(|r| r.starts_with(|c: char| c.is_ascii_digit())) {
        Some(second) => second.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    if rest.len() == stem.len() { stem } else { rest.trim_start_matches([' ', '.', '-', '_']) }
}

/// The song that one of our own addresses names, and how its version begins.
pub(super) fn own(location: &str) -> Option<(i64, &str)> {
    let rest = location.split_once("/api/v1/songs/")?.1;
    let (id, rest) = rest.split_once("/audio")?;
    let version = rest.strip_prefix("?v=")?.split('&').next()?;
    (version.len() >= 8).then_some((id.parse().ok()?, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artist(title: &str, artist: &str) -> Guess {
        Guess { title: plain(title), by: By::Artist(plain(artist)) }
    }

    #[test]
    fn a_place_is_read_in_the_words_of_either_world() {
        for (location, stem, folders) in [
            ("..\\Chicago\\Live\\25 or 6 to 4 [live].mp3", "25 or 6 to 4 [live]", &["live", "chicago"][..]),
            ("file:///C:/Los%20Ni%C3%B1os/03%20Coraz%C3%B3n.mp3", "03 Corazón", &["los ninos", "c"]),
            ("(1990)%20Live%20%5BFLAC%5D%2FA%20-%20b.flac", "A - b", &["1990 live flac"]),
            ("100% real.mp3", "100% real", &[]),
            ("http://h/a/b.ogg?v=1", "b", &["a", "h"]),
            ("Mr. Brightside", "Mr. Brightside", &[]),
        ] {
            let place = Place::of(location);
            assert_eq!(
                (place.stem.as_str(), place.folders.as_slice()),
                (stem, &folders.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>()[..]),
                "{location}"
            );
        }
    }

    #[test]
    fn what_is_said_is_cut_everywhere_and_turned_round() {
        let guesses = |track: &Track| Meaning::of(track).guesses;
        let said = |said: &str| guesses(&Track { said: said.into(), ..Track::default() });
        assert!(said("A - B - Hello").contains(&artist("Hello", "A - B")));
        assert!(said("A - B - Hello").contains(&artist("B - Hello", "A")));
        assert!(said("Noël - Marie").contains(&artist("Noël", "Marie")));
        let located = |location: &str| guesses(&Track { location: Some(location.into()), ..Track::default() });
        assert!(located("歌手 - 日本の歌.mp3").contains(&artist("日本の歌", "歌手")));
        assert!(located("1-06 Foo.mp3").contains(&Guess { title: "foo".into(), by: By::Anybody }));
        assert!(located("Artist - Album - 03 - Title.mp3").contains(&artist("Title", "Artist")));
        let told = Track { said: "Zed - Love".into(), location: Some("x/Love.mp3".into()), ..Track::default() };
        assert!(
            !guesses(&told).contains(&Guess { title: "love".into(), by: By::Anybody }),
            "another's song of that title"
        );
    }

    #[test]
    fn what_comes_near_is_looked_for_by_ever_less() {
        let said = |said: &str| near(&Track { said: said.into(), ..Track::default() });
        assert_eq!(
            said("Ghost - Corazon (Remix) [x]"),
            ["Ghost - Corazon (Remix) [x]", "Ghost - Corazon", "Corazon (Remix) [x]", "Corazon", "Ghost"]
        );
        assert_eq!(said("(Remix)"), ["(Remix)"]);
        let titled = Track { title: "T (live)".into(), location: Some("x/y.mp3".into()), ..Track::default() };
        assert_eq!(near(&titled), ["T (live)", "T"]);
        let located = Track { location: Some("x/03 A - B.mp3".into()), ..Track::default() };
        assert_eq!(near(&located), ["A - B", "B"]);
    }

    #[test]
    fn our_own_addresses_are_known() {
        assert_eq!(own("https://h/api/v1/songs/7/audio?v=01234567"), Some((7, "01234567")));
        assert_eq!(own("/api/v1/songs/7/audio?v=01234567&x"), Some((7, "01234567")));
        for other in ["/api/v1/songs/7/audio", "/api/v1/songs/x/audio?v=01234567", "/songs/7", "7/audio?v=1"] {
            assert_eq!(own(other), None, "{other}");
        }
    }
}
