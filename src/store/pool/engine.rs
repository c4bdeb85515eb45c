//! What differs between the databases on a connection.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Either, Execute, Executor, Postgres, SqlStr, Sqlite};
use sqlx_core::transaction::TransactionManager;
use tokio::time::timeout;

use crate::base::budget;
use crate::store::error::Fault;

/// How long a lone statement or a commit of SQLite may take: the disk may be slow, but nobody waits for it for ever.
const SQLITE_WRITES_WITHIN: Duration = Duration::from_secs(10);
/// PostgreSQL answers a statement within this, or is asked whether it is there at all: it may be frozen, or cut off.
const PG_ANSWERS_WITHIN: Duration = Duration::from_millis(1_300);
/// What a statement may take of a server that is there.
const PG_STATEMENT_WITHIN: Duration = Duration::from_secs(15);

pub(super) type Step<D> = Either<<D as Database>::QueryResult, <D as Database>::Row>;

pub trait Engine: Database {
    /// Begins a transaction that may write.
    const BEGIN: &'static str;
    /// How long a transaction may wait for its beginning: for a connection, and for the lock of another process.
    const BEGIN_WITHIN: Duration;

    /// All that a statement gives.
    fn all<'c, 'q: 'c, E: 'q + Execute<'q, Self>>(
        conn: &'c mut PoolConnection<Self>,
        query: E,
    ) -> BoxFuture<'c, sqlx::Result<Vec<Step<Self>>>>;

    fn prepare<'c>(
        conn: &'c mut PoolConnection<Self>,
        sql: SqlStr,
        parameters: &'c [Self::TypeInfo],
    ) -> BoxFuture<'c, sqlx::Result<Self::Statement>>;

    /// Waits for a lone statement, or a commit, as long as this database may take for it.
    fn answered<T: Send>(
        pool: &sqlx::Pool<Self>,
        done: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> impl Future<Output = sqlx::Result<T>> + Send;

    /// Waits for a statement within a transaction.
    fn within<T: Send>(
        pool: &sqlx::Pool<Self>,
        done: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> impl Future<Output = sqlx::Result<T>> + Send;

    /// Whether a connection is not to be used again after this.
    fn is_spoiled_by(error: &sqlx::Error) -> bool;
}

/// Whether a connection may be given to somebody else: a rollback that was refused has left it within a transaction, as
/// far as the driver knows, and what the next one wrote there would be committed by nobody.
pub(super) async fn at_rest<D: Engine>(conn: &mut D::Connection) -> sqlx::Result<bool> {
    if D::TransactionManager::get_transaction_depth(conn) == 0 {
        return Ok(true);
    }
    // The rollback has only been asked for.
    conn.ping().await?;
    Ok(D::TransactionManager::get_transaction_depth(conn) == 0)
}

/// What is written once and means each engine's own connection: that a reference to any of them executes is nothing that a
/// bound of [`Engine`] could pass on to who uses it.
macro_rules! asks {
    () => {
        fn all<'c, 'q: 'c, E: 'q + Execute<'q, Self>>(
            conn: &'c mut PoolConnection<Self>,
            query: E,
        ) -> BoxFuture<'c, sqlx::Result<Vec<Step<Self>>>> {
            Box::pin((&mut **conn).fetch_many(query).try_collect())
        }

        fn prepare<'c>(
            conn: &'c mut PoolConnection<Self>,
            sql: SqlStr,
            parameters: &'c [Self::TypeInfo],
        ) -> BoxFuture<'c, sqlx::Result<Self::Statement>> {
            (&mut **conn).prepare_with(sql, parameters)
        }
    };
}

impl Engine for Sqlite {
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_WITHIN: Duration = Duration::from_secs(5);

    asks!();

    async fn answered<T: Send>(
        _: &sqlx::Pool<Self>,
        done: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> sqlx::Result<T> {
        timeout(SQLITE_WRITES_WITHIN, done).await.unwrap_or_else(|_| Err(silence("a write", SQLITE_WRITES_WITHIN)))
    }

    async fn within<T: Send>(
        _: &sqlx::Pool<Self>,
        done: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> sqlx::Result<T> {
        done.await
    }

    /// SQLite undoes the whole transaction after some faults of the disk, which sqlx does not hear of.
    fn is_spoiled_by(error: &sqlx::Error) -> bool {
        match error {
            sqlx::Error::Database(e) => Fault::of_error(e.as_ref()).is_of_storage(),
            _ => true,
        }
    }
}

impl Engine for Postgres {
    const BEGIN: &'static str = "BEGIN";
    const BEGIN_WITHIN: Duration = Duration::from_secs(3);

    asks!();

    async fn answered<T: Send>(
        pool: &sqlx::Pool<Self>,
        done: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> sqlx::Result<T> {
        let mut done = pin!(done);
        if let Ok(outcome) = timeout(budget::left(PG_ANSWERS_WITHIN), &mut done).await {
            return outcome;
        }
        let alive = timeout(budget::LEAST, async { pool.acquire().await?.ping().await });
        if !alive.await.is_ok_and(|answer| answer.is_ok()) {
            return Err(silence("a statement", PG_ANSWERS_WITHIN + budget::LEAST));
        }
        timeout(PG_STATEMENT_WITHIN, done).await.unwrap_or_else(|_| Err(silence("a statement", PG_STATEMENT_WITHIN)))
    }

    async fn within<T: Send>(
        pool: &sqlx::Pool<Self>,
        done: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> sqlx::Result<T> {
        Self::answered(pool, done).await
    }

    fn is_spoiled_by(error: &sqlx::Error) -> bool {
        !matches!(error, sqlx::Error::Database(_))
    }
}

/// The error of an answer that did not come in time.
pub(super) fn silence(what: &'static str, waited: Duration) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, format!("no answer to {what} in {waited:?}")))
}
