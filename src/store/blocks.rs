//! Who does not want to hear from whom.

use octave_protocol::{Instant, UserId};

use super::again::again;
pub use super::between::Block;
use super::follows::unfollow;
use super::friends::end_friendship;
use super::users::{Account, account, lock_people};
use super::{Db, Result, on, sql};

/// Blocks somebody, and ends what was between the two: friendship, requests, their follow, and what was told of them.
/// Idempotent.
pub async fn add(db: &Db, by: UserId, whom: UserId, now: Instant) -> Result<()> {
    again(|| add_once(db, by, whom, now)).await
}

async fn add_once(db: &Db, by: UserId, whom: UserId, now: Instant) -> Result<()> {
    on!(db, tx, t => {
        lock_people!(db, t, by, whom);
        let _ended = end_friendship!(t, by, whom);
        unfollow!(t, whom, by);
        sqlx::query(sql!(
                "INSERT INTO blocks (user_id, blocked_id, created_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"))
            .bind(by.0).bind(whom.0).bind(now.0).execute(&mut *t).await?;
        sqlx::query(sql!("DELETE FROM notifications WHERE user_id = $1 AND from_id = $2"))
            .bind(by.0).bind(whom.0).execute(&mut *t).await?;
    })
}

/// Idempotent.
pub async fn remove(db: &Db, by: UserId, whom: UserId) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2"))
        .bind(by.0).bind(whom.0).execute(c).await.map(drop)?);
    Ok(())
}

/// Whether `by` has blocked `whom`.
pub async fn exists(db: &Db, by: UserId, whom: UserId) -> Result<bool> {
    let row: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT blocked_id FROM blocks WHERE user_id = $1 AND blocked_id = $2"))
        .bind(by.0).bind(whom.0).fetch_optional(c).await?);
    Ok(row.is_some())
}

/// Whom `by` has blocked, after a username, by name.
pub async fn list(db: &Db, by: UserId, after: &str, limit: u32) -> Result<Vec<Account>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!("SELECT ", account!(),
            " FROM blocks b JOIN users ON users.id = b.blocked_id \
             WHERE b.user_id = $1 AND users.username_key > $2 ORDER BY users.username_key LIMIT $3")))
        .bind(by.0).bind(after).bind(i64::from(limit)).fetch_all(c).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{both, people};
    use crate::store::{follows, friends, users};

    #[tokio::test]
    async fn a_block_and_what_crosses_it_never_both_stand() {
        both(|db| {
            Box::pin(async move {
                let [ana, ben] = people(&db).await;
                for round in 0..25 {
                    if round % 2 == 1 {
                        friends::offer(&db, ana, ben, Instant(1)).await.unwrap();
                    }
                    let (blocked, offered, followed, back) = tokio::join!(
                        add(&db, ana, ben, Instant(2)),
                        friends::offer(&db, ben, ana, Instant(2)),
                        follows::add(&db, ben, ana, Instant(2)),
                        follows::add(&db, ana, ben, Instant(2)),
                    );
                    blocked.unwrap();
                    let _answers = (offered.unwrap(), followed.unwrap(), back.unwrap());
                    assert_eq!(friends::between(&db, ana, ben).await.unwrap(), None, "round {round}");
                    assert!(!follows::exists(&db, ben, ana).await.unwrap(), "round {round}");
                    let counts = async |id| {
                        let of = users::by_id(&db, id).await.unwrap().unwrap();
                        (of.friends_count, of.followers_count)
                    };
                    assert_eq!((counts(ana).await, counts(ben).await), ((0, 0), (0, 1)), "round {round}");
                    remove(&db, ana, ben).await.unwrap();
                }
            })
        })
        .await;
    }

    #[tokio::test]
    async fn who_is_blocked_is_told_so_and_who_blocks_too() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            add(&db, ana, ben, Instant(1)).await.unwrap();
            let offer = async |from, to| friends::offer(&db, from, to, Instant(2)).await.unwrap();
            assert_eq!(offer(ben, ana).await, friends::Offered::Blocked(Block::Theirs));
            assert_eq!(offer(ana, ben).await, friends::Offered::Blocked(Block::Mine));
            assert!(!follows::add(&db, ben, ana, Instant(2)).await.unwrap());
            add(&db, ben, ana, Instant(3)).await.unwrap();
            assert_eq!(offer(ana, ben).await, friends::Offered::Blocked(Block::Theirs));
        })
        .await;
    }
}
