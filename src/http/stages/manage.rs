//! What a host gives a stage: a cover and playlists.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use octave_protocol::model;
use octave_protocol::{PlaylistId, StageId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::update;
use crate::http::kit::extract::{ApiPath, CurrentUser, MaybeUser};
use crate::http::kit::files::{self, Audience};
use crate::http::kit::picture::Picture;
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::find;
use crate::http::kit::state::AppState;
use crate::library::media::ImageName;
use crate::library::media::image::COVER_PX;
use crate::stage::handle::{Attachment, StageChange};
use crate::store::playlists;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(cover)).routes(routes!(put_cover)).routes(routes!(attach, detach))
}

/// A stage's cover, for who may know of the stage.
#[utoipa::path(get, path = "/stages/{id}/cover", tag = "stages", params(("id" = i64, Path)),
    responses((status = 200, content_type = "image/*", description = "The picture")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn cover(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(id): ApiPath<StageId>,
    request: Request,
) -> Result<Response, Problem> {
    let name = find(&state, viewer.id(), id).await?.cover;
    // No shared cache, of public stages neither: they may be for few tomorrow.
    files::image(&state.media, request, name.as_deref(), Audience::Asker).await
}

/// Give a stage that I host a cover: the picture is the body.
#[utoipa::path(put, path = "/stages/{id}/cover", tag = "stages", params(("id" = i64, Path)),
    request_body(content_type = "image/*", content = Vec<u8>),
    responses((status = 200, body = model::Stage, description = "After the change")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn put_cover(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    picture: Picture,
) -> Result<Json<model::Stage>, Problem> {
    hosted(&state, &me, id).await?;
    let name_it = async |name: ImageName| {
        let change = StageChange { cover: Some(Some(name.as_str().to_owned())), ..StageChange::default() };
        update(&state, me.id(), id, change).await
    };
    picture.keep(&state, COVER_PX, name_it).await.map(Json)
}

/// Attach a playlist, so that all in the stage find it at hand.
#[utoipa::path(put, path = "/stages/{id}/playlists/{playlist_id}", tag = "stages",
    params(("id" = i64, Path), ("playlist_id" = i64, Path)),
    responses((status = 200, body = model::Stage, description = "After the change")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn attach(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, playlist)): ApiPath<(StageId, PlaylistId)>,
) -> Result<Json<model::Stage>, Problem> {
    hosted(&state, &me, id).await?;
    if playlists::get(&state.db, playlist).await?.is_none() {
        return Err(Problem::not_found("there is no such playlist"));
    }
    let change = StageChange { playlist: Some(Attachment::Attach(playlist)), ..StageChange::default() };
    Ok(Json(update(&state, me.id(), id, change).await?))
}

/// Detach a playlist; what was queued from it stays.
#[utoipa::path(delete, path = "/stages/{id}/playlists/{playlist_id}", tag = "stages",
    params(("id" = i64, Path), ("playlist_id" = i64, Path)),
    responses((status = 200, body = model::Stage, description = "After the change")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn detach(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, playlist)): ApiPath<(StageId, PlaylistId)>,
) -> Result<Json<model::Stage>, Problem> {
    hosted(&state, &me, id).await?;
    let change = StageChange { playlist: Some(Attachment::Detach(playlist)), ..StageChange::default() };
    Ok(Json(update(&state, me.id(), id, change).await?))
}

/// The stage, if I host it: asked before anything is read or kept on its behalf.
async fn hosted(state: &AppState, me: &CurrentUser, id: StageId) -> Result<(), Problem> {
    let stage = find(state, Some(me.id()), id).await?;
    if stage.host.id == me.id() { Ok(()) } else { Err(Problem::forbidden("only its host may change a stage")) }
}
