//! This process as one node of several.
//!
//! A connection of its own renews the node's row and holds its lock. Each renewal is good for [`LEASE_MS`](nodes::LEASE_MS) at the database;
//! this process believes in it for less, from the moment when it *sent* it, by its own monotonic clock: so it stops before
//! anybody else may begin, however long the answer was under way or the process stood still. While the database is away
//! nothing is shown of this node's stages and nobody else can have them; if the row is still there when it answers again, all
//! goes on. If it is gone, others have the stages: this process begins anew as another node.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::nodes::{self, Row};
use super::owner::{KEEPALIVE, LOCK, Taken};
use super::term::Lease;
use super::{Db, Result, StoreError, sql};
use crate::bus::NodeId;

const RENEWED_EVERY: Duration = Duration::from_millis(500);
/// How often a node that is suspected is looked for.
const LOOKS_EVERY: Duration = Duration::from_millis(100);
const ANSWERS_WITHIN: Duration = Duration::from_millis(700);
const TRIES_EVERY: Duration = Duration::from_millis(100);
/// How long others are given to be there again when the database is.
const SETTLES_WITHIN: Duration = Duration::from_secs(1);

/// What the keeper is told; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<Mutex<Telling>>);

#[derive(Debug, Default)]
struct Telling {
    /// Nodes that have not been heard of for a while.
    suspects: HashSet<NodeId>,
    /// What this node tells of itself, as JSON.
    says: String,
}

impl Told {
    pub fn suspect(&self, all: HashSet<NodeId>) {
        self.telling().suspects = all;
    }

    pub fn say(&self, json: String) {
        self.telling().says = json;
    }

    fn suspects(&self) -> Vec<NodeId> {
        self.telling().suspects.iter().copied().collect()
    }

    fn says(&self) -> String {
        self.telling().says.clone()
    }

    fn telling(&self) -> MutexGuard<'_, Telling> {
        // Each change under the lock is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the keeper has found out.
#[derive(Debug)]
pub enum News {
    /// Others have what was this node's.
    Lost,
    /// This process is a node, or another one than before.
    Entered(NodeId),
    Living(Vec<Row>),
}

/// Keeps the lease while it [runs](Self::run).
#[derive(Debug)]
pub struct NodeKeeper {
    lease: Lease,
    options: PgConnectOptions,
    conn: PgConnection,
    name: String,
    told: Told,
    news: mpsc::Sender<News>,
    /// Since when each renewal has been answered.
    good_since: Option<Instant>,
}

/// Makes this process a node of the cluster on this database, beside those that are there, and brings the schema up to date.
/// The lock of [`owner`](super::owner) is shared among nodes: a server that would be alone finds it taken.
pub async fn enter(db: &Db, name: &str, told: Told, news: mpsc::Sender<News>) -> Result<Result<NodeKeeper, Taken>> {
    let Db::Pg(pool) = db else { return Ok(Err(Taken)) };
    let options = pool.options().application_name("octave, a node's lease");
    let Some(mut conn) = connect(&options).await? else { return Ok(Err(Taken)) };
    db.migrate().await?;
    let lease = Lease::new();
    let sent = Instant::now();
    let node = nodes::enter(&mut conn, name).await?;
    lease.begin(node);
    lease.renewed(sent);
    Ok(Ok(NodeKeeper { lease, options, conn, name: name.to_owned(), told, news, good_since: None }))
}

/// A connection that holds the shared lock; none if a server that is alone has it.
async fn connect(options: &PgConnectOptions) -> Result<Option<PgConnection>> {
    let mut conn = options.connect().await?;
    for (name, value) in KEEPALIVE {
        sqlx::query(sql!(postgres: "SELECT set_config(name, $2, false) FROM pg_settings WHERE name = $1"))
            .bind(name)
            .bind(value)
            .execute(&mut conn)
            .await?;
    }
    let shared: bool = sqlx::query_scalar(sql!(postgres:
        "SELECT pg_try_advisory_lock_shared($1, hashtext(current_schema())) AS held"))
    .bind(LOCK)
    .fetch_one(&mut conn)
    .await?;
    Ok(shared.then_some(conn))
}

impl NodeKeeper {
    pub fn lease(&self) -> Lease {
        self.lease.clone()
    }

    /// As which node it has entered.
    pub fn node(&self) -> NodeId {
        self.lease.node()
    }

    /// The name that the nodes share.
    pub async fn cluster(&mut self) -> Result<String> {
        nodes::cluster(&mut self.conn).await
    }

    /// Ends when nobody wants its news any more.
    pub async fn run(mut self) {
        let mut renew_at = Instant::now();
        while !self.news.is_closed() {
            let now = Instant::now();
            if now >= renew_at {
                renew_at = now + RENEWED_EVERY;
                if !self.renew().await {
                    sleep(TRIES_EVERY).await;
                    renew_at = Instant::now();
                    continue;
                }
            }
            self.bury().await;
            sleep(LOOKS_EVERY).await;
        }
    }

    async fn renew(&mut self) -> bool {
        let (sent, me) = (Instant::now(), self.lease.node());
        match timeout(ANSWERS_WITHIN, nodes::renew(&mut self.conn, me, &self.told.says())).await {
            Ok(Ok(true)) => {
                self.lease.renewed(sent);
                self.good_since.get_or_insert(sent);
            }
            Ok(Ok(false)) => return self.begin_anew().await,
            Ok(Err(error)) => return self.reconnect(&error).await,
            Err(_) => return self.reconnect(&StoreError::silent()).await,
        }
        self.look(None).await;
        true
    }

    /// Whether others who are silent have had their time: when the database comes back, all nodes have been.
    fn may_bury(&self) -> bool {
        self.good_since.is_some_and(|since| since.elapsed() >= SETTLES_WITHIN)
    }

    /// Looks who lives, without those who don't any more. Whether `suspect` was one of them.
    async fn look(&mut self, suspect: Option<NodeId>) -> bool {
        let buries = self.may_bury();
        let looked = timeout(ANSWERS_WITHIN, async {
            let buried = match suspect {
                Some(node) if buries => nodes::bury(&mut self.conn, node).await?,
                None if buries => nodes::expire(&mut self.conn).await.map(|()| true)?,
                _ => suspect.is_none(),
            };
            let rows = if buried { Some(nodes::living(&mut self.conn).await?) } else { None };
            Ok::<_, StoreError>((buried, rows))
        });
        // What fails is found out by the next renewal.
        let Ok(Ok((buried, rows))) = looked.await else { return false };
        if let Some(rows) = rows {
            self.tell(News::Living(rows)).await;
        }
        buried
    }

    /// Others have declared this node dead.
    async fn begin_anew(&mut self) -> bool {
        tracing::warn!(node = %self.lease.node(), "the lease is lost: other nodes have this one's stages");
        self.lease.begin(NodeId(0));
        self.tell(News::Lost).await;
        // A new connection, so that the old number's lock is let go of.
        let Ok(Ok(Some(conn))) = timeout(ANSWERS_WITHIN, connect(&self.options)).await else { return false };
        self.conn = conn;
        let sent = Instant::now();
        let Ok(Ok(node)) = timeout(ANSWERS_WITHIN, nodes::enter(&mut self.conn, &self.name)).await else {
            return false;
        };
        self.lease.begin(node);
        self.tell(News::Entered(node)).await;
        self.lease.renewed(sent);
        tracing::info!(%node, "this server is a node again");
        true
    }

    /// The row may still be there: then nothing has happened.
    async fn reconnect(&mut self, error: &StoreError) -> bool {
        tracing::warn!(%error, "the lease could not be renewed");
        self.good_since = None;
        let Ok(Ok(Some(conn))) = timeout(ANSWERS_WITHIN, connect(&self.options)).await else { return false };
        self.conn = conn;
        // Held by the connection that broke off, it is to be had again when the server has noticed.
        timeout(ANSWERS_WITHIN, nodes::lock(&mut self.conn, self.lease.node())).await.is_ok_and(|done| done.is_ok())
    }

    async fn bury(&mut self) {
        for node in self.told.suspects() {
            if self.look(Some(node)).await {
                tracing::warn!(%node, "a node has ended");
            }
        }
    }

    async fn tell(&self, news: News) {
        // Nobody listens any more when the server ends.
        drop(self.news.send(news).await);
    }
}
