//! The demo's stage, as if its host had queued an album and pressed play.

use octave_protocol::{Instant, PlaylistId, SongId, StageId, UserId};

use super::{Db, Result, on, sql};

/// The stage of this name that `host` has open.
pub async fn find_stage(db: &Db, host: UserId, name: &str) -> Result<Option<StageId>> {
    let id: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM stages WHERE host_id = $1 AND name = $2 AND ended_us IS NULL ORDER BY id LIMIT 1"))
        .bind(host.0).bind(name).fetch_optional(c).await)?;
    Ok(id.map(StageId))
}

/// Queues the songs in a stage that is not running and has none, and lets it play from `at` on, around and around.
pub async fn play_all(
    db: &Db,
    stage: StageId,
    host: UserId,
    songs: &[SongId],
    playlist: PlaylistId,
    cover: &str,
    at: Instant,
) -> Result<()> {
    on!(db, tx, t => {
        let mut next_entry = 1i64;
        for song in songs {
            sqlx::query(sql!(
                    "INSERT INTO stage_queue (stage_id, entry_id, ord, song_id, added_by, added_us) \
                     VALUES ($1, $2, $3, $4, $5, $6)"))
                .bind(stage.0).bind(next_entry).bind(next_entry << 32).bind(song.0).bind(host.0).bind(at.0)
                .execute(&mut *t).await?;
            next_entry += 1;
        }
        sqlx::query(sql!("INSERT INTO stage_playlists (stage_id, playlist_id, added_us) VALUES ($1, $2, $3)"))
            .bind(stage.0).bind(playlist.0).bind(at.0).execute(&mut *t).await?;
        sqlx::query(sql!(
                "UPDATE stages SET cover = $2, queue_rev = 1, next_entry = $3, repeat_mode = 'all', timeline_rev = 1, \
                 playing = $4, current_entry = 1, position_us = 0, at_us = $5, \
                 queue_len = (SELECT COUNT(*) FROM stage_queue WHERE stage_id = $1) WHERE id = $1"))
            .bind(stage.0).bind(cover).bind(next_entry).bind(true).bind(at.0).execute(&mut *t).await?;
    })
}
