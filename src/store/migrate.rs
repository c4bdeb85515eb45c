//! The schema, brought up to date.

use super::{Db, Result, invites, search, users};

impl Db {
    /// Brings the schema up to date; does nothing when it is. Safe to be interrupted and started again: each step is a
    /// transaction. A step that was edited after its release is an error.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => sqlx_macros::migrate!("./migrations/sqlite").run(write.plain()).await?,
            Self::Pg(pool) => sqlx_macros::migrate!("./migrations/postgres").run(pool.plain()).await?,
        }
        invites::hash_codes(self).await?;
        users::liken(self).await?;
        search::fold_rest(self).await
    }
}
