//! Albums come into being with their first song, or by hand.

use octave_protocol::{AlbumId, ArtistId, Instant, SongId, UserId};
use serde::Serialize;

use super::again::again;
use super::names::artist_id;
use super::search::{album_ids, fold_album, hits, in_order, learn, written};
use super::songs::{rename_album, version};
use super::{Db, Result, of_ids, on, sql};
use crate::base::fold::Query;
use crate::base::text;

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Album {
    pub id: AlbumId,
    pub title: String,
    pub artist: String,
    pub artist_id: ArtistId,
    pub genre: Option<String>,
    pub description: String,
    pub cover_url: Option<String>,
    pub songs_count: i64,
    pub comments_count: i64,
    /// Of all songs together, in microseconds.
    pub duration_us: i64,
    /// Who may change it, besides an administrator.
    pub owner_id: Option<UserId>,
    pub created_us: Instant,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    title: String,
    artist: String,
    artist_id: i64,
    genre: Option<String>,
    description: String,
    cover: Option<String>,
    songs_count: i64,
    comments_count: i64,
    duration_us: i64,
    owner_id: Option<i64>,
    created_us: i64,
}

impl From<Row> for Album {
    fn from(row: Row) -> Self {
        Self {
            id: AlbumId(row.id),
            title: row.title,
            artist: row.artist,
            artist_id: ArtistId(row.artist_id),
            genre: row.genre,
            description: row.description,
            cover_url: row.cover.map(|c| format!("/api/v1/albums/{}/cover?v={}", row.id, version(&c))),
            songs_count: row.songs_count,
            comments_count: row.comments_count,
            duration_us: row.duration_us,
            owner_id: row.owner_id.map(UserId),
            created_us: Instant(row.created_us),
        }
    }
}

macro_rules! album_text {
    (@) => {
        "SELECT b.id, b.title, a.name AS artist, b.artist_id, b.genre, b.description, b.cover, b.owner_id, b.comments_count, b.created_us, \
         b.songs_count, b.duration_us FROM albums b JOIN artists a ON a.id = b.artist_id "
    };
    ($rest:literal) => {
        sql!(concat!(album_text!(@), $rest))
    };
}

pub async fn get(db: &Db, id: AlbumId) -> Result<Option<Album>> {
    let row: Option<Row> =
        on!(db, read, c => sqlx::query_as(album_text!("WHERE b.id = $1")).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(Album::from))
}

/// The cover's file.
pub async fn cover(db: &Db, id: AlbumId) -> Result<Option<String>> {
    let found: Option<Option<String>> = on!(db, read, c =>
        sqlx::query_scalar(sql!("SELECT cover FROM albums WHERE id = $1")).bind(id.0).fetch_optional(c).await)?;
    Ok(found.flatten())
}

/// Albums, the latest first, before the album `after`.
pub async fn list(
    db: &Db,
    q: Option<&str>,
    artist: Option<ArtistId>,
    after: Option<AlbumId>,
    limit: u32,
) -> Result<Vec<Album>> {
    let before = after.map_or(i64::MAX, |a| a.0);
    let rows: Vec<Row> = match (q.map(Query::of).filter(|q| !q.is_empty()), artist) {
        (Some(q), artist) => {
            let text = if db.is_sqlite() {
                sql!(sqlite: concat!(album_text!(@), "WHERE b.id IN (", hits!(sqlite: "album", "albums", "$3"),
                    ") AND b.id < $1 AND (CAST($2 AS BIGINT) IS NULL OR b.artist_id = $2) ORDER BY b.id DESC LIMIT $4"))
            } else {
                sql!(postgres: concat!(album_text!(@), "WHERE b.id IN (", hits!(postgres: "album", "albums", "$3"),
                    ") AND b.id < $1 AND (CAST($2 AS BIGINT) IS NULL OR b.artist_id = $2) ORDER BY b.id DESC LIMIT $4"))
            };
            on!(db, read, c => sqlx::query_as(text).bind(before).bind(artist.map(|a| a.0)).bind(written(db, &q.in_title()))
                .bind(i64::from(limit)).fetch_all(c).await)?
        }
        (None, Some(artist)) => on!(db, read, c => sqlx::query_as(album_text!(
                "WHERE b.artist_id = $2 AND b.id < $1 ORDER BY b.id DESC LIMIT $3"))
            .bind(before).bind(artist.0).bind(i64::from(limit)).fetch_all(c).await)?,
        (None, None) => on!(db, read, c => sqlx::query_as(album_text!("WHERE b.id < $1 ORDER BY b.id DESC LIMIT $2"))
            .bind(before).bind(i64::from(limit)).fetch_all(c).await)?,
    };
    Ok(rows.into_iter().map(Album::from).collect())
}

/// Albums by relevance.
pub async fn find(db: &Db, q: &Query, limit: u32) -> Result<Vec<Album>> {
    let ids = album_ids(db, q, limit).await?;
    let rows: Vec<Row> = of_ids!(
        db,
        ids.iter().copied(),
        "SELECT b.id, b.title, a.name AS artist, b.artist_id, b.genre, b.description, b.cover, b.owner_id, b.comments_count, b.created_us, \
         b.songs_count, b.duration_us FROM albums b JOIN artists a ON a.id = b.artist_id WHERE b.id IN (",
        ")"
    )?;
    Ok(in_order(&ids, rows, |row| row.id).into_iter().map(Album::from).collect())
}

/// What a new album is given.
#[derive(Debug, Clone)]
pub struct Fields {
    pub title: String,
    pub artist: String,
    pub genre: Option<String>,
    pub description: String,
}

/// Makes an album. The artist's album of this title, if there is one, breaks the unique rule on `title_key`.
pub async fn insert(db: &Db, owner: UserId, new: &Fields, at: Instant) -> Result<AlbumId> {
    again(|| insert_once(db, owner, new, at)).await
}

async fn insert_once(db: &Db, owner: UserId, new: &Fields, at: Instant) -> Result<AlbumId> {
    on!(db, tx, t => {
        let artist = artist_id!(t, &new.artist, at.0);
        let id: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO albums (title, title_key, artist_id, genre, description, owner_id, created_us) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"))
            .bind(&new.title).bind(text::key(&new.title)).bind(artist).bind(&new.genre).bind(&new.description)
            .bind(owner.0).bind(at.0).fetch_one(&mut *t).await?;
        fold_album!(t, id, "");
        learn!(db, t, [new.title.as_str(), new.artist.as_str()]);
        AlbumId(id)
    })
}

/// Fields of an album to change; absent ones stay.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub title: Option<String>,
    pub artist: Option<String>,
    /// The genre, or none to take it away.
    pub genre: Option<Option<String>>,
    pub description: Option<String>,
}

/// Changes an album, and by which name its songs show it and are found. Whether there was such an album.
pub async fn update(db: &Db, id: AlbumId, change: &Change, at: Instant) -> Result<bool> {
    again(|| update_once(db, id, change, at)).await
}

async fn update_once(db: &Db, id: AlbumId, change: &Change, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        let artist = match &change.artist {
            Some(name) => Some(artist_id!(t, name, at.0)),
            None => None,
        };
        // The album comes before its songs: whoever puts one on it holds it too.
        let done = sqlx::query(sql!(
                "UPDATE albums SET title = COALESCE($2, title), title_key = COALESCE($3, title_key), \
                 artist_id = COALESCE($4, artist_id), genre = CASE WHEN $5 THEN $6 ELSE genre END, \
                 description = COALESCE($7, description) WHERE id = $1"))
            .bind(id.0).bind(&change.title).bind(change.title.as_deref().map(text::key)).bind(artist)
            .bind(change.genre.is_some()).bind(change.genre.as_ref().and_then(Option::as_ref))
            .bind(&change.description).execute(&mut *t).await?;
        if let Some(title) = &change.title {
            rename_album!(db, t, id.0, Some(title.as_str()), true);
        }
        fold_album!(t, id.0, "");
        learn!(db, t, [&change.title, &change.artist].into_iter().flatten().map(String::as_str));
        done.rows_affected() == 1
    })
}

/// The songs that show an album's name.
pub async fn song_ids(db: &Db, id: AlbumId) -> Result<Vec<SongId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!("SELECT id FROM songs WHERE album_id = $1 ORDER BY id"))
        .bind(id.0).fetch_all(c).await)?;
    Ok(ids.into_iter().map(SongId).collect())
}

pub async fn set_cover(db: &Db, id: AlbumId, cover: &str) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("UPDATE albums SET cover = $2 WHERE id = $1"))
        .bind(id.0).bind(cover).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes an album; its songs stay, without one.
pub async fn delete(db: &Db, id: AlbumId) -> Result<()> {
    again(|| delete_once(db, id)).await
}

async fn delete_once(db: &Db, id: AlbumId) -> Result<()> {
    on!(db, tx, t => {
        // Who is putting a song on it holds it: that song is to be seen here.
        sqlx::query(sql!("UPDATE albums SET title = title WHERE id = $1")).bind(id.0).execute(&mut *t).await?;
        rename_album!(db, t, id.0, None, false);
        sqlx::query(sql!("DELETE FROM albums WHERE id = $1")).bind(id.0).execute(&mut *t).await?;
    })
}
