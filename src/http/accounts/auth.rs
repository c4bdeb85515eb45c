//! Accounts are made here, and logins begin and end.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::{Me, ended, taken};
use super::cookies::{know_device, known_device, login_cookie, no_cookie};
use crate::accounts::account::{Email, NewPassword, Username};
use crate::accounts::device;
use crate::accounts::password::{Line, MAX_BYTES, PasswordError};
use crate::accounts::throttle::{Attempt, Device, Whose};
use crate::accounts::token;
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser, Peer};
use crate::http::kit::identity::SESSION_LIFE;
use crate::http::kit::page::Listed;
use crate::http::kit::problem::{FieldError, Problem};
use crate::http::kit::state::{AppState, Limits, Registration};
use crate::presence::SessionId;
use crate::store::sessions::{self, NewSession, Session};
use crate::store::users::{self, Account, NewAccount};
use crate::store::{account_invites, admin};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(logout))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Register {
    /// 3 to 32 letters, digits, `_`, `-` or `.`; unique without regard to case.
    username: String,
    #[schema(format = "email")]
    email: String,
    /// At least 8 characters, at most 1,024 bytes.
    /// None of the commonest.
    #[schema(format = "password", min_length = 8)]
    password: String,
    /// Where accounts are made by invitation: its code.
    pub(super) invite: Option<String>,
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
pub(super) struct LoggedIn {
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
    extensions(("x-problems" = json!(["username_taken", "email_taken", "invite_required", "registration_closed"]))))]
async fn register(
    State(state): State<AppState>,
    peer: Peer,
    jar: CookieJar,
    ApiJson(mut form): ApiJson<Register>,
) -> Result<impl IntoResponse, Problem> {
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
    let account = match code {
        None => users::register(&state.db, new, now).await.map_err(taken)?,
        // Somebody may have been quicker.
        Some(code) => {
            let made = account_invites::register(&state.db, new, &code, now).await.map_err(taken)?;
            made.ok_or_else(invite_required)?
        }
    };
    tracing::info!(user = %account.id, "account made");
    let begun = begin(&state, &peer, &jar, account, &password_hash, StatusCode::CREATED).await?;
    begun.ok_or_else(Problem::unauthenticated)
}

/// Whether who asks may make an account, and by which invitation. Nothing is hashed for others.
pub(super) async fn admitted(state: &AppState, invite: Option<String>) -> Result<Option<String>, Problem> {
    match (state.settings.registration, invite) {
        (Registration::Open, _) => Ok(None),
        (Registration::Closed, _) => {
            let detail = "accounts are made by who runs this server";
            Err(Problem::new(StatusCode::FORBIDDEN, "registration_closed", detail))
        }
        (Registration::Invite, Some(code)) if account_invites::is_good(&state.db, &code, state.clock.now()).await? => {
            Ok(Some(code))
        }
        (Registration::Invite, _) => Err(invite_required()),
    }
}

pub(super) fn invite_required() -> Problem {
    let detail = "an account is made here with an invitation, which an administrator gives";
    Problem::new(StatusCode::FORBIDDEN, "invite_required", detail)
}

/// All that is wrong with a form, at once.
pub(super) fn check(form: Register) -> Result<(Username, Email, NewPassword), Problem> {
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

/// Log in. A second cookie is set, too, which stays after a log-out: a browser that shows it is let try a password while
/// others who guess at the account are not.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = LogIn,
    responses((status = 200, body = LoggedIn, description = "Logged in; the session cookie is set too")),
    extensions(("x-problems" = json!(["bad_credentials", "account_disabled"]))))]
async fn login(
    State(state): State<AppState>,
    peer: Peer,
    jar: CookieJar,
    ApiJson(form): ApiJson<LogIn>,
) -> Result<impl IntoResponse, Problem> {
    let bad = || Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "no account has this name and password");
    if form.password.len() > MAX_BYTES || form.login.len() > MAX_BYTES {
        return Err(bad());
    }
    // Whatever it was called by, it is one account, and guesses at it are counted together.
    let found = users::by_login(&state.db, &form.login).await?;
    let key = users::key(&form.login);
    let whose = found.as_ref().map_or(Whose::Nobody(&key), |(id, _)| Whose::Account(*id));
    let device = found.as_ref().and_then(|(id, hash)| known_device(&jar, *id, hash));
    let from = device.map(|known| Device::Known(known.0));
    let attempt = state.attempt(whose, from, &peer)?;
    let line = if device.is_some() { Line::Known } else { Line::Anybody };
    let (id, hash) = found.unzip();
    let fits = state.passwords.verify(line, form.password, hash.clone()).await?;
    state.weighed(attempt.as_ref(), fits);
    let (id, hash) = id.zip(hash).filter(|_| fits).ok_or_else(bad)?;
    if admin::is_disabled(&state.db, id).await? {
        let detail = "an administrator has disabled this account: ask whoever runs this server";
        return Err(Problem::new(StatusCode::FORBIDDEN, "account_disabled", detail));
    }
    let account = users::by_id(&state.db, id).await?.ok_or_else(bad)?;
    begin(&state, &peer, &jar, account, &hash, StatusCode::OK).await?.ok_or_else(bad)
}

impl AppState {
    /// A try at a password, if there may be one more: from a device that is known for the account, or from an address.
    /// None when nothing is counted.
    pub(crate) fn attempt(
        &self,
        whose: Whose<'_>,
        known: Option<Device>,
        peer: &Peer,
    ) -> Result<Option<Attempt>, Problem> {
        if self.settings.limits == Limits::Off {
            return Ok(None);
        }
        let now = self.clock.now();
        let attempt = match known {
            Some(device) => self.throttle.known(device, now),
            None => self.throttle.login(whose, peer.address, now),
        };
        if attempt.is_err() {
            tracing::info!(address = %peer.address, "too many wrong passwords");
        }
        attempt.map(Some).map_err(Problem::rate_limited)
    }
}

impl AppState {
    /// What became of a try at a password.
    pub(crate) fn weighed(&self, attempt: Option<&Attempt>, fits: bool) {
        match attempt {
            Some(attempt) if fits => self.throttle.succeeded(attempt),
            Some(attempt) => self.throttle.failed(attempt),
            None => {}
        }
    }
}

/// Begins a login and answers with its token and cookie; none if the password has changed since it was weighed.
pub(super) async fn begin(
    state: &AppState,
    peer: &Peer,
    jar: &CookieJar,
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
    let login = login_cookie(state, peer, token.clone(), SESSION_LIFE);
    let known = know_device(state, peer, jar, account.id, password_hash);
    Ok(Some((status, login, known, axum::Json(LoggedIn { token, user: account.into() }))))
}

/// End this login. Its `WebSocket`s are closed with 4409.
#[utoipa::path(post, path = "/auth/logout", tag = "auth",
    responses((status = 204, description = "Logged out")), security(("bearer" = []), ("cookie" = [])))]
async fn logout(State(state): State<AppState>, me: CurrentUser, peer: Peer) -> Result<impl IntoResponse, Problem> {
    sessions::revoke(&state.db, me.id(), me.session).await?;
    ended(&state, me.id(), &[me.session]);
    Ok((StatusCode::NO_CONTENT, no_cookie(&state, &peer)))
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
