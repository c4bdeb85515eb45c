//! What the owner of an account changes about it.

use octave_protocol::{Instant, UserId};

use super::{Account, account, key, names};
use crate::base::fold;
use crate::base::text::likeness;
use crate::presence::SessionId;
use crate::store::search::{fold_stage, learn};
use crate::store::sessions::end_others;
use crate::store::{Db, Result, on, sql};

/// Fields of a profile to change; absent ones stay.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProfileChange<'a> {
    pub username: Option<&'a str>,
    pub email: Option<&'a str>,
    pub bio: Option<&'a str>,
    pub password: Option<Password<'a>>,
    /// Change nothing unless this is the account's password hash still.
    pub proved: Option<&'a str>,
}

/// A new password, which ends all logins but one.
#[derive(Debug, Clone, Copy)]
pub struct Password<'a> {
    pub hash: &'a str,
    pub keep: Option<SessionId>,
}

/// An account after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub account: Account,
    /// Logins that the change has ended.
    pub ended: Vec<SessionId>,
}

/// None if the password is another one than was proved. Errors: `Unique` on `username_key`, also while the name rests,
/// or on `email_key`; nothing is changed then.
pub async fn update(db: &Db, id: UserId, change: ProfileChange<'_>, now: Instant) -> Result<Option<Changed>> {
    on!(db, tx, t => {
        // Locks the row: what follows is true until the end.
        let before: Option<String> = sqlx::query_scalar(sql!(
            "UPDATE users SET bio = COALESCE($2, bio) \
             WHERE id = $1 AND password_hash = COALESCE($3, password_hash) RETURNING username_key"))
            .bind(id.0).bind(change.bio).bind(change.proved).fetch_optional(&mut *t).await?;
        let Some(before) = before else { return Ok(None) };
        let account: Account = sqlx::query_as(sql!(concat!(
            "UPDATE users SET username = COALESCE($2, users.username), username_key = COALESCE($3, users.username_key), \
             email = COALESCE($4, users.email), email_key = COALESCE($5, users.email_key), \
             password_hash = COALESCE($6, users.password_hash), search_key = COALESCE($7, users.search_key), \
             likeness = COALESCE($8, users.likeness) WHERE users.id = $1 RETURNING ", account!())))
            .bind(id.0)
            .bind(change.username).bind(change.username.map(key))
            .bind(change.email).bind(change.email.map(key))
            .bind(change.password.map(|p| p.hash))
            .bind(change.username.map(|name| fold::document(name, "", &[])))
            .bind(change.username.map(likeness))
            .fetch_one(&mut *t).await?;
        if let Some(name) = change.username {
            learn!(db, t, [name]);
            // Stages are found by their host's name too.
            let hosted: Vec<i64> = sqlx::query_scalar(sql!(
                    "SELECT id FROM stages WHERE host_id = $1 AND ended_us IS NULL ORDER BY id"))
                .bind(id.0).fetch_all(&mut *t).await?;
            for stage in hosted {
                fold_stage!(t, stage);
            }
        }
        if let Some(after) = change.username.map(key).filter(|after| *after != before) {
            names::free!(t, &after, id, now);
            sqlx::query(sql!(
                "INSERT INTO freed_names (username_key, user_id, freed_us) VALUES ($1, $2, $3) \
                 ON CONFLICT (username_key) DO UPDATE SET user_id = excluded.user_id, freed_us = excluded.freed_us"))
                .bind(&before).bind(id.0).bind(now.0).execute(&mut *t).await?;
        }
        let ended: Vec<i64> = match change.password {
            Some(Password { keep, .. }) => sqlx::query_scalar(end_others!())
                .bind(id.0).bind(keep.map_or(0, |k| k.0)).fetch_all(&mut *t).await?,
            None => Vec::new(),
        };
        Some(Changed { account, ended: ended.into_iter().map(SessionId).collect() })
    })
}

/// For the operator: ends all logins.
pub async fn set_password(db: &Db, id: UserId, hash: &str, now: Instant) -> Result<()> {
    let password = Some(Password { hash, keep: None });
    update(db, id, ProfileChange { password, ..ProfileChange::default() }, now).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::tests::ana;
    use super::super::{NewAccount, by_id, create, set_avatar};
    use super::*;
    use crate::store::sessions::{self, NewSession};
    use crate::store::testing::both;

    async fn changed(db: &Db, id: UserId, change: ProfileChange<'_>) -> Changed {
        update(db, id, change, Instant(7)).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_change_keeps_what_it_does_not_name() {
        both(|db| async move {
            let ana = create(&db, ana(), Instant(5)).await.unwrap();
            let ben = NewAccount { username: "ärger", email: "b@example.org", ..super::super::tests::ana() };
            create(&db, ben, Instant(6)).await.unwrap();
            let change = ProfileChange { bio: Some("hears"), ..ProfileChange::default() };
            let after = changed(&db, ana.id, change).await;
            assert_eq!(after, Changed { account: Account { bio: "hears".into(), ..ana.clone() }, ended: vec![] });
            let taken = ProfileChange { username: Some("ÄRGER"), bio: Some("lost"), ..ProfileChange::default() };
            assert!(update(&db, ana.id, taken, Instant(7)).await.unwrap_err().is_unique("username_key"));
            assert_eq!(by_id(&db, ana.id).await.unwrap().unwrap().bio, "hears");
            set_avatar(&db, ana.id, "one.webp").await.unwrap();
            assert_eq!(by_id(&db, ana.id).await.unwrap().unwrap().avatar.as_deref(), Some("one.webp"));
        })
        .await;
    }

    fn session<'a>(user: UserId, token: &'a [u8; 32], password_hash: &'a str) -> NewSession<'a> {
        NewSession { user, token, user_agent: "", address: "", expires: Instant(100), password_hash }
    }

    #[tokio::test]
    async fn a_new_password_ends_the_logins_of_the_old_one_and_lets_no_more_in() {
        both(|db| async move {
            let ana = create(&db, ana(), Instant(5)).await.unwrap().id;
            let mut sessions = Vec::new();
            for token in 0..3 {
                sessions.push(
                    sessions::create(&db, session(ana, &[token; 32], "hash"), Instant(6)).await.unwrap().unwrap(),
                );
            }
            let password = Some(Password { hash: "new", keep: Some(sessions[1]) });
            let change = ProfileChange { password, proved: Some("hash"), ..ProfileChange::default() };
            let mut ended = changed(&db, ana, change).await.ended;
            ended.sort_unstable_by_key(|s| s.0);
            assert_eq!(ended, [sessions[0], sessions[2]]);
            assert_eq!(sessions::create(&db, session(ana, &[3; 32], "hash"), Instant(8)).await.unwrap(), None);
            assert_eq!(update(&db, ana, change, Instant(9)).await.unwrap(), None, "it was proved by the old one");
            assert!(sessions::create(&db, session(ana, &[3; 32], "new"), Instant(8)).await.unwrap().is_some());
            set_password(&db, ana, "third", Instant(9)).await.unwrap();
            assert!(sessions::list(&db, ana, Instant(10)).await.unwrap().is_empty());
        })
        .await;
    }

    /// Logins by the old password crowd in while it changes.
    #[tokio::test]
    async fn no_login_by_the_old_password_outlives_the_change() {
        both(|db| async move {
            let ana = create(&db, ana(), Instant(5)).await.unwrap().id;
            for round in 0..30u8 {
                let (old, new) = (format!("hash{round}"), format!("hash{}", round + 1));
                set_password(&db, ana, &old, Instant(6)).await.unwrap();
                let log_in = async |n: u8| {
                    let token = [round, n].repeat(16).try_into().unwrap();
                    sessions::create(&db, session(ana, &token, &old), Instant(7)).await.unwrap();
                };
                tokio::join!(
                    async {
                        for n in 0..4 {
                            log_in(n).await;
                        }
                    },
                    async {
                        for n in 4..8 {
                            log_in(n).await;
                        }
                    },
                    async { set_password(&db, ana, &new, Instant(7)).await.unwrap() },
                    async {
                        for n in 8..12 {
                            log_in(n).await;
                        }
                    },
                );
                assert!(sessions::list(&db, ana, Instant(8)).await.unwrap().is_empty(), "round {round}");
            }
        })
        .await;
    }
}
