//! Friendships: one row, from who asked to who was asked, pending until accepted. The counts in `users` change in the
//! same transaction.

use octave_protocol::model::User;
use octave_protocol::{Instant, UserId};

use super::again::again;
use super::between::{Block, between};
use super::users::{self, Account, account, lock_people};
use super::{Db, Result, of_ids, on, sql};

/// What is between two users, as the first of them sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Friendship {
    Accepted,
    /// They asked me.
    Incoming,
    /// I asked them.
    Outgoing,
}

/// What became of an offer of friendship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    Asked,
    /// They had asked before: now friends.
    Accepted,
    /// It stood already.
    Unchanged(Friendship),
    /// Nothing was done.
    Blocked(Block),
}

/// Asks, or accepts when they asked. `from` and `to` must differ.
pub async fn offer(db: &Db, from: UserId, to: UserId, now: Instant) -> Result<Offered> {
    again(|| offer_once(db, from, to, now)).await
}

async fn offer_once(db: &Db, from: UserId, to: UserId, now: Instant) -> Result<Offered> {
    on!(db, tx, t => {
        // Two who ask each other at once become friends, not strangers.
        lock_people!(db, t, from, to);
        if let Some(block) = between!(t, from, to) {
            return Ok(Offered::Blocked(block));
        }
        let accepted = sqlx::query(sql!(
                "UPDATE friendships SET status = 'accepted', created_us = $3 \
                 WHERE user_id = $1 AND friend_id = $2 AND status = 'pending'"))
            .bind(to.0).bind(from.0).bind(now.0).execute(&mut *t).await?.rows_affected();
        if accepted > 0 {
            sqlx::query(sql!("UPDATE users SET friends_count = friends_count + 1 WHERE id IN ($1, $2)"))
                .bind(from.0).bind(to.0).execute(&mut *t).await?;
            Offered::Accepted
        } else {
            let standing: Option<(i64, String)> = sqlx::query_as(sql!(
                    "SELECT user_id, status FROM friendships \
                     WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1)"))
                .bind(from.0).bind(to.0).fetch_optional(&mut *t).await?;
            match standing {
                Some((_, status)) if status == "accepted" => Offered::Unchanged(Friendship::Accepted),
                Some(_) => Offered::Unchanged(Friendship::Outgoing),
                None => {
                    sqlx::query(sql!(
                            "INSERT INTO friendships (user_id, friend_id, status, created_us) VALUES ($1, $2, 'pending', $3)"))
                        .bind(from.0).bind(to.0).bind(now.0).execute(&mut *t).await?;
                    Offered::Asked
                }
            }
        }
    })
}

/// Ends whatever stands between two within a transaction that has locked both; whether there was anything.
macro_rules! end_friendship {
    ($t:ident, $me:expr, $other:expr) => {{
        let gone: Option<String> = sqlx::query_scalar(sql!(
            "DELETE FROM friendships WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1) \
             RETURNING status"
        ))
        .bind($me.0)
        .bind($other.0)
        .fetch_optional(&mut *$t)
        .await?;
        if gone.as_deref() == Some("accepted") {
            sqlx::query(sql!("UPDATE users SET friends_count = friends_count - 1 WHERE id IN ($1, $2)"))
                .bind($me.0)
                .bind($other.0)
                .execute(&mut *$t)
                .await?;
        }
        gone.is_some()
    }};
}
pub(super) use end_friendship;

/// Declines, cancels or unfriends; whatever stood between the two, if anything. Of a request nobody is told any more.
pub async fn remove(db: &Db, me: UserId, other: UserId) -> Result<bool> {
    again(|| remove_once(db, me, other)).await
}

async fn remove_once(db: &Db, me: UserId, other: UserId) -> Result<bool> {
    on!(db, tx, t => {
        lock_people!(db, t, me, other);
        sqlx::query(sql!(
                "DELETE FROM notifications WHERE kind = 'friend_request' \
                 AND ((user_id = $1 AND from_id = $2) OR (user_id = $2 AND from_id = $1))"))
            .bind(me.0).bind(other.0).execute(&mut *t).await?;
        end_friendship!(t, me, other)
    })
}

/// What is between `me` and `other`, as `me` sees it.
pub async fn between(db: &Db, me: UserId, other: UserId) -> Result<Option<Friendship>> {
    let row: Option<(i64, String)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT user_id, status FROM friendships \
             WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1)"))
        .bind(me.0).bind(other.0).fetch_optional(c).await?);
    Ok(row.map(|(asked_by, status)| match status.as_str() {
        "accepted" => Friendship::Accepted,
        _ if asked_by == me.0 => Friendship::Outgoing,
        _ => Friendship::Incoming,
    }))
}

macro_rules! list {
    ($which:literal) => {
        sql!(concat!(
            "SELECT ",
            account!(),
            " FROM friendships f JOIN users ON users.id = CASE WHEN f.user_id = $1 THEN f.friend_id ELSE f.user_id END \
             WHERE ",
            $which,
            " AND users.username_key > $2 ORDER BY users.username_key LIMIT $3"
        ))
    };
}

/// The other sides of my friendships in one state, after a username, by name.
pub async fn list(db: &Db, me: UserId, which: Friendship, after: &str, limit: u32) -> Result<Vec<Account>> {
    let text = match which {
        Friendship::Accepted => list!("(f.user_id = $1 OR f.friend_id = $1) AND f.status = 'accepted'"),
        Friendship::Incoming => list!("f.friend_id = $1 AND f.status = 'pending'"),
        Friendship::Outgoing => list!("f.user_id = $1 AND f.status = 'pending'"),
    };
    on!(db, read, c => Ok(sqlx::query_as(text)
        .bind(me.0).bind(after).bind(i64::from(limit)).fetch_all(c).await?))
}

/// Of each of these users, the friends: who it is, and to whom.
pub async fn of(db: &Db, users: &[UserId]) -> Result<Vec<(User, UserId)>> {
    let rows: Vec<(i64, String, Option<String>, i64)> = of_ids!(
        db,
        users.iter().map(|id| id.0),
        "SELECT u.id, u.username, u.avatar, f.friend_id FROM friendships f JOIN users u ON u.id = f.user_id \
         WHERE f.status = 'accepted' AND f.user_id IN (",
        ") UNION ALL \
         SELECT u.id, u.username, u.avatar, f.user_id FROM friendships f JOIN users u ON u.id = f.friend_id \
         WHERE f.status = 'accepted' AND f.friend_id IN (",
        ")"
    )?;
    let pair = |(id, name, avatar, friend): (i64, String, Option<String>, i64)| {
        (users::user(UserId(id), &name, avatar.as_deref()), UserId(friend))
    };
    Ok(rows.into_iter().map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{both, people};
    use crate::store::users;

    #[tokio::test]
    async fn asking_and_accepting_makes_friends_of_both() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let counts = async || {
                let of = async |id| users::by_id(&db, id).await.unwrap().unwrap().friends_count;
                (of(ana).await, of(ben).await)
            };
            let names = async |me, which| {
                list(&db, me, which, "", 9).await.unwrap().into_iter().map(|a| a.username).collect::<Vec<_>>()
            };
            assert_eq!(offer(&db, ana, ben, Instant(1)).await.unwrap(), Offered::Asked);
            assert_eq!(offer(&db, ana, ben, Instant(2)).await.unwrap(), Offered::Unchanged(Friendship::Outgoing));
            assert_eq!(between(&db, ana, ben).await.unwrap(), Some(Friendship::Outgoing));
            assert_eq!(between(&db, ben, ana).await.unwrap(), Some(Friendship::Incoming));
            assert_eq!(names(ana, Friendship::Outgoing).await, ["ben"]);
            assert_eq!(names(ben, Friendship::Incoming).await, ["ana"]);
            assert_eq!(names(ben, Friendship::Accepted).await, [""; 0]);
            assert_eq!(counts().await, (0, 0));
            assert_eq!(offer(&db, ben, ana, Instant(3)).await.unwrap(), Offered::Accepted);
            for (me, other) in [(ana, "ben"), (ben, "ana")] {
                assert_eq!(names(me, Friendship::Accepted).await, [other]);
            }
            assert_eq!(offer(&db, ana, ben, Instant(4)).await.unwrap(), Offered::Unchanged(Friendship::Accepted));
            for (one, other) in [(ana, ben), (ben, ana)] {
                let pairs = of(&db, &[one]).await.unwrap();
                assert_eq!(pairs.iter().map(|(user, friend)| (user.id, *friend)).collect::<Vec<_>>(), [(one, other)]);
            }
            assert_eq!(of(&db, &[ana, ben]).await.unwrap().len(), 2);
            assert_eq!(counts().await, (1, 1));
            assert!(remove(&db, ana, ben).await.unwrap());
            assert!(!remove(&db, ben, ana).await.unwrap());
            assert_eq!(counts().await, (0, 0));
            assert_eq!(between(&db, ana, ben).await.unwrap(), None);
            // What never was a friendship takes none away, whoever takes it back.
            for who in [ana, ben] {
                assert_eq!(offer(&db, ana, ben, Instant(5)).await.unwrap(), Offered::Asked);
                assert!(remove(&db, who, if who == ana { ben } else { ana }).await.unwrap());
                assert_eq!(counts().await, (0, 0));
            }
        })
        .await;
    }

    #[tokio::test]
    async fn two_who_ask_each_other_at_once_are_friends() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let (one, two) = tokio::join!(offer(&db, ana, ben, Instant(1)), offer(&db, ben, ana, Instant(1)));
            let mut both = [one.unwrap(), two.unwrap()];
            both.sort_by_key(|o| *o == Offered::Accepted);
            assert_eq!(both, [Offered::Asked, Offered::Accepted]);
            assert_eq!(users::by_id(&db, ana).await.unwrap().unwrap().friends_count, 1);
        })
        .await;
    }
}
