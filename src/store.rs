//! What must survive: accounts, the library, stages and what was said in them.
//!
//! [`Db`] is SQLite or PostgreSQL behind one SQL text: [`on!`] runs an expression on whichever it is, [`sql!`] marks a
//! text so that a test prepares it on both. A file per aggregate: rows, SQL, functions. SQL stands nowhere else.
//!
//! Instants are parameters: nothing here reads a clock.

mod error;
mod pool;
pub mod sessions;
#[cfg(test)]
pub mod testing;
pub mod users;

pub use error::StoreError;
pub use pool::Db;
pub(crate) use pool::{on, sql};

pub type Result<T, E = StoreError> = std::result::Result<T, E>;
