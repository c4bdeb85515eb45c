//! All routes and what stands around them.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa_axum::router::OpenApiRouter;

use super::stages;
use crate::base::budget;
use crate::http::accounts::{self, auth, export, history, me, removal};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::http::kit::{charge, openapi, origin, transport};
use crate::http::library::{albums, artists, genres, playlists, search, songs};
use crate::http::site::{assets, docs, server};
use crate::http::social::{artist_follows, blocks, comments, friends, notifications, push, users};
use crate::http::stages::invites;

/// Largest body of an operation that does not say otherwise, in bytes.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// A body that stops arriving for so long is given up.
const BODY_PAUSE: Duration = Duration::from_secs(15);

/// An API reply is data: nothing in it may run, and no foreign page may frame it.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// What no page of this server needs of a browser, so that no script in one gets it, whoever has put it there.
const NO_PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
    geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), local-fonts=(), magnetometer=(), microphone=(), \
    midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Everything that this server answers over HTTP.
pub fn router(state: AppState) -> Router {
    let (api, document) = api().split_for_parts();
    let api = api.merge(openapi::serve(document)).merge(docs::routes()).fallback(unknown_path);
    Router::new()
        .nest("/api/v1", api)
        .route("/api", axum::routing::any(unknown_path))
        .route("/api/{*rest}", axum::routing::any(unknown_path))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(state.clone(), origin::guard))
        .layer(middleware::from_fn_with_state(state.clone(), charge::guard))
        .layer(default_header(CONTENT_SECURITY_POLICY, API_POLICY))
        .layer(default_header(CACHE_CONTROL, "no-store"))
        .merge(assets::routes())
        .layer(default_header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(default_header(REFERRER_POLICY, "same-origin"))
        .layer(default_header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(default_header(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"))
        .layer(default_header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(default_header(HeaderName::from_static("permissions-policy"), NO_PERMISSIONS))
        .layer(middleware::from_fn_with_state(state.clone(), transport::stay_encrypted))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn(spend))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(state)
}

/// Whatever a request asks of the database, it waits for it no longer than two seconds if it does not answer.
async fn spend(request: Request, next: Next) -> Response {
    budget::spend(next.run(request)).await
}

/// The operations under `/api/v1`, a file per resource.
pub(super) fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::frame()).merge(people()).merge(rooms()).merge(library())
}

/// Who is here.
fn people() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(server::routes())
        .merge(auth::routes())
        .merge(accounts::invites::routes())
        .merge(accounts::guests::routes())
        .merge(accounts::admin::routes())
        .merge(me::routes())
        .merge(history::routes())
        .merge(export::routes())
        .merge(removal::routes())
        .merge(users::routes())
        .merge(friends::routes())
        .merge(blocks::routes())
        .merge(comments::routes())
        .merge(notifications::routes())
        .merge(push::routes())
        .merge(artist_follows::routes())
}

/// Where they meet.
fn rooms() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(stages::routes()).merge(invites::routes())
}

/// What people listen to.
fn library() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(songs::routes())
        .merge(albums::routes())
        .merge(artists::routes())
        .merge(genres::routes())
        .merge(playlists::routes())
        .merge(search::routes())
}

fn default_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn unknown_path(uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(100).collect();
    Problem::not_found(format!("there is nothing at {path}"))
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(100).collect();
    let detail = format!("{path} does not take {method}");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// A bug, but only this request's.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    // The panic hook has logged where.
    let mut response = Problem::internal().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// The whole document.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, document) = api().split_for_parts();
    openapi::complete(document)
}

#[cfg(test)]
mod tests;
