//! One's own profile.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use octave_protocol::UserId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::{Me, ended, find, taken, unfit};
use super::cookies::know_device;
use crate::accounts::account::{Email, MAX_BIO_CHARS, NewPassword, Username};
use crate::accounts::password::{Line, MAX_BYTES};
use crate::accounts::throttle::{Device, Whose};
use crate::base::text;
use crate::http::kit::extract::{ApiJson, CurrentUser, Peer};
use crate::http::kit::picture::Picture;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::media::ImageName;
use crate::library::media::image::AVATAR_PX;
use crate::store::users::{self, Changed, Password, ProfileChange};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, change)).routes(routes!(put_avatar))
}

/// Fields to change; absent ones stay.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProfileChanges)]
struct Change {
    /// A new name; needs `current_password`. The old one rests for 30 days: nobody else may have it, and I may go back.
    username: Option<String>,
    /// A new address; needs `current_password`.
    #[schema(format = "email")]
    email: Option<String>,
    /// At most 2,000 characters.
    bio: Option<String>,
    /// A new password; needs `current_password`, and ends all other logins.
    #[schema(format = "password", min_length = 8)]
    password: Option<String>,
    #[schema(format = "password")]
    current_password: Option<String>,
}

/// My profile.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Me, description = "Me")),
    security(("bearer" = []), ("cookie" = [])))]
async fn show(State(state): State<AppState>, me: CurrentUser) -> Result<Json<Me>, Problem> {
    as_it_is(&state, me.id()).await
}

/// Read anew, since others count in it: friends and followers.
async fn as_it_is(state: &AppState, id: UserId) -> Result<Json<Me>, Problem> {
    find(state, id).await?.map(Json).ok_or_else(Problem::unauthenticated)
}

/// Change my profile. Name, address and password, which are the login, need `current_password`: 403 `wrong_password`.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = Change,
    responses((status = 200, body = Me, description = "After the change")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["wrong_password", "username_taken", "email_taken", "rate_limited"]))))]
async fn change(
    State(state): State<AppState>,
    me: CurrentUser,
    peer: Peer,
    jar: CookieJar,
    ApiJson(form): ApiJson<Change>,
) -> Result<impl IntoResponse, Problem> {
    let username = form.username.as_deref().map(Username::parse).transpose().map_err(unfit("username"))?;
    let email = form.email.as_deref().map(Email::parse).transpose().map_err(unfit("email"))?;
    let bio = form.bio.as_deref().map(bio).transpose()?;
    let password = form.password.map(NewPassword::parse).transpose().map_err(unfit("password"))?;
    // A form may send along what it does not change.
    let username = username.filter(|name| name.as_str() != me.account.username);
    let email = email.filter(|address| address.as_str() != me.account.email);
    let proved = if username.is_some() || email.is_some() || password.is_some() {
        Some(prove(&state, &me, &peer, form.current_password).await?)
    } else {
        None
    };
    let password_hash = match password {
        Some(new) => Some(state.passwords.hash(new.into_inner()).await?),
        None => None,
    };
    let change = ProfileChange {
        username: username.as_ref().map(Username::as_str),
        email: email.as_ref().map(Email::as_str),
        bio: bio.as_deref(),
        password: password_hash.as_deref().map(|hash| Password { hash, keep: Some(me.session) }),
        proved: proved.as_deref(),
    };
    let changed = users::update(&state.db, me.id(), change, state.clock.now()).await.map_err(taken)?;
    let Changed { account, ended: gone } = changed.ok_or_else(wrong_password)?;
    ended(&state, me.id(), &gone);
    // With the old password all devices are forgotten; this one has shown that it knew it.
    let known = password_hash.map(|hash| know_device(&state, &peer, &jar, me.id(), &hash));
    Ok((known, Json(Me::from(account))))
}

/// Give me an avatar: the picture is the body.
#[utoipa::path(put, path = "/me/avatar", tag = "me", request_body(content_type = "image/*", content = Vec<u8>),
    responses((status = 200, body = Me, description = "After the change")), security(("bearer" = []), ("cookie" = [])))]
async fn put_avatar(State(state): State<AppState>, me: CurrentUser, picture: Picture) -> Result<Json<Me>, Problem> {
    let name_it = async |avatar: ImageName| Ok(users::set_avatar(&state.db, me.id(), avatar.as_str()).await?);
    picture.keep(&state, AVATAR_PX, name_it).await?;
    state.logins.forget(me.id());
    as_it_is(&state, me.id()).await
}

fn bio(raw: &str) -> Result<String, Problem> {
    if raw.chars().count() > MAX_BIO_CHARS {
        return Err(Problem::invalid_field("bio", format!("must have at most {MAX_BIO_CHARS} characters")));
    }
    Ok(text::block(raw, MAX_BIO_CHARS))
}

/// Whoever finds an open browser must not be able to lock its owner out, nor to guess the password there. The hash that
/// it fits.
pub(super) async fn prove(
    state: &AppState,
    me: &CurrentUser,
    peer: &Peer,
    current: Option<String>,
) -> Result<String, Problem> {
    let needed = "is needed for a new name, address or password, and to end the account";
    let current = current.ok_or_else(|| Problem::invalid_field("current_password", needed))?;
    // The login that asks has had the password once: guesses of others don't stand in its way, nor do its own in theirs.
    let attempt = state.attempt(Whose::Account(me.id()), Some(Device::LoggedIn(me.session.0)), peer)?;
    let hash = users::password_hash(&state.db, me.id()).await?;
    let fits = current.len() <= MAX_BYTES && state.passwords.verify(Line::Known, current, Some(hash.clone())).await?;
    state.weighed(attempt.as_ref(), fits);
    if fits { Ok(hash) } else { Err(wrong_password()) }
}

pub(super) fn wrong_password() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "wrong_password", "current_password is not your password")
}

#[cfg(test)]
mod tests;
