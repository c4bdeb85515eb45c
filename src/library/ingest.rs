//! How a file becomes a song, and a picture a cover: the one way for uploads, imports and the demo.

use bytes::Bytes;
use octave_protocol::{Instant, SongId, UserId};

use crate::base::text;
use crate::library::media::tags::{MAX_NAME, genres};
use crate::library::media::{AudioError, Examined, ImageError, ImageName, Kept, Media, Received};
use crate::store::songs::{self, NewSong};
use crate::store::{Db, StoreError};

/// Whose song it is when nobody says.
const UNKNOWN_ARTIST: &str = "Unknown artist";

/// What is said of a file beside what it says of itself; what is given here wins over its tags.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub genres: Vec<String>,
    /// Its name at the uploader's, for songs without tags.
    pub file_name: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error(transparent)]
    Audio(#[from] AudioError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Examines a received file, keeps it and inserts its song. When that fails, nothing of it is left.
pub async fn add(
    db: &Db,
    media: &Media,
    uploader: UserId,
    received: Received,
    given: Given,
    at: Instant,
) -> Result<SongId, AddError> {
    let examined = media.examine(received).await?;
    insert(db, media, uploader, examined, given, at).await
}

/// The second half of [`add`], for who wants to look at the file's measures first.
pub async fn insert(
    db: &Db,
    media: &Media,
    uploader: UserId,
    examined: Examined,
    given: Given,
    at: Instant,
) -> Result<SongId, AddError> {
    let ready = examined.ready(media).await;
    let _naming = media.naming().await;
    let kept = ready.keep(media).await.map_err(AudioError::from)?;
    let fresh = kept.fresh.clone();
    let done = songs::insert(db, &describe(kept, given, uploader, at)).await;
    match &done {
        // Whether it was done nobody knows: if not, upkeep finds the files.
        Ok(_) | Err(StoreError::Unavailable(_)) => {}
        Err(_) => {
            for path in fresh {
                if let Err(error) = media.remove(&path).await {
                    tracing::warn!(%error, "a file that became no song was left behind");
                }
            }
        }
    }
    Ok(done?)
}

/// Keeps a picture of at most `max_px` and has `name_it` write its name into a row: the one way for covers and avatars.
/// The picture that the row named before goes by upkeep, and so does this one if no row came to name it.
pub async fn picture<T, E: From<ImageError>>(
    media: &Media,
    bytes: Bytes,
    max_px: u32,
    name_it: impl AsyncFnOnce(ImageName) -> Result<T, E>,
) -> Result<T, E> {
    let shaped = media.shape(bytes, max_px).await?;
    let _naming = media.naming().await;
    let (name, _) = media.keep_image(shaped).await.map_err(ImageError::from)?;
    name_it(name).await
}

fn describe(kept: Kept, given: Given, uploader: UserId, at: Instant) -> NewSong {
    let Kept { name, size, measured, tags, cover, fresh: _ } = kept;
    let (stem_artist, stem_title) = from_file_name(given.file_name.as_deref());
    let title = given.title.or(tags.title);
    // A file's name speaks of the artist only where the tags don't even know the title.
    let stem_artist = stem_artist.filter(|_| title.is_none());
    let artist = given.artist.or(tags.artist).or_else(|| tags.album_artist.clone()).or(stem_artist);
    NewSong {
        uploader,
        title: title.or(stem_title).unwrap_or_else(|| "Untitled".to_owned()),
        artist: artist.unwrap_or_else(|| UNKNOWN_ARTIST.to_owned()),
        album: given.album.or(tags.album),
        album_artist: tags.album_artist,
        genres: if given.genres.is_empty() { tags.genres } else { genres(given.genres.iter().map(String::as_str)) },
        track: tags.track.map(i64::from),
        year: tags.year.map(i64::from),
        duration_us: measured.duration.0,
        sample_rate: measured.sample_rate.into(),
        channels: measured.channels.into(),
        file_hash: name.hash.as_str().to_owned(),
        file_size: i64::try_from(size).unwrap_or(i64::MAX),
        mime: name.format.mime(),
        cover: cover.map(|c| c.as_str().to_owned()),
        loudness_mlufs: measured.loudness_mlufs,
        true_peak_mdb: measured.true_peak_mdb,
        waveform: measured.waveform,
        at,
    }
}

/// Artist and title of `Artist - Title.mp3`, or the title of `07 Title.mp3`.
fn from_file_name(name: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(name) = name else { return (None, None) };
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace('_', " ");
    let stem = stem.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches([' ', '.', '-']);
    match stem.split_once(" - ") {
        Some((artist, title)) => (text::line(artist, MAX_NAME), text::line(title, MAX_NAME)),
        None => (None, text::line(stem, MAX_NAME)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_what_it_can() {
        let of = |name| {
            let (artist, title) = from_file_name(Some(name));
            (artist.unwrap_or_default(), title.unwrap_or_default())
        };
        assert_eq!(of("Miles Davis - So What.mp3"), ("Miles Davis".into(), "So What".into()));
        assert_eq!(of("01. So_What.flac"), (String::new(), "So What".into()));
        assert_eq!(of("../../etc/pass\u{202e}wd"), (String::new(), "passwd".into()));
        assert_eq!(of(".."), (String::new(), String::new()));
    }
}
