//! Makes durable: one writer for all stages of the process.
//!
//! Whatever piled up during the last commit goes into the next one, so a lone line waits for nothing and a thousand
//! lines cost one sync of the disk. A stage has one [`Work`] under way at a time, which bounds the channel.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::limits::JOBS_PER_COMMIT;
use super::metrics::Metrics;
use super::storage::{Fault, Placed, StageStore, Work};

pub(super) type Outcome = Result<Vec<Placed>, Fault>;

/// The way to the writer; cheap to clone. The writer ends, with all that was handed to it done, when the last is gone.
#[derive(Debug, Clone)]
pub(super) struct Journal {
    jobs: mpsc::UnboundedSender<Job>,
}

#[derive(Debug)]
struct Job {
    work: Work,
    done: oneshot::Sender<Outcome>,
}

impl Journal {
    /// The journal, and its writer to be run as a task. A server whose writer has ended must end too.
    pub(super) fn new(store: Arc<dyn StageStore>, metrics: Metrics) -> (Self, Writer) {
        let (jobs, queue) = mpsc::unbounded_channel();
        (Self { jobs }, Writer { store, metrics, queue })
    }

    /// Hands work to the writer. If the writer is gone the receiver fails at once.
    pub(super) fn submit(&self, work: Work) -> oneshot::Receiver<Outcome> {
        let (done, outcome) = oneshot::channel();
        // A failed send drops `done`, which tells the receiver.
        drop(self.jobs.send(Job { work, done }));
        outcome
    }
}

#[derive(Debug)]
pub(super) struct Writer {
    store: Arc<dyn StageStore>,
    metrics: Metrics,
    queue: mpsc::UnboundedReceiver<Job>,
}

impl Writer {
    pub(super) async fn run(mut self) {
        let mut jobs = Vec::with_capacity(JOBS_PER_COMMIT);
        while self.queue.recv_many(&mut jobs, JOBS_PER_COMMIT).await > 0 {
            let (work, waiting): (Vec<_>, Vec<_>) = jobs.drain(..).map(|j| (j.work, j.done)).unzip();
            match self.commit(&work).await {
                Ok(placed) => {
                    for (done, placed) in waiting.into_iter().zip(placed) {
                        // Nobody waits any more for a stage that has stopped.
                        drop(done.send(Ok(placed)));
                    }
                }
                // One bad job fails alone.
                Err(Fault::Rejected(_)) if work.len() > 1 => {
                    for (done, work) in waiting.into_iter().zip(work) {
                        let outcome = self.commit(std::slice::from_ref(&work)).await;
                        drop(done.send(outcome.map(|mut all| all.pop().unwrap_or_default())));
                    }
                }
                Err(fault) => {
                    for done in waiting {
                        drop(done.send(Err(fault.clone())));
                    }
                }
            }
        }
    }

    async fn commit(&self, work: &[Work]) -> Result<Vec<Vec<Placed>>, Fault> {
        let began = Instant::now();
        let outcome = self.store.commit(work).await;
        self.metrics.commit_seconds.observe(began.elapsed().as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "at most JOBS_PER_COMMIT")]
        self.metrics.commit_size.observe(work.len() as f64);
        match &outcome {
            Ok(_) => self.metrics.commits.inc(),
            Err(fault) => {
                tracing::warn!(%fault, jobs = work.len(), "a commit of the journal failed");
                self.metrics.commits_failed.inc()
            }
        };
        outcome
    }
}
