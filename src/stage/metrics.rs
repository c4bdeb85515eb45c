//! What the stages of this process have done, for `/metrics`.

use octave_protocol::Duration;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::core::Stat;

/// Cheap to clone: all parts are shared.
#[derive(Debug, Clone)]
pub struct Metrics {
    pub chats_acknowledged: Counter,
    pub events_broadcast: Counter,
    pub deliveries: Counter,
    pub joins: Counter,
    pub stages_running: Gauge,
    /// Turns of all stages: a stage at rest takes none.
    pub turns: Counter,
    pub seats: Gauge,
    pub commits: Counter,
    pub commits_failed: Counter,
    pub commit_seconds: Histogram,
    /// Jobs that one commit carried.
    pub commit_size: Histogram,
    /// The listeners' own measure of their sync error, without its sign.
    pub sync_error_seconds: Histogram,
    /// The round trip that the listeners' probes rarely exceed.
    pub round_trip_seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            chats_acknowledged: Counter::default(),
            events_broadcast: Counter::default(),
            deliveries: Counter::default(),
            joins: Counter::default(),
            stages_running: Gauge::default(),
            turns: Counter::default(),
            seats: Gauge::default(),
            commits: Counter::default(),
            commits_failed: Counter::default(),
            // 0.25 ms … 4 s
            commit_seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 15)),
            commit_size: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
            // 0.1 ms … 1.6 s
            sync_error_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 15)),
            // 1 ms … 4 s
            round_trip_seconds: Histogram::new(exponential_buckets(0.001, 2.0, 13)),
        }
    }
}

/// A stage that runs; it is counted as long as this lives.
#[derive(Debug)]
pub(super) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(super) fn one_runs(&self) -> Running {
        self.stages_running.inc();
        Running(self.stages_running.clone())
    }

    /// A listener has told how well it does.
    pub(super) fn measured(&self, stat: &Stat) {
        #[expect(clippy::cast_precision_loss, reason = "a histogram's sample")]
        let seconds = |d: Duration| d.0.saturating_abs() as f64 / 1e6;
        if let Some(error) = stat.error {
            self.sync_error_seconds.observe(seconds(error));
        }
        self.round_trip_seconds.observe(seconds(stat.reach.rtt));
    }

    pub fn register(&self, registry: &mut Registry) {
        let all = registry.sub_registry_with_prefix("octave_stage");
        all.register("chats_acknowledged", "Chat lines made durable and acknowledged", self.chats_acknowledged.clone());
        all.register("events_broadcast", "Events shown to a stage", self.events_broadcast.clone());
        all.register("deliveries", "Events times listeners they were written to", self.deliveries.clone());
        all.register("joins", "Joins answered", self.joins.clone());
        all.register("running", "Stages that run in this process", self.stages_running.clone());
        all.register("turns", "Turns that stages have taken", self.turns.clone());
        all.register("seats", "Connections in stages", self.seats.clone());
        all.register("commits", "Transactions of the journal", self.commits.clone());
        all.register("commits_failed", "Transactions of the journal that failed", self.commits_failed.clone());
        let seconds = Unit::Seconds;
        all.register_with_unit("commit", "Length of a transaction", seconds.clone(), self.commit_seconds.clone());
        all.register("commit_jobs", "Jobs in one transaction", self.commit_size.clone());
        let error = self.sync_error_seconds.clone();
        all.register_with_unit("sync_error", "Sync error as listeners measure it", seconds.clone(), error);
        let trip = self.round_trip_seconds.clone();
        all.register_with_unit(
            "round_trip",
            "Round trip that 95 of 100 of a listener's probes keep below",
            seconds,
            trip,
        );
    }
}
