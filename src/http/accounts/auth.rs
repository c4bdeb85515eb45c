//! Accounts are made here, and logins begin and end.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::{Me, ended, taken};
use crate::accounts::account::{Email, NewPassword, Username};
use crate::accounts::device;
use crate::accounts::password::{MAX_BYTES, PasswordError};
use crate::accounts::throttle::Attempt;
use crate::accounts::token;
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser, Peer};
use crate::http::kit::identity::{COOKIE_NAME, SESSION_LIFE};
use crate::http::kit::page::Listed;
use crate::http::kit::problem::{FieldError, Problem};
use crate::http::kit::state::{AppState, Limits, Transport};
use crate::presence::SessionId;
use crate::store::sessions::{self, NewSession, Session};
use crate::store::users::{self, Account, NewAccount};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(logout))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

#[derive(Deserialize, ToSchema)]
struct Register {
    /// 3 to 32 letters, digits, `_`, `-` or `.`; unique without regard to case.
    username: String,
    #[schema(format = "email")]
    email: String,
    /// At least 8 characters, at most 1,024 bytes.
    #[schema(format = "password", min_length = 8)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
struct LogIn {
    /// Username or email.
    login: String,
    #[schema(format = "password")]
    password: String,
}

/// A new login.
#[derive(Serialize, ToSchema)]
#[schema(as = NewLogin)]
struct LoggedIn {
    /// Goes into `Authorization: Bearer …`. Shown this once.
    token: String,
    user: Me,
}

/// A login of mine.
#[derive(Serialize, ToSchema)]
#[schema(as = Login)]
struct SessionItem {
    id: i64,
    /// What the `User-Agent` means, such as `Firefox on Linux`; empty where nothing was said.
    device: String,
    user_agent: String,
    address: String,
    created_us: i64,
    last_seen_us: i64,
    /// The one that asks.
    current: bool,
}

/// Make an account and log in.
#[utoipa::path(post, path = "/auth/register", tag = "auth", request_body = Register,
    responses((status = 201, body = LoggedIn, description = "The account, logged in")),
    extensions(("x-problems" = json!(["username_taken", "email_taken", "rate_limited"]))))]
async fn register(
    State(state): State<AppState>,
    peer: Peer,
    ApiJson(form): ApiJson<Register>,
) -> Result<impl IntoResponse, Problem> {
    let (username, email, password) = check(form)?;
    let now = state.clock.now();
    if state.settings.limits == Limits::On {
        state.throttle.registration(peer.address, now).map_err(Problem::rate_limited)?;
    }
    let password_hash = state.passwords.hash(password.into_inner()).await?;
    let new = NewAccount {
        username: username.as_str(),
        email: email.as_str(),
        password_hash: &password_hash,
        is_admin: false,
    };
    let account = users::create(&state.db, new, now).await.map_err(taken)?;
    tracing::info!(user = %account.id, "account made");
    let begun = begin(&state, &peer, account, &password_hash, StatusCode::CREATED).await?;
    begun.ok_or_else(Problem::unauthenticated)
}

/// All that is wrong with a form, at once.
fn check(form: Register) -> Result<(Username, Email, NewPassword), Problem> {
    let username = Username::parse(&form.username);
    let email = Email::parse(&form.email);
    let password = NewPassword::parse(form.password);
    match (username, email, password) {
        (Ok(username), Ok(email), Ok(password)) => Ok((username, email, password)),
        (username, email, password) => {
            let wrong = [("username", username.err()), ("email", email.err()), ("password", password.err())];
            let errors = wrong.into_iter().filter_map(|(field, e)| Some(FieldError::new(field, e?.0)));
            Err(Problem::invalid(errors.collect()))
        }
    }
}

/// Log in.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = LogIn,
    responses((status = 200, body = LoggedIn, description = "Logged in; the session cookie is set too")),
    extensions(("x-problems" = json!(["bad_credentials", "rate_limited"]))))]
async fn login(
    State(state): State<AppState>,
    peer: Peer,
    ApiJson(form): ApiJson<LogIn>,
) -> Result<impl IntoResponse, Problem> {
    let bad = || Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "no account has this name and password");
    if form.password.len() > MAX_BYTES || form.login.len() > MAX_BYTES {
        return Err(bad());
    }
    let attempt = state.attempt(&users::key(&form.login), &peer)?;
    let found = users::by_login(&state.db, &form.login).await?;
    let (id, hash) = found.unzip();
    let fits = state.passwords.verify(form.password, hash.clone()).await?;
    let (id, hash) = id.zip(hash).filter(|_| fits).ok_or_else(bad)?;
    if let Some(attempt) = attempt {
        state.throttle.succeeded(&attempt);
    }
    let account = users::by_id(&state.db, id).await?.ok_or_else(bad)?;
    begin(&state, &peer, account, &hash, StatusCode::OK).await?.ok_or_else(bad)
}

impl AppState {
    /// A try at the password of the account that is called so, if there may be one more. None when nothing is counted.
    pub(crate) fn attempt(&self, login_key: &str, peer: &Peer) -> Result<Option<Attempt>, Problem> {
        match self.settings.limits {
            Limits::Off => Ok(None),
            Limits::On => {
                let attempt = self.throttle.login(login_key, peer.address, self.clock.now());
                if attempt.is_err() {
                    tracing::info!(address = %peer.address, "too many wrong passwords from an address");
                }
                attempt.map(Some).map_err(Problem::rate_limited)
            }
        }
    }
}

/// Begins a login and answers with its token and cookie; none if the password has changed since it was weighed.
async fn begin(
    state: &AppState,
    peer: &Peer,
    account: Account,
    password_hash: &str,
    status: StatusCode,
) -> Result<Option<impl IntoResponse + use<>>, Problem> {
    let token = token::login();
    let now = state.clock.now();
    let new = NewSession {
        user: account.id,
        token: &token::hash(&token),
        user_agent: &peer.agent,
        address: &peer.address.to_string(),
        expires: now + SESSION_LIFE,
        password_hash,
    };
    if sessions::create(&state.db, new, now).await?.is_none() {
        return Ok(None);
    }
    let cookie = set_cookie(token.clone(), SESSION_LIFE.to_std(), peer.transport(&state.settings));
    Ok(Some((status, cookie, axum::Json(LoggedIn { token, user: account.into() }))))
}

/// `SameSite=Lax`: links from elsewhere find the user logged in, foreign forms don't.
fn set_cookie(token: String, life: Duration, transport: Transport) -> CookieJar {
    let cookie = Cookie::build((COOKIE_NAME, token))
        .path("/")
        .max_age(life.try_into().unwrap_or_default())
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(transport == Transport::Tls);
    CookieJar::new().add(cookie)
}

/// End this login. Its `WebSocket`s are closed with 4409.
#[utoipa::path(post, path = "/auth/logout", tag = "auth",
    responses((status = 204, description = "Logged out")), security(("bearer" = []), ("cookie" = [])))]
async fn logout(State(state): State<AppState>, me: CurrentUser, peer: Peer) -> Result<impl IntoResponse, Problem> {
    sessions::revoke(&state.db, me.id(), me.session).await?;
    ended(&state, me.id(), &[me.session]);
    Ok((StatusCode::NO_CONTENT, no_cookie(&state, &peer)))
}

/// Takes the session cookie away.
pub(super) fn no_cookie(state: &AppState, peer: &Peer) -> CookieJar {
    set_cookie(String::new(), Duration::ZERO, peer.transport(&state.settings))
}

/// My logins, the last used first.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth",
    responses((status = 200, body = Listed<SessionItem>, description = "All of them")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list_sessions(
    State(state): State<AppState>,
    me: CurrentUser,
) -> Result<axum::Json<Listed<SessionItem>>, Problem> {
    let all = sessions::list(&state.db, me.id(), state.clock.now()).await?;
    let item = |Session { id, user_agent, address, created_us, last_seen_us }| SessionItem {
        id,
        device: device::name(&user_agent),
        user_agent,
        address,
        created_us,
        last_seen_us,
        current: id == me.session.0,
    };
    Ok(axum::Json(Listed::all(all.into_iter().map(item).collect())))
}

/// End one of my logins. Its `WebSocket`s are closed with 4409.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "auth", params(("id" = i64, Path)),
    responses((status = 204, description = "Ended")), security(("bearer" = []), ("cookie" = [])))]
async fn revoke_session(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<i64>,
) -> Result<StatusCode, Problem> {
    let session = SessionId(id);
    if !sessions::revoke(&state.db, me.id(), session).await? {
        return Err(Problem::not_found("you have no such login"));
    }
    ended(&state, me.id(), &[session]);
    Ok(StatusCode::NO_CONTENT)
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::busy(),
            PasswordError::Failed => {
                tracing::error!("a password could not be hashed");
                Self::internal()
            }
        }
    }
}

#[cfg(test)]
mod tests;
