//! What a file says about itself, made fit to show.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use lofty::config::{GlobalOptions, ParseOptions, ParsingMode, apply_global_options};
use lofty::file::{FileType, TaggedFile, TaggedFileExt as _};
use lofty::picture::{Picture, PictureType};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};

pub use super::MAX_NAME;
use super::sniff::{Container, Found};
use super::stretch::Stretch;
use super::{artists, id3v2};
use crate::base::text;

/// Longest name of a genre, in characters.
pub const MAX_GENRE: usize = 50;

/// Most genres of one song.
pub const MAX_GENRES: usize = 8;

/// Largest picture that is taken out of a file, in bytes; it is kept smaller.
const MAX_PICTURE: usize = 24 * 1024 * 1024;

/// Largest piece of a tag: such a picture as text.
const MAX_PIECE: usize = MAX_PICTURE / 3 * 4 + 64 * 1024;

/// Most bytes of a file that are read for its tags: all real ones with a large cover, and few enough that a file
/// which is nothing but tags can't fill the memory.
const BUDGET: u64 = 64 * 1024 * 1024;

/// What was found; every text is one bounded line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tags {
    pub title: Option<String>,
    /// How the artists are shown together.
    pub artist: Option<String>,
    /// Each of them.
    pub artists: Vec<String>,
    pub album: Option<String>,
    pub album_artist: Option<String>,
    pub genres: Vec<String>,
    pub disc: Option<u32>,
    pub track: Option<u32>,
    pub year: Option<u32>,
    pub ids: Ids,
    pub gains: Gains,
    /// The picture's bytes as they stand in the file.
    pub cover: Option<Vec<u8>>,
    /// Whether there was one that is too large to be looked at.
    pub has_huge_picture: bool,
}

/// By which `MusicBrainz` knows a song.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids {
    pub recording: Option<String>,
    pub release: Option<String>,
    pub artists: Vec<String>,
}

/// How much louder somebody else would play it, in decibels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gains {
    pub replaygain_track: Option<f64>,
    pub replaygain_album: Option<f64>,
    pub r128_track: Option<f64>,
    pub r128_album: Option<f64>,
}

/// Reads the tags of a file; one without any, or with broken ones, has none.
pub fn read(path: &Path, found: &Found, separators: &[String]) -> Tags {
    let mut in_front = Vec::new();
    let mut has_huge_picture = false;
    for block in &found.tags {
        let read = File::open(path).and_then(|mut file| id3v2::read(&mut file, block.clone(), MAX_PICTURE as u64));
        if let Ok((tag, too_large)) = read {
            in_front.push(tag);
            has_huge_picture |= too_large > 0;
        }
    }
    let tagged = parse(path, found);
    let own = tagged.iter().flat_map(|t| t.primary_tag().into_iter().chain(t.tags()));
    // The format's own tag speaks first, others fill its gaps.
    let tags: Vec<&Tag> = match found.container {
        Container::Mpeg | Container::Adts => in_front.iter().chain(own).collect(),
        _ => own.chain(&in_front).collect(),
    };
    let tags = collect(&tags, separators);
    Tags { has_huge_picture: (has_huge_picture || tags.has_huge_picture) && tags.cover.is_none(), ..tags }
}

/// All tags but the blocks in front.
fn parse(path: &Path, found: &Found) -> Option<TaggedFile> {
    let file = File::open(path).ok()?;
    let end = file.metadata().ok()?.len();
    // Kept by thread, hence set where it is used.
    apply_global_options(GlobalOptions::new().allocation_limit(MAX_PIECE));
    let mut options = ParseOptions::new();
    // Without conversions: for a number that is told twice they put the other fields of Vorbis comments into disorder.
    let options = options.read_properties(false).implicit_conversions(false).parsing_mode(ParsingMode::Relaxed);
    let file = Stretch::new(file, found.sound.start..end);
    let source = BufReader::new(Metered { file, left: BUDGET });
    let probe = Probe::new(source).options(options);
    let probe = match found.container {
        Container::Mpeg => probe.set_file_type(FileType::Mpeg),
        Container::Adts => probe.set_file_type(FileType::Aac),
        Container::Flac => probe.set_file_type(FileType::Flac),
        Container::Mp4 => probe.set_file_type(FileType::Mp4),
        Container::Wav => probe.set_file_type(FileType::Wav),
        Container::Ogg => probe.guess_file_type().ok()?, // Vorbis and Opus comments differ
    };
    probe.read().ok()
}

fn collect(tags: &[&Tag], separators: &[String]) -> Tags {
    let all = |key: ItemKey| lines(tags, key);
    let first = |key: ItemKey| all(key).into_iter().next();
    let number = |key: ItemKey| first(key).and_then(|s| leading_number(&s)).filter(|n| (1..=9_999).contains(n));
    let pictures = || tags.iter().flat_map(|t| t.pictures());
    let named = all(ItemKey::TrackArtist);
    let listed = all(ItemKey::TrackArtists);
    let artist = joined(if named.is_empty() { &listed } else { &named });
    // `ARTISTS` names each of them where `ARTIST` is how they are shown.
    let artists = if listed.is_empty() { artists::split(&named, separators) } else { artists::distinct(&listed) };
    let is_compilation = first(ItemKey::FlagCompilation).is_some_and(|flag| flag == "1" || flag == "true");
    let album_artist = joined(&all(ItemKey::AlbumArtist));
    Tags {
        title: first(ItemKey::TrackTitle),
        artist,
        artists,
        album: first(ItemKey::AlbumTitle),
        album_artist: album_artist.or_else(|| is_compilation.then(|| VARIOUS.to_owned())),
        genres: genres(tags.iter().flat_map(|t| t.get_strings(ItemKey::Genre))),
        disc: number(ItemKey::DiscNumber),
        track: number(ItemKey::TrackNumber),
        year: [ItemKey::RecordingDate, ItemKey::Year, ItemKey::ReleaseDate]
            .into_iter()
            .find_map(|key| first(key).and_then(|s| leading_number(&s)))
            .filter(|y| (1_000..=9_999).contains(y)),
        ids: Ids {
            recording: first(ItemKey::MusicBrainzRecordingId).filter(|id| is_id(id)),
            release: first(ItemKey::MusicBrainzReleaseId).filter(|id| is_id(id)),
            artists: all(ItemKey::MusicBrainzArtistId).into_iter().flat_map(|s| ids(&s)).collect(),
        },
        gains: Gains {
            replaygain_track: first(ItemKey::ReplayGainTrackGain).and_then(|s| decibels(&s)),
            replaygain_album: first(ItemKey::ReplayGainAlbumGain).and_then(|s| decibels(&s)),
            r128_track: first(ItemKey::R128TrackGain).and_then(|s| from_256ths(&s)),
            r128_album: first(ItemKey::R128AlbumGain).and_then(|s| from_256ths(&s)),
        },
        cover: cover(pictures().filter(|p| p.data().len() <= MAX_PICTURE)),
        has_huge_picture: pictures().any(|p| p.data().len() > MAX_PICTURE),
    }
}

/// Whose album it is that has songs of many, and says so by a flag alone.
const VARIOUS: &str = "Various Artists";

/// Most values of one field.
const MAX_VALUES: usize = 32;

/// The values of a field in the first tag that has any.
fn lines(tags: &[&Tag], key: ItemKey) -> Vec<String> {
    let of = |tag: &Tag| -> Vec<String> {
        let values = tag.get_strings(key).flat_map(|s| s.split('\0')).filter_map(|s| text::line(s, MAX_NAME));
        values.take(MAX_VALUES).collect()
    };
    tags.iter().map(|tag| of(tag)).find(|values| !values.is_empty()).unwrap_or_default()
}

fn joined(names: &[String]) -> Option<String> {
    text::line(&names.join(", "), MAX_NAME)
}

/// One or more of `MusicBrainz`'s ids, which taggers join.
fn ids(text: &str) -> Vec<String> {
    text.split(['/', ';', ' ', ',']).filter(|id| is_id(id)).map(str::to_owned).collect()
}

/// A UUID.
fn is_id(id: &str) -> bool {
    id.len() == 36
        && id
            .char_indices()
            .all(|(at, c)| if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() })
}

/// `-6.50 dB`.
fn decibels(text: &str) -> Option<f64> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    number.parse().ok().filter(|db: &f64| db.abs() <= 100.0)
}

/// The gain that Opus writes, in 256ths of a decibel (RFC 7845, section 5.2.1).
fn from_256ths(text: &str) -> Option<f64> {
    text.parse::<i16>().ok().map(|n| f64::from(n) / 256.0)
}

/// Splits what taggers join, and drops what says the same again.
pub fn genres<'a>(raw: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in raw.flat_map(|s| s.split([';', ',', '/', '\0'])) {
        let Some(name) = text::line(name, MAX_GENRE) else { continue };
        if found.len() < MAX_GENRES && !found.iter().any(|f| text::key(f) == text::key(&name)) {
            found.push(name);
        }
    }
    found
}

/// The number that a text like `7/12` or `2019-05-01` begins with.
fn leading_number(s: &str) -> Option<u32> {
    let digits = s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    s[..digits].parse().ok()
}

fn cover<'a>(pictures: impl Iterator<Item = &'a Picture>) -> Option<Vec<u8>> {
    let pictures: Vec<&Picture> = pictures.collect();
    let front = pictures.iter().find(|p| p.pic_type() == PictureType::CoverFront);
    front.or(pictures.first()).map(|p| p.data().to_vec())
}

/// A file of which only so many bytes can be read.
struct Metered {
    file: Stretch,
    left: u64,
}

impl Read for Metered {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf)?;
        self.left = self.left.checked_sub(n as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(n)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genres_are_split_and_said_once() {
        let found = genres(["Rock; Pop/rock", "ÄMBIENT", "ämbient", " "].into_iter());
        assert_eq!(found, ["Rock", "Pop", "ÄMBIENT"]);
        let many: Vec<String> = (0..20).map(|i| format!("g{i}")).collect();
        assert_eq!(genres(many.iter().map(String::as_str)).len(), MAX_GENRES);
    }

    #[test]
    fn ids_and_gains_are_those_that_are_some() {
        let id = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3";
        assert_eq!(ids(&format!("{id}/{id}; {id} x")), [id; 3]);
        assert!(!is_id("0383dadf-2a4e-4d10-a46a-e9e041da8eb") && !is_id("0383dadf 2a4e 4d10 a46a e9e041da8eb3"));
        assert_eq!(decibels("-6.50 dB"), Some(-6.5));
        assert_eq!(decibels("+1.2"), Some(1.2));
        assert_eq!((decibels("loud"), decibels("900 dB"), decibels("NaN")), (None, None, None));
        assert_eq!((from_256ths("-2560"), from_256ths("99999")), (Some(-10.0), None));
    }

    #[test]
    fn numbers_are_read_as_far_as_they_go() {
        assert_eq!(leading_number("7/12"), Some(7));
        assert_eq!(leading_number("2019-05-01"), Some(2019));
        assert_eq!(leading_number("99999999999"), None);
        assert_eq!(leading_number("x"), None);
    }
}
