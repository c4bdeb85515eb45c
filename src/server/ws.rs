//! `/ws`: authenticates, looks at the origin, and hands the request to the connection.

mod fast_upgrade;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use crate::connection::accept::{NotUpgraded, upgrade};
use crate::connection::{AuthError, Authenticate, Connections, Identity};
use crate::http::kit::forwarded::Client;
use crate::http::kit::identity::{Credential, CurrentUser, authenticate};
use crate::http::kit::origin;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;

/// What the route needs beside the rest of HTTP.
#[derive(Clone)]
pub struct WsState {
    pub app: AppState,
    pub connections: Arc<Connections>,
}

impl FromRef<WsState> for AppState {
    fn from_ref(state: &WsState) -> Self {
        state.app.clone()
    }
}

pub fn routes(state: WsState) -> Router {
    Router::new().route("/ws", any(open)).with_state(state)
}

/// Looks up the tokens of `hello` frames.
pub fn authenticator(app: AppState) -> Authenticate {
    Arc::new(move |token| {
        let app = app.clone();
        Box::pin(async move {
            match authenticate(&app, &token).await {
                Ok(Some(user)) => Ok(identity(&user)),
                Ok(None) => Err(AuthError::BadToken),
                Err(_) => Err(AuthError::Unavailable),
            }
        })
    })
}

async fn open(State(state): State<WsState>, request: Request) -> Result<Response, Response> {
    let client = request.extensions().get().cloned();
    let identity =
        who_asks(&state.app, request.headers(), client.as_ref()).await.map_err(IntoResponse::into_response)?;
    let address = client.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |client: Client| client.address);
    upgrade(&state.connections, identity, address, request).map_err(refused)
}

/// Nobody yet without a credential, or with a cookie that has ended: `hello` may follow.
async fn who_asks(app: &AppState, headers: &HeaderMap, client: Option<&Client>) -> Result<Option<Identity>, Problem> {
    let Some(credential) = Credential::of(headers) else { return Ok(None) };
    let by_cookie = matches!(credential, Credential::Cookie(_));
    if by_cookie && !origin::is_ours(headers, &app.settings, client) {
        let detail = "pages of this origin may not open a WebSocket here";
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail));
    }
    match authenticate(app, credential.text()).await? {
        Some(user) => Ok(Some(identity(&user))),
        None if by_cookie => Ok(None),
        None => Err(Problem::unauthenticated()),
    }
}

fn identity(user: &CurrentUser) -> Identity {
    Identity { user: Arc::new(user.user()), guest: user.account.guest, session: user.session }
}

fn refused(not: NotUpgraded) -> Response {
    let mut response = Problem::new(not.status, not.code, not.detail).into_response();
    if let Some((name, value)) = not.header {
        response.headers_mut().insert(name, value);
    }
    response
}
