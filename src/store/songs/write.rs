//! Songs come, change and go.

use octave_protocol::{Instant, SongId, UserId};
use sha2::{Digest as _, Sha256};

use super::super::again::{again, locking};
use super::super::names::{artist_id, genre_id, in_order};
use super::super::search::{Keys, fold_album, learn};
use super::super::{Db, Result, on, sql};
use super::analysis::put_waveform;
use super::tags::put_tags;
use super::{Analysis, SongTags};
use crate::base::text;

/// A song whose file is in its place.
#[derive(Debug, Clone)]
pub struct NewSong {
    pub uploader: UserId,
    pub title: String,
    /// How its artists are shown.
    pub artist: String,
    /// Each of them, the first one first; none where `artist` is one.
    pub artists: Vec<String>,
    pub album: Option<String>,
    /// Whose album it is, when that is not `artist`.
    pub album_artist: Option<String>,
    pub genres: Vec<String>,
    pub disc: Option<i64>,
    pub track: Option<i64>,
    pub year: Option<i64>,
    pub tags: SongTags,
    pub lyrics: Option<String>,
    pub duration_us: i64,
    pub sample_rate: i64,
    pub channels: i64,
    pub file_hash: String,
    pub file_size: i64,
    pub mime: &'static str,
    pub cover: Option<String>,
    pub loudness_mlufs: Option<i64>,
    pub true_peak_mdb: Option<i64>,
    /// Absent as long as nobody has listened.
    pub waveform: Option<Vec<u8>>,
    pub analysis: Analysis,
    pub at: Instant,
}

/// A song that is in the library now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    New(SongId),
    /// The same user has uploaded the same bytes by the same texts before.
    Known(SongId),
}

impl Inserted {
    pub fn id(self) -> SongId {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}

/// Finds the artist's album of this title or makes it; it keeps its title until the transaction ends.
macro_rules! album_id {
    ($t:ident, $title:expr, $artist:expr, $genre:expr, $cover:expr, $owner:expr, $at:expr) => {{
        let id = sqlx::query_scalar::<_, i64>(sql!(
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
        .await?;
        fold_album!($t, id, " AND b.search_key = ''");
        id
    }};
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

/// The artists' ids in the order of `$names`, found or made in the order of their keys, so that two who make the same ones
/// never wait for each other.
macro_rules! artist_ids {
    ($t:ident, $names:expr, $at:expr) => {{
        let names: &[String] = $names;
        let mut by_key = std::collections::HashMap::new();
        for name in in_order(names) {
            let key = text::key(name);
            if !by_key.contains_key(&key) {
                let id = artist_id!($t, name, $at);
                by_key.insert(key, id);
            }
        }
        names.iter().filter_map(|name| by_key.get(&text::key(name)).copied()).collect::<Vec<i64>>()
    }};
}

macro_rules! put_artists {
    ($t:ident, $song:expr, $ids:expr) => {
        for (position, artist) in (0i64..).zip($ids) {
            sqlx::query(sql!("INSERT INTO song_artists (song_id, position, artist_id) VALUES ($1, $2, $3)"))
                .bind($song)
                .bind(position)
                .bind(*artist)
                .execute(&mut *$t)
                .await?;
        }
    };
}

/// Inserts a song with its artists, album and genres, found or made; or finds it, when two come at once as well.
pub async fn put(db: &Db, new: &NewSong) -> Result<Inserted> {
    loop {
        if let Some(inserted) = again(|| insert_once(db, new)).await? {
            return Ok(inserted);
        }
    }
}

#[cfg(test)]
pub async fn insert(db: &Db, new: &NewSong) -> Result<SongId> {
    put(db, new).await.map(Inserted::id)
}

/// None when somebody else was first: now the song can be found.
async fn insert_once(db: &Db, new: &NewSong) -> Result<Option<Inserted>> {
    let keys = Keys::of(&new.title, &new.artist, new.album.as_deref());
    let upload_key = upload_key(new);
    let at = new.at.0;
    on!(db, tx, t => {
        let known: Option<i64> = sqlx::query_scalar(sql!(
                "SELECT id FROM songs WHERE uploader_id = $1 AND file_hash = $2 AND (upload_key = $3 OR upload_key IS NULL) \
                 AND deleted_us IS NULL ORDER BY (upload_key IS NULL), (search_key <> $4), id LIMIT 1"))
            .bind(new.uploader.0).bind(&new.file_hash).bind(&upload_key).bind(&keys.search)
            .fetch_optional(&mut *t).await?;
        if let Some(id) = known {
            return Ok(Some(Inserted::Known(SongId(id))));
        }
        let mut names = new.artists.clone();
        if names.is_empty() {
            names.push(new.artist.clone());
        }
        let count = names.len();
        names.extend(new.album_artist.clone().filter(|_| new.album.is_some()));
        let artists = artist_ids!(t, &names, at);
        let album = match (&new.album, artists.get(count).or(artists.first())) {
            (Some(title), Some(of)) => {
                Some(album_id!(t, title, of, new.genres.first(), &new.cover, new.uploader.0, at))
            }
            _ => None,
        };
        let id: Option<i64> = sqlx::query_scalar(sql!(
                "INSERT INTO songs (uploader_id, title, artist, artist_id, album, album_id, track, year, duration_us, \
                 sample_rate, channels, file_hash, file_size, mime, cover, loudness_mlufs, true_peak_mdb, \
                 search_key, title_key, artist_key, created_us, disc, upload_key, analysis) VALUES ($1, $2, $3, $4, $5, \
                 $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) \
                 ON CONFLICT (uploader_id, file_hash, upload_key) WHERE deleted_us IS NULL DO NOTHING RETURNING id"))
            .bind(new.uploader.0).bind(&new.title).bind(&new.artist).bind(artists.first()).bind(&new.album).bind(album)
            .bind(new.track).bind(new.year).bind(new.duration_us).bind(new.sample_rate).bind(new.channels)
            .bind(&new.file_hash).bind(new.file_size).bind(new.mime).bind(&new.cover).bind(new.loudness_mlufs)
            .bind(new.true_peak_mdb).bind(&keys.search).bind(&keys.title).bind(&keys.artist)
            .bind(at).bind(new.disc).bind(&upload_key).bind(new.analysis.as_str()).fetch_optional(&mut *t).await?;
        let Some(id) = id else { return Ok(None) };
        put_artists!(t, id, &artists[..count.min(artists.len())]);
        put_genres!(t, id, &new.genres);
        put_tags!(t, id, &new.tags);
        if let Some(peaks) = &new.waveform {
            put_waveform!(t, id, peaks);
        }
        if let Some(lyrics) = &new.lyrics {
            sqlx::query(sql!("INSERT INTO song_lyrics (song_id, lyrics) VALUES ($1, $2)"))
                .bind(id).bind(lyrics).execute(&mut *t).await?;
        }
        learn!(db, t, [Some(&new.title), Some(&new.artist), new.album.as_ref()].into_iter().flatten().map(String::as_str));
        Some(Inserted::New(SongId(id)))
    })
}

/// By which texts a song came, short enough for an index. Rows keep it, so its form stays as it is: it is made of names as
/// other rows keep them, not of words, which change when searches do.
fn upload_key(new: &NewSong) -> String {
    let texts = [new.title.as_str(), &new.artist, new.album.as_deref().unwrap_or_default()].map(text::key);
    text::hex(&Sha256::digest(texts.join("\u{1f}"))[..16])
}

/// The song that this user has uploaded with the same bytes already.
///
/// (By `id + 0`: for the sake of an order by `id` SQLite would go through all that the user has.)
pub async fn uploaded_before(db: &Db, uploader: UserId, file_hash: &str) -> Result<Option<SongId>> {
    let id: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM songs WHERE file_hash = $1 AND uploader_id = $2 AND deleted_us IS NULL ORDER BY id + 0 LIMIT 1"))
        .bind(file_hash).bind(uploader.0).fetch_optional(c).await)?;
    Ok(id.map(SongId))
}

/// Whether the same user has another song of the same artist, title and length, to two seconds: the same recording by other
/// bytes.
pub async fn has_twin(db: &Db, id: SongId) -> Result<bool> {
    let twin: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT o.id FROM songs s JOIN songs o ON o.artist_key = s.artist_key AND o.uploader_id = s.uploader_id \
             WHERE s.id = $1 AND o.id <> s.id AND o.file_hash <> s.file_hash AND o.deleted_us IS NULL \
             AND o.duration_us BETWEEN s.duration_us - 2000000 AND s.duration_us + 2000000 LIMIT 1"))
        .bind(id.0).fetch_optional(c).await)?;
    Ok(twin.is_some())
}

/// Fields of a song to change; absent ones stay.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub title: Option<String>,
    pub artist: Option<String>,
    /// Each of the artists; with `artist`.
    pub artists: Vec<String>,
    /// The album's title, or none to take the song off it.
    pub album: Option<Option<String>>,
    pub genres: Option<Vec<String>>,
    pub disc: Option<Option<i64>>,
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
    disc: Option<i64>,
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
                "SELECT title, artist, artist_id, album, album_id, disc, track, year FROM songs \
                 WHERE id = $1 AND deleted_us IS NULL"))
            .bind(id.0).fetch_optional(&mut *t).await?;
        let Some(before) = before else { return Ok(false) };
        let title = change.title.as_ref().unwrap_or(&before.title);
        let artist = change.artist.as_ref().unwrap_or(&before.artist);
        let artist_id = match before.artist_id {
            Some(same) if change.artist.is_none() => same,
            _ => {
                let names = if change.artists.is_empty() { vec![artist.clone()] } else { change.artists.clone() };
                let ids = artist_ids!(t, &names, at.0);
                sqlx::query(sql!("DELETE FROM song_artists WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
                put_artists!(t, id.0, &ids);
                ids[0]
            }
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
                 year = $8, search_key = $9, title_key = $10, artist_key = $11, disc = $12 WHERE id = $1"))
            .bind(id.0).bind(title).bind(artist).bind(artist_id).bind(album).bind(album_id)
            .bind(change.track.unwrap_or(before.track)).bind(change.year.unwrap_or(before.year))
            .bind(&keys.search).bind(&keys.title).bind(&keys.artist).bind(change.disc.unwrap_or(before.disc))
            .execute(&mut *t).await?;
        if let Some(genres) = &change.genres {
            sqlx::query(sql!("DELETE FROM song_genres WHERE song_id = $1")).bind(id.0).execute(&mut *t).await?;
            put_genres!(t, id.0, genres);
        }
        learn!(db, t, [Some(title.as_str()), Some(artist.as_str()), album].into_iter().flatten());
        true
    })
}

/// Gives the songs of an album another name of it, or none, within a transaction.
macro_rules! rename_album {
    ($db:expr, $t:ident, $id:expr, $album:expr, $keep:expr) => {{
        let album: Option<&str> = $album;
        // Locked: their words are made of what they are called when they are written.
        let songs: Vec<(i64, String, String)> =
            sqlx::query_as($crate::store::again::locking!($db, "SELECT id, title, artist FROM songs WHERE album_id = $1 ORDER BY id"))
                .bind($id)
                .fetch_all(&mut *$t)
                .await?;
        for (song, title, artist) in songs {
            let keys = $crate::store::search::Keys::of(&title, &artist, album);
            sqlx::query(sql!(
                "UPDATE songs SET album = $2, search_key = $3, album_id = CASE WHEN $4 THEN album_id ELSE NULL END WHERE id = $1"
            ))
            .bind(song)
            .bind(album)
            .bind(keys.search)
            .bind($keep)
            .execute(&mut *$t)
            .await?;
        }
    }};
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
