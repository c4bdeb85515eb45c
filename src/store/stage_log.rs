//! A stage's log as it is read; the journal appends to it.

use octave_protocol::model::User;
use octave_protocol::{Duration, EntryId, Instant, SongId, StageId, UserId};
use serde::Deserialize;

use super::users::user;
use super::{Db, Result, on, sql};

/// Something that happened in a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    pub id: i64,
    /// Who did it; the server itself when absent.
    pub user: Option<User>,
    pub kind: String,
    pub data: serde_json::Value,
    pub at_us: i64,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    kind: String,
    data: String,
    at_us: i64,
    user_id: Option<i64>,
    username: Option<String>,
    avatar: Option<String>,
}

/// The columns of a [`Row`], and where they stand.
macro_rules! columns {
    () => {
        "SELECT l.id, l.kind, l.data, l.at_us, u.id AS user_id, u.username, u.avatar \
         FROM stage_log l LEFT JOIN users u ON u.id = l.user_id "
    };
}

/// One entry of a stage's log.
pub async fn get(db: &Db, stage: StageId, id: i64) -> Result<Option<LogEntry>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            columns!(), "WHERE l.stage_id = $1 AND l.id = $2")))
        .bind(stage.0).bind(id).fetch_optional(c).await?);
    Ok(row.map(LogEntry::from))
}

/// The last entries before `before`, newest first.
pub async fn list(db: &Db, stage: StageId, before: Option<i64>, limit: u32) -> Result<Vec<LogEntry>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            columns!(), "WHERE l.stage_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3")))
        .bind(stage.0).bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).fetch_all(c).await?);
    Ok(rows.into_iter().map(LogEntry::from).collect())
}

/// A break of so long ends an evening.
const BETWEEN_EVENINGS: Duration = Duration::from_secs(4 * 60 * 60);

/// Entries of the log that are looked through for an evening.
const LOOKED_THROUGH: i64 = 5_000;

/// What of an entry tells which song began.
#[derive(Debug, Deserialize)]
struct Began {
    song: Option<SongId>,
    entry: Option<EntryId>,
    from: Option<EntryId>,
}

/// The songs that began in the last evening of a stage, in order: since the last break of four hours.
pub async fn evening(db: &Db, stage: StageId) -> Result<Vec<SongId>> {
    let rows: Vec<(String, String, i64)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT kind, data, at_us FROM stage_log WHERE stage_id = $1 \
             AND kind IN ('played', 'advanced', 'skipped', 'went_back', 'voted_off') ORDER BY id DESC LIMIT $2"))
        .bind(stage.0).bind(LOOKED_THROUGH).fetch_all(c).await?);
    let mut songs = Vec::new();
    let mut after = None;
    for (kind, data, at) in rows {
        let at = Instant(at);
        if after.replace(at).is_some_and(|after| after - at > BETWEEN_EVENINGS) {
            break;
        }
        let Ok(Began { song: Some(song), entry, from }) = serde_json::from_str(&data) else { continue };
        // After a pause it is the same song.
        if kind != "played" || entry != from {
            songs.push(song);
        }
    }
    songs.reverse();
    Ok(songs)
}

impl From<Row> for LogEntry {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: row.user_id.zip(row.username).map(|(id, name)| user(UserId(id), &name, row.avatar.as_deref())),
            kind: row.kind,
            data: serde_json::from_str(&row.data).unwrap_or_default(),
            at_us: row.at_us,
        }
    }
}
