//! What the operator's tools ask: alive, ready, and how much.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::base::telemetry::Telemetry;
use crate::store::Db;

#[derive(Clone)]
struct Ops {
    db: Db,
    telemetry: Arc<Telemetry>,
}

pub(super) fn routes(db: Db, telemetry: Arc<Telemetry>) -> Router {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Ops { db, telemetry })
}

/// The process runs and answers.
async fn alive() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "ok\n")
}

/// The database answers too.
async fn ready(State(ops): State<Ops>) -> impl IntoResponse {
    let (status, text) = match ops.db.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    };
    (status, [(CACHE_CONTROL, "no-store")], text)
}

async fn metrics(State(ops): State<Ops>) -> impl IntoResponse {
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, open_metrics), (CACHE_CONTROL, "no-store")], ops.telemetry.text())
}
