//! The storage of running stages: what `stage::storage::StageStore` asks, in SQL.
//!
//! A commit of the journal is one transaction over the work of many stages. Its cost is the number of statements, so
//! chat lines of all stages are checked by one statement and inserted by few.

mod changes;
mod chats;
mod doors;
mod fence;
mod opening;
mod said;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use octave_protocol::model::Song;
use octave_protocol::{Epoch, Seq, SongId, StageId, UserId};

use sqlx::{Postgres, Sqlite};
use tokio::sync::mpsc;

use super::owner::Owner;
use super::{Db, Held, Result, StoreError, nodes, on, sql, stages};
use crate::stage::core::{Admission, SavedEntry};
use crate::stage::storage::{Answer, Claim, Door, Fault, Missed, Opened, Placed, StageStore, Wanted, Work};
pub use said::Said;

/// A frozen PostgreSQL is given up on after this, so that a chat gets its answer within two seconds.
const PG_COMMIT_WITHIN: Duration = Duration::from_millis(1_500);

/// How long a commit waits for those before it in SQLite, which has one writer: a chat gets its answer within two seconds.
const SQLITE_BEGIN_WITHIN: Duration = Duration::from_millis(1_800);

/// Commits under way at a time in PostgreSQL: while one waits for the disk, the next is on its way.
const PG_COMMITS_AT_ONCE: usize = 2;

/// The database as stages see it; cheap to clone.
#[derive(Debug, Clone)]
pub struct SqlStages {
    db: Db,
    owner: Owner,
    /// Where lines go that may concern somebody who is elsewhere.
    said: Option<mpsc::Sender<Said>>,
}

impl SqlStages {
    /// Of a database on which no other server can run.
    pub fn new(db: Db) -> Self {
        Self::owned(db, Owner::alone())
    }

    pub const fn owned(db: Db, owner: Owner) -> Self {
        Self { db, owner, said: None }
    }

    /// Tells of lines that call somebody or answer one, once they are committed. There is no waiting for room: what finds
    /// none is not told.
    #[must_use]
    pub fn telling(self, said: mpsc::Sender<Said>) -> Self {
        Self { said: Some(said), ..self }
    }

    fn may_write(&self) -> std::result::Result<(), Fault> {
        if self.owner.holds() {
            return Ok(());
        }
        Err(Fault::Unavailable("another server may have the database".into()))
    }
}

/// A connection within a transaction.
enum Conn<'a> {
    Sqlite(&'a mut Held<Sqlite>),
    Pg(&'a mut Held<Postgres>),
}

/// Runs an expression on whichever connection it is.
macro_rules! with {
    ($conn:expr, $c:ident => $e:expr) => {
        match $conn {
            $crate::store::stage_journal::Conn::Sqlite($c) => $e,
            $crate::store::stage_journal::Conn::Pg($c) => $e,
        }
    };
}
use with;

impl StageStore for SqlStages {
    fn open(&self, id: StageId, block: i64) -> Answer<'_, Option<Opened>> {
        Box::pin(async move {
            self.may_write()?;
            Ok(opening::open(&self.db, self.owner.node(), id, block).await?)
        })
    }

    fn claim(&self, id: StageId) -> Answer<'_, Claim> {
        Box::pin(async move {
            let Some(node) = self.owner.node() else { return Ok(Claim::Ours) };
            self.may_write()?;
            Ok(nodes::claim(&self.db, node, id).await?)
        })
    }

    fn release(&self, id: StageId, epoch: Epoch, unused: Option<Seq>) -> Answer<'_, ()> {
        Box::pin(async move {
            let Some(node) = self.owner.node() else { return Ok(()) };
            Ok(nodes::release(&self.db, node, id, epoch, unused).await?)
        })
    }

    fn may_show(&self) -> bool {
        self.owner.node().is_none() || self.owner.holds()
    }

    fn missed(&self, id: StageId, before: Seq, limit: usize) -> Answer<'_, Missed> {
        Box::pin(async move { Ok(opening::missed(&self.db, id, before, limit).await?) })
    }

    fn queue(&self, id: StageId) -> Answer<'_, Vec<SavedEntry>> {
        Box::pin(async move { Ok(opening::queue(&self.db, id).await?) })
    }

    /// A line is said anew so rarely that it is only looked for when the database finds its nonce taken.
    fn commit<'a>(&'a self, work: &'a [Work]) -> Answer<'a, Vec<Vec<Placed>>> {
        Box::pin(async move {
            self.may_write()?;
            let written = match self.commit_once(work, Nonces::New).await? {
                Written::NonceTaken => self.commit_once(work, Nonces::LookUp).await?,
                written => written,
            };
            match written {
                Written::Placed(placed) => {
                    if let Some(to) = &self.said {
                        said::tell(to, work, &placed);
                    }
                    Ok(placed)
                }
                Written::NonceTaken => Err(Fault::Rejected("a nonce is taken".into())),
                Written::Superseded => Err(Fault::Superseded),
            }
        })
    }

    fn step(&self, id: StageId) -> Answer<'_, bool> {
        Box::pin(async move { Ok(steps::next(&self.db, id).await?) })
    }

    fn commits_at_once(&self) -> usize {
        match &self.db {
            Db::Sqlite { .. } => 1,
            Db::Pg(_) => PG_COMMITS_AT_ONCE,
        }
    }

    fn has_ended(&self, id: StageId, viewer: UserId) -> Answer<'_, bool> {
        Box::pin(async move { Ok(stages::has_ended(&self.db, Some(viewer), id).await?) })
    }

    fn playing(&self) -> Answer<'_, Vec<StageId>> {
        Box::pin(async {
            if self.owner.node().is_some() {
                return Ok(nodes::orphans(&self.db).await?);
            }
            let text = sql!("SELECT id FROM stages WHERE playing AND ended_us IS NULL ORDER BY id");
            let ids: Vec<i64> =
                on!(&self.db, read, c => sqlx::query_scalar(text).fetch_all(c).await).map_err(StoreError::from)?;
            Ok(ids.into_iter().map(StageId).collect())
        })
    }

    fn songs(&self, wanted: Wanted, limit: usize) -> Answer<'_, Vec<Arc<Song>>> {
        Box::pin(async move { Ok(doors::songs(&self.db, wanted, limit).await?) })
    }

    fn songs_of<'a>(&'a self, ids: &'a [SongId]) -> Answer<'a, Vec<Arc<Song>>> {
        Box::pin(async move { Ok(doors::by_id(&self.db, ids).await?.into_values().collect()) })
    }

    fn admission(&self, door: Door) -> Answer<'_, Admission> {
        Box::pin(async move { Ok(doors::admission(&self.db, &door).await?) })
    }

    fn blocked(&self, by: UserId) -> Answer<'_, HashSet<UserId>> {
        Box::pin(async move { Ok(doors::blocked(&self.db, by).await?) })
    }

    fn author(&self, stage: StageId, chat: Seq) -> Answer<'_, Option<UserId>> {
        Box::pin(async move {
            let text = sql!("SELECT sender_id FROM chats WHERE stage_id = $1 AND seq = $2 AND deleted_us IS NULL");
            let id: Option<i64> = on!(&self.db, read, c => sqlx::query_scalar(text)
                .bind(stage.0).bind(chat.0).fetch_optional(c).await)
            .map_err(StoreError::from)?;
            Ok(id.map(UserId))
        })
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async {
            self.may_write()?;
            match &self.db {
                // Its readers answer whatever the writer does; once it begins, no commit is under way.
                Db::Sqlite { write, .. } => drop(write.begin().await.map_err(StoreError::from)?),
                Db::Pg(_) => self.db.ping().await?,
            }
            Ok(())
        })
    }
}

impl SqlStages {
    async fn commit_once(&self, work: &[Work], nonces: Nonces) -> std::result::Result<Written, Fault> {
        match &self.db {
            Db::Sqlite { write, .. } if nonces == Nonces::New && chats::are_one_statement(work) => {
                let mut conn = in_time(write.alone()).await?;
                let written = write_all(&mut Conn::Sqlite(&mut conn), work, nonces).await;
                // The statement is its own commit.
                written.map_err(|error| match error {
                    StoreError::Unavailable(error) => lost_commit(error),
                    error => error.into(),
                })
            }
            Db::Sqlite { write, .. } => {
                let mut tx = in_time(write.begin()).await?;
                let written = write_all(&mut Conn::Sqlite(&mut tx), work, nonces).await?;
                if let Written::Placed(_) = written {
                    // What SQLite refuses to commit it has rolled back.
                    tx.commit().await.map_err(lost_commit)?;
                }
                Ok(written)
            }
            Db::Pg(pool) => {
                let committing = AtomicBool::new(false);
                let all = tokio::time::timeout(PG_COMMIT_WITHIN, async {
                    let mut tx = pool.begin().await.map_err(StoreError::from)?;
                    let written = write_all(&mut Conn::Pg(&mut tx), work, nonces).await?;
                    if let Written::Placed(_) = written {
                        committing.store(true, Ordering::Relaxed);
                        tx.commit().await.map_err(lost_commit)?;
                    }
                    Ok(written)
                });
                match all.await {
                    Ok(outcome) => outcome,
                    Err(_) if committing.load(Ordering::Relaxed) => {
                        Err(Fault::Unknown("no answer to COMMIT in time".into()))
                    }
                    Err(_) => Err(Fault::Unavailable("no answer in time".into())),
                }
            }
        }
    }
}

/// What is done about lines that may be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nonces {
    /// They are taken for new.
    New,
    LookUp,
}

/// What became of a commit's statements; only what is placed is to be committed.
#[derive(Debug)]
enum Written {
    Placed(Vec<Vec<Placed>>),
    /// A nonce that was taken for new is there already.
    NonceTaken,
    /// One of the stages is no longer this process's.
    Superseded,
}

async fn write_all(conn: &mut Conn<'_>, work: &[Work], nonces: Nonces) -> Result<Written> {
    let placed = chats::place(conn, work, nonces).await?;
    let is_ours = match chats::insert(conn, work, &placed).await {
        Err(error) if nonces == Nonces::New && error.is_unique("nonce") => return Ok(Written::NonceTaken),
        Err(error) => return Err(error),
        Ok(Some(inserted)) => inserted,
        Ok(None) => fence::holds(conn, work).await?,
    };
    if !is_ours {
        return Ok(Written::Superseded);
    }
    for (work, placed) in work.iter().zip(&placed) {
        changes::apply(conn, work, placed).await?;
    }
    Ok(Written::Placed(placed))
}

/// The writing connection of SQLite, or a transaction on it, before the one who waits gives up.
async fn in_time<T>(begun: impl Future<Output = sqlx::Result<T>>) -> std::result::Result<T, Fault> {
    match tokio::time::timeout(SQLITE_BEGIN_WITHIN, begun).await {
        Ok(begun) => Ok(begun.map_err(StoreError::from)?),
        Err(_) => Err(Fault::Unavailable("others have been writing for too long".into())),
    }
}

/// A COMMIT that the database answered with an error was not done; one without an answer may have been. So may one whose
/// server was told to end in the middle (SQLSTATE class 57P).
fn lost_commit(error: sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Database(e) if !e.code().is_some_and(|code| code.starts_with("57P")) => {
            StoreError::from(sqlx::Error::Database(e)).into()
        }
        lost => Fault::Unknown(lost.to_string()),
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Full(_) => Self::Full(error.to_string()),
            StoreError::Unavailable(_) => Self::Unavailable(error.to_string()),
            _ => Self::Rejected(error.to_string()),
        }
    }
}
