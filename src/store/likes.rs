//! Who likes which song. The count stands beside the song and changes in the same transaction, which locks the song
//! first: so a like and the song's deletion come one after the other.

use octave_protocol::{Instant, SongId, UserId};

use super::again::{again, locking};
use super::{Db, Result, on, sql};

/// The song, locked; none when it is deleted.
macro_rules! lock_song {
    ($db:expr, $t:ident, $song:expr) => {{
        let id: Option<i64> =
            sqlx::query_scalar(locking!($db, "SELECT id FROM songs WHERE id = $1 AND deleted_us IS NULL"))
                .bind($song.0)
                .fetch_optional(&mut *$t)
                .await?;
        id
    }};
}

/// Likes a song; liking it again changes nothing. False when there is no such song.
pub async fn like(db: &Db, user: UserId, song: SongId, at: Instant) -> Result<bool> {
    again(|| like_once(db, user, song, at)).await
}

async fn like_once(db: &Db, user: UserId, song: SongId, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        let exists = lock_song!(db, t, song);
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
    again(|| unlike_once(db, user, song)).await
}

async fn unlike_once(db: &Db, user: UserId, song: SongId) -> Result<()> {
    on!(db, tx, t => {
        lock_song!(db, t, song);
        let done = sqlx::query(sql!("DELETE FROM song_likes WHERE user_id = $1 AND song_id = $2"))
            .bind(user.0).bind(song.0).execute(&mut *t).await?;
        if done.rows_affected() == 1 {
            sqlx::query(sql!("UPDATE songs SET likes_count = likes_count - 1 WHERE id = $1"))
                .bind(song.0).execute(&mut *t).await?;
        }
    })
}
