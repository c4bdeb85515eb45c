//! Which servers share this database, and whose a stage is.
//!
//! A node's row is its lease: who renews it in time lives, and what a node without a row owned is free. A row is taken
//! away by its node, or by another one when its time is over or when the lock that the node holds on a connection of its
//! own can be had, which proves that the connection is gone. Clocks are compared at the database alone.

use std::collections::HashMap;

use octave_protocol::{Epoch, Seq, StageId};
use sqlx::PgConnection;

use super::{Db, Result, StoreError, sql};
use crate::bus::NodeId;
use crate::stage::storage::Claim;

/// How long a renewal is good for, in milliseconds.
pub const LEASE_MS: i32 = 2_000;
/// How often a stage is asked for that changes hands while it is.
const CLAIMS: usize = 5;

/// A node as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Row {
    pub id: i64,
    pub name: String,
    pub version: String,
    /// Seconds since it came.
    pub age: i64,
    /// Milliseconds until its lease is over.
    pub left_ms: i64,
    /// What it tells of itself, as JSON.
    pub says: String,
}

/// The name that all nodes of a database share.
pub async fn cluster(conn: &mut PgConnection) -> Result<String> {
    Ok(sqlx::query_scalar(sql!(postgres: "SELECT id FROM cluster")).fetch_one(conn).await?)
}

/// A new node, and the lock that says that its connection lives.
pub async fn enter(conn: &mut PgConnection, name: &str) -> Result<NodeId> {
    let id: i64 = sqlx::query_scalar(sql!(postgres: "SELECT nextval(pg_get_serial_sequence('nodes', 'id')) AS id"))
        .fetch_one(&mut *conn)
        .await?;
    lock(conn, NodeId(id)).await?;
    sqlx::query(sql!(postgres:
        "INSERT INTO nodes (id, name, version, until) OVERRIDING SYSTEM VALUE \
         VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')"))
    .bind(id)
    .bind(name)
    .bind(env!("CARGO_PKG_VERSION"))
    .bind(LEASE_MS)
    .execute(conn)
    .await?;
    Ok(NodeId(id))
}

/// Holds the node's lock on this connection, for as long as that lives. Another node of that number in another schema may
/// have it: then only time tells that this one has ended.
pub async fn lock(conn: &mut PgConnection, id: NodeId) -> Result<()> {
    let taken = sqlx::query(sql!(postgres:
        "SELECT pg_try_advisory_lock(hashtext('octave node of ' || current_schema()), $1::bigint::int)"));
    taken.bind(id.0).execute(conn).await?;
    Ok(())
}

/// Renews the lease; false if the node has been declared dead.
pub async fn renew(conn: &mut PgConnection, id: NodeId, says: &str) -> Result<bool> {
    let renewed = sqlx::query(sql!(postgres:
        "UPDATE nodes SET until = clock_timestamp() + $2 * interval '1 millisecond', says = $3 WHERE id = $1"));
    Ok(renewed.bind(id.0).bind(LEASE_MS).bind(says).execute(conn).await?.rows_affected() == 1)
}

/// Takes the nodes away whose time is over.
pub async fn expire(conn: &mut PgConnection) -> Result<()> {
    sqlx::query(sql!(postgres: "DELETE FROM nodes WHERE until < clock_timestamp()")).execute(conn).await?;
    Ok(())
}

/// All nodes, the oldest first.
pub async fn living(conn: &mut PgConnection) -> Result<Vec<Row>> {
    let rows = sqlx::query_as(sql!(postgres:
        "SELECT id, name, version, EXTRACT(EPOCH FROM clock_timestamp() - started)::bigint AS age, \
         (EXTRACT(EPOCH FROM until - clock_timestamp()) * 1000)::bigint AS left_ms, says FROM nodes ORDER BY id"));
    Ok(rows.fetch_all(conn).await?)
}

/// Takes the row of a node away that is silent, if its connection is gone or its time is over. Whether it was.
pub async fn bury(conn: &mut PgConnection, id: NodeId) -> Result<bool> {
    let buried = sqlx::query(sql!(postgres:
        "DELETE FROM nodes WHERE id = $1 AND (until < clock_timestamp() OR \
         pg_try_advisory_xact_lock(hashtext('octave node of ' || current_schema()), $1::bigint::int))"));
    Ok(buried.bind(id.0).execute(conn).await?.rows_affected() == 1)
}

/// The node's own farewell: what it owns is free.
pub async fn leave(db: &Db, id: NodeId) -> Result<()> {
    let Db::Pg(pool) = db else { return Ok(()) };
    sqlx::query(sql!(postgres: "DELETE FROM nodes WHERE id = $1")).bind(id.0).execute(pool).await?;
    Ok(())
}

/// How many stages each node owns, for who looks from outside.
pub async fn stages(db: &Db) -> Result<HashMap<i64, i64>> {
    let Db::Pg(pool) = db else { return Ok(HashMap::new()) };
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        sql!(postgres: "SELECT owner, COUNT(*) AS stages FROM stages WHERE owner IS NOT NULL GROUP BY owner"),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// All nodes, for who looks from outside.
pub async fn list(db: &Db) -> Result<Vec<Row>> {
    let Db::Pg(pool) = db else { return Ok(Vec::new()) };
    let rows = sqlx::query_as(sql!(postgres:
        "SELECT id, name, version, EXTRACT(EPOCH FROM clock_timestamp() - started)::bigint AS age, \
         (EXTRACT(EPOCH FROM until - clock_timestamp()) * 1000)::bigint AS left_ms, says FROM nodes ORDER BY id"));
    Ok(rows.fetch_all(pool).await?)
}

/// Makes a stage the node's, unless it is another's that lives.
pub async fn claim(db: &Db, me: NodeId, stage: StageId) -> Result<Claim> {
    let Db::Pg(pool) = db else { return Ok(Claim::Ours) };
    for _ in 0..CLAIMS {
        let owner: Option<Option<i64>> = sqlx::query_scalar(sql!(postgres:
            "WITH mine AS (UPDATE stages SET owner = $2 WHERE id = $1 AND ended_us IS NULL AND (owner IS NULL OR owner = $2 \
             OR NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = stages.owner)) RETURNING owner) \
             SELECT owner FROM mine UNION ALL \
             SELECT owner FROM stages WHERE id = $1 AND ended_us IS NULL AND NOT EXISTS (SELECT 1 FROM mine)"))
        .bind(stage.0)
        .bind(me.0)
        .fetch_optional(pool)
        .await?;
        return Ok(match owner {
            None => Claim::Nobodys,
            Some(Some(owner)) if owner == me.0 => Claim::Ours,
            Some(Some(owner)) => Claim::Theirs(NodeId(owner)),
            // Somebody has taken it or let go of it while the statement ran.
            Some(None) => continue,
        });
    }
    Err(StoreError::silent())
}

/// Lets go of a stage, and of its numbers from `unused` on.
pub async fn release(db: &Db, me: NodeId, stage: StageId, epoch: Epoch, unused: Option<Seq>) -> Result<()> {
    let Db::Pg(pool) = db else { return Ok(()) };
    sqlx::query(
        sql!(postgres: "UPDATE stages SET owner = NULL, seq_limit = LEAST(seq_limit, COALESCE($4, seq_limit)) \
         WHERE id = $1 AND owner = $2 AND epoch = $3"),
    )
    .bind(stage.0)
    .bind(me.0)
    .bind(epoch.0)
    .bind(unused.map(|seq| seq.0))
    .execute(pool)
    .await?;
    Ok(())
}

/// Stages that play and are nobody's that lives.
pub async fn orphans(db: &Db) -> Result<Vec<StageId>> {
    let Db::Pg(pool) = db else { return Ok(Vec::new()) };
    let ids: Vec<i64> = sqlx::query_scalar(sql!(postgres:
        "SELECT id FROM stages WHERE playing AND ended_us IS NULL AND (owner IS NULL \
         OR NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = stages.owner)) ORDER BY id"))
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().map(StageId).collect())
}
