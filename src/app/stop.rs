//! The end of the process.

use crate::limits::serving::DATABASE_CLOSES_WITHIN;
use crate::store::Db;

/// Waits for SIGTERM or SIGINT and names it.
pub(super) async fn signal() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = async |kind| match signal(kind) {
        Ok(mut stream) => drop(stream.recv().await),
        Err(error) => {
            tracing::error!(%error, "a signal can't be waited for");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => "SIGTERM",
        () = wait(SignalKind::interrupt()) => "SIGINT",
    }
}

/// Closes the database. If it does not answer, the process ends without it: what was acknowledged is durable.
pub(super) async fn close(db: &Db) {
    if tokio::time::timeout(DATABASE_CLOSES_WITHIN, db.close()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
}
