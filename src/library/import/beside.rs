//! What lies beside a song and belongs to it: its cover, its words, the sheet that tells of tracks within it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;

use crate::base::{encoding, text};
use crate::library::media::MAX_IMAGE_BYTES;

use super::EXTENSIONS;

/// Names of pictures that stand for all songs of a folder, the best first.
const COVERS: [&str; 5] = ["cover", "folder", "front", "album", "albumart"];
const PICTURES: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Largest text file that is read, in bytes.
const MAX_TEXT_BYTES: u64 = 256 * 1024;

/// The pictures of the folder that was looked at last: its songs come one after the other, and may be very many. And those
/// of the album that its folder is a disc of.
#[derive(Default)]
pub(super) struct Pictures {
    songs: Mutex<Option<Listed>>,
    album: Mutex<Option<Listed>>,
}

struct Listed {
    folder: PathBuf,
    /// It is read anew when it has changed.
    modified: Option<SystemTime>,
    /// As they are written, by their names in small letters without the ending; of several the one whose ending stands
    /// first in [`PICTURES`].
    names: BTreeMap<String, OsString>,
    /// What stands for all songs of the folder.
    cover: Option<OsString>,
}

impl Pictures {
    /// The song's own picture (`01 Title.jpg`), or its folder's; a disc of an album may have that of the album.
    pub(super) fn of(&self, song: &Path) -> Option<Bytes> {
        let (folder, stem) = (song.parent()?, song.file_stem()?.to_string_lossy().to_lowercase());
        let near = listed(&self.songs, folder, |all| all.names.get(&stem).or(all.cover.as_ref()).cloned());
        let path = near.map(|name| folder.join(name)).or_else(|| {
            let album = folder.parent().filter(|_| is_disc(folder))?;
            Some(album.join(listed(&self.album, album, |all| all.cover.clone())?))
        })?;
        read(&path, MAX_IMAGE_BYTES as u64).map(Bytes::from)
    }
}

fn listed<T>(last: &Mutex<Option<Listed>>, folder: &Path, found: impl FnOnce(&Listed) -> T) -> T {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    let modified = modified(folder);
    let listed = match last.take() {
        Some(listed) if listed.folder == folder && listed.modified == modified => listed,
        _ => Listed::of(folder, modified),
    };
    let found = found(&listed);
    *last = Some(listed);
    found
}

impl Listed {
    fn of(folder: &Path, modified: Option<SystemTime>) -> Self {
        let mut pictures: Vec<(usize, String, OsString)> = Vec::new();
        for name in names_in(folder) {
            let small = name.to_string_lossy().to_lowercase();
            let Some((stem, ending)) = small.rsplit_once('.') else { continue };
            if let Some(rank) = PICTURES.iter().position(|known| ending == *known) {
                pictures.push((rank, stem.to_owned(), name));
            }
        }
        pictures.sort();
        let mut names = BTreeMap::new();
        for (_, stem, name) in pictures {
            names.entry(stem).or_insert(name);
        }
        let cover = cover(folder, &names);
        Self { folder: folder.to_owned(), modified, names, cover }
    }
}

fn names_in(folder: &Path) -> impl Iterator<Item = OsString> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name())
}

/// What stands for all songs of a folder: by its name, or since it is the only picture and no song's own.
fn cover(folder: &Path, names: &BTreeMap<String, OsString>) -> Option<OsString> {
    let named = COVERS.iter().find_map(|name| names.get(*name));
    // `AlbumArt_{…}_Large.jpg`, `Artist - Album (front).jpg`.
    let like = || {
        let words =
            |stem: &str| stem.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "front" | "cover"));
        let mut all = names.iter().filter(|(stem, _)| stem.starts_with("albumart") || words(stem));
        let first = all.clone().next();
        all.find(|(stem, _)| !stem.contains("small")).or(first).map(|(_, name)| name)
    };
    let only = || {
        let (stem, name) = names.iter().next().filter(|_| names.len() == 1)?;
        let is_of = |other: &OsString| {
            Path::new(other).file_stem().is_some_and(|s| s.to_string_lossy().to_lowercase() == *stem)
        };
        names_in(folder).all(|other| other == *name || !is_of(&other)).then_some(name)
    };
    named.or_else(like).or_else(only).cloned()
}

fn modified(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder).and_then(|folder| folder.modified()).ok()
}

/// `CD1`, `Disc 2`, `disk_03`.
fn is_disc(folder: &Path) -> bool {
    let name = folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let number = ["cd", "disc", "disk"].iter().find_map(|word| name.strip_prefix(word));
    number.is_some_and(|rest| {
        let digits = rest.trim_start_matches([' ', '_', '-']);
        !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A file of at most so many bytes; what is none, such as a pipe that nobody writes into, is left alone.
fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    let about = std::fs::metadata(path).ok()?;
    (about.is_file() && about.len() <= most).then(|| std::fs::read(path).ok()).flatten()
}

/// The words in a file of the song's name: LRC, with or without times.
pub(super) fn lyrics(song: &Path) -> Option<String> {
    let text = ["lrc", "LRC", "Lrc"].into_iter().find_map(|end| read_text(&song.with_extension(end)))?;
    let text = text::block(&text, 100_000);
    (!text.trim().is_empty()).then_some(text)
}

/// What a cue sheet says of a file that holds several tracks; none if each track has its own, or it is not there. A sheet
/// may name the file that it was before it was converted.
pub(super) fn tracks_within(sheet: &Path) -> Option<(PathBuf, usize)> {
    let text = read_text(sheet)?;
    let words = |line: &str, first: &str| {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace)?;
        word.eq_ignore_ascii_case(first).then(|| rest.trim().to_owned())
    };
    let files: Vec<String> = text.lines().filter_map(|line| words(line, "FILE")).collect();
    let tracks = text.lines().filter_map(|line| words(line, "TRACK")).count();
    let [file] = files.as_slice() else { return None };
    let name = match file.strip_prefix('"').and_then(|f| f.split_once('"')) {
        Some((quoted, _)) => quoted,
        None => file.rsplit_once(char::is_whitespace).map_or(&**file, |(name, _kind)| name),
    };
    let name = Path::new(name).file_name().filter(|_| tracks > 1)?;
    let song = sheet.with_file_name(name);
    let there = std::iter::once(song.clone()).chain(EXTENSIONS.iter().map(|end| song.with_extension(end)));
    Some((there.into_iter().find(|file| file.is_file())?, tracks))
}

/// A text of people's: UTF-8 or UTF-16 by its mark, else Latin-1.
fn read_text(path: &Path) -> Option<String> {
    let bytes = read(path, MAX_TEXT_BYTES)?;
    Some(encoding::decode(&bytes, |_| None))
}

/// A file's name as people see it, who may have named it before their system knew UTF-8.
pub(super) fn shown(name: &OsStr) -> String {
    utf8_or_latin1(name.as_encoded_bytes())
}

fn utf8_or_latin1(bytes: &[u8]) -> String {
    str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_the_encodings_that_people_have() {
        let dir = tempfile::tempdir().unwrap();
        let song = dir.path().join("a song.mp3");
        assert_eq!(lyrics(&song), None);
        for (bytes, expected) in [
            ("[00:01.00]Où\r\n".as_bytes().to_vec(), Some("[00:01.00]Où")),
            (b"\xef\xbb\xbfWord".to_vec(), Some("Word")),
            (b"O\xf9".to_vec(), Some("Où")),
            (
                b"\xc2\xfb\xf5\xee\xe6\xf3 \xee\xe4\xe8\xed \xff \xed\xe0 \xe4\xee\xf0\xee\xe3\xf3".to_vec(),
                Some("Выхожу один я на дорогу"),
            ),
            (b"\xff\xfeO\0\xf9\0".to_vec(), Some("Où")),
            (b"  \n".to_vec(), None),
        ] {
            std::fs::write(dir.path().join("a song.lrc"), bytes).unwrap();
            assert_eq!(lyrics(&song).as_deref().map(str::trim), expected);
        }
    }

    #[test]
    fn a_sheet_tells_of_tracks_within_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let sheet = dir.path().join("x.cue");
        let two = "  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    INDEX 01 03:00:00\n";
        for name in ["A b.flac", "A.flac", "A.wav", "B.wav", "C.opus"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        for (text, expected) in [
            (format!("PERFORMER \"P\"\nFILE \"A b.flac\" WAVE\n{two}"), Some(("A b.flac", 2))),
            (format!("file A.wav WAVE\n{two}"), Some(("A.wav", 2))),
            ("FILE \"A.wav\" WAVE\n  TRACK 01 AUDIO\n".to_owned(), None),
            (format!("FILE \"C.wav\" WAVE\n{two}"), Some(("C.opus", 2))),
            (format!("FILE \"D.wav\" WAVE\n{two}"), None),
            (format!("FILE \"D:\\rips\\D.wav\" WAVE\n{two}"), None),
            (format!("FILE \"../x/A.wav\" WAVE\n{two}"), Some(("A.wav", 2))),
            (format!("FILE \"A.wav\" WAVE\nFILE \"B.wav\" WAVE\n{two}"), None),
        ] {
            std::fs::write(&sheet, text).unwrap();
            let expected = expected.map(|(name, n)| (dir.path().join(name), n));
            assert_eq!(tracks_within(&sheet), expected);
        }
    }

    #[test]
    fn a_songs_own_picture_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        let (song, pictures) = (dir.path().join("Song.mp3"), Pictures::default());
        assert_eq!(pictures.of(&song), None);
        for (second, name, content) in [(1, "Album.png", "c"), (2, "FOLDER.JPG", "b"), (3, "song.webp", "a")] {
            std::fs::write(dir.path().join(name), content).unwrap();
            // The time of a folder's change is not as fine as a test is quick.
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
            std::fs::File::open(dir.path()).unwrap().set_modified(at).unwrap();
            assert_eq!(pictures.of(&song).as_deref(), Some(content.as_bytes()));
        }
        let other = tempfile::tempdir().unwrap();
        assert_eq!(pictures.of(&other.path().join("Song.mp3")), None, "of another folder");
    }

    #[test]
    fn a_folders_picture_is_known_by_its_name_or_for_being_the_only_one() {
        for (files, expected) in [
            (&["cover.jpg", "front.jpg", "a.jpg"][..], Some("cover.jpg")),
            (&["Folder.webp", "folder.JPG"], Some("folder.JPG")),
            (&["AlbumArt_{E1}_Large.jpg", "AlbumArt_{E1}_Small.jpg"], Some("AlbumArt_{E1}_Large.jpg")),
            (&["AlbumArtSmall.jpg", "x.jpg"], Some("AlbumArtSmall.jpg")),
            (&["Ada - Us (Front).png", "Ada - Us (Back).png"], Some("Ada - Us (Front).png")),
            (&["waterfront.png", "discover.png"], None),
            (&["scan0001.jpg"], Some("scan0001.jpg")),
            (&["scan0001.jpg", "scan0002.jpg"], None),
            (&["other.jpg", "other.mp3"], None),
            (&["cover.gif", "cover.txt", "cover"], None),
        ] {
            let dir = tempfile::tempdir().unwrap();
            for name in files {
                std::fs::write(dir.path().join(name), name).unwrap();
            }
            let found = Pictures::default().of(&dir.path().join("song.mp3"));
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{files:?}");
        }
    }

    #[test]
    fn a_disc_has_the_picture_of_its_album() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("cover.jpg"), "album").unwrap();
        for (folder, expected) in [
            ("CD1", Some("album")),
            ("Disc 02", Some("album")),
            ("disk_3", Some("album")),
            ("CD", None),
            ("Bonus", None),
        ] {
            let song = dir.path().join(folder).join("a.mp3");
            std::fs::create_dir(song.parent().unwrap()).unwrap();
            let pictures = Pictures::default();
            assert_eq!(pictures.of(&song).as_deref(), expected.map(str::as_bytes), "{folder}");
            std::fs::write(song.with_file_name("front.png"), "own").unwrap();
            assert_eq!(Pictures::default().of(&song).as_deref(), Some(&b"own"[..]), "{folder}");
        }
    }

    #[test]
    fn what_is_no_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = |name: &str| {
            let made = std::process::Command::new("mkfifo").arg(dir.path().join(name)).status().unwrap();
            assert!(made.success());
        };
        // Whoever opened one would wait for ever.
        for name in ["cover.jpg", "a.lrc", "a.cue"] {
            pipe(name);
        }
        let song = dir.path().join("a.mp3");
        assert_eq!(
            (Pictures::default().of(&song), lyrics(&song), tracks_within(&song.with_extension("cue"))),
            (None, None, None)
        );
    }
}
