//! A stage's name, cover, genres, and who may what.

use octave_protocol::{GuestRights, StageId};

use super::{Conn, Result, sql, with};
use crate::stage::core::{Attachment, StageChange};
use crate::store::names::{genre_id, in_order};
use crate::store::search::fold_stage;
use crate::store::stages::{
    adding_word, control_word, max_waiting_number, order_word, succession_word, visibility_word,
};

pub(super) async fn change(conn: &mut Conn<'_>, stage: StageId, change: &StageChange) -> Result<()> {
    let StageChange { name, genres, visibility, control, adding, start, slow_mode, succession, .. } = change;
    let StageChange { sound, turns, guests, speaker, cover, playlist, .. } = change;
    with!(conn, c => sqlx::query(sql!(
            "UPDATE stages SET name = COALESCE($2, name), visibility = COALESCE($3, visibility), \
             control = COALESCE($4, control), start_quorum = COALESCE($5, start_quorum), \
             start_patience_us = COALESCE($6, start_patience_us), adding = COALESCE($7, adding), \
             slow_mode_us = COALESCE($8, slow_mode_us), succession = COALESCE($9, succession), \
             crossfade_us = COALESCE($10, crossfade_us), volume_together = COALESCE($11, volume_together), \
             volume_percent = COALESCE($12, volume_percent), guests = COALESCE($13, guests), \
             queue_order = COALESCE($14, queue_order), max_waiting = COALESCE($15, max_waiting) WHERE id = $1"))
        .bind(stage.0).bind(name.as_deref()).bind(visibility.map(visibility_word)).bind(control.map(control_word))
        .bind(start.quorum_percent.map(i64::from)).bind(start.patience.map(|p| p.0))
        .bind(adding.map(adding_word)).bind(slow_mode.map(|pause| pause.0)).bind(succession.map(succession_word))
        .bind(sound.crossfade.map(|fade| fade.0)).bind(sound.together).bind(sound.percent.map(i64::from))
        .bind(guests.map(GuestRights::words))
        .bind(turns.order.map(order_word)).bind(turns.max_waiting.map(max_waiting_number))
        .execute(&mut **c).await.map(drop))?;
    if let Some(speaker) = speaker {
        with!(conn, c => sqlx::query(sql!("UPDATE stages SET speaker_id = $2 WHERE id = $1"))
            .bind(stage.0).bind(speaker.as_ref().map(|user| user.id.0)).execute(&mut **c).await.map(drop))?;
    }
    if let Some(cover) = cover {
        with!(conn, c => sqlx::query(sql!("UPDATE stages SET cover = $2 WHERE id = $1"))
            .bind(stage.0).bind(cover.as_deref()).execute(&mut **c).await.map(drop))?;
    }
    if let Some(genres) = genres {
        set_genres(conn, stage, genres).await?;
    }
    if name.is_some() || genres.is_some() {
        with!(conn, c => fold_stage!(*c, stage.0));
    }
    match playlist {
        // One that was deleted meanwhile must not fail what is committed with it.
        Some(Attachment::Attach(playlist)) => with!(conn, c => sqlx::query(sql!(
                "INSERT INTO stage_playlists (stage_id, playlist_id, added_us) \
                 SELECT $1, p.id, (SELECT COUNT(*) FROM stage_playlists a WHERE a.stage_id = $1) FROM playlists p \
                 WHERE p.id = $2 ON CONFLICT DO NOTHING"))
            .bind(stage.0).bind(playlist.0).execute(&mut **c).await.map(drop))?,
        Some(Attachment::Detach(playlist)) => with!(conn, c => sqlx::query(sql!(
                "DELETE FROM stage_playlists WHERE stage_id = $1 AND playlist_id = $2"))
            .bind(stage.0).bind(playlist.0).execute(&mut **c).await.map(drop))?,
        None => {}
    }
    Ok(())
}

async fn set_genres(conn: &mut Conn<'_>, stage: StageId, genres: &[String]) -> Result<()> {
    with!(conn, c => sqlx::query(sql!("DELETE FROM stage_genres WHERE stage_id = $1"))
        .bind(stage.0).execute(&mut **c).await.map(drop))?;
    for name in in_order(genres) {
        let genre = with!(conn, c => genre_id!(*c, name));
        with!(conn, c => sqlx::query(sql!(
                "INSERT INTO stage_genres (stage_id, genre_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"))
            .bind(stage.0).bind(genre).execute(&mut **c).await.map(drop))?;
    }
    Ok(())
}
