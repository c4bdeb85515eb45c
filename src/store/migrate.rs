//! The schema, brought up to date.

use sqlx::migrate::Migrator;

use super::{Db, Result, invites, search, users};

impl Db {
    /// Brings the schema up to date; does nothing when it is. Safe to be interrupted and started again: each step is a
    /// transaction. A step that was edited after its release is an error.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => steps(self).run(write.plain()).await?,
            Self::Pg(pool) => steps(self).run(pool.plain()).await?,
        }
        invites::hash_codes(self).await?;
        users::liken(self).await?;
        search::fold_rest(self).await
    }
}

/// All steps to the schema of today.
pub(super) fn steps(db: &Db) -> Migrator {
    match db {
        Db::Sqlite { .. } => sqlx_macros::migrate!("./migrations/sqlite"),
        Db::Pg(_) => sqlx_macros::migrate!("./migrations/postgres"),
    }
}

#[cfg(test)]
mod tests;
