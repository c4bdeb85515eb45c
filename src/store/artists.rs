//! Artists come into being with their first song.

use octave_protocol::ArtistId;
use serde::Serialize;

use super::songs::{escape, patterns};
use super::{Db, Result, on, sql};
use crate::base::text;

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
        "a.id, a.name, a.followers_count, \
         (SELECT COUNT(DISTINCT s.id) FROM song_artists z JOIN songs s ON s.id = z.song_id \
          WHERE z.artist_id = a.id AND s.deleted_us IS NULL) AS songs_count, \
         (SELECT COUNT(*) FROM albums b WHERE b.artist_id = a.id) AS albums_count "
    };
}

pub(super) use artist_columns;

pub async fn get(db: &Db, id: ArtistId) -> Result<Option<Artist>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", artist_columns!(), "FROM artists a WHERE a.id = $1")))
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(Artist::from))
}

/// Artists by name, after the artist `after`.
pub async fn list(db: &Db, q: Option<&str>, after: Option<ArtistId>, limit: u32) -> Result<Vec<Artist>> {
    let start: Option<String> = on!(db, read, c => sqlx::query_scalar(sql!("SELECT name_key FROM artists WHERE id = $1"))
        .bind(after.map_or(0, |a| a.0)).fetch_optional(c).await)?;
    let [word, ..] = patterns(q.unwrap_or_default());
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", artist_columns!(), "FROM artists a WHERE a.name_key > $1 AND ' ' || a.name_key LIKE $2 ESCAPE '!' \
             AND (EXISTS (SELECT 1 FROM song_artists z JOIN songs x ON x.id = z.song_id WHERE z.artist_id = a.id AND x.deleted_us IS NULL) \
             OR EXISTS (SELECT 1 FROM albums y WHERE y.artist_id = a.id)) ORDER BY a.name_key LIMIT $3")))
        .bind(start.unwrap_or_default()).bind(word).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Artist::from).collect())
}

/// Artists by relevance: those whose name begins with the query first.
pub async fn find(db: &Db, q: &str, limit: u32) -> Result<Vec<Artist>> {
    let key = text::key(q);
    let begins = format!("{}%", escape(&key));
    let within = format!("% {}%", escape(&key));
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", artist_columns!(), "FROM artists a WHERE ' ' || a.name_key LIKE $2 ESCAPE '!' \
             AND EXISTS (SELECT 1 FROM song_artists z JOIN songs x ON x.id = z.song_id WHERE z.artist_id = a.id AND x.deleted_us IS NULL) \
             ORDER BY CASE WHEN a.name_key LIKE $1 ESCAPE '!' THEN 0 ELSE 1 END, a.name_key LIMIT $3")))
        .bind(begins).bind(within).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Artist::from).collect())
}
