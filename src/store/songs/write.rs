//! Songs come, change and go.

use octave_protocol::{Instant, SongId, UserId};

use super::super::{Db, Result, on, sql};
use crate::text;

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

/// Finds or makes a row by its folded name; the statement answers with the id either way.
macro_rules! artist_id {
    ($t:ident, $name:expr, $at:expr) => {
        sqlx::query_scalar::<_, i64>(sql!(
            "INSERT INTO artists (name, name_key, created_us) VALUES ($1, $2, $3) \
             ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key RETURNING id"
        ))
        .bind($name)
        .bind(text::key($name))
        .bind($at)
        .fetch_one(&mut *$t)
        .await?
    };
}

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
        for name in $genres {
            let genre: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO genres (name, name_key) VALUES ($1, $2) \
                 ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key RETURNING id"
            ))
            .bind(name)
            .bind(text::key(name))
            .fetch_one(&mut *$t)
            .await?;
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
    let keys = Keys::of(&new.title, &new.artist, new.album.as_deref());
    let at = new.at.0;
    on!(db, tx, t => {
        let artist = artist_id!(t, &new.artist, at);
        let album = match &new.album {
            Some(title) => {
                let of = match &new.album_artist {
                    Some(name) => artist_id!(t, name, at),
                    None => artist,
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

/// A song's fields after a change.
#[derive(Debug, Clone)]
pub struct Change {
    pub title: String,
    pub artist: String,
    pub album: Option<String>,
    pub genres: Vec<String>,
    pub track: Option<i64>,
    pub year: Option<i64>,
}

/// Whether there was such a song.
pub async fn update(db: &Db, id: SongId, by: UserId, change: &Change, at: Instant) -> Result<bool> {
    let keys = Keys::of(&change.title, &change.artist, change.album.as_deref());
    on!(db, tx, t => {
        let artist = artist_id!(t, &change.artist, at.0);
        let album = match &change.album {
            Some(title) => {
                // A song that stays on its album keeps it, whoever the album's artist is.
                let same: Option<i64> = sqlx::query_scalar(sql!(
                        "SELECT a.id FROM songs s JOIN albums a ON a.id = s.album_id WHERE s.id = $1 AND a.title_key = $2"))
                    .bind(id.0).bind(text::key(title)).fetch_optional(&mut *t).await?;
                match same {
                    Some(same) => Some(same),
                    None => Some(album_id!(t, title, artist, change.genres.first(), None::<String>, by.0, at.0)),
                }
            }
            None => None,
        };
        let done = sqlx::query(sql!(
                "UPDATE songs SET title = $2, artist = $3, artist_id = $4, album = $5, album_id = $6, track = $7, \
                 year = $8, search_key = $9, title_key = $10, artist_key = $11 WHERE id = $1 AND deleted_us IS NULL"))
            .bind(id.0).bind(&change.title).bind(&change.artist).bind(artist).bind(&change.album).bind(album)
            .bind(change.track).bind(change.year).bind(&keys.search).bind(&keys.title).bind(&keys.artist)
            .execute(&mut *t).await?;
        if done.rows_affected() == 1 {
            sqlx::query(sql!("DELETE FROM song_genres WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
            put_genres!(t, id.0, &change.genres);
        }
        done.rows_affected() == 1
    })
}

/// Takes a song out of the library, its likes and every playlist. The row stays: queues and logs speak of it.
pub async fn delete(db: &Db, id: SongId, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        let done = sqlx::query(sql!("UPDATE songs SET deleted_us = $2, likes_count = 0 WHERE id = $1 AND deleted_us IS NULL"))
            .bind(id.0).bind(at.0).execute(&mut *t).await?;
        sqlx::query(sql!("DELETE FROM playlist_songs WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
        sqlx::query(sql!("DELETE FROM song_likes WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
        done.rows_affected() == 1
    })
}

/// Whether a row still needs an audio file: a song that is not deleted, or one that stands in a queue.
pub async fn needs_audio(db: &Db, file_hash: &str) -> Result<bool> {
    Ok(on!(db, write, c => sqlx::query_scalar(sql!(
            "SELECT EXISTS (SELECT 1 FROM songs s WHERE s.file_hash = $1 AND (s.deleted_us IS NULL \
             OR EXISTS (SELECT 1 FROM stage_queue q WHERE q.song_id = s.id))) AS needed"))
        .bind(file_hash).fetch_one(c).await)?)
}

/// Whether a row still shows an image: of a song, an album, a playlist, a stage or a user.
pub async fn needs_image(db: &Db, name: &str) -> Result<bool> {
    Ok(on!(db, write, c => sqlx::query_scalar(sql!(
            "SELECT EXISTS (SELECT 1 FROM songs WHERE cover = $1 AND deleted_us IS NULL) \
             OR EXISTS (SELECT 1 FROM songs s JOIN stage_queue q ON q.song_id = s.id WHERE s.cover = $1) \
             OR EXISTS (SELECT 1 FROM albums WHERE cover = $1) OR EXISTS (SELECT 1 FROM playlists WHERE cover = $1) \
             OR EXISTS (SELECT 1 FROM stages WHERE cover = $1) OR EXISTS (SELECT 1 FROM users WHERE avatar = $1) AS needed"))
        .bind(name).fetch_one(c).await)?)
}
