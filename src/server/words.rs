//! Gives what was said its words, so that searches find it: not in the commit of a line, which has to be quick, but soon.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use octave_protocol::StageId;

use crate::stage::Registry;
use crate::store::{Db, chats};

const EVERY: Duration = Duration::from_secs(5);

/// Runs as long as the server. What is left of stages that have stopped is done too; of a former run, when the server
/// starts. Of several servers each does that for the stages that it runs.
pub(super) async fn learn(db: Db, stages: Arc<Registry>) {
    let mut left = BTreeSet::new();
    loop {
        tokio::time::sleep(EVERY).await;
        left.extend(stages.live_here().into_iter().map(|(id, _)| id));
        let among: Vec<StageId> = left.iter().copied().collect();
        match chats::learn_lately(&db, &among).await {
            Ok(some) => left = some.into_iter().collect(),
            Err(error) => tracing::debug!(%error, "lines wait for their words"),
        }
    }
}
