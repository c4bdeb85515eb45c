//! What a bucket and its cache have done, for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Cheap to clone: all parts are shared.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    pub(super) looked_for: Family<Where, Counter>,
    requests: Family<Request, Counter>,
    pub(super) received: Counter,
    pub(super) sent: Counter,
    pub(super) cached: Gauge,
}

/// Where a file was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Where {
    found: &'static str,
}

impl Where {
    pub(super) const CACHE: Self = Self { found: "cache" };
    /// Somebody else's question is bringing it.
    pub(super) const UNDER_WAY: Self = Self { found: "under_way" };
    pub(super) const BUCKET: Self = Self { found: "bucket" };
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    outcome: &'static str,
}

impl Figures {
    /// A request has been answered, or not; that a file is not there is an answer.
    pub(super) fn asked(&self, method: &str, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Done => "done",
            Outcome::Missing => "missing",
            Outcome::Failed => "failed",
        };
        self.requests.get_or_create(&Request { method: method.to_owned(), outcome }).inc();
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        let all = registry.sub_registry_with_prefix("octave_files");
        let Self { looked_for, requests, received, sent, cached } = self;
        all.register("looked_for", "Files that were asked for, by where they were", looked_for.clone());
        all.register("bucket_requests", "Requests to the bucket", requests.clone());
        all.register("bucket_bytes_received", "Bytes of files that came from the bucket", received.clone());
        all.register("bucket_bytes_sent", "Bytes of files that went to the bucket", sent.clone());
        all.register("cache_bytes", "Bytes of the bucket's files on this machine", cached.clone());
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Missing,
    Failed,
}
