//! A username that its owner gives up rests before somebody else may have it: mentions, links and friends still mean the
//! one who had it. Its former owner may take it back at any time.

use octave_protocol::Duration;

/// How long a name rests.
pub const RESTS: Duration = Duration::from_secs(30 * 24 * 3600);

/// In transaction `$t`, behind the statement that gives the name `$key` to `$user`: returns early with `Unique` while the
/// name rests for somebody else; takes it from those that rest otherwise. Behind it, so that a name is seen as free by
/// nobody who has waited for the very transaction that has given it up.
macro_rules! free {
    ($t:ident, $key:expr, $user:expr, $now:expr) => {{
        let rests: Option<i64> = sqlx::query_scalar(sql!(
            "SELECT freed_us FROM freed_names WHERE username_key = $1 AND freed_us > $2 \
             AND (user_id IS NULL OR user_id <> $3)"
        ))
        .bind($key)
        .bind(($now - $crate::store::users::RESTS).0)
        .bind($user.0)
        .fetch_optional(&mut *$t)
        .await?;
        if rests.is_some() {
            return Err($crate::store::StoreError::Unique("users.username_key: it rests".into()));
        }
        sqlx::query(sql!("DELETE FROM freed_names WHERE username_key = $1 OR freed_us <= $2"))
            .bind($key)
            .bind(($now - $crate::store::users::RESTS).0)
            .execute(&mut *$t)
            .await?;
    }};
}
pub(in crate::store) use free;

#[cfg(test)]
mod tests {
    use octave_protocol::Instant;

    use super::super::tests::ana;
    use super::super::{NewAccount, ProfileChange, by_username, create, update};
    use super::RESTS;
    use crate::store::testing::both;

    #[tokio::test]
    async fn a_freed_name_rests_for_all_but_its_former_owner() {
        both(|db| async move {
            let ana = create(&db, ana(), Instant(1)).await.unwrap().id;
            let named = |username| ProfileChange { username: Some(username), ..ProfileChange::default() };
            update(&db, ana, named("anna"), Instant(5)).await.unwrap();
            let new = |email| NewAccount { username: "ANA", email, ..self::ana() };
            let within = Instant(4) + RESTS;
            let refused = create(&db, new("b@example.org"), within).await.unwrap_err();
            assert!(refused.is_unique("username_key"), "{refused}");
            let ben = NewAccount { username: "ben", email: "b@example.org", ..self::ana() };
            let ben = create(&db, ben, within).await.unwrap().id;
            assert!(update(&db, ben, named("ana"), within).await.unwrap_err().is_unique("username_key"));
            assert_eq!(by_username(&db, "ben").await.unwrap().unwrap().id, ben);

            update(&db, ana, named("Ana"), within).await.unwrap();
            // Now it is `anna` that rests; and a change of case frees nothing.
            update(&db, ana, named("aNa"), within).await.unwrap();
            assert!(update(&db, ben, named("anna"), within).await.is_err());
            let after = within + RESTS;
            update(&db, ben, named("anna"), after).await.unwrap();
            assert_eq!(by_username(&db, "anna").await.unwrap().unwrap().id, ben);
        })
        .await;
    }

    #[tokio::test]
    async fn who_waits_for_a_name_that_is_being_freed_does_not_get_it() {
        both(|db| async move {
            for round in 0..20 {
                let old = format!("old{round}");
                let email = format!("{old}@example.org");
                let owner = NewAccount { username: &old, email: &email, ..ana() };
                let owner = create(&db, owner, Instant(1)).await.unwrap().id;
                let (new, email) = (format!("new{round}"), format!("{round}@example.org"));
                let renamed = ProfileChange { username: Some(&new), ..ProfileChange::default() };
                let taker = NewAccount { username: &old, email: &email, ..ana() };
                let (freed, taken) =
                    tokio::join!(update(&db, owner, renamed, Instant(2)), create(&db, taker, Instant(2)));
                freed.unwrap();
                assert!(taken.unwrap_err().is_unique("username_key"));
            }
        })
        .await;
    }
}
