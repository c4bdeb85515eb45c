//! The dialects, in one place.
//!
//! SQLite opens twice: one connection writes (with BEGIN IMMEDIATE, so that a transaction never has to upgrade its
//! lock), a few others read beside it. PostgreSQL is one pool. WAL with `synchronous = FULL`: what was committed
//! survives a power loss, and many lines in one commit make that cheap.

mod engine;
mod faults;
mod held;
#[cfg(test)]
mod tests;
mod tx;

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Postgres, Sqlite};

use super::Result;
use engine::at_rest;
use faults::Faults;
#[cfg(test)]
pub(crate) use faults::Kind;
use held::Part;
pub use held::{Figures, Held, Pool};
pub use tx::Tx;

/// Reading connections of SQLite; each is a thread and a page cache of up to 2 MB.
const SQLITE_READERS: u32 = 4;
/// Page cache of the writing connection, in KiB (negative is SQLite's way to say so): what is being written to is read
/// once. Memory is taken as it is needed.
const SQLITE_WRITER_CACHE: &str = "-16384";
/// Pages of 4 KiB after which the write-ahead log is folded into the file: a page that was written many times is then
/// folded once. The log takes up to 16 MiB, and as much is read again after a crash.
const SQLITE_CHECKPOINT_PAGES: &str = "4096";
/// What a statement has changed is noted, so that it can be undone alone, in memory. SQLite takes a file beyond 64 KiB,
/// and lines of many stages in one statement change as many pages.
const SQLITE_TEMP_STORE: &str = "MEMORY";
/// Statements that a connection keeps prepared: those of the program, and an `INSERT` for each number of lines.
const SQLITE_PREPARED: usize = 512;
/// Rows that wait for whoever reads them: a page of a list, so that reader and SQLite's thread change places once.
const SQLITE_ROWS: usize = 256;
/// How long SQLite waits for a lock that another process holds (a backup, the command line).
const SQLITE_BUSY: Duration = Duration::from_secs(5);
/// Connections to PostgreSQL; its default allows 100 for all clients together.
const PG_CONNECTIONS: u32 = 16;
/// A connection that was in use so short a time ago is not asked whether it lives: that would cost each commit a round
/// trip.
const PG_TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Statements that each of them keeps prepared: most of those that read.
const PG_PREPARED: usize = 256;
/// How long a statement waits for a connection. A database that is gone is reported within 2 s.
const PG_ACQUIRE: Duration = Duration::from_millis(1_600);

/// The database; cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// `write` has one connection.
    Sqlite {
        read: Pool<Sqlite>,
        write: Pool<Sqlite>,
    },
    Pg(Pool<Postgres>),
}

/// Runs an expression on whichever database it is; it is type-checked once per driver.
///
/// - `on!(db, read, c => …)`, `on!(db, write, c => …)`: `c` is a pool.
/// - `on!(db, tx, t => …)`: `t` is a transaction (use `&mut *t`), committed when the expression is done and rolled back
///   when it returns early. Evaluates to `Result<_, StoreError>`; stands in an async function that returns such a result.
macro_rules! on {
    ($db:expr, read, $c:ident => $e:expr) => {
        match $db {
            $crate::store::Db::Sqlite { read: $c, .. } => $e,
            $crate::store::Db::Pg($c) => $e,
        }
    };
    ($db:expr, write, $c:ident => $e:expr) => {
        match $db {
            $crate::store::Db::Sqlite { write: $c, .. } => $e,
            $crate::store::Db::Pg($c) => $e,
        }
    };
    ($db:expr, tx, $t:ident => $e:expr) => {
        match $db {
            $crate::store::Db::Sqlite { write, .. } => {
                let mut $t = write.begin().await?;
                let out = $e;
                $t.commit().await?;
                $crate::store::Result::Ok(out)
            }
            $crate::store::Db::Pg(pool) => {
                let mut $t = pool.begin().await?;
                let out = $e;
                $t.commit().await?;
                $crate::store::Result::Ok(out)
            }
        }
    };
}
pub(crate) use on;

/// A SQL text that a test prepares on both engines; `sql!(sqlite: …)` and `sql!(postgres: …)` mark the few that are for
/// one. Anything constant is a text, `concat!` too.
macro_rules! sql {
    (both: $s:expr) => { $crate::store::sql!(@ $s, "both") };
    (sqlite: $s:expr) => { $crate::store::sql!(@ $s, "sqlite") };
    (postgres: $s:expr) => { $crate::store::sql!(@ $s, "postgres") };
    (@ $s:expr, $engine:expr) => {{
        #[cfg(test)]
        ::inventory::submit! {
            $crate::store::testing::Sql { text: $s, engine: $engine, at: concat!(file!(), ":", line!()) }
        }
        $s
    }};
    ($s:expr) => { $crate::store::sql!(@ $s, "both") };
}
pub(crate) use sql;

impl Db {
    /// Opens `sqlite://PATH` (created when missing; its folder must exist) or `postgres://…`. Migrates nothing.
    pub async fn open(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else {
            Self::open_postgres(PgConnectOptions::from_str(url)?).await
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(SQLITE_BUSY)
            .thread_name(|n| format!("sqlite-{n}"));
        let pool =
            || SqlitePoolOptions::new().acquire_timeout(SQLITE_BUSY).test_before_acquire(false).max_lifetime(None);
        let writing = options
            .clone()
            .pragma("cache_size", SQLITE_WRITER_CACHE)
            .pragma("wal_autocheckpoint", SQLITE_CHECKPOINT_PAGES)
            .pragma("temp_store", SQLITE_TEMP_STORE)
            .statement_cache_capacity(SQLITE_PREPARED);
        let write = pool()
            .max_connections(1)
            .idle_timeout(None)
            .after_release(|conn, _| Box::pin(at_rest::<Sqlite>(conn)))
            .connect_with(writing)
            .await?;
        let reading =
            options.pragma("query_only", "1").statement_cache_capacity(SQLITE_PREPARED).row_buffer_size(SQLITE_ROWS);
        // Not opened read-only: the last reader of a WAL must be able to clean up after a crash.
        let read = pool().max_connections(SQLITE_READERS).min_connections(1).connect_lazy_with(reading);
        let faults = Faults::new();
        Ok(Self::Sqlite {
            read: Pool::new(read, Part::Reads, faults.clone()),
            write: Pool::new(write, Part::Alone, faults),
        })
    }

    async fn open_postgres(options: PgConnectOptions) -> Result<Self> {
        let options = options.application_name("octave").statement_cache_capacity(PG_PREPARED);
        let pool = PgPoolOptions::new()
            .max_connections(PG_CONNECTIONS)
            .acquire_timeout(PG_ACQUIRE)
            .test_before_acquire(false)
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > PG_TRUSTED_FOR {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_release(|conn, _| Box::pin(at_rest::<Postgres>(conn)));
        Ok(Self::Pg(Pool::new(pool.connect_with(options).await?, Part::Alone, Faults::new())))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        on!(self, read, c => sqlx::query(sql!("SELECT 1 AS one")).execute(c).await.map(drop))?;
        Ok(())
    }

    /// How many connections there are, pool by pool.
    pub fn pools(&self) -> Vec<Figures> {
        match self {
            Self::Sqlite { read, write } => vec![read.figures("read"), write.figures("write")],
            Self::Pg(pool) => vec![pool.figures("all")],
        }
    }

    /// Where a test makes it fail.
    #[cfg(test)]
    pub(crate) fn faults(&self) -> &Faults {
        match self {
            Self::Sqlite { write, .. } => write.faults(),
            Self::Pg(pool) => pool.faults(),
        }
    }

    pub const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// Waits for running statements, then closes; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Pg(pool) => pool.close().await,
        }
    }
}
