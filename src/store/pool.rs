//! The dialects, in one place.
//!
//! SQLite opens twice: one connection writes (with BEGIN IMMEDIATE, so that a transaction never has to upgrade its
//! lock), a few others read beside it. PostgreSQL is one pool. WAL with `synchronous = FULL`: what was committed
//! survives a power loss, and many lines in one commit make that cheap.

use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use super::Result;

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
/// Statements that the writing connection keeps prepared: those of the program, and an `INSERT` for each number of lines.
const SQLITE_PREPARED: usize = 512;
/// How long SQLite waits for a lock that another process holds (a backup, the command line).
const SQLITE_BUSY: Duration = Duration::from_secs(5);
/// Connections to PostgreSQL; its default allows 100 for all clients together.
const PG_CONNECTIONS: u32 = 16;
/// A connection that was in use so short a time ago is not asked whether it lives: that would cost each commit a round
/// trip.
const PG_TRUSTED_FOR: Duration = Duration::from_secs(1);
/// How long a statement waits for a connection. A database that is gone is reported within 2 s.
const ACQUIRE: Duration = Duration::from_secs(2);

/// The database; cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// `write` has one connection.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Pg(PgPool),
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
                let mut $t = write.begin_with("BEGIN IMMEDIATE").await?;
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
        if url.starts_with("sqlite:") { Self::open_sqlite(url).await } else { Self::open_postgres(url).await }
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
        let write = pool().max_connections(1).idle_timeout(None).connect_with(writing).await?;
        // Not opened read-only: the last reader of a WAL must be able to clean up after a crash.
        let read = pool()
            .max_connections(SQLITE_READERS)
            .min_connections(1)
            .connect_lazy_with(options.pragma("query_only", "1"));
        Ok(Self::Sqlite { read, write })
    }

    async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("octave");
        let pool = PgPoolOptions::new()
            .max_connections(PG_CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > PG_TRUSTED_FOR {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            });
        Ok(Self::Pg(pool.connect_with(options).await?))
    }

    /// Brings the schema up to date; does nothing when it is. Safe to be interrupted and started again: each step is a
    /// transaction. A step that was edited after its release is an error.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => sqlx::migrate!("./migrations/sqlite").run(write).await?,
            Self::Pg(pool) => sqlx::migrate!("./migrations/postgres").run(pool).await?,
        }
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        on!(self, read, c => sqlx::query(sql!("SELECT 1 AS one")).execute(c).await.map(drop))?;
        Ok(())
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

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;
    use crate::store::testing::{Sql, both, statement_columns};

    #[tokio::test]
    async fn migrating_twice_changes_nothing() {
        both(|db| async move {
            db.migrate().await.unwrap();
            db.ping().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn sqlite_is_durable_and_strict() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/o.db", dir.path().display())).await.unwrap();
        let Db::Sqlite { read, write } = &db else { panic!("not SQLite") };
        for (pragma, wanted) in
            [("PRAGMA synchronous", 2i64), ("PRAGMA foreign_keys", 1), ("PRAGMA busy_timeout", 5000)]
        {
            let value: i64 = sqlx::query(pragma).fetch_one(write).await.unwrap().get(0);
            assert_eq!(value, wanted, "{pragma}");
        }
        let mode: String = sqlx::query("PRAGMA journal_mode").fetch_one(write).await.unwrap().get(0);
        assert_eq!(mode, "wal");
        assert!(sqlx::query("CREATE TABLE t (x)").execute(read).await.is_err(), "readers only read");
    }

    #[tokio::test]
    async fn a_transaction_left_early_is_rolled_back() {
        async fn fails(db: &Db) -> Result<()> {
            on!(db, tx, t => {
                sqlx::query("INSERT INTO genres (name, name_key) VALUES ('Jazz', 'jazz')").execute(&mut *t).await?;
                sqlx::query("INSERT INTO genres (name, name_key) VALUES ('JAZZ', 'jazz')").execute(&mut *t).await?;
            })
        }
        both(|db| async move {
            let error = fails(&db).await.unwrap_err();
            assert!(error.is_unique("name_key"), "{error}");
            let count: i64 =
                on!(&db, write, c => sqlx::query("SELECT COUNT(*) FROM genres").fetch_one(c).await.unwrap().get(0));
            assert_eq!(count, 0);
        })
        .await;
    }

    /// Every text of the program parses on the engines it is for, names only columns that exist, and answers with the
    /// same columns on both.
    #[tokio::test]
    async fn every_sql_text_is_right_on_both_engines() {
        let columns = &std::sync::Mutex::new(std::collections::HashMap::new());
        both(|db| async move {
            let mine = if db.is_sqlite() { "sqlite" } else { "postgres" };
            for sql in inventory::iter::<Sql>.into_iter().filter(|s| s.engine == "both" || s.engine == mine) {
                let found = statement_columns(&db, sql.text)
                    .await
                    .unwrap_or_else(|e| panic!("{} on {mine}: {e}\n{}", sql.at, sql.text));
                // A lone column is read by its place, and has a name only if it was given one.
                let Some(found) = found.filter(|columns| columns.len() > 1) else { continue };
                let first = columns.lock().unwrap().entry(sql.text).or_insert_with(|| found.clone()).clone();
                assert_eq!(found, first, "{}: the engines name the columns differently\n{}", sql.at, sql.text);
            }
        })
        .await;
    }
}
