//! Who asks: the token of the `Authorization` header, else of the session cookie.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use axum_extra::headers::authorization::Bearer;
use axum_extra::headers::{Authorization, HeaderMapExt};
use octave_protocol::model::User;
use octave_protocol::{Duration, UserId};

use super::problem::Problem;
use super::{charge, guests};
use crate::accounts::token;
use crate::http::kit::forwarded::{Client, Proto};
use crate::http::kit::state::{AppState, Settings, Transport};
use crate::presence::SessionId;
use crate::store::sessions::{self, Lives, Login};
use crate::store::users::Account;

/// The name of the session cookie.
pub const COOKIE_NAME: &str = "octave_session";

/// A login ends when it was not used for so long.
pub const SESSION_LIFE: Duration = Duration::from_secs(60 * 24 * 3600);

/// A guest's login ends much sooner: it is for an evening, and holds a name.
pub const GUEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// How long a login lasts from its last use on.
pub const LIVES: Lives = Lives { of_account: SESSION_LIFE, of_guest: GUEST_LIFE };

/// How old the note of a login's last use may be: most requests should not write.
const TOUCH_EVERY: Duration = Duration::from_secs(3600);

/// The account that asks, or the guest where one may ask. Without a good login the request ends with 401.
#[derive(Debug, Clone)]
pub struct CurrentUser {
    pub account: Account,
    pub session: SessionId,
}

impl CurrentUser {
    pub fn id(&self) -> UserId {
        self.account.id
    }

    /// Who this is, as others see it.
    pub fn user(&self) -> User {
        self.account.user()
    }

    pub fn is_admin(&self) -> bool {
        self.account.is_admin
    }
}

/// The account that asks, where guests may ask too. A wrong `Authorization` is still 401; an old cookie is a guest's.
#[derive(Debug, Clone)]
pub struct MaybeUser(pub Option<CurrentUser>);

impl MaybeUser {
    pub fn id(&self) -> Option<UserId> {
        self.0.as_ref().map(CurrentUser::id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser
where
    AppState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let token = Credential::of(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        let state = AppState::from_ref(state);
        let user = authenticate(&state, token.text()).await?.ok_or_else(Problem::unauthenticated)?;
        charge::user(&state, user.id(), parts)?;
        guests::allow(user.account.guest, parts)?;
        Ok(user)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeUser
where
    AppState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Some(token) = Credential::of(&parts.headers) else { return Ok(Self(None)) };
        let state = AppState::from_ref(state);
        let user = authenticate(&state, token.text()).await?;
        match (&user, token) {
            (None, Credential::Bearer(_)) => return Err(Problem::unauthenticated()),
            (None, Credential::Cookie(_)) => {}
            (Some(user), _) => charge::user(&state, user.id(), parts)?,
        }
        Ok(Self(user))
    }
}

/// Whose token this is, if it is good.
pub async fn authenticate(state: &AppState, token: &str) -> Result<Option<CurrentUser>, Problem> {
    let now = state.clock.now();
    let Some(Login { session_id, last_seen_us, account }) = state.logins.find(token::hash(token)).await? else {
        return Ok(None);
    };
    let session = SessionId(session_id);
    if now.0 - last_seen_us > TOUCH_EVERY.0 {
        // A disk that is full must not lock anybody out.
        if let Err(error) = sessions::touch(&state.db, session, now, LIVES).await {
            tracing::warn!(%error, "a login's last use was not noted");
        }
        state.logins.forget(account.id);
    }
    Ok(Some(CurrentUser { account, session }))
}

/// The token that came with a request, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    Bearer(String),
    /// Sent by the browser, whoever made it ask.
    Cookie(String),
}

impl Credential {
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(AUTHORIZATION) {
            let Authorization(bearer) = headers.typed_get::<Authorization<Bearer>>()?;
            return Some(Self::Bearer(bearer.token().to_owned()));
        }
        Some(Self::Cookie(CookieJar::from_headers(headers).get(COOKIE_NAME)?.value().to_owned()))
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

/// The other end: its address, how it has reached us and what it calls itself.
#[derive(Debug, Clone)]
pub struct Peer {
    pub address: IpAddr,
    proto: Option<Proto>,
    /// At most 200 characters of the `User-Agent`.
    pub agent: Arc<str>,
}

impl Peer {
    /// Whether what it sends and gets is encrypted all the way, as far as is known.
    pub fn transport(&self, settings: &Settings) -> Transport {
        if self.proto == Some(Proto::Https) { Transport::Tls } else { settings.transport }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let client = parts.extensions.get::<Client>();
        let address = client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.address);
        let proto = client.and_then(|client| client.proto);
        let agent = parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self { address, proto, agent: agent.chars().take(200).collect::<String>().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)]) -> Option<String> {
        let map = headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        Credential::of(&map).map(|c| format!("{c:?}"))
    }

    #[test]
    fn the_header_goes_before_the_cookie() {
        assert_eq!(of(&[("authorization", "bearer abc")]).as_deref(), Some("Bearer(\"abc\")"));
        assert_eq!(of(&[("cookie", "a=1; octave_session=xyz;b=2")]).as_deref(), Some("Cookie(\"xyz\")"));
        assert_eq!(
            of(&[("cookie", "octave_session=xyz"), ("authorization", "Bearer abc")]).as_deref(),
            Some("Bearer(\"abc\")")
        );
        assert_eq!(of(&[("authorization", "Basic abc")]), None);
        assert_eq!(of(&[("cookie", "my_octave_session=xyz")]), None);
    }
}
