//! Logins. Of a token only its SHA-256 is kept: who reads the database can't use it.

use std::collections::HashMap;

use octave_protocol::{Duration, Instant, UserId};

use super::users::{Account, account};
use super::{Db, Result, of_ids, on, sql};
use crate::presence::SessionId;

/// SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// A login that is still good, and whose it is.
#[derive(Debug, Clone, sqlx_macros::FromRow)]
pub struct Login {
    pub session_id: i64,
    pub last_seen_us: i64,
    #[sqlx(flatten)]
    pub account: Account,
}

/// A login as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Session {
    pub id: i64,
    pub user_agent: String,
    pub address: String,
    pub created_us: i64,
    pub last_seen_us: i64,
}

/// A login to make.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    pub user: UserId,
    pub token: &'a TokenHash,
    pub user_agent: &'a str,
    pub address: &'a str,
    pub expires: Instant,
    /// What the password was found to fit.
    pub password_hash: &'a str,
}

/// None if the account has another password by now, or nobody may log in by it. Whoever changes it ends the logins in the same transaction
/// ([`users::update`](super::users::update)), so a login that was weighed by the old one is not made, or ended by that.
pub async fn create(db: &Db, new: NewSession<'_>, now: Instant) -> Result<Option<SessionId>> {
    macro_rules! text {
        ($token:literal, $lock:literal) => {
            concat!(
                "INSERT INTO sessions (user_id, token_hash, user_agent, address, created_us, last_seen_us, expires_us) \
                 SELECT users.id, ",
                $token,
                " FROM users WHERE users.id = $1 AND users.password_hash = $7 AND users.disabled_us IS NULL",
                $lock,
                " RETURNING id"
            )
        };
    }
    macro_rules! run {
        ($text:expr, $c:expr) => {
            sqlx::query_scalar($text)
                .bind(new.user.0)
                .bind(new.token.as_slice())
                .bind(new.user_agent)
                .bind(new.address)
                .bind(now.0)
                .bind(new.expires.0)
                .bind(new.password_hash)
                .fetch_optional($c)
                .await?
        };
    }
    let id: Option<i64> = match db {
        Db::Sqlite { write, .. } => run!(sql!(sqlite: text!("$2, $3, $4, $5, $5, $6", "")), write),
        // A change that is under way is waited for, and one that comes waits.
        Db::Pg(pool) => run!(
            sql!(postgres: text!(
                "CAST($2 AS BYTEA), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($5 AS BIGINT), \
                 CAST($6 AS BIGINT)",
                " FOR SHARE OF users"
            )),
            pool
        ),
    };
    Ok(id.map(SessionId))
}

/// The login of a token, unless it has expired.
pub async fn find(db: &Db, token: &TokenHash, now: Instant) -> Result<Option<Login>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(
        "SELECT s.id AS session_id, s.last_seen_us, ", account!(),
        " FROM sessions s JOIN users ON users.id = s.user_id WHERE s.token_hash = $1 AND s.expires_us > $2")))
        .bind(token.as_slice()).bind(now.0).fetch_optional(c).await?))
}

/// Tokens that one statement looks up.
pub const TOGETHER: usize = 32;

/// The good logins of at most [`TOGETHER`] tokens, in no order.
pub async fn find_together(db: &Db, tokens: &[TokenHash], now: Instant) -> Result<Vec<(TokenHash, Login)>> {
    #[derive(sqlx_macros::FromRow)]
    struct Found {
        token_hash: Vec<u8>,
        #[sqlx(flatten)]
        login: Login,
    }
    // The statement has as many places whatever is asked, so that it is prepared once; a token may stand twice.
    let places = tokens.iter().chain(std::iter::repeat(&[0; 32])).take(TOGETHER);
    let found: Vec<Found> = on!(db, read, c => {
        let query = sqlx::query_as(sql!(concat!(
            "SELECT s.token_hash, s.id AS session_id, s.last_seen_us, ", account!(),
            " FROM sessions s JOIN users ON users.id = s.user_id WHERE s.expires_us > $1 AND s.token_hash IN \
             ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)")));
        places.fold(query.bind(now.0), |query, token| query.bind(token.as_slice())).fetch_all(c).await?
    });
    Ok(found.into_iter().filter_map(|f| Some((f.token_hash.try_into().ok()?, f.login))).collect())
}

/// How long a login lasts from its last use on.
#[derive(Debug, Clone, Copy)]
pub struct Lives {
    pub of_account: Duration,
    pub of_guest: Duration,
}

/// Notes that a login was used, and prolongs it.
pub async fn touch(db: &Db, id: SessionId, now: Instant, lives: Lives) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!(
            "UPDATE sessions SET last_seen_us = $2, expires_us = CASE WHEN EXISTS (SELECT 1 FROM users u \
             WHERE u.id = sessions.user_id AND u.guest_stage_id IS NOT NULL) \
             THEN CAST($4 AS BIGINT) ELSE CAST($3 AS BIGINT) END WHERE id = $1"))
        .bind(id.0).bind(now.0).bind((now + lives.of_account).0).bind((now + lives.of_guest).0)
        .execute(c).await.map(drop)?);
    Ok(())
}

/// The good logins of a user, the last used first.
pub async fn list(db: &Db, user: UserId, now: Instant) -> Result<Vec<Session>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(
        "SELECT id, user_agent, address, created_us, last_seen_us FROM sessions \
         WHERE user_id = $1 AND expires_us > $2 ORDER BY last_seen_us DESC, id DESC"))
        .bind(user.0).bind(now.0).fetch_all(c).await?))
}

/// Ends one login of a user; whether there was one.
pub async fn revoke(db: &Db, user: UserId, id: SessionId) -> Result<bool> {
    let gone = on!(db, write, c => sqlx::query(sql!("DELETE FROM sessions WHERE id = $1 AND user_id = $2"))
        .bind(id.0).bind(user.0).execute(c).await?.rows_affected());
    Ok(gone > 0)
}

macro_rules! end_others {
    () => {
        sql!("DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id")
    };
}
pub(super) use end_others;

/// Ends all logins of a user but one; which.
pub async fn revoke_others(db: &Db, user: UserId, keep: Option<SessionId>) -> Result<Vec<SessionId>> {
    let ids: Vec<i64> = on!(db, write, c => sqlx::query_scalar(end_others!())
        .bind(user.0).bind(keep.map_or(0, |k| k.0)).fetch_all(c).await?);
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Of these logins those that are still good, with the last use of each.
pub async fn standing(db: &Db, ids: &[SessionId], now: Instant) -> Result<HashMap<SessionId, Instant>> {
    let rows: Vec<(i64, i64, i64)> =
        of_ids!(db, ids.iter().map(|id| id.0), "SELECT id, last_seen_us, expires_us FROM sessions WHERE id IN (", ")")?;
    let good = rows.into_iter().filter(|(.., expires)| *expires > now.0);
    Ok(good.map(|(id, seen, _)| (SessionId(id), Instant(seen))).collect())
}

/// Removes what has expired, `at_once` by a statement, so that others get their turn between; how many.
pub async fn purge(db: &Db, now: Instant, at_once: u32) -> Result<u64> {
    let mut gone = 0;
    loop {
        let some = on!(db, write, c => sqlx::query(sql!(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_us <= $1 LIMIT $2)"))
            .bind(now.0).bind(i64::from(at_once)).execute(c).await?.rows_affected());
        gone += some;
        if some < u64::from(at_once) {
            return Ok(gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::both;
    use crate::store::users::{self, NewAccount};

    #[tokio::test]
    async fn a_login_lives_until_it_expires_or_is_revoked() {
        both(|db| async move {
            let ana = NewAccount { username: "ana", email: "a@example.org", password_hash: "", is_admin: true };
            let ana = users::create(&db, ana, Instant(1)).await.unwrap();
            let new = |token| NewSession {
                user: ana.id,
                token,
                user_agent: "x",
                address: "::1",
                expires: Instant(100),
                password_hash: "",
            };
            let one = create(&db, new(&[1; 32]), Instant(10)).await.unwrap().unwrap();
            let two = create(&db, new(&[2; 32]), Instant(11)).await.unwrap().unwrap();
            let found = find(&db, &[1; 32], Instant(99)).await.unwrap().unwrap();
            assert_eq!((found.session_id, &found.account), (one.0, &ana));
            assert!(find(&db, &[1; 32], Instant(100)).await.unwrap().is_none(), "expired");
            assert!(find(&db, &[3; 32], Instant(99)).await.unwrap().is_none(), "unknown");
            let lives = Lives { of_account: Duration(100), of_guest: Duration(10) };
            touch(&db, one, Instant(50), lives).await.unwrap();
            let ids = |list: Vec<Session>| list.into_iter().map(|s| s.id).collect::<Vec<_>>();
            assert_eq!(ids(list(&db, ana.id, Instant(60)).await.unwrap()), [one.0, two.0]);
            assert_eq!(purge(&db, Instant(120), 1).await.unwrap(), 1);
            assert_eq!(ids(list(&db, ana.id, Instant(60)).await.unwrap()), [one.0]);
            assert!(!revoke(&db, UserId(ana.id.0 + 1), one).await.unwrap(), "not theirs");
            assert!(revoke(&db, ana.id, one).await.unwrap());
            let three = create(&db, new(&[3; 32]), Instant(10)).await.unwrap().unwrap();
            let four = create(&db, new(&[4; 32]), Instant(10)).await.unwrap().unwrap();
            let good = standing(&db, &[one, three, four], Instant(99)).await.unwrap();
            assert_eq!(good, HashMap::from([(three, Instant(10)), (four, Instant(10))]));
            assert!(standing(&db, &[three], Instant(100)).await.unwrap().is_empty(), "expired");
            assert_eq!(revoke_others(&db, ana.id, Some(three)).await.unwrap(), [four]);
            assert_eq!(ids(list(&db, ana.id, Instant(60)).await.unwrap()), [three.0]);
        })
        .await;
    }
}
