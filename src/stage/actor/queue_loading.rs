//! The rest of a long queue, read while the stage runs already.
//!
//! A stage of many entries opens with those that a snapshot shows. Whoever joins gets them at once; commands, questions
//! about the queue and the timeline's timer wait until all of it is there.

use std::fmt;

use futures_util::future::BoxFuture;

use super::Actor;
use super::durable::PendingCommand;
use crate::stage::core::SavedEntry;
use crate::stage::handle::Ask;
use crate::stage::limits::STORAGE_RETRY;
use crate::stage::storage::Fault;

type Read = Result<Vec<SavedEntry>, Fault>;

#[derive(Default)]
pub(super) struct QueueLoading {
    reading: Option<BoxFuture<'static, Read>>,
    /// Questions about the queue.
    queries: Vec<Ask>,
}

impl QueueLoading {
    pub(super) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// Pending when nothing is read.
    pub(super) async fn next(&mut self) -> Read {
        match &mut self.reading {
            Some(reading) => reading.await,
            None => std::future::pending().await,
        }
    }
}

impl fmt::Debug for QueueLoading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueLoading").field("reading", &self.reading.is_some()).finish_non_exhaustive()
    }
}

impl Actor {
    pub(super) fn load_queue(&mut self, after: std::time::Duration) {
        let (store, id) = (self.world.store.clone(), self.id);
        self.queue_loading.reading = Some(Box::pin(async move {
            tokio::time::sleep(after).await;
            store.queue(id).await
        }));
    }

    pub(super) fn ask_when_whole(&mut self, ask: Ask) {
        self.queue_loading.queries.push(ask);
    }

    pub(super) fn queue_loaded(&mut self, read: Read) {
        match read {
            Ok(entries) => {
                self.queue_loading.reading = None;
                self.stage.complete(self.corrected_entries(entries));
                self.forget_corrections();
                self.next_job.arranges |= self.stage.is_out_of_order();
                for ask in std::mem::take(&mut self.queue_loading.queries) {
                    self.ask(ask);
                }
            }
            Err(fault) => {
                tracing::warn!(stage = %self.id, %fault, "the queue can't be read");
                // HTTP sees its question dropped, and tells to try again.
                self.queue_loading.queries.clear();
                for PendingCommand { asker, .. } in std::mem::take(&mut self.waiting) {
                    self.refuse_for_fault(asker, &fault);
                }
                self.load_queue(STORAGE_RETRY.to_std());
            }
        }
    }
}
