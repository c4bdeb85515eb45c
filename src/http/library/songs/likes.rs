//! Liking songs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::SongId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::no_song;
use crate::http::kit::extract::{ApiPath, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::likes;
use crate::store::songs::{self, Filter, Song, Sort};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(like, unlike)).routes(routes!(mine))
}

/// Likes a song; again changes nothing.
#[utoipa::path(put, path = "/songs/{id}/like", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It is liked")))]
async fn like(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
) -> Result<StatusCode, Problem> {
    let found = likes::like(&state.db, user.id(), id, state.clock.now()).await?;
    found.then_some(StatusCode::NO_CONTENT).ok_or_else(no_song)
}

/// Takes a like back; without one nothing changes.
#[utoipa::path(delete, path = "/songs/{id}/like", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It is not liked")))]
async fn unlike(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
) -> Result<StatusCode, Problem> {
    likes::unlike(&state.db, user.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The songs that I like, the latest uploaded first.
#[utoipa::path(get, path = "/me/likes", tag = "songs", params(Page), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "A piece of the list", body = Listed<Song>)))]
async fn mine(State(state): State<AppState>, user: CurrentUser, page: Page) -> Result<Json<Listed<Song>>, Problem> {
    let filter = Filter { liked_by: Some(user.id()), ..Filter::default() };
    let found = songs::list(&state.db, user.id(), &filter, Sort::New, page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, found, |s| s.song.id, |s| s)))
}
