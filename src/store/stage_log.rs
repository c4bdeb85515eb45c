//! A stage's log as it is read; the journal appends to it.

use octave_protocol::model::User;
use octave_protocol::{StageId, UserId};

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

/// One entry of a stage's log.
pub async fn get(db: &Db, stage: StageId, id: i64) -> Result<Option<LogEntry>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT l.id, l.kind, l.data, l.at_us, u.id AS user_id, u.username, u.avatar \
             FROM stage_log l LEFT JOIN users u ON u.id = l.user_id WHERE l.stage_id = $1 AND l.id = $2"))
        .bind(stage.0).bind(id).fetch_optional(c).await?);
    Ok(row.map(LogEntry::from))
}

/// The last entries before `before`, newest first.
pub async fn list(db: &Db, stage: StageId, before: Option<i64>, limit: u32) -> Result<Vec<LogEntry>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT l.id, l.kind, l.data, l.at_us, u.id AS user_id, u.username, u.avatar \
             FROM stage_log l LEFT JOIN users u ON u.id = l.user_id \
             WHERE l.stage_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3"))
        .bind(stage.0).bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).fetch_all(c).await?);
    Ok(rows.into_iter().map(LogEntry::from).collect())
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
