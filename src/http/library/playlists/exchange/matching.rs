//! The songs that entries of a file mean, from one look into the library for all of them.

use std::collections::{BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use octave_protocol::SongId;

use super::Track;
use super::guess::{By, Guess, Place, guesses, own};
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
    by_title: HashMap<String, Vec<usize>>,
    by_id: HashMap<i64, usize>,
    by_hash: HashMap<String, usize>,
}

impl Library {
    pub(super) async fn of(db: &Db, tracks: &[Track]) -> Result<Self> {
        let titles: BTreeSet<String> = tracks.iter().flat_map(guesses).map(|guess| guess.title).collect();
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
        library.songs = songs;
        library
    }

    /// The song that an entry means: one of our own, the same file, or what its words say.
    pub(super) fn find(&self, track: &Track) -> Option<SongId> {
        let own =
            track.location.as_deref().and_then(own).and_then(|(id, version)| {
                self.by_id.get(&id).filter(|at| self.songs[**at].file_hash.starts_with(version))
            });
        let same = || track.identifiers.iter().find_map(|name| self.by_hash.get(&hash(name)?));
        let at = own.or_else(same).copied().or_else(|| self.said(track))?;
        Some(SongId(self.songs[at].id))
    }

    fn said(&self, track: &Track) -> Option<usize> {
        let folders = track.location.as_deref().map(|place| Place::of(place).folders).unwrap_or_default();
        let album = track.album.as_deref().map(plain);
        // Of several songs, the one on the right album and of the right length; then the first.
        let rank = |at: &usize| {
            let song = &self.songs[*at];
            let on = song.album.as_deref().map(plain);
            let is_on = on.is_some_and(|on| album.as_ref() == Some(&on) || (album.is_none() && folders.contains(&on)));
            let is_long = track.duration_ms.is_some_and(|ms| (song.duration_us / 1_000 - ms).abs() < SAME_LENGTH_MS);
            (!is_on, !is_long, song.id)
        };
        guesses(track).iter().find_map(|guess| self.fitting(guess).into_iter().min_by_key(rank))
    }

    fn fitting(&self, guess: &Guess) -> Vec<usize> {
        let fits = |at: &usize| {
            let song = &self.songs[*at];
            match &guess.by {
                By::Anybody => true,
                By::Artist(artist) => song.artist() == artist,
                By::OneOf(names) => {
                    let album = song.album.as_deref().map(plain);
                    names.iter().any(|name| song.artist() == name || album.as_ref() == Some(name))
                }
            }
        };
        self.by_title.get(&guess.title).into_iter().flatten().copied().filter(fits).collect()
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
