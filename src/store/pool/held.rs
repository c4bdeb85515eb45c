//! Connections, and what becomes of one that storage has failed on.
//!
//! Everything that is asked of the database goes through [`Pool`] or [`Tx`](super::Tx), as sqlx's executors. They add to sqlx's own:
//! a statement is read to its end, a silence has an end, and a connection of which nobody knows any more in which state it
//! is gets closed. The next one opens in a millisecond, and so writing goes on as soon as the disk does.

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::{Database, Either, Execute, Executor, SqlStr};

use super::engine::{Engine, Step};
use super::faults::{Call, Faults};
use crate::base::budget;

/// Connections to one database; cheap to clone. Each statement that it executes is a transaction of its own.
#[derive(Debug)]
pub struct Pool<D: Database> {
    inner: sqlx::Pool<D>,
    part: Part,
    faults: Faults,
}

/// Connections at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// What the pool is for.
    pub pool: &'static str,
    pub open: u32,
    /// Of those, how many nobody uses.
    pub idle: u32,
    pub most: u32,
}

/// What a connection is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Reading alone: it may take long.
    Reads,
    /// Statements that may write, each a transaction of its own.
    Alone,
    /// Statements of a transaction, or one that takes as long as it takes.
    Within,
}

impl<D: Database> Clone for Pool<D> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), part: self.part, faults: self.faults.clone() }
    }
}

impl<D: Engine> Pool<D> {
    pub(super) fn new(inner: sqlx::Pool<D>, part: Part, faults: Faults) -> Self {
        Self { inner, part, faults }
    }

    /// sqlx's own, for what brings the schema up to date.
    pub(in crate::store) fn plain(&self) -> &sqlx::Pool<D> {
        &self.inner
    }

    pub(in crate::store) fn options(&self) -> <D::Connection as sqlx::Connection>::Options {
        self.inner.connect_options().as_ref().clone()
    }

    pub(super) fn figures(&self, pool: &'static str) -> Figures {
        let idle = u32::try_from(self.inner.num_idle()).unwrap_or(u32::MAX);
        Figures { pool, open: self.inner.size(), idle, most: self.inner.options().get_max_connections() }
    }

    #[cfg(test)]
    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// A connection on which each statement is a transaction of its own.
    pub async fn alone(&self) -> sqlx::Result<Held<D>> {
        self.held(self.part).await
    }

    /// A connection for what may take long.
    pub async fn patient(&self) -> sqlx::Result<Held<D>> {
        self.held(Part::Within).await
    }

    pub(super) async fn held(&self, part: Part) -> sqlx::Result<Held<D>> {
        let patience = self.inner.options().get_acquire_timeout();
        let patience = budget::left(patience).max(budget::LEAST.min(patience));
        let conn =
            tokio::time::timeout(patience, self.inner.acquire()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(Held { conn, pool: self.inner.clone(), faults: self.faults.clone(), part })
    }

    pub(super) async fn close(&self) {
        self.inner.close().await;
    }
}

/// A connection that is used by one.
#[derive(Debug)]
pub struct Held<D: Database> {
    pub(super) conn: PoolConnection<D>,
    pub(super) pool: sqlx::Pool<D>,
    pub(super) faults: Faults,
    part: Part,
}

impl<D: Engine> Held<D> {
    /// Does a statement, to its end. `fetch_one` and `fetch_optional` of sqlx leave a SQLite statement after its first row.
    /// That ends it, which is the commit of an `INSERT … RETURNING` that stands alone, and what goes wrong in it
    /// is told to nobody.
    async fn run<'q, E: 'q + Execute<'q, D>>(&mut self, query: E) -> sqlx::Result<Vec<Step<D>>> {
        let outcome = self.asked(query).await;
        if outcome.as_ref().is_err_and(D::is_spoiled_by) {
            self.conn.close_on_drop();
        }
        outcome
    }
}

impl<D: Engine> Held<D> {
    async fn asked<'q, E: 'q + Execute<'q, D>>(&mut self, query: E) -> sqlx::Result<Vec<Step<D>>> {
        let answer = self.faults.before(Call::Statement)?;
        let done = D::all(&mut self.conn, query);
        let steps = match self.part {
            Part::Alone => D::answered(&self.pool, done).await,
            Part::Reads | Part::Within => D::within(&self.pool, done).await,
        };
        answer.told()?;
        steps
    }
}

fn first_row<D: Database>(steps: Vec<Step<D>>) -> Option<D::Row> {
    steps.into_iter().find_map(Either::right)
}

impl<'p, D: Engine> Executor<'p> for &'p Pool<D> {
    type Database = D;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, sqlx::Result<Step<D>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, D>,
    {
        let steps = async move { self.alone().await?.run(query).await };
        stream::once(steps).map_ok(|steps| stream::iter(steps.into_iter().map(Ok))).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<D::Row>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, D>,
    {
        Box::pin(async move { Ok(first_row::<D>(self.alone().await?.run(query).await?)) })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [D::TypeInfo]) -> BoxFuture<'e, sqlx::Result<D::Statement>>
    where
        'p: 'e,
    {
        Box::pin(async move { D::prepare(&mut self.alone().await?.conn, sql, parameters).await })
    }
}

impl<'c, D: Engine> Executor<'c> for &'c mut Held<D> {
    type Database = D;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, sqlx::Result<Step<D>>>
    where
        'c: 'e,
        E: 'q + Execute<'q, D>,
    {
        let steps = self.run(query);
        stream::once(steps).map_ok(|steps| stream::iter(steps.into_iter().map(Ok))).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<D::Row>>>
    where
        'c: 'e,
        E: 'q + Execute<'q, D>,
    {
        Box::pin(async move { Ok(first_row::<D>(self.run(query).await?)) })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [D::TypeInfo]) -> BoxFuture<'e, sqlx::Result<D::Statement>>
    where
        'c: 'e,
    {
        D::prepare(&mut self.conn, sql, parameters)
    }
}
