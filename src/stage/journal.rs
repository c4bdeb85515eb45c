//! Makes durable: one writer for all stages of the process.
//!
//! Whatever piled up during the last commit goes into the next one, so a lone line waits for nothing and a thousand
//! lines cost one sync of the disk. A stage has one [`Work`] under way at a time, which bounds the channel and keeps its
//! order where the store takes several commits at a time.

use std::sync::Arc;

use futures_util::stream::{FuturesUnordered, StreamExt};
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
    pub(super) async fn run(self) {
        let Self { store, metrics, mut queue } = self;
        let at_once = store.commits_at_once();
        let mut under_way = FuturesUnordered::new();
        let mut open = true;
        while open || !under_way.is_empty() {
            let mut jobs = Vec::new();
            tokio::select! {
                count = queue.recv_many(&mut jobs, JOBS_PER_COMMIT), if open && under_way.len() < at_once => {
                    open = count > 0;
                    if open {
                        under_way.push(do_jobs(&*store, &metrics, jobs));
                    }
                }
                Some(()) = under_way.next() => {}
            }
        }
    }
}

async fn do_jobs(store: &dyn StageStore, metrics: &Metrics, jobs: Vec<Job>) {
    let (work, waiting): (Vec<_>, Vec<_>) = jobs.into_iter().map(|j| (j.work, j.done)).unzip();
    match commit(store, metrics, &work).await {
        Ok(placed) => {
            for (done, placed) in waiting.into_iter().zip(placed) {
                // Nobody waits any more for a stage that has stopped.
                drop(done.send(Ok(placed)));
            }
        }
        // One bad job fails alone.
        Err(Fault::Rejected(_)) if work.len() > 1 => {
            for (done, work) in waiting.into_iter().zip(work) {
                let outcome = commit(store, metrics, std::slice::from_ref(&work)).await;
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

async fn commit(store: &dyn StageStore, metrics: &Metrics, work: &[Work]) -> Result<Vec<Vec<Placed>>, Fault> {
    let began = Instant::now();
    let outcome = store.commit(work).await;
    metrics.commit_seconds.observe(began.elapsed().as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "at most JOBS_PER_COMMIT")]
    metrics.commit_size.observe(work.len() as f64);
    match &outcome {
        Ok(_) => metrics.commits.inc(),
        Err(fault) => {
            tracing::warn!(%fault, jobs = work.len(), "a commit of the journal failed");
            metrics.commits_failed.inc()
        }
    };
    outcome
}
