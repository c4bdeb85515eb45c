//! How a file becomes a song, and a picture a cover: the one way for uploads, imports and the demo.

use std::time::Duration as StdDuration;

use octave_protocol::{Duration, Instant, UserId};

use crate::library::file_name;
use crate::library::media::tags::genres;
use crate::library::media::{
    AudioError, Examined, FileName, ImageError, ImageName, Kept, Media, Note, Received, artists,
};
use crate::store::songs::{self, Analysis, Inserted, MusicBrainz, NewSong, SongTags};
use crate::store::{Db, StoreError, upkeep};

/// A removal of a file that has taken so long has ended: nothing that it asked for is done any more.
const REMOVED_WITHIN: Duration = Duration::from_secs(5 * 60);

/// How often it is asked whether a removal has ended, and how many times.
const ASKS_EVERY: StdDuration = StdDuration::from_millis(100);
const ASKS: u32 = 100;

/// Whose song it is when nobody says.
const UNKNOWN_ARTIST: &str = "Unknown artist";

/// The same bytes by the same texts.
const KNOWN: Note = "you have uploaded this song before";

/// Other bytes of what seems to be the same.
const TWIN: Note = "you have a song of this artist, title and length already";

/// What is said of a file beside what it says of itself; what is given here wins over its tags.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub genres: Vec<String>,
    /// Its words, as a file beside it holds them.
    pub lyrics: Option<String>,
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

/// What came of a file.
#[derive(Debug, Clone)]
pub struct Added {
    pub song: Inserted,
    pub notes: Vec<Note>,
}

/// Examines a received file, listens to all of it, keeps it and inserts its song. When that fails, nothing of it is left.
pub async fn add(
    db: &Db,
    media: &Media,
    uploader: UserId,
    received: Received,
    given: Given,
    at: Instant,
) -> Result<Added, AddError> {
    let examined = media.examine(received).await?;
    insert(db, media, uploader, examined, given, at).await
}

/// Takes a received file in as soon as it is known what it is and how long; it is listened to later
/// ([`analysis`](crate::library::analysis)).
pub async fn accept(
    db: &Db,
    media: &Media,
    uploader: UserId,
    received: Received,
    given: Given,
    at: Instant,
) -> Result<Added, AddError> {
    let looked = media.look(received, uploader).await?;
    let added = insert(db, media, uploader, looked, given, at).await?;
    media.song_waits();
    Ok(added)
}

/// The second half of [`add`], for who wants to look at the file's measures first.
pub async fn insert(
    db: &Db,
    media: &Media,
    uploader: UserId,
    examined: Examined,
    given: Given,
    at: Instant,
) -> Result<Added, AddError> {
    let ready = examined.ready(media).await;
    for file in ready.files() {
        about_to_name(db, &file, at).await?;
    }
    let _naming = media.naming().await;
    let kept = ready.keep(media).await.map_err(AudioError::from)?;
    let (fresh, mut notes) = (kept.fresh.clone(), kept.notes.clone());
    let done = songs::put(db, &describe(kept, given, uploader, at)).await;
    match &done {
        // Whether it was done nobody knows: if not, upkeep finds the files.
        Ok(_) | Err(StoreError::Unavailable(_)) => {}
        Err(_) => {
            media.undo(&fresh).await;
        }
    }
    let song = done?;
    match song {
        Inserted::Known(_) => notes.push(KNOWN),
        Inserted::New(id) if songs::has_twin(db, id).await.unwrap_or(false) => notes.push(TWIN),
        Inserted::New(_) => {}
    }
    Ok(Added { song, notes })
}

/// Keeps a picture of at most `max_px` and has `name_it` write its name into a row: the one way for covers and avatars.
/// The picture that the row named before goes by upkeep, and so does this one if no row came to name it.
pub async fn picture<T, E: From<ImageError> + From<StoreError>>(
    db: &Db,
    media: &Media,
    (picture, max_px): (Received, u32),
    at: Instant,
    name_it: impl AsyncFnOnce(ImageName) -> Result<T, E>,
) -> Result<T, E> {
    let shaped = media.shape(picture, max_px).await?;
    about_to_name(db, &FileName::from(shaped.name()), at).await?;
    let _naming = media.naming().await;
    let (name, _) = media.keep_image(shaped).await.map_err(ImageError::from)?;
    name_it(name).await
}

/// Sees to it that nobody removes a file before its row is there.
async fn about_to_name(db: &Db, file: &FileName, now: Instant) -> Result<(), StoreError> {
    for _ in 0..ASKS {
        if upkeep::about_to_name(db, &file.to_string(), now - REMOVED_WITHIN).await? {
            return Ok(());
        }
        tokio::time::sleep(ASKS_EVERY).await;
    }
    Err(StoreError::silent())
}

fn describe(kept: Kept, given: Given, uploader: UserId, at: Instant) -> NewSong {
    let Kept { name, size, looked, sound, tags, cover, notes: _, fresh: _ } = kept;
    let named = given.file_name.as_deref().map(file_name::read).unwrap_or_default();
    let has_title = given.title.is_some() || tags.title.is_some();
    // A file's name speaks of artist and album only where the tags don't even know the title.
    let (named_artist, named_album) = if has_title { (None, None) } else { (named.artist, named.album) };
    let (artist, artists) = match given.artist {
        Some(artist) => (Some(artist.clone()), artists::split(&[artist], &[])),
        None => (tags.artist, tags.artists),
    };
    let artist = artist.or_else(|| tags.album_artist.clone()).or(named_artist);
    NewSong {
        uploader,
        title: given.title.or(tags.title).or(named.title).unwrap_or_else(|| "Untitled".to_owned()),
        artist: artist.unwrap_or_else(|| UNKNOWN_ARTIST.to_owned()),
        artists,
        album: given.album.or(tags.album).or(named_album),
        album_artist: tags.album_artist,
        genres: if given.genres.is_empty() { tags.genres } else { genres(given.genres.iter().map(String::as_str)) },
        disc: tags.disc.or(named.disc).map(i64::from),
        track: tags.track.or(named.track).map(i64::from),
        year: tags.year.map(i64::from),
        lyrics: given.lyrics,
        tags: SongTags {
            musicbrainz: MusicBrainz {
                recording: tags.ids.recording,
                release: tags.ids.release,
                artists: tags.ids.artists,
            },
            replaygain_track_db: tags.gains.replaygain_track,
            replaygain_album_db: tags.gains.replaygain_album,
            r128_track_db: tags.gains.r128_track,
            r128_album_db: tags.gains.r128_album,
        },
        duration_us: looked.duration.0,
        sample_rate: looked.sample_rate.into(),
        channels: looked.channels.into(),
        file_hash: name.hash.as_str().to_owned(),
        file_size: i64::try_from(size).unwrap_or(i64::MAX),
        mime: name.format.mime(),
        cover: cover.map(|c| c.as_str().to_owned()),
        analysis: if sound.is_some() { Analysis::Done } else { Analysis::Pending },
        loudness_mlufs: sound.as_ref().and_then(|s| s.loudness_mlufs),
        true_peak_mdb: sound.as_ref().and_then(|s| s.true_peak_mdb),
        waveform: sound.map(|s| s.waveform),
        at,
    }
}
