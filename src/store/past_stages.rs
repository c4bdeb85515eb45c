//! Stages that have ended, as those who were there look back at them.

use octave_protocol::model::User;
use octave_protocol::{Instant, StageId, UserId};

use super::access::{Viewer, open_to, was_at};
use super::users::user;
use super::{Db, Result, on, sql};

/// A stage that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct PastStage {
    pub id: StageId,
    pub name: String,
    pub host: User,
    pub opened: Instant,
    pub ended: Instant,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    name: String,
    host_id: i64,
    host: String,
    avatar: Option<String>,
    created_us: i64,
    ended_us: i64,
}

/// Those that `user` may look back at, the latest opened first; at most `limit` before number `before`.
pub async fn list(db: &Db, of: UserId, before: Option<StageId>, limit: u32) -> Result<Vec<PastStage>> {
    let viewer = Viewer::from(Some(of));
    let before = before.map_or(i64::MAX, |id| id.0);
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT t.id, t.name, u.id AS host_id, u.username AS host, u.avatar, t.created_us, t.ended_us \
             FROM stages t JOIN users u ON u.id = t.host_id WHERE t.id < $3 AND t.ended_us IS NOT NULL AND ",
            was_at!("$1"), " AND ", open_to!("$1", "$2"), " ORDER BY t.id DESC LIMIT $4")))
        .bind(viewer.id()).bind(viewer.stages()).bind(before).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(PastStage::from).collect())
}

/// Whether `user` may look back at this one: its host and those who were there, as long as it would be open to them if it
/// still went on. Who was banned, blocked by its host or unfriended since may not.
pub async fn remembers(db: &Db, of: UserId, id: StageId) -> Result<bool> {
    let viewer = Viewer::from(Some(of));
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(concat!(
            "SELECT EXISTS (SELECT 1 FROM stages t WHERE t.id = $3 AND t.ended_us IS NOT NULL AND ", was_at!("$1"), " AND ",
            open_to!("$1", "$2"), ") AS remembers")))
        .bind(viewer.id()).bind(viewer.stages()).bind(id.0).fetch_one(c).await)?)
}

impl From<Row> for PastStage {
    fn from(row: Row) -> Self {
        Self {
            id: StageId(row.id),
            name: row.name,
            host: user(UserId(row.host_id), &row.host, row.avatar.as_deref()),
            opened: Instant(row.created_us),
            ended: Instant(row.ended_us),
        }
    }
}
