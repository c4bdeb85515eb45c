//! The end of the process.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::server::limits::DATABASE_CLOSES_WITHIN;
use crate::store::Db;

/// SIGTERM and SIGINT, caught from the moment this exists: before anybody can know that the server is there.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for one of them and names it.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Closes the database. If it does not answer, the process ends without it: what was acknowledged is durable.
pub(super) async fn close(db: &Db) {
    if tokio::time::timeout(DATABASE_CLOSES_WITHIN, db.close()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
}
