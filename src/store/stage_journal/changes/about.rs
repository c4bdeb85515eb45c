//! A stage's name, cover, genres, and who may what.

use octave_protocol::StageId;

use super::{Conn, Result, sql, with};
use crate::stage::core::StageChange;
use crate::store::stages::{control_word, visibility_word};
use crate::text;

pub(super) async fn change(conn: &mut Conn<'_>, stage: StageId, change: &StageChange) -> Result<()> {
    let StageChange { name, genres, visibility, control, start, cover, playlists } = change;
    with!(conn, c => sqlx::query(sql!(
            "UPDATE stages SET name = COALESCE($2, name), visibility = COALESCE($3, visibility), \
             control = COALESCE($4, control), start_quorum = COALESCE($5, start_quorum), \
             start_patience_us = COALESCE($6, start_patience_us) WHERE id = $1"))
        .bind(stage.0).bind(name.as_deref()).bind(visibility.map(visibility_word)).bind(control.map(control_word))
        .bind(start.map(|s| i64::from(s.quorum_percent))).bind(start.map(|s| s.patience_us.0))
        .execute(&mut **c).await.map(drop))?;
    if let Some(cover) = cover {
        with!(conn, c => sqlx::query(sql!("UPDATE stages SET cover = $2 WHERE id = $1"))
            .bind(stage.0).bind(cover.as_deref()).execute(&mut **c).await.map(drop))?;
    }
    if let Some(genres) = genres {
        set_genres(conn, stage, genres).await?;
    }
    if let Some(playlists) = playlists {
        with!(conn, c => sqlx::query(sql!("DELETE FROM stage_playlists WHERE stage_id = $1"))
            .bind(stage.0).execute(&mut **c).await.map(drop))?;
        for (playlist, nth) in playlists.iter().zip(0i64..) {
            with!(conn, c => sqlx::query(sql!(
                    "INSERT INTO stage_playlists (stage_id, playlist_id, added_us) VALUES ($1, $2, $3) \
                     ON CONFLICT DO NOTHING"))
                .bind(stage.0).bind(playlist.0).bind(nth).execute(&mut **c).await.map(drop))?;
        }
    }
    Ok(())
}

async fn set_genres(conn: &mut Conn<'_>, stage: StageId, genres: &[String]) -> Result<()> {
    with!(conn, c => sqlx::query(sql!("DELETE FROM stage_genres WHERE stage_id = $1"))
        .bind(stage.0).execute(&mut **c).await.map(drop))?;
    for name in genres {
        let genre: i64 = with!(conn, c => sqlx::query_scalar(sql!(
                "INSERT INTO genres (name, name_key) VALUES ($1, $2) \
                 ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key RETURNING id"))
            .bind(name).bind(text::key(name)).fetch_one(&mut **c).await)?;
        with!(conn, c => sqlx::query(sql!(
                "INSERT INTO stage_genres (stage_id, genre_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"))
            .bind(stage.0).bind(genre).execute(&mut **c).await.map(drop))?;
    }
    Ok(())
}
