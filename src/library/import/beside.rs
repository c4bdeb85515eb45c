//! What lies beside a song and belongs to it: its cover, its words, the sheet that tells of tracks within it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;

use crate::base::text;
use crate::library::media::MAX_IMAGE_BYTES;

/// Names of pictures that stand for all songs of a folder.
const COVERS: [&str; 5] = ["cover", "folder", "front", "album", "albumart"];
const PICTURES: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Largest text file that is read, in bytes.
const MAX_TEXT_BYTES: u64 = 256 * 1024;

/// The pictures of the folder that was looked at last: its songs come one after the other, and may be very many.
#[derive(Default)]
pub(super) struct Pictures(Mutex<Option<Listed>>);

struct Listed {
    folder: PathBuf,
    /// It is read anew when it has changed.
    modified: Option<SystemTime>,
    /// As they are written, by their names in small letters.
    names: HashMap<String, OsString>,
}

impl Pictures {
    /// The song's own picture (`01 Title.jpg`), or its folder's.
    pub(super) fn of(&self, song: &Path) -> Option<Bytes> {
        let path = song.with_file_name(self.name(song)?);
        let is_small = std::fs::metadata(&path).ok()?.len() <= MAX_IMAGE_BYTES as u64;
        is_small.then(|| std::fs::read(path).ok().map(Bytes::from)).flatten()
    }

    fn name(&self, song: &Path) -> Option<OsString> {
        let (folder, stem) = (song.parent()?, song.file_stem()?.to_string_lossy().to_lowercase());
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let modified = std::fs::metadata(folder).and_then(|folder| folder.modified()).ok();
        let listed = match last.take() {
            Some(listed) if listed.folder == folder && listed.modified == modified => listed,
            _ => Listed { folder: folder.to_owned(), modified, names: pictures_in(folder) },
        };
        let mut wanted = std::iter::once(&*stem).chain(COVERS).flat_map(|n| PICTURES.map(|end| format!("{n}.{end}")));
        let found = wanted.find_map(|name| listed.names.get(&name).cloned());
        *last = Some(listed);
        found
    }
}

fn pictures_in(folder: &Path) -> HashMap<String, OsString> {
    let mut names = HashMap::new();
    for name in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name()) {
        let small = name.to_string_lossy().to_lowercase();
        if PICTURES.iter().any(|end| small.rsplit_once('.').is_some_and(|(_, e)| e == *end)) {
            names.insert(small, name);
        }
    }
    names
}

/// The words in a file of the song's name: LRC, with or without times.
pub(super) fn lyrics(song: &Path) -> Option<String> {
    let text = ["lrc", "LRC", "Lrc"].into_iter().find_map(|end| read_text(&song.with_extension(end)))?;
    let text = text::block(&text, 100_000);
    (!text.trim().is_empty()).then_some(text)
}

/// What a cue sheet says of a file that holds several tracks; none if each track has its own.
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
    (tracks > 1).then(|| (sheet.with_file_name(name), tracks))
}

/// A text of people's: UTF-8 or UTF-16 by its mark, else Latin-1.
fn read_text(path: &Path) -> Option<String> {
    if std::fs::metadata(path).ok()?.len() > MAX_TEXT_BYTES {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let utf16 = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        String::from_utf16_lossy(&bytes.chunks_exact(2).map(|unit| of([unit[0], unit[1]])).collect::<Vec<_>>())
    };
    Some(match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8(bytes).unwrap_or_else(|e| e.into_bytes().iter().map(|b| char::from(*b)).collect()),
    })
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
        for (text, expected) in [
            (format!("PERFORMER \"P\"\nFILE \"A b.flac\" WAVE\n{two}"), Some(("A b.flac", 2))),
            (format!("file A.wav WAVE\n{two}"), Some(("A.wav", 2))),
            ("FILE \"A.wav\" WAVE\n  TRACK 01 AUDIO\n".to_owned(), None),
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
}
