//! What a guest may ask over HTTP of what takes a login: all that is not named here is refused. Whatever takes none they may
//! ask as everybody may.

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use octave_protocol::{Guest, SongId};

use super::problem::Problem;
use super::state::AppState;
use crate::store::guests;

/// Methods and paths under `/api/v1`. Of songs those of the stage are meant, which the handlers ask by [`may_hear`].
const FOR_GUESTS: [(&str, &str); 6] = [
    ("GET", "/me"),
    ("POST", "/me/keep"),
    ("POST", "/auth/logout"),
    ("GET", "/songs/{id}/audio"),
    ("GET", "/songs/{id}/lyrics"),
    ("GET", "/songs/{id}/places"),
];

/// Refuses what is not for guests.
pub(super) fn allow(guest: Option<Guest>, parts: &Parts) -> Result<(), Problem> {
    if guest.is_none() {
        return Ok(());
    }
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let method = if parts.method == axum::http::Method::HEAD { "GET" } else { parts.method.as_str() };
    let is_for_guests = |(m, path): &(&str, &str)| *m == method && route.strip_prefix("/api/v1") == Some(*path);
    if FOR_GUESTS.iter().any(is_for_guests) { Ok(()) } else { Err(not_for_guests()) }
}

fn not_for_guests() -> Problem {
    Problem::forbidden("this is not for guests: make an account by `POST /me/keep`")
}

/// Whether somebody may hear a song: guests those of their stage.
pub(crate) async fn may_hear(state: &AppState, guest: Option<Guest>, song: SongId) -> Result<(), Problem> {
    let Some(guest) = guest else { return Ok(()) };
    if guests::is_of_stage(&state.db, guest.stage, song).await? {
        return Ok(());
    }
    // What has begun just now may not have been written down.
    let playing = state.registry.live(guest.stage).and_then(|live| live.now_playing);
    if playing.is_some_and(|playing| playing.id == song) { Ok(()) } else { Err(not_for_guests()) }
}
