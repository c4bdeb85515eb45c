//! Artists come into being with their first song.

use octave_protocol::ArtistId;
use serde::Serialize;

use super::search::{artist_ids, hits, in_order, written};
use super::{Db, Result, of_ids, on, sql};
use crate::base::fold::Query;

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Artist {
    pub id: ArtistId,
    pub name: String,
    pub songs_count: i64,
    pub albums_count: i64,
    pub followers_count: i64,
}

#[derive(sqlx_macros::FromRow)]
pub(super) struct Row {
    id: i64,
    name: String,
    songs_count: i64,
    albums_count: i64,
    followers_count: i64,
}

impl From<Row> for Artist {
    fn from(row: Row) -> Self {
        Self {
            id: ArtistId(row.id),
            name: row.name,
            songs_count: row.songs_count,
            albums_count: row.albums_count,
            followers_count: row.followers_count,
        }
    }
}

macro_rules! artist_columns {
    () => {
        "a.id, a.name, a.followers_count, a.songs_count, a.albums_count "
    };
}

pub(super) use artist_columns;

pub async fn get(db: &Db, id: ArtistId) -> Result<Option<Artist>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", artist_columns!(), "FROM artists a WHERE a.id = $1")))
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(Artist::from))
}

/// Artists by name, after the artist `after`: those who have something.
pub async fn list(db: &Db, q: Option<&str>, after: Option<ArtistId>, limit: u32) -> Result<Vec<Artist>> {
    let start: Option<String> = on!(db, read, c => sqlx::query_scalar(sql!("SELECT name_key FROM artists WHERE id = $1"))
        .bind(after.map_or(0, |a| a.0)).fetch_optional(c).await)?;
    let start = start.unwrap_or_default();
    let rows: Vec<Row> = if let Some(q) = q.map(Query::of).filter(|q| !q.is_empty()) {
        let text = if db.is_sqlite() {
            sql!(sqlite: concat!("SELECT ", artist_columns!(), "FROM artists a WHERE a.id IN (", hits!(sqlite: "artist", "artists", "$2"),
                ") AND a.name_key > $1 AND a.songs_count + a.albums_count > 0 ORDER BY a.name_key LIMIT $3"))
        } else {
            sql!(postgres: concat!("SELECT ", artist_columns!(), "FROM artists a WHERE a.id IN (", hits!(postgres: "artist", "artists", "$2"),
                ") AND a.name_key > $1 AND a.songs_count + a.albums_count > 0 ORDER BY a.name_key LIMIT $3"))
        };
        on!(db, read, c => sqlx::query_as(text).bind(start).bind(written(db, &q)).bind(i64::from(limit)).fetch_all(c).await)?
    } else {
        on!(db, read, c => sqlx::query_as(sql!(concat!(
                "SELECT ", artist_columns!(), "FROM artists a WHERE a.name_key > $1 AND a.songs_count + a.albums_count > 0 \
                 ORDER BY a.name_key LIMIT $2")))
            .bind(start).bind(i64::from(limit)).fetch_all(c).await)?
    };
    Ok(rows.into_iter().map(Artist::from).collect())
}

/// Artists by relevance, of those who have something.
pub async fn find(db: &Db, q: &Query, limit: u32) -> Result<Vec<Artist>> {
    let ids = artist_ids(db, q, limit).await?;
    let rows: Vec<Row> = of_ids!(
        db,
        ids.iter().copied(),
        "SELECT id, name, followers_count, songs_count, albums_count FROM artists WHERE songs_count + albums_count > 0 AND id IN (",
        ")"
    )?;
    Ok(in_order(&ids, rows, |row| row.id).into_iter().map(Artist::from).collect())
}
