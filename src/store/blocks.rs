//! Who does not want to hear from whom.

use octave_protocol::{Instant, UserId};

use super::users::{Account, account};
use super::{Db, Result, on, sql};

/// Blocks somebody, and ends what was between the two: friendship, requests, follows. Idempotent.
pub async fn add(db: &Db, by: UserId, whom: UserId, now: Instant) -> Result<()> {
    super::friends::remove(db, by, whom).await?;
    super::follows::remove(db, whom, by).await?;
    on!(db, write, c => sqlx::query(sql!(
            "INSERT INTO blocks (user_id, blocked_id, created_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"))
        .bind(by.0).bind(whom.0).bind(now.0).execute(c).await.map(drop)?);
    Ok(())
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
