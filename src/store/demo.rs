//! The demo's stage, as if its host had queued a song and pressed play.

use octave_protocol::{Instant, SongId, StageId, UserId};

use super::{Db, Result, on, sql};

/// The stage of this name that `host` has open.
pub async fn find_stage(db: &Db, host: UserId, name: &str) -> Result<Option<StageId>> {
    let id: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM stages WHERE host_id = $1 AND name = $2 AND ended_us IS NULL ORDER BY id LIMIT 1"))
        .bind(host.0).bind(name).fetch_optional(c).await)?;
    Ok(id.map(StageId))
}

/// Queues a song in a stage that is not running and has none, and lets it play from `at` on, around and around.
pub async fn play(db: &Db, stage: StageId, host: UserId, song: SongId, cover: &str, at: Instant) -> Result<()> {
    on!(db, tx, t => {
        sqlx::query(sql!(
                "INSERT INTO stage_queue (stage_id, entry_id, ord, song_id, added_by, added_us) \
                 VALUES ($1, 1, $2, $3, $4, $5)"))
            .bind(stage.0).bind(1_i64 << 32).bind(song.0).bind(host.0).bind(at.0).execute(&mut *t).await?;
        sqlx::query(sql!(
                "UPDATE stages SET cover = $2, queue_rev = 1, next_entry = 2, repeat_mode = 'all', timeline_rev = 1, \
                 playing = $3, current_entry = 1, position_us = 0, at_us = $4, queue_len = 1 WHERE id = $1"))
            .bind(stage.0).bind(cover).bind(true).bind(at.0).execute(&mut *t).await?;
    })
}
