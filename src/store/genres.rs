//! Genres come into being with the first song or stage that names them.

use super::access::{Viewer, open_to};
use super::{Db, Result, on, sql};
use crate::base::text;

#[derive(Debug, Clone, PartialEq, sqlx_macros::FromRow)]
pub struct Genre {
    pub name: String,
    pub songs_count: i64,
    /// Stages that are not over, of those that may be known.
    pub stages_count: i64,
}

macro_rules! genre_text {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT * FROM (SELECT g.name, g.name_key, \
             (SELECT COUNT(*) FROM song_genres sg JOIN songs s ON s.id = sg.song_id \
              WHERE sg.genre_id = g.id AND s.deleted_us IS NULL) AS songs_count, \
             (SELECT COUNT(*) FROM stage_genres tg JOIN stages t ON t.id = tg.stage_id \
              WHERE tg.genre_id = g.id AND t.ended_us IS NULL AND ",
            open_to!("$1", "$2"),
            ") AS stages_count FROM genres g) AS counted ",
            $rest
        ))
    };
}

/// All genres that name something of which `viewer` may know, the largest first.
pub async fn list(db: &Db, viewer: &Viewer, limit: u32) -> Result<Vec<Genre>> {
    Ok(on!(db, read, c => sqlx::query_as(genre_text!(
            "WHERE songs_count + stages_count > 0 ORDER BY songs_count + stages_count DESC, name_key LIMIT $3"))
        .bind(viewer.id()).bind(viewer.stages()).bind(i64::from(limit)).fetch_all(c).await)?)
}

pub async fn get(db: &Db, viewer: &Viewer, name: &str) -> Result<Option<Genre>> {
    Ok(on!(db, read, c => sqlx::query_as(genre_text!("WHERE name_key = $3"))
        .bind(viewer.id()).bind(viewer.stages()).bind(text::key(name)).fetch_optional(c).await)?)
}

/// Stages of a genre that `viewer` may know of and that are not over, for asking the registry which of them are live.
pub async fn open_stages(db: &Db, viewer: &Viewer, name: &str) -> Result<Vec<octave_protocol::StageId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!(concat!(
            "SELECT t.id FROM genres g JOIN stage_genres tg ON tg.genre_id = g.id JOIN stages t ON t.id = tg.stage_id \
             WHERE g.name_key = $3 AND t.ended_us IS NULL AND ", open_to!("$1", "$2"), " ORDER BY t.id")))
        .bind(viewer.id()).bind(viewer.stages()).bind(text::key(name)).fetch_all(c).await)?;
    Ok(ids.into_iter().map(octave_protocol::StageId).collect())
}
