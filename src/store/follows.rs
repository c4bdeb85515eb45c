//! Who follows whom. The counts in `users` change in the same transaction, which locks both rows first: a count that was
//! changed in the order in which it comes up would be waited for by who follows back.

use octave_protocol::{Instant, UserId};

use super::again::again;
use super::between::{Block, between};
use super::users::{Account, account, lock_people};
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

/// Takes a follow back within a transaction that has locked both.
macro_rules! unfollow {
    ($t:ident, $follower:expr, $followed:expr) => {
        let gone = sqlx::query(sql!("DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2"))
            .bind($follower.0)
            .bind($followed.0)
            .execute(&mut *$t)
            .await?
            .rows_affected();
        if gone > 0 {
            $crate::store::follows::count!($t, $follower, $followed, -1i64);
        }
    };
}
pub(super) use {count, unfollow};

/// False, and nothing is done, when `followed` has blocked `follower`. Idempotent.
pub async fn add(db: &Db, follower: UserId, followed: UserId, now: Instant) -> Result<bool> {
    again(|| add_once(db, follower, followed, now)).await
}

async fn add_once(db: &Db, follower: UserId, followed: UserId, now: Instant) -> Result<bool> {
    on!(db, tx, t => {
        lock_people!(db, t, follower, followed);
        if between!(t, follower, followed) == Some(Block::Theirs) {
            return Ok(false);
        }
        let new = sqlx::query(sql!(
                "INSERT INTO follows (follower_id, followed_id, created_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"))
            .bind(follower.0).bind(followed.0).bind(now.0).execute(&mut *t).await?.rows_affected();
        if new > 0 {
            count!(t, follower, followed, 1i64);
        }
        true
    })
}

/// Idempotent.
pub async fn remove(db: &Db, follower: UserId, followed: UserId) -> Result<()> {
    again(|| remove_once(db, follower, followed)).await
}

async fn remove_once(db: &Db, follower: UserId, followed: UserId) -> Result<()> {
    on!(db, tx, t => {
        lock_people!(db, t, follower, followed);
        unfollow!(t, follower, followed);
    })
}

pub async fn exists(db: &Db, follower: UserId, followed: UserId) -> Result<bool> {
    let row: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT followed_id FROM follows WHERE follower_id = $1 AND followed_id = $2"))
        .bind(follower.0).bind(followed.0).fetch_optional(c).await?);
    Ok(row.is_some())
}

/// Two ways to the accounts at the other end of follows, by name: gather them all and put them in order, or walk through all
/// accounts and ask of each. The bounds keep PostgreSQL from making one of the other.
macro_rules! by_name {
    ($db:expr, $of:expr, $many:expr, $after:expr, $limit:expr, $own:literal, $other:literal) => {{
        let (db, of, limit): (&Db, &Account, i64) = ($db, $of, i64::from($limit));
        let text = if is_crowd(db, $many, limit).await? {
            sql!(concat!("SELECT ", account!(), " FROM users WHERE users.username_key > $2 AND EXISTS (SELECT 1 FROM follows f \
                 WHERE f.", $own, " = $1 AND f.", $other, " = users.id LIMIT 1 OFFSET 0) ORDER BY users.username_key LIMIT $3"))
        } else {
            sql!(concat!("SELECT ", account!(), " FROM follows f JOIN users ON users.id = f.", $other, " \
                 WHERE f.", $own, " = $1 AND users.username_key > $2 ORDER BY users.username_key LIMIT $3"))
        };
        on!(db, read, c => Ok(sqlx::query_as(text).bind(of.id.0).bind($after).bind(limit).fetch_all(c).await?))
    }};
}

/// So few are gathered whatever else there is.
const FEW: i64 = 500;

/// Whether so many of all accounts are met soon: a page of `limit` is full after all / many × `limit`.
async fn is_crowd(db: &Db, many: i64, limit: i64) -> Result<bool> {
    if many <= FEW {
        return Ok(false);
    }
    let all: Option<i64> =
        on!(db, read, c => sqlx::query_scalar(sql!("SELECT MAX(id) AS last FROM users")).fetch_one(c).await?);
    Ok(all.unwrap_or(0) / many * limit < many)
}

/// Who follows somebody, after a username, by name.
pub async fn followers(db: &Db, of: &Account, after: &str, limit: u32) -> Result<Vec<Account>> {
    by_name!(db, of, of.followers_count, after, limit, "followed_id", "follower_id")
}

/// Whom somebody follows, after a username, by name.
pub async fn following(db: &Db, of: &Account, after: &str, limit: u32) -> Result<Vec<Account>> {
    by_name!(db, of, of.following_count, after, limit, "follower_id", "followed_id")
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;
    use crate::store::testing::{both, crowd, people};
    use crate::store::users;

    async fn seen(db: &Db, id: UserId) -> Account {
        users::by_id(db, id).await.unwrap().unwrap()
    }

    /// Both ways lead to the same.
    #[tokio::test]
    async fn a_crowd_is_listed_as_a_few_are() {
        both(|db| async move {
            let ids = crowd(&db, 12).await;
            for other in [3, 11, 7, 1, 9] {
                add(&db, ids[other], ids[0], Instant(1)).await.unwrap();
                add(&db, ids[0], ids[other], Instant(1)).await.unwrap();
            }
            let few = seen(&db, ids[0]).await;
            let many = Account { followers_count: FEW + 1, following_count: FEW + 1, ..few.clone() };
            for (after, limit, names) in
                [("", 3, vec!["p1", "p11", "p3"]), ("p3", 9, vec!["p7", "p9"]), ("p9", 9, vec![])]
            {
                for of in [&few, &many] {
                    for found in [followers(&db, of, after, limit).await, following(&db, of, after, limit).await] {
                        let found: Vec<String> = found.unwrap().into_iter().map(|one| one.username).collect();
                        assert_eq!(found, names, "after {after:?}");
                    }
                }
            }
            assert!(is_crowd(&db, FEW + 1, 9).await.unwrap());
            assert!(!is_crowd(&db, FEW, 9).await.unwrap());
        })
        .await;
    }

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
            let [of_ana, of_ben] = [seen(&db, ana).await, seen(&db, ben).await];
            assert_eq!(following(&db, &of_ana, "", 9).await.unwrap()[0].id, ben);
            assert_eq!(followers(&db, &of_ben, "", 9).await.unwrap()[0].id, ana);
            assert_eq!(followers(&db, &of_ben, "ana", 9).await.unwrap(), []);
            for _ in 0..2 {
                remove(&db, ana, ben).await.unwrap();
            }
            assert_eq!(counts().await, (0, 0, 0, 0));
        })
        .await;
    }

    #[tokio::test]
    async fn six_who_follow_one_another_at_once_all_succeed() {
        both(|db| async move {
            let six = crowd(&db, 6).await;
            let pairs: Vec<_> =
                six.iter().flat_map(|a| six.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b).collect();
            for round in 0..8 {
                let done = join_all(pairs.iter().enumerate().map(|(n, (a, b))| {
                    let db = &db;
                    async move {
                        if (n + round) % 3 == 0 {
                            remove(db, *a, *b).await
                        } else {
                            add(db, *a, *b, Instant(1)).await.map(drop)
                        }
                    }
                }));
                done.await.into_iter().collect::<Result<()>>().unwrap();
            }
            for one in &six {
                let seen = seen(&db, *one).await;
                let rows = (
                    following(&db, &seen, "", 9).await.unwrap().len(),
                    followers(&db, &seen, "", 9).await.unwrap().len(),
                );
                let counted =
                    (usize::try_from(seen.following_count).unwrap(), usize::try_from(seen.followers_count).unwrap());
                assert_eq!(counted, rows);
            }
        })
        .await;
    }
}
