//! What a server takes for itself before it answers: the folder, and the database or a node's place beside others.

use std::sync::Arc;

use anyhow::{Context, Result};

use super::files::{ensure_data_dir, open_database, sqlite_file};
use super::lock::{AlreadyRuns, FolderLock, lock};
use crate::cluster::Membership;
use crate::config::Config;
use crate::store::Db;
use crate::store::owner::{self, Keeper, Owner};

/// A database, and what says that it is this server's, or which node of it this server is.
pub(super) struct Claimed {
    pub db: Db,
    pub owner: Owner,
    pub keeper: Option<Keeper>,
    pub cluster: Option<Membership>,
}

/// Takes folder and database for this server alone. A database elsewhere is reached before a folder is made for the files.
pub(super) async fn take_data(config: &Config) -> Result<(FolderLock, Claimed)> {
    if sqlite_file(config)?.is_none() {
        let claimed = claim_database(config).await?;
        ensure_data_dir(config)?;
        return Ok((lock(config).await?, claimed));
    }
    ensure_data_dir(config)?;
    let lock = lock(config).await?;
    Ok((lock, claim_database(config).await?))
}

/// Opens the database, for this server alone, and brings it up to date. A second server is refused and does not wait as a
/// stand-by (docs/adr/0040). With `--nats` nobody has it alone: the leases of the cluster's nodes stand for the lock.
async fn claim_database(config: &Config) -> Result<Claimed> {
    let db = open_database(config).await?;
    if let Some(url) = &config.nats {
        let cluster = Membership::enter(&db, url, &node_name()).await?.map_err(|_| AlreadyRuns::OnDatabase)?;
        return Ok(Claimed { db, owner: cluster.owner(), keeper: None, cluster: Some(cluster) });
    }
    let claimed = owner::claim(&db).await.context("whether another server runs on the database can't be asked")?;
    let (owner, keeper) = claimed.map_err(|_| AlreadyRuns::OnDatabase)?;
    db.migrate().await.context("the database can't be brought up to date")?;
    Ok(Claimed { db, owner, keeper, cluster: None })
}

/// The host's name tells operators which machine a client is on.
pub(super) fn node_name() -> Arc<str> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "octave".into() } else { name.into() }
}
