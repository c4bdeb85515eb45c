//! The queue's rows.

use octave_protocol::model::Repeat;
use octave_protocol::{EntryId, Rev, StageId};

use super::{Conn, Result, sql, steps, with};
use crate::stage::limits::QUEUE_STEP;
use crate::stage::storage::{Change, QueueRow};

pub(super) async fn change(conn: &mut Conn<'_>, stage: StageId, change: &Change) -> Result<()> {
    match change {
        Change::Enqueue { rows, rev } => {
            if rows.len() > QUEUE_STEP {
                steps::enqueue(conn, stage, rows).await?;
            } else {
                insert(conn, stage, rows_json(rows)).await?;
            }
            let last = rows.iter().map(|r| r.entry.0).max().unwrap_or(0);
            with!(conn, c => sqlx::query(sql!("UPDATE stages SET next_entry = $2 WHERE id = $1 AND next_entry < $2"))
                .bind(stage.0).bind(last + 1).execute(&mut **c).await.map(drop))?;
            set_rev(conn, stage, *rev, length(rows.len())).await
        }
        Change::Dequeue { entry, rev } => {
            let gone = with!(conn, c => sqlx::query(sql!("DELETE FROM stage_queue WHERE stage_id = $1 AND entry_id = $2"))
                .bind(stage.0).bind(entry.0).execute(&mut **c).await.map(|done| done.rows_affected()))?;
            set_rev(conn, stage, *rev, -length(gone)).await
        }
        Change::Reorder { ords, rev } => {
            // The new ones among them stand in steps before these, if they do.
            if ords.len() > QUEUE_STEP {
                steps::reorder(conn, stage, ords).await?;
            } else {
                set_ords(conn, stage, ords_json(ords)).await?;
            }
            set_rev(conn, stage, *rev, 0).await
        }
        Change::QueueRev { rev } => set_rev(conn, stage, *rev, 0).await,
        Change::ClearQueue { keep, entries, rev } => {
            let keep = keep.map_or(0, |e| e.0);
            let gone: i64 = with!(conn, c => sqlx::query_scalar(sql!(
                    "SELECT COUNT(*) AS n FROM stage_queue WHERE stage_id = $1 AND entry_id <> $2"))
                .bind(stage.0).bind(keep).fetch_one(&mut **c).await)?;
            if *entries > QUEUE_STEP {
                steps::clear(conn, stage, keep, usize::try_from(gone).unwrap_or(0)).await?;
            } else {
                remove(conn, stage, keep, i64::MAX).await?;
            }
            set_rev(conn, stage, *rev, -gone).await
        }
        Change::Mode { mode, rev } => {
            with!(conn, c => sqlx::query(sql!("UPDATE stages SET repeat_mode = $2, shuffle = $3 WHERE id = $1"))
                .bind(stage.0).bind(repeat_word(mode.repeat)).bind(mode.shuffle).execute(&mut **c).await.map(drop))?;
            set_rev(conn, stage, *rev, 0).await
        }
        Change::Vote { entry, user, rev } => {
            with!(conn, c => sqlx::query(sql!(
                    "INSERT INTO stage_queue_votes (stage_id, entry_id, user_id) VALUES ($1, $2, $3) \
                     ON CONFLICT DO NOTHING"))
                .bind(stage.0).bind(entry.0).bind(user.0).execute(&mut **c).await.map(drop))?;
            set_rev(conn, stage, *rev, 0).await
        }
        _ => Ok(()),
    }
}

async fn set_rev(conn: &mut Conn<'_>, stage: StageId, rev: Rev, grown: i64) -> Result<()> {
    with!(conn, c => sqlx::query(sql!("UPDATE stages SET queue_rev = $2, queue_len = queue_len + $3 WHERE id = $1"))
        .bind(stage.0).bind(rev.0).bind(grown).execute(&mut **c).await.map(drop))?;
    Ok(())
}

fn length(rows: impl TryInto<i64>) -> i64 {
    rows.try_into().unwrap_or(i64::MAX)
}

/// What [`insert`] takes.
pub(in super::super) fn rows_json(rows: &[QueueRow]) -> String {
    let rows: Vec<_> = rows.iter().map(|r| (r.entry.0, r.ord, r.song.0, r.added_by.0, r.added.0)).collect();
    serde_json::to_string(&rows).unwrap_or_default()
}

/// What [`set_ords`] takes.
pub(in super::super) fn ords_json(ords: &[(EntryId, i64)]) -> String {
    serde_json::to_string(ords).unwrap_or_default()
}

/// Inserts up to [`QUEUE_STEP`] entries by one statement.
pub(in super::super) async fn insert(conn: &mut Conn<'_>, stage: StageId, rows: String) -> Result<()> {
    macro_rules! text {
        ($columns:literal, $rows:literal) => {
            concat!(
                "INSERT INTO stage_queue (stage_id, entry_id, ord, song_id, added_by, added_us) SELECT $1, ",
                $columns,
                " FROM ",
                $rows
            )
        };
    }
    match conn {
        Conn::Sqlite(c) => {
            let text = sql!(sqlite: text!(
                "value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4", "json_each($2)"));
            sqlx::query(text).bind(stage.0).bind(rows).execute(&mut **c).await?;
        }
        Conn::Pg(c) => {
            let text = sql!(postgres: text!(
                "CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), \
                 CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT)",
                "json_array_elements(CAST($2 AS json))"
            ));
            sqlx::query(text).bind(stage.0).bind(rows).execute(&mut **c).await?;
        }
    }
    Ok(())
}

/// Removes at most so many entries, but not `keep`.
pub(in super::super) async fn remove(conn: &mut Conn<'_>, stage: StageId, keep: i64, most: i64) -> Result<()> {
    with!(conn, c => sqlx::query(sql!(
            "DELETE FROM stage_queue WHERE stage_id = $1 AND entry_id IN (SELECT q.entry_id FROM stage_queue q \
             WHERE q.stage_id = $1 AND q.entry_id <> $2 ORDER BY q.entry_id LIMIT $3)"))
        .bind(stage.0).bind(keep).bind(most).execute(&mut **c).await.map(drop))?;
    Ok(())
}

/// Gives up to [`QUEUE_STEP`] entries new sort keys by one statement. The list is materialised: read in place it would be
/// scanned anew for each entry of the queue.
pub(in super::super) async fn set_ords(conn: &mut Conn<'_>, stage: StageId, ords: String) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => {
            sqlx::query(sql!(sqlite:
                "WITH j (entry, ord) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each($2)) \
                 UPDATE stage_queue SET ord = j.ord FROM j WHERE stage_id = $1 AND entry_id = j.entry"))
            .bind(stage.0)
            .bind(ords)
            .execute(&mut **c)
            .await?;
        }
        Conn::Pg(c) => {
            sqlx::query(sql!(postgres:
                "UPDATE stage_queue SET ord = CAST(j.value ->> 1 AS BIGINT) \
                 FROM json_array_elements(CAST($2 AS json)) j \
                 WHERE stage_id = $1 AND entry_id = CAST(j.value ->> 0 AS BIGINT)"))
            .bind(stage.0)
            .bind(ords)
            .execute(&mut **c)
            .await?;
        }
    }
    Ok(())
}

const fn repeat_word(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Off => "off",
        Repeat::One => "one",
        Repeat::All => "all",
    }
}
