//! Who follows which artist. The count stands beside the artist and changes in the same transaction, which locks the artist
//! first.

use octave_protocol::{ArtistId, Instant, UserId};

use super::again::{again, locking};
use super::artists::{Artist, Row, artist_columns};
use super::{Db, Result, on, sql};

/// The artist, locked; none when there is none.
macro_rules! lock_artist {
    ($db:expr, $t:ident, $artist:expr) => {{
        let id: Option<i64> = sqlx::query_scalar(locking!($db, "SELECT id FROM artists WHERE id = $1"))
            .bind($artist.0)
            .fetch_optional(&mut *$t)
            .await?;
        id.is_some()
    }};
}

/// Follows an artist; again changes nothing. False when there is no such artist.
pub async fn add(db: &Db, user: UserId, artist: ArtistId, at: Instant) -> Result<bool> {
    again(|| add_once(db, user, artist, at)).await
}

async fn add_once(db: &Db, user: UserId, artist: ArtistId, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        if !lock_artist!(db, t, artist) {
            return Ok(false);
        }
        let new = sqlx::query(sql!(
                "INSERT INTO artist_follows (user_id, artist_id, created_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"))
            .bind(user.0).bind(artist.0).bind(at.0).execute(&mut *t).await?.rows_affected();
        if new > 0 {
            sqlx::query(sql!("UPDATE artists SET followers_count = followers_count + 1 WHERE id = $1"))
                .bind(artist.0).execute(&mut *t).await?;
        }
        true
    })
}

/// Follows an artist no more. False when there is no such artist.
pub async fn remove(db: &Db, user: UserId, artist: ArtistId) -> Result<bool> {
    again(|| remove_once(db, user, artist)).await
}

async fn remove_once(db: &Db, user: UserId, artist: ArtistId) -> Result<bool> {
    on!(db, tx, t => {
        if !lock_artist!(db, t, artist) {
            return Ok(false);
        }
        let gone = sqlx::query(sql!("DELETE FROM artist_follows WHERE user_id = $1 AND artist_id = $2"))
            .bind(user.0).bind(artist.0).execute(&mut *t).await?.rows_affected();
        if gone > 0 {
            sqlx::query(sql!("UPDATE artists SET followers_count = followers_count - 1 WHERE id = $1"))
                .bind(artist.0).execute(&mut *t).await?;
        }
        true
    })
}

pub async fn exists(db: &Db, user: UserId, artist: ArtistId) -> Result<bool> {
    let row: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT artist_id FROM artist_follows WHERE user_id = $1 AND artist_id = $2"))
        .bind(user.0).bind(artist.0).fetch_optional(c).await?);
    Ok(row.is_some())
}

/// The artists that `user` follows, by name, after the artist `after`.
pub async fn list(db: &Db, user: UserId, after: Option<ArtistId>, limit: u32) -> Result<Vec<Artist>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", artist_columns!(), "FROM artist_follows f JOIN artists a ON a.id = f.artist_id WHERE f.user_id = $1 \
             AND a.name_key > COALESCE((SELECT name_key FROM artists WHERE id = $2), '') ORDER BY a.name_key LIMIT $3")))
        .bind(user.0).bind(after.map_or(0, |a| a.0)).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Artist::from).collect())
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;
    use crate::store::testing::{both, crowd};
    use crate::store::{artists, songs};

    async fn artist(db: &Db, by: UserId, name: &str) -> ArtistId {
        let song = songs::insert(db, &songs::tests::song(by, "t", name)).await.unwrap();
        songs::get(db, by, song).await.unwrap().unwrap().song.artist_id.unwrap()
    }

    #[tokio::test]
    async fn a_follow_counts_once_and_is_listed_by_name() {
        both(|db| async move {
            let two = crowd(&db, 2).await;
            let (zoot, abbey) = (artist(&db, two[0], "Zoot").await, artist(&db, two[0], "Abbey").await);
            for _ in 0..2 {
                assert!(add(&db, two[1], zoot, Instant(1)).await.unwrap());
            }
            assert!(add(&db, two[1], abbey, Instant(2)).await.unwrap());
            assert!(!add(&db, two[1], ArtistId(99), Instant(1)).await.unwrap());
            assert!(!remove(&db, two[1], ArtistId(99)).await.unwrap());
            let names = async |after| {
                list(&db, two[1], after, 9).await.unwrap().into_iter().map(|a| a.name).collect::<Vec<_>>()
            };
            assert_eq!(
                (names(None).await, names(Some(abbey)).await),
                (vec!["Abbey".into(), "Zoot".into()], vec!["Zoot".into()])
            );
            assert_eq!(list(&db, two[0], None, 9).await.unwrap(), []);
            let count = async || artists::get(&db, zoot).await.unwrap().unwrap().followers_count;
            assert_eq!((count().await, exists(&db, two[1], zoot).await.unwrap()), (1, true));
            for _ in 0..2 {
                remove(&db, two[1], zoot).await.unwrap();
            }
            assert_eq!((count().await, exists(&db, two[1], zoot).await.unwrap()), (0, false));
        })
        .await;
    }

    #[tokio::test]
    async fn many_at_once_leave_the_right_count() {
        both(|db| async move {
            let six = crowd(&db, 6).await;
            let artist = artist(&db, six[0], "Miles").await;
            let one = async |user: UserId, last: bool| {
                for round in 0..7 {
                    let follows = (round % 2 == 0) == last;
                    let done = if follows {
                        add(&db, user, artist, Instant(1)).await
                    } else {
                        remove(&db, user, artist).await
                    };
                    done.unwrap();
                }
            };
            join_all(six.iter().enumerate().map(|(n, user)| one(*user, n % 3 > 0))).await;
            assert_eq!(artists::get(&db, artist).await.unwrap().unwrap().followers_count, 4);
        })
        .await;
    }
}
