//! Requests are paid for, out of the [allowance](super::allowance): by the address when they come in, before anything is looked
//! up, and by the user when it is known who asks.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use octave_protocol::{Duration, UserId};

use super::allowance::cost;
use super::forwarded::Client;
use super::problem::Problem;
use crate::http::kit::state::{AppState, Limits};

/// Lets an address ask as long as it has something left.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>();
    let address = client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.address);
    // A proxy that does not say for whom it asks is not held to what one household may.
    if state.settings.limits == Limits::Off || state.settings.proxies.trusts(address) {
        return next.run(request).await;
    }
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let points = cost(request.method(), route, request.uri());
    match state.allowance.address(address, points, state.clock.now()) {
        Ok(()) => next.run(request).await,
        Err(wait) => refused("address", wait).into_response(),
    }
}

/// Takes from what a user has left for the request that they make.
pub(super) fn user(state: &AppState, user: UserId, parts: &Parts) -> Result<(), Problem> {
    if state.settings.limits == Limits::Off {
        return Ok(());
    }
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let points = cost(&parts.method, route, &parts.uri);
    state.allowance.user(user, points, state.clock.now()).map_err(|wait| refused("user", wait))
}

fn refused(whose: &'static str, wait: Duration) -> Problem {
    tracing::debug!(whose, "too many requests");
    Problem::rate_limited(wait)
}

#[cfg(test)]
mod tests;
