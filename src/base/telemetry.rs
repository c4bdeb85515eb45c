//! Logs and metrics of the process. Neither ever holds a token, an address book or a chat's text.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tracing_subscriber::EnvFilter;

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
}

/// The WebSocket connections of this process; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SocketMetrics {
    pub sockets: Gauge,
    pub frames: Counter,
}

/// HTTP requests by route and status; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct HttpMetrics {
    pub requests: Family<RequestLabels, Counter>,
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
        telemetry.http.requests.get_or_create(&labels).inc();
        let text = telemetry.text();
        assert!(text.contains("octave_sockets 1\n"), "{text}");
        let line = "octave_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1\n";
        assert!(text.contains(line), "{text}");
    }
}
