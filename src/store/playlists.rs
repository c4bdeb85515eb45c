//! Playlists: songs in an order that somebody chose.

mod entries;
mod import;

use octave_protocol::model::User;
use octave_protocol::{Instant, PlaylistId, UserId};
use serde::Serialize;

pub use entries::{Added, Begin, Entry, MAX_ENTRIES, Stretch, add, entries, move_to, remove, song_ids};
pub use import::{Candidate, candidates, import};

use super::search::{in_order, learn, playlist_ids};
use super::songs::version;
use super::{Db, Result, of_ids, on, sql};
use crate::base::fold::{self, Query};

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Playlist {
    pub id: PlaylistId,
    pub name: String,
    pub description: String,
    pub owner: User,
    pub cover_url: Option<String>,
    pub songs_count: i64,
    /// Of all entries together, in microseconds.
    pub duration_us: i64,
    pub created_us: Instant,
    pub updated_us: Instant,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    name: String,
    description: String,
    cover: Option<String>,
    owner_id: i64,
    owner: String,
    owner_avatar: Option<String>,
    songs_count: i64,
    duration_us: i64,
    created_us: i64,
    updated_us: i64,
}

impl From<Row> for Playlist {
    fn from(row: Row) -> Self {
        Self {
            id: PlaylistId(row.id),
            name: row.name,
            description: row.description,
            owner: super::users::user(UserId(row.owner_id), &row.owner, row.owner_avatar.as_deref()),
            cover_url: row.cover.map(|c| format!("/api/v1/playlists/{}/cover?v={}", row.id, version(&c))),
            songs_count: row.songs_count,
            duration_us: row.duration_us,
            created_us: Instant(row.created_us),
            updated_us: Instant(row.updated_us),
        }
    }
}

macro_rules! playlist_text {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT p.id, p.name, p.description, p.cover, p.created_us, p.updated_us, u.id AS owner_id, \
             u.username AS owner, u.avatar AS owner_avatar, \
             p.songs_count, p.duration_us \
             FROM playlists p JOIN users u ON u.id = p.owner_id ",
            $rest
        ))
    };
}

pub async fn get(db: &Db, id: PlaylistId) -> Result<Option<Playlist>> {
    let row: Option<Row> =
        on!(db, read, c => sqlx::query_as(playlist_text!("WHERE p.id = $1")).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(Playlist::from))
}

/// The cover's file.
pub async fn cover(db: &Db, id: PlaylistId) -> Result<Option<String>> {
    let found: Option<Option<String>> = on!(db, read, c =>
        sqlx::query_scalar(sql!("SELECT cover FROM playlists WHERE id = $1")).bind(id.0).fetch_optional(c).await)?;
    Ok(found.flatten())
}

/// Playlists, the latest made first, before the playlist `after`; of `owner` alone if given.
pub async fn list(db: &Db, owner: Option<UserId>, after: Option<PlaylistId>, limit: u32) -> Result<Vec<Playlist>> {
    let before = after.map_or(i64::MAX, |a| a.0);
    let rows: Vec<Row> = match owner {
        Some(owner) => on!(db, read, c => sqlx::query_as(playlist_text!(
                "WHERE p.owner_id = $2 AND p.id < $1 ORDER BY p.id DESC LIMIT $3"))
            .bind(before).bind(owner.0).bind(i64::from(limit)).fetch_all(c).await)?,
        None => on!(db, read, c => sqlx::query_as(playlist_text!("WHERE p.id < $1 ORDER BY p.id DESC LIMIT $2"))
            .bind(before).bind(i64::from(limit)).fetch_all(c).await)?,
    };
    Ok(rows.into_iter().map(Playlist::from).collect())
}

/// Playlists by relevance.
pub async fn find(db: &Db, q: &Query, limit: u32) -> Result<Vec<Playlist>> {
    let ids = playlist_ids(db, q, limit).await?;
    let rows: Vec<Row> = of_ids!(
        db,
        ids.iter().copied(),
        "SELECT p.id, p.name, p.description, p.cover, p.created_us, p.updated_us, u.id AS owner_id, u.username AS owner, \
         u.avatar AS owner_avatar, p.songs_count, p.duration_us FROM playlists p JOIN users u ON u.id = p.owner_id WHERE p.id IN (",
        ")"
    )?;
    Ok(in_order(&ids, rows, |row| row.id).into_iter().map(Playlist::from).collect())
}

pub async fn insert(db: &Db, owner: UserId, name: &str, description: &str, at: Instant) -> Result<PlaylistId> {
    on!(db, tx, t => {
        let id: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO playlists (owner_id, name, description, created_us, updated_us, search_key) \
                 VALUES ($1, $2, $3, $4, $4, $5) RETURNING id"))
            .bind(owner.0).bind(name).bind(description).bind(at.0).bind(fold::document(name, "", &[]))
            .fetch_one(&mut *t).await?;
        learn!(db, t, [name]);
        PlaylistId(id)
    })
}

/// Sets what is given; the rest stays.
pub async fn update(db: &Db, id: PlaylistId, name: Option<&str>, description: Option<&str>, at: Instant) -> Result<()> {
    on!(db, tx, t => {
        sqlx::query(sql!(
                "UPDATE playlists SET name = COALESCE($2, name), description = COALESCE($3, description), updated_us = $4, \
                 search_key = COALESCE($5, search_key) WHERE id = $1"))
            .bind(id.0).bind(name).bind(description).bind(at.0).bind(name.map(|name| fold::document(name, "", &[])))
            .execute(&mut *t).await?;
        learn!(db, t, name);
    })
}

pub async fn set_cover(db: &Db, id: PlaylistId, cover: &str, at: Instant) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("UPDATE playlists SET cover = $2, updated_us = $3 WHERE id = $1"))
        .bind(id.0).bind(cover).bind(at.0).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn delete(db: &Db, id: PlaylistId) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("DELETE FROM playlists WHERE id = $1")).bind(id.0).execute(c).await.map(drop))?;
    Ok(())
}
