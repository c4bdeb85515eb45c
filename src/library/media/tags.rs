//! What a file says about itself, made fit to show.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use lofty::config::{GlobalOptions, ParseOptions, ParsingMode, apply_global_options};
use lofty::file::{FileType, TaggedFile, TaggedFileExt as _};
use lofty::picture::PictureType;
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};

use super::MAX_IMAGE_BYTES;
use super::sniff::Container;
use crate::base::text;

/// Longest title, artist or album name, in characters.
pub const MAX_NAME: usize = 200;

/// Longest name of a genre, in characters.
pub const MAX_GENRE: usize = 50;

/// Most genres of one song.
pub const MAX_GENRES: usize = 8;

/// Most bytes of a file that are read for its tags: all real ones with a large cover, and few enough that a file
/// which is nothing but tags can't fill the memory.
const BUDGET: u64 = 32 * 1024 * 1024;

/// What was found; every text is one bounded line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub album_artist: Option<String>,
    pub genres: Vec<String>,
    pub track: Option<u32>,
    pub year: Option<u32>,
    /// The picture's bytes as they stand in the file.
    pub cover: Option<Vec<u8>>,
}

/// Reads the tags of a file; one without any, or with broken ones, has none.
pub fn read(path: &Path, container: Container) -> Tags {
    parse(path, container).map(|tagged| collect(&tagged)).unwrap_or_default()
}

fn parse(path: &Path, container: Container) -> Option<TaggedFile> {
    let file = File::open(path).ok()?;
    // Kept by thread, hence set where it is used.
    apply_global_options(GlobalOptions::new().allocation_limit(MAX_IMAGE_BYTES + 1024 * 1024));
    let mut options = ParseOptions::new();
    let options = options.read_properties(false).parsing_mode(ParsingMode::Relaxed);
    let source = BufReader::new(Metered { file, left: BUDGET });
    let probe = Probe::new(source).options(options);
    let probe = match container {
        Container::Mpeg => probe.set_file_type(FileType::Mpeg),
        Container::Adts => probe.set_file_type(FileType::Aac),
        Container::Flac => probe.set_file_type(FileType::Flac),
        Container::Mp4 => probe.set_file_type(FileType::Mp4),
        Container::Wav => probe.set_file_type(FileType::Wav),
        Container::Ogg => probe.guess_file_type().ok()?, // Vorbis and Opus comments differ
    };
    probe.read().ok()
}

fn collect(tagged: &TaggedFile) -> Tags {
    // The format's own tag speaks first, others fill its gaps.
    let tags: Vec<&Tag> = tagged.primary_tag().into_iter().chain(tagged.tags()).collect();
    let first = |key: ItemKey| tags.iter().find_map(|t| t.get_string(key).and_then(|s| text::line(s, MAX_NAME)));
    Tags {
        title: first(ItemKey::TrackTitle),
        artist: first(ItemKey::TrackArtist),
        album: first(ItemKey::AlbumTitle),
        album_artist: first(ItemKey::AlbumArtist),
        genres: genres(tags.iter().flat_map(|t| t.get_strings(ItemKey::Genre))),
        track: first(ItemKey::TrackNumber).and_then(|s| leading_number(&s)).filter(|n| (1..=9_999).contains(n)),
        year: [ItemKey::RecordingDate, ItemKey::Year, ItemKey::ReleaseDate]
            .into_iter()
            .find_map(|key| first(key).and_then(|s| leading_number(&s)))
            .filter(|y| (1_000..=9_999).contains(y)),
        cover: cover(&tags),
    }
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

fn cover(tags: &[&Tag]) -> Option<Vec<u8>> {
    let pictures = || tags.iter().flat_map(|t| t.pictures()).filter(|p| p.data().len() <= MAX_IMAGE_BYTES);
    let front = pictures().find(|p| p.pic_type() == PictureType::CoverFront);
    front.or_else(|| pictures().next()).map(|p| p.data().to_vec())
}

/// A file of which only so many bytes can be read.
struct Metered {
    file: File,
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
    fn numbers_are_read_as_far_as_they_go() {
        assert_eq!(leading_number("7/12"), Some(7));
        assert_eq!(leading_number("2019-05-01"), Some(2019));
        assert_eq!(leading_number("99999999999"), None);
        assert_eq!(leading_number("x"), None);
    }
}
