//! Songs come, change and go.

use octave_protocol::{Instant, SongId, UserId};

use super::super::again::{again, locking};
use super::super::names::{artist_id, genre_id, in_order};
use super::super::{Db, Result, on, sql};
use crate::base::text;

/// A song whose file is in its place.
#[derive(Debug, Clone)]
pub struct NewSong {
    pub uploader: UserId,
    pub title: String,
    pub artist: String,
    pub album: Option<String>,
    /// Whose album it is, when that is not `artist`.
    pub album_artist: Option<String>,
    pub genres: Vec<String>,
    pub track: Option<i64>,
    pub year: Option<i64>,
    pub duration_us: i64,
    pub sample_rate: i64,
    pub channels: i64,
    pub file_hash: String,
    pub file_size: i64,
    pub mime: &'static str,
    pub cover: Option<String>,
    pub loudness_mlufs: Option<i64>,
    pub true_peak_mdb: Option<i64>,
    pub waveform: Vec<u8>,
    pub at: Instant,
}

/// The folded forms by which a song is sorted and found.
struct Keys {
    title: String,
    artist: String,
    search: String,
}

impl Keys {
    fn of(title: &str, artist: &str, album: Option<&str>) -> Self {
        let (title_key, artist_key) = (text::search_key(title), text::search_key(artist));
        let album_key = album.map(text::search_key).unwrap_or_default();
        Self {
            search: format!("{title_key} {artist_key} {album_key}").trim_end().to_owned(),
            artist: format!("{artist_key}\u{1}{title_key}"),
            title: title_key,
        }
    }
}

/// Finds the artist's album of this title or makes it; it keeps its title until the transaction ends.
macro_rules! album_id {
    ($t:ident, $title:expr, $artist:expr, $genre:expr, $cover:expr, $owner:expr, $at:expr) => {
        sqlx::query_scalar::<_, i64>(sql!(
            "INSERT INTO albums (title, title_key, artist_id, genre, cover, owner_id, created_us) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (artist_id, title_key) DO UPDATE SET cover = COALESCE(albums.cover, excluded.cover) RETURNING id"
        ))
        .bind($title)
        .bind(text::key($title))
        .bind($artist)
        .bind($genre)
        .bind($cover)
        .bind($owner)
        .bind($at)
        .fetch_one(&mut *$t)
        .await?
    };
}

macro_rules! put_genres {
    ($t:ident, $song:expr, $genres:expr) => {
        for name in in_order($genres) {
            let genre = genre_id!($t, name);
            sqlx::query(sql!("INSERT INTO song_genres (song_id, genre_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"))
                .bind($song)
                .bind(genre)
                .execute(&mut *$t)
                .await?;
        }
    };
}

/// Inserts a song with its artist, album and genres, found or made.
pub async fn insert(db: &Db, new: &NewSong) -> Result<SongId> {
    again(|| insert_once(db, new)).await
}

async fn insert_once(db: &Db, new: &NewSong) -> Result<SongId> {
    let keys = Keys::of(&new.title, &new.artist, new.album.as_deref());
    let at = new.at.0;
    on!(db, tx, t => {
        // In the order of their names, so that two who make the same ones never wait for each other.
        let other = new.album_artist.as_ref().filter(|_| new.album.is_some());
        let first = match other {
            Some(name) if text::key(name) < text::key(&new.artist) => Some(artist_id!(t, name, at)),
            _ => None,
        };
        let artist = artist_id!(t, &new.artist, at);
        let album = match &new.album {
            Some(title) => {
                let of = match (first, other) {
                    (Some(id), _) => id,
                    (None, Some(name)) => artist_id!(t, name, at),
                    (None, None) => artist,
                };
                Some(album_id!(t, title, of, new.genres.first(), &new.cover, new.uploader.0, at))
            }
            None => None,
        };
        let id: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO songs (uploader_id, title, artist, artist_id, album, album_id, track, year, duration_us, \
                 sample_rate, channels, file_hash, file_size, mime, cover, loudness_mlufs, true_peak_mdb, waveform, \
                 search_key, title_key, artist_key, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
                 $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) RETURNING id"))
            .bind(new.uploader.0).bind(&new.title).bind(&new.artist).bind(artist).bind(&new.album).bind(album)
            .bind(new.track).bind(new.year).bind(new.duration_us).bind(new.sample_rate).bind(new.channels)
            .bind(&new.file_hash).bind(new.file_size).bind(new.mime).bind(&new.cover).bind(new.loudness_mlufs)
            .bind(new.true_peak_mdb).bind(&new.waveform).bind(&keys.search).bind(&keys.title).bind(&keys.artist)
            .bind(at).fetch_one(&mut *t).await?;
        put_genres!(t, id, &new.genres);
        SongId(id)
    })
}

/// The song that this user has uploaded with the same bytes already.
pub async fn uploaded_before(db: &Db, uploader: UserId, file_hash: &str) -> Result<Option<SongId>> {
    let id: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM songs WHERE file_hash = $1 AND uploader_id = $2 AND deleted_us IS NULL ORDER BY id LIMIT 1"))
        .bind(file_hash).bind(uploader.0).fetch_optional(c).await)?;
    Ok(id.map(SongId))
}

/// Fields of a song to change; absent ones stay.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub title: Option<String>,
    pub artist: Option<String>,
    /// The album's title, or none to take the song off it.
    pub album: Option<Option<String>>,
    pub genres: Option<Vec<String>>,
    pub track: Option<Option<i64>>,
    pub year: Option<Option<i64>>,
}

/// What a change may keep.
#[derive(sqlx_macros::FromRow)]
struct Before {
    title: String,
    artist: String,
    artist_id: Option<i64>,
    album: Option<String>,
    album_id: Option<i64>,
    track: Option<i64>,
    year: Option<i64>,
}

/// Whether there was such a song.
pub async fn update(db: &Db, id: SongId, by: UserId, change: &Change, at: Instant) -> Result<bool> {
    again(|| update_once(db, id, by, change, at)).await
}

async fn update_once(db: &Db, id: SongId, by: UserId, change: &Change, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        // Locked, so that what is kept is what the row holds when it is written: of two changes at once both stand.
        let before: Option<Before> = sqlx::query_as(locking!(db,
                "SELECT title, artist, artist_id, album, album_id, track, year FROM songs \
                 WHERE id = $1 AND deleted_us IS NULL"))
            .bind(id.0).fetch_optional(&mut *t).await?;
        let Some(before) = before else { return Ok(false) };
        let title = change.title.as_ref().unwrap_or(&before.title);
        let artist = change.artist.as_ref().unwrap_or(&before.artist);
        let artist_id = match before.artist_id {
            Some(same) if change.artist.is_none() => same,
            _ => artist_id!(t, artist, at.0),
        };
        let (album, album_id) = match &change.album {
            None => (before.album.as_deref(), before.album_id),
            Some(None) => (None, None),
            Some(Some(title)) => {
                // A song that stays on its album keeps it, whoever the album's artist is.
                let same: Option<i64> = sqlx::query_scalar(sql!("SELECT id FROM albums WHERE id = $1 AND title_key = $2"))
                    .bind(before.album_id).bind(text::key(title)).fetch_optional(&mut *t).await?;
                let id = if let Some(same) = same {
                    same
                } else {
                    let genre: Option<String> = match &change.genres {
                        Some(genres) => genres.first().cloned(),
                        None => sqlx::query_scalar(sql!(
                                "SELECT MIN(g.name) FROM song_genres sg JOIN genres g ON g.id = sg.genre_id \
                                 WHERE sg.song_id = $1"))
                            .bind(id.0).fetch_one(&mut *t).await?,
                    };
                    album_id!(t, title, artist_id, genre, None::<String>, by.0, at.0)
                };
                (Some(title.as_str()), Some(id))
            }
        };
        let keys = Keys::of(title, artist, album);
        sqlx::query(sql!(
                "UPDATE songs SET title = $2, artist = $3, artist_id = $4, album = $5, album_id = $6, track = $7, \
                 year = $8, search_key = $9, title_key = $10, artist_key = $11 WHERE id = $1"))
            .bind(id.0).bind(title).bind(artist).bind(artist_id).bind(album).bind(album_id)
            .bind(change.track.unwrap_or(before.track)).bind(change.year.unwrap_or(before.year))
            .bind(&keys.search).bind(&keys.title).bind(&keys.artist)
            .execute(&mut *t).await?;
        if let Some(genres) = &change.genres {
            sqlx::query(sql!("DELETE FROM song_genres WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
            put_genres!(t, id.0, genres);
        }
        true
    })
}

/// The statement that gives the songs of an album ($1) another name of it ($2, or none) and another part of their search
/// key ($3). A song's `artist_key` is the artist's part of it, a separator and `title_key`.
macro_rules! rename_album {
    ($and:literal) => {
        sql!(concat!(
            "UPDATE songs SET album = $2, ",
            $and,
            "search_key = rtrim(title_key || ' ' || CASE WHEN length(artist_key) > length(title_key) \
             THEN substr(artist_key, 1, length(artist_key) - length(title_key) - 1) ELSE '' END || ' ' || $3) \
             WHERE album_id = $1"
        ))
    };
}
pub(in super::super) use rename_album;

/// Takes a song out of the library, its likes and every playlist. The row stays: queues and logs speak of it.
pub async fn delete(db: &Db, id: SongId, at: Instant) -> Result<bool> {
    again(|| delete_once(db, id, at)).await
}

async fn delete_once(db: &Db, id: SongId, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        let done = sqlx::query(sql!("UPDATE songs SET deleted_us = $2, likes_count = 0, comments_count = 0 \
                 WHERE id = $1 AND deleted_us IS NULL"))
            .bind(id.0).bind(at.0).execute(&mut *t).await?;
        sqlx::query(sql!("DELETE FROM playlist_songs WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
        sqlx::query(sql!("DELETE FROM song_likes WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
        sqlx::query(sql!("DELETE FROM comments WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
        done.rows_affected() == 1
    })
}
