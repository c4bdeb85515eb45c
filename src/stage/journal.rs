//! Makes durable: one writer for all stages of the process.
//!
//! Whatever piled up during the last commit goes into the next one, so a lone line waits for nothing and a thousand
//! lines cost one sync of the disk. A stage has one [`Work`] under way at a time, which bounds the channel and keeps its
//! order where the store takes several commits at a time.
//!
//! A change of a long queue is done in steps. Between two of them comes a commit of whatever waits.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use octave_protocol::StageId;
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

/// A job that is committed, and not done yet.
#[derive(Debug)]
struct Long {
    stage: StageId,
    placed: Vec<Placed>,
    done: oneshot::Sender<Outcome>,
}

impl Writer {
    pub(super) async fn run(self) {
        let Self { store, metrics, mut queue } = self;
        let (store, metrics) = (&*store, &metrics);
        let at_once = store.commits_at_once();
        let mut under_way: FuturesUnordered<BoxFuture<'_, Vec<Long>>> = FuturesUnordered::new();
        let mut long: VecDeque<Long> = VecDeque::new();
        let mut open = true;
        // Whether the others have had their turn since the last step.
        let mut others_first = false;
        while open || !under_way.is_empty() || !long.is_empty() {
            let free = under_way.len() < at_once;
            if free
                && (queue.is_empty() || !others_first)
                && let Some(next) = long.pop_front()
            {
                others_first = true;
                under_way.push(Box::pin(step(store, next)));
                continue;
            }
            let mut jobs = Vec::new();
            tokio::select! {
                count = queue.recv_many(&mut jobs, JOBS_PER_COMMIT), if open && free => {
                    open = count > 0;
                    if open {
                        others_first = false;
                        under_way.push(Box::pin(do_jobs(store, metrics, jobs)));
                    }
                }
                Some(unfinished) = under_way.next() => long.extend(unfinished),
            }
        }
    }
}

/// Answers those that are left to be done in steps.
async fn do_jobs(store: &dyn StageStore, metrics: &Metrics, jobs: Vec<Job>) -> Vec<Long> {
    let (work, waiting): (Vec<_>, Vec<_>) = jobs.into_iter().map(|j| (j.work, j.done)).unzip();
    match commit(store, metrics, &work).await {
        Ok(placed) => {
            let done = waiting.into_iter().zip(placed).zip(&work);
            done.filter_map(|((done, placed), work)| tell(done, placed, work)).collect()
        }
        // One bad job fails alone.
        Err(Fault::Rejected(_) | Fault::Superseded) if work.len() > 1 => {
            let mut unfinished = Vec::new();
            for (done, work) in waiting.into_iter().zip(work) {
                match commit(store, metrics, std::slice::from_ref(&work)).await {
                    Ok(mut all) => unfinished.extend(tell(done, all.pop().unwrap_or_default(), &work)),
                    Err(fault) => drop(done.send(Err(fault))),
                }
            }
            unfinished
        }
        Err(fault) => {
            for done in waiting {
                drop(done.send(Err(fault.clone())));
            }
            Vec::new()
        }
    }
}

/// Tells that a job is done, unless it is not. Nobody waits any more for a stage that has stopped.
fn tell(done: oneshot::Sender<Outcome>, placed: Vec<Placed>, work: &Work) -> Option<Long> {
    if work.is_long() {
        return Some(Long { stage: work.stage, placed, done });
    }
    drop(done.send(Ok(placed)));
    None
}

/// One step of a job, and the job if there may be more.
async fn step(store: &dyn StageStore, long: Long) -> Vec<Long> {
    let outcome = match store.step(long.stage).await {
        Ok(true) => return vec![long],
        Ok(false) => Ok(long.placed),
        // It is committed, and whoever opens the stage next does the rest: this one must not go on as if nothing were.
        Err(fault) => {
            tracing::warn!(stage = %long.stage, %fault, "a long change stands half done");
            Err(Fault::Unknown(fault.to_string()))
        }
    };
    drop(long.done.send(outcome));
    Vec::new()
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
