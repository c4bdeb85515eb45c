//! Invitations to make an account: a code that lets so many people in until an instant.
//!
//! Of a code only its SHA-256 is kept. A use is counted in the transaction that makes the account, so that as many are made
//! as are let in.

use octave_protocol::{Instant, UserId};

use super::codes::hash;
use super::users::{self, Account, NewAccount};
use super::{Db, Result, on, sql};

/// An invitation to make.
#[derive(Debug, Clone, Copy)]
pub struct NewInvite<'a> {
    pub code: &'a str,
    /// Absent for the command line.
    pub by: Option<UserId>,
    pub expires: Instant,
    /// How many accounts it makes.
    pub max_uses: i64,
}

/// An invitation that can be called back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Invite {
    pub id: i64,
    /// Who made it; absent for the command line.
    pub username: Option<String>,
    pub created_us: i64,
    pub expires_us: i64,
    pub max_uses: i64,
    pub uses: i64,
}

/// Those that have expired go.
pub async fn create(db: &Db, new: NewInvite<'_>, now: Instant) -> Result<i64> {
    on!(db, tx, t => {
        sqlx::query(sql!("DELETE FROM account_invites WHERE expires_us <= $1")).bind(now.0).execute(&mut *t).await?;
        sqlx::query_scalar(sql!(
                "INSERT INTO account_invites (code_hash, created_by, created_us, expires_us, max_uses) \
                 VALUES ($1, $2, $3, $4, $5) RETURNING id"))
            .bind(hash(new.code)).bind(new.by.map(|by| by.0)).bind(now.0).bind(new.expires.0).bind(new.max_uses)
            .fetch_one(&mut *t).await?
    })
}

/// Those that still let somebody in, the latest first; at most `limit` before number `before`.
pub async fn list(db: &Db, before: Option<i64>, limit: u32, now: Instant) -> Result<Vec<Invite>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(
            "SELECT i.id, u.username, i.created_us, i.expires_us, i.max_uses, i.uses FROM account_invites i \
             LEFT JOIN users u ON u.id = i.created_by WHERE i.id < $1 AND i.expires_us > $2 AND i.uses < i.max_uses \
             ORDER BY i.id DESC LIMIT $3"))
        .bind(before.unwrap_or(i64::MAX)).bind(now.0).bind(i64::from(limit)).fetch_all(c).await?))
}

/// Calls an invitation back; whether there was one.
pub async fn revoke(db: &Db, id: i64) -> Result<bool> {
    let gone = on!(db, write, c => sqlx::query(sql!("DELETE FROM account_invites WHERE id = $1"))
        .bind(id).execute(c).await?.rows_affected());
    Ok(gone > 0)
}

/// Whether a code lets somebody in, before a password is hashed for it.
pub async fn is_good(db: &Db, code: &str, now: Instant) -> Result<bool> {
    let found: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM account_invites WHERE code_hash = $1 AND expires_us > $2 AND uses < max_uses"))
        .bind(hash(code)).bind(now.0).fetch_optional(c).await?);
    Ok(found.is_some())
}

/// Counts a use of the code whose hash is `$1` at instant `$2`, if it lets somebody in. Waits for others who use it at the
/// same moment, and finds what they have left.
macro_rules! count_use {
    () => {
        $crate::store::sql!(
            "UPDATE account_invites SET uses = uses + 1 WHERE code_hash = $1 AND expires_us > $2 AND uses < max_uses"
        )
    };
}
pub(super) use count_use;

/// Makes an account by a code; none if that lets nobody in any more. Errors: as of [`users::create`].
pub async fn register(db: &Db, new: NewAccount<'_>, code: &str, now: Instant) -> Result<Option<Account>> {
    on!(db, tx, t => {
        let counted = sqlx::query(count_use!())
            .bind(hash(code)).bind(now.0).execute(&mut *t).await?.rows_affected();
        if counted == 0 {
            return Ok(None);
        }
        let is_admin = new.is_admin || users::are_none!(db, t);
        Some(users::insert!(db, t, NewAccount { is_admin, ..new }, now))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{both, people};

    #[tokio::test]
    async fn a_code_lets_so_many_in_until_an_instant() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            let new = |code, max_uses| NewInvite { code, by: Some(ana), expires: Instant(100), max_uses };
            let once = create(&db, new("once", 1), Instant(1)).await.unwrap();
            create(&db, NewInvite { by: None, ..new("twice", 2) }, Instant(2)).await.unwrap();
            let join = async |code, username: &str, at| {
                let email = format!("{username}@example.org");
                let account = NewAccount { username, email: &email, password_hash: "", is_admin: false };
                register(&db, account, code, Instant(at)).await
            };
            assert!(join("never", "cem", 5).await.unwrap().is_none());
            assert!(join("twice", "cem", 100).await.unwrap().is_none(), "expired");
            assert_eq!(join("twice", "cem", 5).await.unwrap().unwrap().username, "cem");
            assert!(join("twice", "cem", 5).await.unwrap_err().is_unique("username_key"));
            let listed = async || list(&db, None, 9, Instant(5)).await.unwrap();
            let uses: Vec<_> = listed().await.into_iter().map(|i| (i.username, i.uses, i.max_uses)).collect();
            assert_eq!(uses, [(None, 1, 2), (Some("ana".into()), 0, 1)], "what came to nothing is not counted");
            assert!(
                is_good(&db, "once", Instant(5)).await.unwrap() && !is_good(&db, "once", Instant(100)).await.unwrap()
            );
            assert!(join("once", "dan", 5).await.unwrap().is_some());
            assert!(!is_good(&db, "once", Instant(5)).await.unwrap());
            assert!(join("once", "eva", 5).await.unwrap().is_none(), "used up");
            assert_eq!(listed().await.len(), 1);
            assert!(revoke(&db, listed().await[0].id).await.unwrap() && !revoke(&db, once + 5).await.unwrap());
            assert!(join("twice", "eva", 5).await.unwrap().is_none(), "called back");
        })
        .await;
    }
}
