//! Who follows whom. The counts in `users` change in the same transaction.

use octave_protocol::{Instant, UserId};

use super::users::{Account, account};
use super::{Db, Result, on, sql};

macro_rules! count {
    ($t:ident, $follower:expr, $followed:expr, $by:expr) => {
        sqlx::query(sql!("UPDATE users SET following_count = following_count + $2 WHERE id = $1"))
            .bind($follower.0)
            .bind($by)
            .execute(&mut *$t)
            .await?;
        sqlx::query(sql!("UPDATE users SET followers_count = followers_count + $2 WHERE id = $1"))
            .bind($followed.0)
            .bind($by)
            .execute(&mut *$t)
            .await?;
    };
}

/// Idempotent.
pub async fn add(db: &Db, follower: UserId, followed: UserId, now: Instant) -> Result<()> {
    on!(db, tx, t => {
        let new = sqlx::query(sql!(
                "INSERT INTO follows (follower_id, followed_id, created_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"))
            .bind(follower.0).bind(followed.0).bind(now.0).execute(&mut *t).await?.rows_affected();
        if new > 0 {
            count!(t, follower, followed, 1i64);
        }
    })
}

/// Idempotent.
pub async fn remove(db: &Db, follower: UserId, followed: UserId) -> Result<()> {
    on!(db, tx, t => {
        let gone = sqlx::query(sql!("DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2"))
            .bind(follower.0).bind(followed.0).execute(&mut *t).await?.rows_affected();
        if gone > 0 {
            count!(t, follower, followed, -1i64);
        }
    })
}

pub async fn exists(db: &Db, follower: UserId, followed: UserId) -> Result<bool> {
    let row: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT followed_id FROM follows WHERE follower_id = $1 AND followed_id = $2"))
        .bind(follower.0).bind(followed.0).fetch_optional(c).await?);
    Ok(row.is_some())
}

/// Who follows `user`, after a username, by name.
pub async fn followers(db: &Db, user: UserId, after: &str, limit: u32) -> Result<Vec<Account>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!("SELECT ", account!(),
            " FROM follows f JOIN users ON users.id = f.follower_id \
             WHERE f.followed_id = $1 AND users.username_key > $2 ORDER BY users.username_key LIMIT $3")))
        .bind(user.0).bind(after).bind(i64::from(limit)).fetch_all(c).await?))
}

/// Whom `user` follows, after a username, by name.
pub async fn following(db: &Db, user: UserId, after: &str, limit: u32) -> Result<Vec<Account>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!("SELECT ", account!(),
            " FROM follows f JOIN users ON users.id = f.followed_id \
             WHERE f.follower_id = $1 AND users.username_key > $2 ORDER BY users.username_key LIMIT $3")))
        .bind(user.0).bind(after).bind(i64::from(limit)).fetch_all(c).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{both, people};
    use crate::store::users;

    #[tokio::test]
    async fn counts_follow_what_is_done_and_doing_it_twice_is_once() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let counts = async || {
                let (a, b) =
                    (users::by_id(&db, ana).await.unwrap().unwrap(), users::by_id(&db, ben).await.unwrap().unwrap());
                (a.following_count, a.followers_count, b.following_count, b.followers_count)
            };
            for _ in 0..2 {
                add(&db, ana, ben, Instant(1)).await.unwrap();
            }
            assert_eq!(counts().await, (1, 0, 0, 1));
            assert!(exists(&db, ana, ben).await.unwrap());
            assert!(!exists(&db, ben, ana).await.unwrap());
            assert_eq!(following(&db, ana, "", 9).await.unwrap()[0].id, ben);
            assert_eq!(followers(&db, ben, "", 9).await.unwrap()[0].id, ana);
            assert_eq!(followers(&db, ben, "ana", 9).await.unwrap(), []);
            for _ in 0..2 {
                remove(&db, ana, ben).await.unwrap();
            }
            assert_eq!(counts().await, (0, 0, 0, 0));
        })
        .await;
    }
}
