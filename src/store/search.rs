//! Searching people; what else is searched stands with what is found.

use octave_protocol::UserId;
use octave_protocol::model::User;

use super::songs::escape;
use super::users::{key, user};
use super::{Db, Result, on, sql};

/// Users whose name begins with the query.
pub async fn users(db: &Db, q: &str, limit: u32) -> Result<Vec<User>> {
    let rows: Vec<(i64, String, Option<String>)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT id, username, avatar FROM users WHERE username_key LIKE $1 ESCAPE '!' AND deleted_us IS NULL ORDER BY username_key LIMIT $2"))
        .bind(format!("{}%", escape(&key(q)))).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name, avatar)| user(UserId(id), &name, avatar.as_deref())).collect())
}
