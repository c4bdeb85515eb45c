//! How somebody without an account comes in, and how they get one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use octave_protocol::model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::{Me, ended, taken};
use super::auth::{LoggedIn, Register, admitted, begin, check, invite_required};
use super::cookies::login_cookie;
use crate::accounts::throttle::network;
use crate::accounts::{guest, token};
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser, MaybeUser, Peer};
use crate::http::kit::identity::GUEST_LIFE;
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{find, link_gone, shape};
use crate::http::kit::state::{AppState, Limits};
use crate::store::guests::{self, Entered, Newcomer};
use crate::store::users::NewAccount;

/// Guests who are there at once from one address: a hall behind one connection.
const MOST_OF_ADDRESS: i64 = 200;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(enter)).routes(routes!(keep))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = EnterAsGuest)]
struct Enter {
    /// What I am called, 1 to 32 characters. Where somebody has this name a number follows it.
    name: String,
}

/// A guest who has come in.
#[derive(Serialize, ToSchema)]
#[schema(as = NewGuest)]
struct CameIn {
    /// Goes into `Authorization: Bearer …`. Shown this once.
    token: String,
    user: Me,
    stage: model::Stage,
}

/// Come in by a link, without an account. The login that begins is good for a day from its last use on, and for this one
/// stage; the session cookie is set too. Who is logged in already needs no link: 409 `has_account`.
#[utoipa::path(post, path = "/guest-links/{code}/enter", tag = "guests", params(("code" = String, Path)),
    request_body = Enter, responses((status = 201, body = CameIn, description = "In, as a guest")),
    security((), ("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["link_gone", "has_account", "limit_reached"]))))]
async fn enter(
    State(state): State<AppState>,
    viewer: MaybeUser,
    peer: Peer,
    ApiPath(code): ApiPath<String>,
    ApiJson(Enter { name }): ApiJson<Enter>,
) -> Result<impl IntoResponse, Problem> {
    if viewer.0.is_some_and(|user| user.account.guest.is_none()) {
        return Err(Problem::conflict("has_account", "you are logged in: enter the stage by your account"));
    }
    let now = state.clock.now();
    let is_limited = state.settings.limits == Limits::On;
    if is_limited {
        state.throttle.guest(peer.address, now).map_err(Problem::rate_limited)?;
    }
    let token = token::login();
    let hash = token::hash(&token);
    let names = guest::names(&name, &hash).map_err(|why| Problem::no_name("name", why))?;
    let new = Newcomer {
        names: &names,
        token: &hash,
        user_agent: &peer.agent,
        address: &peer.address.to_string(),
        network: &network(peer.address).to_string(),
        most_of_network: is_limited.then_some(MOST_OF_ADDRESS),
        expires: now + GUEST_LIFE,
    };
    let account = match guests::enter(&state.db, &code, new, now).await? {
        Entered::As(account) => *account,
        Entered::Gone => return Err(link_gone()),
        Entered::TooMany => {
            let detail = "as many guests as may be are here from your address: wait until one goes, or make an account";
            return Err(Problem::conflict("limit_reached", detail));
        }
    };
    let stage = account.guest.map(|guest| guest.stage).ok_or_else(link_gone)?;
    let stage = shape(&state, find(&state, Some(account.id), stage).await?);
    let cookie = login_cookie(&state, &peer, token.clone(), GUEST_LIFE);
    Ok((StatusCode::CREATED, cookie, Json(CameIn { token, user: account.into(), stage })))
}

/// Keep my name: the guest who asks has an account from now on, with all that they have said and added. Their login as a
/// guest ends, its `WebSocket`s are closed with 4409, and a new one begins.
#[utoipa::path(post, path = "/me/keep", tag = "guests", request_body = Register,
    responses((status = 201, body = LoggedIn, description = "The account, logged in")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!([
        "username_taken", "email_taken", "invite_required", "registration_closed", "has_account"]))))]
async fn keep(
    State(state): State<AppState>,
    me: CurrentUser,
    peer: Peer,
    jar: CookieJar,
    ApiJson(mut form): ApiJson<Register>,
) -> Result<impl IntoResponse, Problem> {
    let has_account = || Problem::conflict("has_account", "you have an account already");
    if me.account.guest.is_none() {
        return Err(has_account());
    }
    let invite = form.invite.take();
    let (username, email, password) = check(form)?;
    let now = state.clock.now();
    if state.settings.limits == Limits::On {
        state.throttle.registration(peer.address, now).map_err(Problem::rate_limited)?;
    }
    let code = admitted(&state, invite).await?;
    let password_hash = state.passwords.hash(password.into_inner()).await?;
    let new = NewAccount {
        username: username.as_str(),
        email: email.as_str(),
        password_hash: &password_hash,
        is_admin: false,
    };
    let kept = guests::keep(&state.db, me.id(), new, code.as_deref(), now).await.map_err(taken)?;
    // Somebody may have been quicker.
    let (account, sessions) = kept.ok_or_else(|| if code.is_some() { invite_required() } else { has_account() })?;
    ended(&state, me.id(), &sessions);
    tracing::info!(user = %account.id, "a guest has made an account");
    let begun = begin(&state, &peer, &jar, account, &password_hash, StatusCode::CREATED).await?;
    begun.ok_or_else(Problem::unauthenticated)
}
