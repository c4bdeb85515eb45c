//! The end of the process.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cluster::Standing;
use crate::server::limits::{BALANCERS_KNOW_WITHIN, DATABASE_CLOSES_WITHIN};
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

/// Lets balancers find out that this node is about to end. Meanwhile it serves as before; another signal ends the wait.
pub(super) async fn tell_balancers(standing: &Standing, signals: &mut Signals) {
    standing.drain();
    if standing.has_others() {
        tokio::select! {
            () = tokio::time::sleep(BALANCERS_KNOW_WITHIN) => {}
            _ = signals.next() => {}
        }
    }
}

/// Closes the database. If it does not answer, the process ends without it: what was acknowledged is durable.
pub(super) async fn close(db: &Db) {
    if tokio::time::timeout(DATABASE_CLOSES_WITHIN, db.close()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
}
