//! Genres come into being with the first song or stage that names them.

use octave_protocol::StageId;

use super::access::{Viewer, open_to};
use super::{Db, Result, ids_json, on, sql};
use crate::base::text;

/// A genre's row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Kept {
    pub id: i64,
    pub name: String,
    pub name_key: String,
    pub songs_count: i64,
}

/// Whether a genre without songs has a stage that `$1`, who is in `$2`, may know of.
macro_rules! has_stage {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM stage_genres tg JOIN stages t ON t.id = tg.stage_id \
             WHERE tg.genre_id = g.id AND t.ended_us IS NULL AND ",
            open_to!("$1", "$2"),
            ")"
        )
    };
}

/// The genre of this name, whether or not something has it.
pub async fn kept(db: &Db, name: &str) -> Result<Option<Kept>> {
    Ok(
        on!(db, read, c => sqlx::query_as(sql!("SELECT id, name, name_key, songs_count FROM genres WHERE name_key = $1"))
        .bind(text::key(name)).fetch_optional(c).await)?,
    )
}

/// Genres that name something of which `viewer` may know, those with most songs first, behind `after`: how many songs it
/// had, and its folded name.
pub async fn list(db: &Db, viewer: &Viewer, after: Option<(i64, String)>, limit: u32) -> Result<Vec<Kept>> {
    let (many, name) = after.unwrap_or((i64::MAX, String::new()));
    Ok(on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT g.id, g.name, g.name_key, g.songs_count FROM genres g WHERE g.songs_count <= $3 \
             AND (g.songs_count < $3 OR g.name_key > $4) AND (g.songs_count > 0 OR ", has_stage!(), ") \
             ORDER BY g.songs_count DESC, g.name_key LIMIT $5")))
        .bind(viewer.id()).bind(viewer.stages()).bind(many).bind(name).bind(i64::from(limit)).fetch_all(c).await)?)
}

/// Which of some stages have which of some genres, of those that `viewer` may know of: `(genre, stage)`.
pub async fn stages(db: &Db, viewer: &Viewer, genres: &[Kept], live: &[StageId]) -> Result<Vec<(i64, StageId)>> {
    if genres.is_empty() || live.is_empty() {
        return Ok(Vec::new());
    }
    let text = if db.is_sqlite() {
        sql!(sqlite: concat!(
            "SELECT tg.genre_id, t.id FROM stages t JOIN stage_genres tg ON tg.stage_id = t.id \
             WHERE t.id IN (SELECT value FROM json_each($4)) AND tg.genre_id IN (SELECT value FROM json_each($3)) \
             AND t.ended_us IS NULL AND ", open_to!("$1", "$2"), " ORDER BY t.id"))
    } else {
        sql!(postgres: concat!(
            "SELECT tg.genre_id, t.id FROM stages t JOIN stage_genres tg ON tg.stage_id = t.id \
             WHERE t.id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($4 AS json))) \
             AND tg.genre_id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($3 AS json))) \
             AND t.ended_us IS NULL AND ", open_to!("$1", "$2"), " ORDER BY t.id"))
    };
    let rows: Vec<(i64, i64)> = on!(db, read, c => sqlx::query_as(text)
        .bind(viewer.id()).bind(viewer.stages()).bind(ids_json(genres.iter().map(|g| g.id)))
        .bind(ids_json(live.iter().map(|s| s.0))).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(genre, stage)| (genre, StageId(stage))).collect())
}
