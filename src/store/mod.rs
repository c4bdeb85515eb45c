//! What must survive: accounts, the library, stages and what was said in them.
//!
//! [`Db`] is SQLite or PostgreSQL behind one SQL text: [`on!`] runs an expression on whichever it is, [`sql!`] marks a
//! text so that a test prepares it on both. A file per aggregate: rows, SQL, functions. SQL stands nowhere else.
//!
//! Instants are parameters: nothing here reads a clock.

pub mod access;
pub mod account_invites;
pub mod admin;
mod again;
pub mod albums;
pub mod announcements;
pub mod artist_follows;
pub mod artists;
mod between;
pub mod blocks;
pub mod chats;
mod codes;
pub mod comments;
mod error;
pub mod export;
pub mod file;
pub mod follows;
pub mod friends;
pub mod genres;
pub mod guests;
pub mod invites;
pub mod lease;
pub mod likes;
mod migrate;
mod names;
pub mod nodes;
pub mod notifications;
pub mod owner;
pub mod past_stages;
pub mod playlists;
pub mod plays;
mod pool;
pub mod push;
pub mod removal;
pub mod search;
pub mod sessions;
pub mod songs;
pub mod stage_journal;
pub mod stage_log;
pub mod stages;
pub mod term;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod transfer;
pub mod upkeep;
pub mod users;
mod word;

pub use error::StoreError;
#[cfg(test)]
pub(crate) use pool::Kind;
pub use pool::{Db, Figures, Held, Pool, Tx};
pub(crate) use pool::{on, sql};

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The rows of a query over a list of ids, which stands between the pieces of its text, as often as it is needed:
/// `of_ids!(db, ids, "SELECT … WHERE id IN (", ")")`.
macro_rules! of_ids {
    ($db:expr, $ids:expr, $first:literal $(, $next:literal)+) => {{
        let ids = $crate::store::ids_json($ids);
        match $db {
            $crate::store::Db::Sqlite { read, .. } => {
                let text = $crate::store::sql!(sqlite: concat!($first $(, "SELECT value FROM json_each($1)", $next)+));
                sqlx::query_as(text).bind(ids).fetch_all(read).await
            }
            $crate::store::Db::Pg(pool) => {
                let text = $crate::store::sql!(postgres: concat!(
                    $first $(, "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))", $next)+
                ));
                sqlx::query_as(text).bind(ids).fetch_all(pool).await
            }
        }
    }};
}
pub(crate) use of_ids;

/// Ids as a JSON array, the one form of a list that both engines take as a parameter.
fn ids_json(ids: impl Iterator<Item = i64>) -> String {
    let mut out = String::from("[");
    for id in ids {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&id.to_string());
    }
    out.push(']');
    out
}
