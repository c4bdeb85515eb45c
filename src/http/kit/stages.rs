//! A stage as every resource finds and shows it.

use axum::http::StatusCode;
use octave_protocol::{StageId, UserId, model};

use super::problem::Problem;
use super::state::AppState;
use crate::base::fold::{self, Query};
use crate::store::access::{Access, access};
use crate::store::past_stages;
use crate::store::stages::{self, Stage};

/// Whether a query finds a stage: by its name, its host or its genres.
pub(crate) fn holds(stage: &model::Stage, query: &Query) -> bool {
    query.finds(&fold::document(&stage.name, &stage.host.username, &[&stage.genres.join(" ")]))
}

/// A stage as it is in this moment.
pub(crate) fn shape(state: &AppState, stage: Stage) -> model::Stage {
    let live = state.registry.live(stage.id).unwrap_or_default();
    let id = stage.id;
    model::Stage {
        id,
        name: stage.name,
        host: stage.host,
        genres: stage.genres,
        cover_url: stage.cover.map(|file| cover_url(id, &file)),
        visibility: stage.visibility,
        control: stage.control,
        adding: stage.adding,
        order: stage.turns.order,
        max_waiting: stage.turns.max_waiting,
        start: stage.start,
        slow_mode_s: stage.slow_mode.whole_secs(),
        succession: stage.succession,
        crossfade_us: stage.sound.crossfade,
        volume: stage.sound.volume,
        speaker: stage.speaker,
        guests: stage.guests.list(),
        listeners: live.listeners,
        live: live.listeners > 0 || live.playing,
        now_playing: live.now_playing,
        playlists: stage.playlists,
        created_us: stage.created,
    }
}

fn cover_url(id: StageId, file: &str) -> String {
    format!("/api/v1/stages/{id}/cover?v={}", file.get(..8).unwrap_or(file))
}

/// The stage, if it is open to this user: whoever the socket would let in reads it, and nobody else.
pub(crate) async fn find(state: &AppState, viewer: Option<UserId>, id: StageId) -> Result<Stage, Problem> {
    let viewer = state.viewer(viewer);
    match stages::get(&state.db, viewer.clone(), id).await? {
        Some(stage) => Ok(stage),
        None => Err(refusal(access(&state.db, &viewer, id).await?)),
    }
}

/// Whether this user may read what happened in the stage, as an error if not: while it goes on whoever may know of it, and
/// once it has ended who looks back at it.
pub(crate) async fn find_log(state: &AppState, user: UserId, id: StageId) -> Result<(), Problem> {
    match access(&state.db, &state.viewer(Some(user)), id).await? {
        Access::Open => Ok(()),
        Access::Hidden if past_stages::remembers(&state.db, user, id).await? => Ok(()),
        closed => Err(refusal(closed)),
    }
}

fn refusal(access: Access) -> Problem {
    match access {
        Access::KeptOut => banned(),
        Access::Open | Access::Hidden => missing(),
    }
}

/// What the banned are told, and those whom the host has blocked: that one was blocked is nobody's to say.
pub(crate) fn banned() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "banned", "you are banned from this stage")
}

/// What is told of a guest link, whyever it lets nobody in.
pub(crate) fn link_gone() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "link_gone", "this link lets nobody in any more: ask the host for a new one")
}

pub(crate) fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "stage_not_found", "there is no such stage")
}
