//! One server per database.
//!
//! Two that ran the same stages would number and show different events under the same numbers. SQLite's folder is locked by
//! the file system; PostgreSQL keeps a session's advisory lock, on a connection of its own. If that connection breaks the
//! lock is free: nothing more is written for stages until it is held again, and if another server was quicker, this one
//! ends. What it still had under way then is refused by the epoch of its stages, in the very transaction that writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::time::{sleep, timeout};

use super::term::Lease;
use super::{Db, Result, sql};
use crate::bus::NodeId;

/// The first half of the lock's name, "Octa"; the second is the schema, so that a database may hold several Octaves.
pub(super) const LOCK: i32 = 0x4f63_7461;
/// How often it is looked whether the lock is still held.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// How long that may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// Pause between two attempts to have the lock.
const TRIES_EVERY: Duration = Duration::from_millis(200);
/// How long a server that starts waits for one that is just ending.
const STARTS_WITHIN: Duration = Duration::from_secs(2);
/// How long another may hold the lock before this one believes that it is a server, and not the session that broke off.
const BELIEVES_AFTER: Duration = Duration::from_secs(5);
/// Seconds after which PostgreSQL notices that the other end of a silent connection is gone, so that a machine that lost
/// power does not keep the lock.
pub(super) const KEEPALIVE: [(&str, &str); 3] =
    [("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "3"), ("tcp_keepalives_count", "3")];

/// Whether stages may be written for; cheap to clone.
#[derive(Debug, Clone)]
pub enum Owner {
    /// The one server of its database.
    Alone(Arc<AtomicBool>),
    /// One of several: what is this node's is so for the time of its lease.
    Node(Lease),
}

impl Owner {
    /// Nobody else can be there.
    pub fn alone() -> Self {
        Self::Alone(Arc::new(AtomicBool::new(true)))
    }

    #[cfg(test)]
    pub(crate) fn without() -> Self {
        Self::Alone(Arc::new(AtomicBool::new(false)))
    }

    pub fn holds(&self) -> bool {
        match self {
            Self::Alone(held) => held.load(Ordering::Acquire),
            Self::Node(lease) => lease.holds(),
        }
    }

    /// Which node this is, if there may be others.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Alone(_) => None,
            Self::Node(lease) => Some(lease.node()),
        }
    }
}

/// Another server runs on the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another server runs on this database")]
pub struct Taken;

/// Keeps the lock while it [runs](Self::run); dropped, it lets go.
#[derive(Debug)]
pub struct Keeper {
    owner: Arc<AtomicBool>,
    options: PgConnectOptions,
    held: Session,
}

/// A connection that holds the lock.
#[derive(Debug)]
struct Session {
    conn: PgConnection,
    /// The server process behind it.
    pid: i32,
}

/// Makes this process the only server of a database. None to keep if it is SQLite, whose folder the caller has locked.
pub async fn claim(db: &Db) -> Result<Result<(Owner, Option<Keeper>), Taken>> {
    let Db::Pg(pool) = db else { return Ok(Ok((Owner::alone(), None))) };
    let options = pool.options().application_name("octave, the one server");
    let tried = timeout(STARTS_WITHIN, async {
        loop {
            match attempt(&options).await {
                Ok(Attempt::Held(session)) => return Ok(session),
                Ok(Attempt::By(_)) => sleep(TRIES_EVERY).await,
                Err(error) => return Err(error),
            }
        }
    });
    let Ok(tried) = tried.await else { return Ok(Err(Taken)) };
    let owner = Arc::new(AtomicBool::new(true));
    Ok(Ok((Owner::Alone(owner.clone()), Some(Keeper { owner, options, held: tried? }))))
}

impl Keeper {
    /// Ends when another server has the database.
    pub async fn run(mut self) -> Taken {
        loop {
            sleep(LOOKS_EVERY).await;
            if !timeout(ANSWERS_WITHIN, self.held.conn.ping()).await.is_ok_and(|answer| answer.is_ok()) {
                self.owner.store(false, Ordering::Release);
                tracing::warn!("the lock on the database is lost; stages are not written for until it is held again");
                match self.again().await {
                    Ok(session) => self.held = session,
                    Err(taken) => return taken,
                }
                self.owner.store(true, Ordering::Release);
                tracing::info!("the lock on the database is held again");
            }
        }
    }

    async fn again(&self) -> Result<Session, Taken> {
        let mut waited = Duration::ZERO;
        loop {
            match timeout(ANSWERS_WITHIN, attempt(&self.options)).await {
                Ok(Ok(Attempt::Held(session))) => return Ok(session),
                Ok(Ok(Attempt::By(Some(pid)))) if pid == self.held.pid => end_session(&self.options, pid).await,
                Ok(Ok(Attempt::By(_))) if waited >= BELIEVES_AFTER => return Err(Taken),
                Ok(Ok(Attempt::By(_))) => waited += TRIES_EVERY,
                // The database is not there for anybody.
                Ok(Err(_)) | Err(_) => {}
            }
            sleep(TRIES_EVERY).await;
        }
    }
}

enum Attempt {
    Held(Session),
    /// By another session, of this process at the server.
    By(Option<i32>),
}

async fn attempt(options: &PgConnectOptions) -> Result<Attempt> {
    let mut conn = options.connect().await?;
    for (name, value) in KEEPALIVE {
        sqlx::query(sql!(postgres: "SELECT set_config(name, $2, false) FROM pg_settings WHERE name = $1"))
            .bind(name)
            .bind(value)
            .execute(&mut conn)
            .await?;
    }
    let (held, pid): (bool, i32) = sqlx::query_as(sql!(postgres:
        "SELECT pg_try_advisory_lock($1, hashtext(current_schema())) AS held, pg_backend_pid() AS pid"))
    .bind(LOCK)
    .fetch_one(&mut conn)
    .await?;
    if held {
        return Ok(Attempt::Held(Session { conn, pid }));
    }
    let by = sqlx::query_scalar(sql!(postgres:
        "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() \
         WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = $1 \
         AND l.objid::bigint = (hashtext(current_schema())::bigint & 4294967295) LIMIT 1"))
    .bind(i64::from(LOCK))
    .fetch_optional(&mut conn)
    .await?;
    conn.close().await?;
    Ok(Attempt::By(by))
}

/// Ends the session that broke off: the server may not have noticed yet.
async fn end_session(options: &PgConnectOptions, pid: i32) {
    let ended = timeout(ANSWERS_WITHIN, async {
        let mut conn = options.connect().await?;
        sqlx::query(sql!(postgres: "SELECT pg_terminate_backend($1)")).bind(pid).execute(&mut conn).await?;
        conn.close().await
    });
    if !ended.await.is_ok_and(|done: sqlx::Result<()>| done.is_ok()) {
        tracing::debug!("the session that broke off can't be ended");
    }
}
