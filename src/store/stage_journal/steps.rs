//! A long change of a queue, step by step.
//!
//! The commit that makes it writes it down whole, as rows that say what is to be done to some hundred entries each. From
//! then on it has happened. Each row is done and removed by a transaction of its own; after a crash, by whoever opens the
//! stage.

use octave_protocol::{EntryId, StageId};

use super::changes::queue;
use super::{Conn, Db, Result, sql, with};
use crate::stage::limits::QUEUE_STEP;
use crate::stage::storage::QueueRow;

/// What a step does to its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Enqueue,
    Reorder,
    Clear,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Enqueue => "enqueue",
            Self::Reorder => "reorder",
            Self::Clear => "clear",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Enqueue, Self::Reorder, Self::Clear].into_iter().find(|kind| kind.word() == word)
    }
}

pub(super) async fn enqueue(conn: &mut Conn<'_>, stage: StageId, rows: &[QueueRow]) -> Result<()> {
    for rows in rows.chunks(QUEUE_STEP) {
        write_down(conn, stage, Kind::Enqueue, &queue::rows_json(rows)).await?;
    }
    Ok(())
}

pub(super) async fn reorder(conn: &mut Conn<'_>, stage: StageId, ords: &[(EntryId, i64)]) -> Result<()> {
    for ords in ords.chunks(QUEUE_STEP) {
        write_down(conn, stage, Kind::Reorder, &queue::ords_json(ords)).await?;
    }
    Ok(())
}

/// `length` entries have to go.
pub(super) async fn clear(conn: &mut Conn<'_>, stage: StageId, keep: i64, length: usize) -> Result<()> {
    for _ in 0..length.div_ceil(QUEUE_STEP) {
        write_down(conn, stage, Kind::Clear, &keep.to_string()).await?;
    }
    Ok(())
}

async fn write_down(conn: &mut Conn<'_>, stage: StageId, kind: Kind, data: &str) -> Result<()> {
    with!(conn, c => sqlx::query(sql!(
            "INSERT INTO stage_queue_steps (stage_id, step, kind, data) VALUES ($1, \
             (SELECT COALESCE(MAX(step), 0) + 1 FROM stage_queue_steps WHERE stage_id = $1), $2, $3)"))
        .bind(stage.0).bind(kind.word()).bind(data).execute(&mut **c).await.map(drop))?;
    Ok(())
}

/// Does the next step; false if there is none. Two who do it at once wait for each other at the row.
pub(super) async fn next(db: &Db, stage: StageId) -> Result<bool> {
    match db {
        Db::Sqlite { write, .. } => {
            let mut tx = write.begin().await?;
            let found = one(&mut Conn::Sqlite(&mut tx), stage).await?;
            tx.commit().await?;
            Ok(found)
        }
        Db::Pg(pool) => {
            let mut tx = pool.begin().await?;
            let found = one(&mut Conn::Pg(&mut tx), stage).await?;
            tx.commit().await?;
            Ok(found)
        }
    }
}

async fn one(conn: &mut Conn<'_>, stage: StageId) -> Result<bool> {
    let step: Option<(String, String)> = with!(conn, c => sqlx::query_as(sql!(
            "DELETE FROM stage_queue_steps WHERE stage_id = $1 \
             AND step = (SELECT MIN(step) FROM stage_queue_steps WHERE stage_id = $1) RETURNING kind, data"))
        .bind(stage.0).fetch_optional(&mut **c).await)?;
    let Some((kind, data)) = step else { return Ok(false) };
    match Kind::of(&kind) {
        Some(Kind::Enqueue) => queue::insert(conn, stage, data).await?,
        Some(Kind::Reorder) => queue::set_ords(conn, stage, data).await?,
        Some(Kind::Clear) => {
            let most = i64::try_from(QUEUE_STEP).unwrap_or(i64::MAX);
            queue::remove(conn, stage, data.parse().unwrap_or(0), most).await?;
        }
        None => tracing::error!(%stage, kind, "a step of a kind that this version does not know"),
    }
    Ok(true)
}

/// Finishes what a crash has left.
pub(super) async fn finish(db: &Db, stage: StageId) -> Result<()> {
    while next(db, stage).await? {}
    Ok(())
}
