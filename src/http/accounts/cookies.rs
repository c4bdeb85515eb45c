//! The two cookies that a login sets: one is the login, the other stays after it and makes the device a known one.

use std::time::Duration;

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use octave_protocol::UserId;

use crate::accounts::known_device::KnownDevice;
use crate::http::kit::extract::Peer;
use crate::http::kit::identity::COOKIE_NAME;
use crate::http::kit::state::{AppState, Transport};

/// How long a device is known after the last login there.
const KNOWN_FOR: Duration = Duration::from_hours(365 * 24);

/// The cookie of a new login.
pub(crate) fn login_cookie(state: &AppState, peer: &Peer, token: String, life: octave_protocol::Duration) -> CookieJar {
    let transport = peer.transport(&state.settings);
    CookieJar::new().add(cookie(COOKIE_NAME.to_owned(), token, life.to_std(), transport))
}

/// Takes the session cookie away.
pub(crate) fn no_cookie(state: &AppState, peer: &Peer) -> CookieJar {
    CookieJar::new().add(cookie(COOKIE_NAME.to_owned(), String::new(), Duration::ZERO, peer.transport(&state.settings)))
}

/// The name of the cookie that stays when a login ends. People who share a browser have one each.
fn known_name(user: UserId) -> String {
    format!("octave_known_{user}")
}

/// The device that asks, if it shows that somebody has logged in to this account there.
pub(crate) fn known_device(jar: &CookieJar, user: UserId, password_hash: &str) -> Option<KnownDevice> {
    KnownDevice::proved(jar.get(&known_name(user))?.value(), user, password_hash)
}

/// Makes the device that asks a known one, or keeps it one.
pub(crate) fn know_device(
    state: &AppState,
    peer: &Peer,
    jar: &CookieJar,
    user: UserId,
    password_hash: &str,
) -> CookieJar {
    let device = known_device(jar, user, password_hash).unwrap_or_default();
    let value = device.cookie(user, password_hash).unwrap_or_default();
    CookieJar::new().add(cookie(known_name(user), value, KNOWN_FOR, peer.transport(&state.settings)))
}

/// `SameSite=Lax`: links from elsewhere find the user logged in, foreign forms don't.
fn cookie(name: String, value: String, life: Duration, transport: Transport) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .max_age(life.try_into().unwrap_or_default())
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(transport == Transport::Tls)
        .build()
}
