//! A transaction, and its end in any case.

use std::ops::{Deref, DerefMut};

use sqlx::SqlSafeStr;
use sqlx_core::transaction::TransactionManager;

use super::engine::Engine;
use super::faults::Call;
use super::held::{Held, Part, Pool};

/// A transaction: use `&mut *tx` as the executor. Left before it is committed it is rolled back; a connection that could
/// not begin, commit or roll back is closed.
#[derive(Debug)]
pub struct Tx<D: Engine> {
    held: Held<D>,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Open,
    /// `BEGIN` or `COMMIT` is under way, or has failed.
    Unsure,
    Done,
}

impl<D: Engine> Pool<D> {
    /// Begins a transaction that may write.
    pub async fn begin(&self) -> sqlx::Result<Tx<D>> {
        let begun = tokio::time::timeout(D::BEGIN_WITHIN, async { Tx::begin(self.held(Part::Within).await?).await });
        begun.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }
}

impl<D: Engine> Tx<D> {
    pub(super) async fn begin(held: Held<D>) -> sqlx::Result<Self> {
        let mut tx = Self { held, state: State::Unsure };
        let held = &mut tx.held;
        let answer = held.faults.before(Call::Begin)?;
        let begun = D::TransactionManager::begin(&mut held.conn, Some(D::BEGIN.into_sql_str()));
        D::within(&held.pool, begun).await?;
        answer.told()?;
        tx.state = State::Open;
        Ok(tx)
    }

    /// After an error that is not of the database's own words nobody knows whether it was done.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        self.state = State::Unsure;
        let held = &mut self.held;
        let answer = held.faults.before(Call::Commit)?;
        D::answered(&held.pool, D::TransactionManager::commit(&mut held.conn)).await?;
        answer.told()?;
        self.state = State::Done;
        Ok(())
    }
}

impl<D: Engine> Drop for Tx<D> {
    fn drop(&mut self) {
        match self.state {
            // What comes of it the pool looks at before it gives the connection to somebody else.
            State::Open => D::TransactionManager::start_rollback(&mut self.held.conn),
            State::Unsure => self.held.conn.close_on_drop(),
            State::Done => {}
        }
    }
}

impl<D: Engine> Deref for Tx<D> {
    type Target = Held<D>;

    fn deref(&self) -> &Held<D> {
        &self.held
    }
}

impl<D: Engine> DerefMut for Tx<D> {
    fn deref_mut(&mut self) -> &mut Held<D> {
        &mut self.held
    }
}
