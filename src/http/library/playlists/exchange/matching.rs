//! The songs that entries of a file mean, from one look into the library for all of them.

use std::collections::{BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use octave_protocol::SongId;

use super::Track;
use super::guess::{By, Guess, Meaning, own};
use crate::base::fold::plain;
use crate::base::text::hex;
use crate::store::playlists::{Candidate, candidates};
use crate::store::{Db, Result};

/// How names of files by their content begin (RFC 6920).
const NAMED: &str = "ni:///sha-256;";

/// Two lengths that differ by less are the same.
const SAME_LENGTH_MS: i64 = 3_000;

/// The name of a file by its hash, which is given in hexadecimal.
pub(super) fn identifier(hash: &str) -> Option<String> {
    let byte = |at: usize| u8::from_str_radix(hash.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..hash.len()).step_by(2).map(byte).collect();
    Some(format!("{NAMED}{}", URL_SAFE_NO_PAD.encode(bytes?)))
}

/// The hash in such a name, in hexadecimal.
fn hash(identifier: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(identifier.strip_prefix(NAMED)?).ok()?;
    Some(hex(&bytes))
}

/// What the library has of what a file speaks of.
#[derive(Debug, Default)]
pub(super) struct Library {
    songs: Vec<Candidate>,
    /// The album of each, folded.
    albums: Vec<Option<String>>,
    by_title: HashMap<String, Vec<usize>>,
    by_id: HashMap<i64, usize>,
    by_hash: HashMap<String, usize>,
}

impl Library {
    pub(super) async fn of(db: &Db, tracks: &[Track], meanings: &[Meaning]) -> Result<Self> {
        let titles: BTreeSet<String> =
            meanings.iter().flat_map(|meaning| &meaning.guesses).map(|guess| guess.title.clone()).collect();
        let ids: Vec<i64> = tracks.iter().filter_map(|t| own(t.location.as_deref()?)).map(|(id, _)| id).collect();
        let hashes: BTreeSet<String> =
            tracks.iter().flat_map(|t| &t.identifiers).filter_map(|name| hash(name)).collect();
        Ok(Self::from(candidates(db, &titles, &ids, &hashes).await?))
    }

    fn from(songs: Vec<Candidate>) -> Self {
        let mut library = Self::default();
        for (at, song) in songs.iter().enumerate() {
            library.by_title.entry(song.title_key.clone()).or_default().push(at);
            library.by_id.insert(song.id, at);
            library.by_hash.entry(song.file_hash.clone()).or_insert(at);
        }
        library.albums = songs.iter().map(|song| song.album.as_deref().map(plain)).collect();
        library.songs = songs;
        library
    }

    /// The song that an entry means: one of our own, the same file, or what its words say.
    pub(super) fn find(&self, track: &Track, meaning: &Meaning) -> Option<SongId> {
        let own =
            track.location.as_deref().and_then(own).and_then(|(id, version)| {
                self.by_id.get(&id).filter(|at| self.songs[**at].file_hash.starts_with(version))
            });
        let same = || track.identifiers.iter().find_map(|name| self.by_hash.get(&hash(name)?));
        let at = own.or_else(same).copied().or_else(|| self.said(track, meaning))?;
        Some(SongId(self.songs[at].id))
    }

    fn said(&self, track: &Track, meaning: &Meaning) -> Option<usize> {
        let Meaning { guesses, folders, album } = meaning;
        // Of several songs, the one on the right album and of the right length; then the first.
        let rank = |at: &usize| {
            let song = &self.songs[*at];
            let on = self.albums[*at].as_ref();
            let is_on = on.is_some_and(|on| album.as_ref() == Some(on) || (album.is_none() && folders.contains(on)));
            let is_long = track.duration_ms.is_some_and(|ms| (song.duration_us / 1_000 - ms).abs() < SAME_LENGTH_MS);
            (!is_on, !is_long, song.id)
        };
        guesses.iter().find_map(|guess| self.fitting(guess).min_by_key(rank))
    }

    fn fitting<'a>(&'a self, guess: &'a Guess) -> impl Iterator<Item = usize> + 'a {
        let fits = |at: &usize| {
            let song = &self.songs[*at];
            match &guess.by {
                By::Anybody => true,
                By::Artist(artist) => song.artist() == artist,
                By::OneOf(names) => {
                    let album = self.albums[*at].as_ref();
                    names.iter().any(|name| song.artist() == name || album == Some(name))
                }
            }
        };
        self.by_title.get(&guess.title).into_iter().flatten().copied().filter(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_is_its_hash() {
        let hex = "0a".repeat(32);
        let name = identifier(&hex).unwrap();
        assert_eq!(hash(&name).as_deref(), Some(hex.as_str()));
        assert_eq!((hash("urn:x"), identifier("zz")), (None, None));
    }
}
