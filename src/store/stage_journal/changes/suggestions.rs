//! Songs that wait to be accepted.

use octave_protocol::{EntryId, StageId};

use super::{Conn, Result, sql, with};
use crate::stage::storage::SuggestionRow;

pub(super) async fn add(conn: &mut Conn<'_>, stage: StageId, row: &SuggestionRow) -> Result<()> {
    with!(conn, c => sqlx::query(sql!(
            "INSERT INTO stage_suggestions (stage_id, entry_id, song_id, user_id, at_us) VALUES ($1, $2, $3, $4, $5)"))
        .bind(stage.0).bind(row.entry.0).bind(row.song.0).bind(row.by.0).bind(row.at.0)
        .execute(&mut **c).await.map(drop))?;
    // The number is used, whatever becomes of it.
    with!(conn, c => sqlx::query(sql!("UPDATE stages SET next_entry = $2 WHERE id = $1 AND next_entry < $2"))
        .bind(stage.0).bind(row.entry.0 + 1).execute(&mut **c).await.map(drop))?;
    Ok(())
}

/// Few at a time: as many as one person may have.
pub(super) async fn remove(conn: &mut Conn<'_>, stage: StageId, entries: &[EntryId]) -> Result<()> {
    for entry in entries {
        with!(conn, c => sqlx::query(sql!("DELETE FROM stage_suggestions WHERE stage_id = $1 AND entry_id = $2"))
            .bind(stage.0).bind(entry.0).execute(&mut **c).await.map(drop))?;
    }
    Ok(())
}
