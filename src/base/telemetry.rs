//! Logs and metrics of the process. Neither ever holds a token, an address book or a chat's text.

mod process;

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tracing_subscriber::EnvFilter;

use process::Process;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object per line.
    Json,
}

/// Begins to log to stderr. `filter` has the directives of [`EnvFilter`]; what can't be understood of it is left out.
pub fn start_logging(filter: &str, format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(EnvFilter::builder().parse_lossy(filter));
    // Fails only if a test has begun to log already.
    let _ = match format {
        LogFormat::Text => builder.compact().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// What `/metrics` shows.
#[derive(Debug, Default)]
pub struct Telemetry {
    registry: Mutex<Registry>,
    pub sockets: SocketMetrics,
    pub http: HttpMetrics,
    /// Tasks of the runtime: what is left of them when nobody is there has been forgotten.
    tasks: Gauge,
    process: Process,
}

/// The WebSocket connections of this process; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SocketMetrics {
    pub sockets: Gauge,
    pub frames: Counter,
}

/// HTTP requests by route and status; cheap to clone.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    pub requests: Family<RequestLabels, Counter>,
    /// From a request's head to the head of its answer.
    pub seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
}

impl Default for HttpMetrics {
    fn default() -> Self {
        // 1 ms … 16 s
        let seconds = || Histogram::new(exponential_buckets(0.001, 4.0, 8));
        Self { requests: Family::default(), seconds: Family::new_with_constructor(seconds) }
    }
}

impl HttpMetrics {
    /// A request has been answered.
    pub fn answered(&self, labels: &RequestLabels, took: std::time::Duration) {
        let route = RouteLabels { method: labels.method.clone(), route: labels.route.clone() };
        self.seconds.get_or_create(&route).observe(took.as_secs_f64());
        self.requests.get_or_create(labels).inc();
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabels {
    pub method: String,
    /// As of [`RequestLabels`].
    pub route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    pub method: String,
    /// The route's pattern, never the path itself: paths are without number and may name people.
    pub route: String,
    pub status: u16,
}

impl Telemetry {
    pub fn new() -> Self {
        let telemetry = Self::default();
        telemetry.register(|registry| {
            let ours = registry.sub_registry_with_prefix("octave");
            ours.register("runtime_tasks", "Tasks of the runtime that are alive", telemetry.tasks.clone());
            ours.register("sockets", "WebSockets that are open", telemetry.sockets.sockets.clone());
            ours.register("socket_frames", "Text frames of clients", telemetry.sockets.frames.clone());
            ours.register("http_requests", "HTTP requests answered", telemetry.http.requests.clone());
            ours.register_with_unit(
                "http_request",
                "Time until the answer to an HTTP request begins",
                Unit::Seconds,
                telemetry.http.seconds.clone(),
            );
            ours.register("build", "What runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
            telemetry.process.register(registry);
        });
        telemetry
    }

    /// Lets another part of the program add its own.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The `OpenMetrics` text.
    pub fn text(&self) -> String {
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.tasks.set(i64::try_from(runtime.metrics().num_alive_tasks()).unwrap_or(i64::MAX));
        }
        self.process.read();
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry.lock().unwrap_or_else(PoisonError::into_inner));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_tell_what_was_counted() {
        let telemetry = Telemetry::new();
        telemetry.sockets.sockets.inc();
        let labels = RequestLabels { method: "GET".into(), route: "/healthz".into(), status: 200 };
        telemetry.http.answered(&labels, std::time::Duration::from_millis(3));
        let text = telemetry.text();
        assert!(text.contains("octave_sockets 1\n"), "{text}");
        let line = "octave_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1\n";
        assert!(text.contains(line), "{text}");
        for (le, count) in [("0.001", 0), ("0.004", 1), ("+Inf", 1)] {
            let line = format!(
                "octave_http_request_seconds_bucket{{le=\"{le}\",method=\"GET\",route=\"/healthz\"}} {count}\n"
            );
            assert!(text.contains(&line), "{line} is not in {text}");
        }
        assert!(
            text.contains(&format!("octave_build_info{{version=\"{}\"}} 1\n", env!("CARGO_PKG_VERSION"))),
            "{text}"
        );
    }
}
