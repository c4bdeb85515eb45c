//! Genres, with what is theirs.

use axum::Json;
use axum::extract::State;
use octave_protocol::StageId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, MaybeUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::access::Viewer;
use crate::store::genres::{self, Kept};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

#[derive(Debug, Serialize, ToSchema)]
struct Genre {
    name: String,
    songs_count: i64,
    /// Stages in which somebody is, or something plays, of those that I may know of.
    live_stages_count: usize,
    /// Their ids.
    #[schema(value_type = Vec<i64>)]
    live_stages: Vec<StageId>,
}

/// Genres as they are shown, with those of their stages that are live.
async fn shown(state: &AppState, viewer: &Viewer, kept: Vec<Kept>) -> Result<Vec<Genre>, Problem> {
    let live: Vec<StageId> =
        state.registry.all_live().into_iter().filter(|(_, l)| l.playing || l.listeners > 0).map(|(id, _)| id).collect();
    let stages = genres::stages(&state.db, viewer, &kept, &live).await?;
    let genre = |genre: Kept| {
        let live_stages: Vec<StageId> =
            stages.iter().filter(|(id, _)| *id == genre.id).map(|(_, stage)| *stage).collect();
        Genre { name: genre.name, songs_count: genre.songs_count, live_stages_count: live_stages.len(), live_stages }
    };
    Ok(kept.into_iter().map(genre).collect())
}

/// The genres, those with most songs first.
#[utoipa::path(get, path = "/genres", tag = "genres", params(Page),
    responses((status = 200, description = "A piece of the list", body = Listed<Genre>)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn list(State(state): State<AppState>, viewer: MaybeUser, page: Page) -> Result<Json<Listed<Genre>>, Problem> {
    let viewer = state.viewer(viewer.id());
    let found = genres::list(&state.db, &viewer, page.after()?, page.fetch()).await?;
    let Listed { items, next } = Listed::new(&page, found, |g| (g.songs_count, g.name_key.clone()), |g| g);
    Ok(Json(Listed { items: shown(&state, &viewer, items).await?, next }))
}

/// One genre; its songs are at `/songs?genre=`, its stages at `/stages?genre=`.
#[utoipa::path(get, path = "/genres/{name}", tag = "genres", params(("name" = String, Path)),
    responses((status = 200, description = "The genre", body = Genre)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn show(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(name): ApiPath<String>,
) -> Result<Json<Genre>, Problem> {
    let viewer = state.viewer(viewer.id());
    let kept = genres::kept(&state.db, &name).await?;
    let genre = shown(&state, &viewer, kept.into_iter().collect()).await?.pop();
    genre.map(Json).ok_or_else(|| Problem::not_found("there is no such genre"))
}
