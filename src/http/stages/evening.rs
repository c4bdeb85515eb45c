//! A past evening, kept as a playlist.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::StageId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::name::Title;
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::find_log;
use crate::http::kit::state::AppState;
use crate::store::playlists::{self, Playlist};
use crate::store::stage_log;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(keep))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = KeepEvening)]
struct Keep {
    /// Of the playlist; at most 100 characters.
    name: String,
}

/// Keep the last evening of a stage as a playlist of mine: all songs that began since the last break of four hours, in order.
/// Those that are gone from the library are left out. 409 while nothing has played. Of a stage that has ended its host and
/// those who were there still may.
#[utoipa::path(post, path = "/stages/{id}/log/playlist", tag = "stages", params(("id" = i64, Path)), request_body = Keep,
    responses((status = 201, body = Playlist, description = "The playlist")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["conflict"]))))]
async fn keep(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    ApiJson(Keep { name }): ApiJson<Keep>,
) -> Result<(StatusCode, Json<Playlist>), Problem> {
    find_log(&state, me.id(), id).await?;
    let name = Title::parse(&name).map_err(|why| Problem::no_name("name", why))?;
    let songs = stage_log::evening(&state.db, id).await?;
    if songs.is_empty() {
        return Err(Problem::conflict("conflict", "nothing has played here yet"));
    }
    let list = playlists::import(&state.db, me.id(), &name, &songs, state.clock.now()).await?;
    let list = playlists::get(&state.db, list).await?.ok_or_else(|| Problem::not_found("there is no such playlist"))?;
    Ok((StatusCode::CREATED, Json(list)))
}
