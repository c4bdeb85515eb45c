//! Gives what was said its words, so that searches find it: not in the commit of a line, which has to be quick, but soon.

use std::time::Duration;

use crate::store::{Db, chats};

const EVERY: Duration = Duration::from_secs(5);

/// Runs as long as the server.
pub(super) async fn learn(db: Db) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = chats::learn_lately(&db).await {
            tracing::debug!(%error, "lines wait for their words");
        }
    }
}
