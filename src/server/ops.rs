//! What the operator's tools ask: alive, ready, and how much.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::headers::authorization::Bearer;
use axum_extra::headers::{Authorization, HeaderMapExt};
use sha2::{Digest, Sha256};

use super::pools::Pools;
use crate::base::telemetry::Telemetry;
use crate::cluster::Standing;
use crate::store::Db;

#[derive(Clone)]
pub(super) struct Ops {
    db: Db,
    telemetry: Arc<Telemetry>,
    pools: Pools,
    /// The hash of what `/metrics` must be asked with.
    token: Option<[u8; 32]>,
    /// This server among others, if it is one of several.
    standing: Option<Standing>,
}

impl Ops {
    pub(super) fn new(db: Db, telemetry: Arc<Telemetry>, token: Option<&str>, standing: Option<Standing>) -> Self {
        let pools = Pools::default();
        telemetry.register(|registry| pools.register(registry));
        if let Some(standing) = &standing {
            telemetry.register(|registry| standing.register(registry));
        }
        Self { db, telemetry, pools, token: token.map(|token| Sha256::digest(token).into()), standing }
    }

    /// Whether it lives, for everybody.
    pub(super) fn health(&self) -> Router {
        Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(self.clone())
    }

    pub(super) fn metrics(&self) -> Router {
        Router::new()
            .route("/metrics", get(metrics))
            .layer(middleware::from_fn_with_state(self.clone(), authorized))
            .with_state(self.clone())
    }

    /// Where they have a place of their own; else the page of the web client would be there.
    pub(super) fn no_metrics() -> Router {
        Router::new().route("/metrics", get(async || (StatusCode::NOT_FOUND, "metrics are answered elsewhere\n")))
    }

    /// Whether who asks may know how much. Hashes are compared, so that the time it takes says nothing of the token.
    fn lets(&self, headers: &HeaderMap) -> bool {
        let given =
            headers.typed_get::<Authorization<Bearer>>().map(|given| <[u8; 32]>::from(Sha256::digest(given.token())));
        self.token.is_none() || given == self.token
    }
}

/// The process runs and answers.
async fn alive() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "ok\n")
}

/// The database answers too, and of a cluster's node all that it needs to be used.
async fn ready(State(ops): State<Ops>) -> impl IntoResponse {
    let trouble = ops.standing.as_ref().and_then(Standing::trouble);
    let (status, text) = match ops.db.ping().await {
        Ok(()) => trouble.map_or((StatusCode::OK, "ready\n"), |trouble| (StatusCode::SERVICE_UNAVAILABLE, trouble)),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    };
    (status, [(CACHE_CONTROL, "no-store")], text)
}

async fn authorized(State(ops): State<Ops>, request: Request, next: Next) -> Response {
    if ops.lets(request.headers()) {
        return next.run(request).await;
    }
    let told = [(WWW_AUTHENTICATE, "Bearer"), (CACHE_CONTROL, "no-store")];
    (StatusCode::UNAUTHORIZED, told, "metrics are for who has the token\n").into_response()
}

async fn metrics(State(ops): State<Ops>) -> impl IntoResponse {
    ops.pools.read(&ops.db);
    if let Some(standing) = &ops.standing {
        standing.read();
    }
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, open_metrics), (CACHE_CONTROL, "no-store")], ops.telemetry.text())
}
