//! Who likes which song. The count stands beside the song and changes in the same transaction.

use octave_protocol::{Instant, SongId, UserId};

use super::{Db, Result, on, sql};

/// Likes a song; liking it again changes nothing. False when there is no such song.
pub async fn like(db: &Db, user: UserId, song: SongId, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        let exists: Option<i64> = sqlx::query_scalar(sql!("SELECT id FROM songs WHERE id = $1 AND deleted_us IS NULL"))
            .bind(song.0).fetch_optional(&mut *t).await?;
        if exists.is_some() {
            let done = sqlx::query(sql!(
                    "INSERT INTO song_likes (user_id, song_id, created_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"))
                .bind(user.0).bind(song.0).bind(at.0).execute(&mut *t).await?;
            if done.rows_affected() == 1 {
                sqlx::query(sql!("UPDATE songs SET likes_count = likes_count + 1 WHERE id = $1"))
                    .bind(song.0).execute(&mut *t).await?;
            }
        }
        exists.is_some()
    })
}

/// Takes a like back; there may be none.
pub async fn unlike(db: &Db, user: UserId, song: SongId) -> Result<()> {
    on!(db, tx, t => {
        let done = sqlx::query(sql!("DELETE FROM song_likes WHERE user_id = $1 AND song_id = $2"))
            .bind(user.0).bind(song.0).execute(&mut *t).await?;
        if done.rows_affected() == 1 {
            sqlx::query(sql!("UPDATE songs SET likes_count = likes_count - 1 WHERE id = $1"))
                .bind(song.0).execute(&mut *t).await?;
        }
    })
}
