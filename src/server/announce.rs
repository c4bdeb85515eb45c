//! Tells followers of what is new for them.
//!
//! Who writes an album or a stage on this server says so; who does beside it, an import, can't: so it is looked for every
//! few seconds too, by an index of what is left.

use crate::http::kit::state::AppState;
use crate::server::limits::ANNOUNCED_WITHIN;

/// Runs as long as the server.
pub(super) async fn run(state: AppState) {
    loop {
        if let Err(error) = state.announce().await {
            tracing::warn!(%error, "followers were not told of what is new; that is tried again");
            tokio::time::sleep(ANNOUNCED_WITHIN).await;
        }
        // Whether it was woken or has waited: it looks.
        let _ = tokio::time::timeout(ANNOUNCED_WITHIN, state.news.notified()).await;
    }
}
