//! Genres, with what is theirs.

use axum::Json;
use axum::extract::State;
use octave_protocol::StageId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, MaybeUser};
use crate::http::kit::page::Listed;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::access::Viewer;
use crate::store::genres;

/// Most genres that are listed.
const MAX_LISTED: u32 = 500;

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

impl Genre {
    async fn of(state: &AppState, viewer: &Viewer, genre: genres::Genre) -> Result<Self, Problem> {
        let mut live = match genre.stages_count {
            0 => Vec::new(),
            _ => genres::open_stages(&state.db, viewer, &genre.name).await?,
        };
        live.retain(|id| state.registry.live(*id).is_some_and(|l| l.playing || l.listeners > 0));
        Ok(Self { name: genre.name, songs_count: genre.songs_count, live_stages_count: live.len(), live_stages: live })
    }
}

/// All genres, the largest first.
#[utoipa::path(get, path = "/genres", tag = "genres",
    responses((status = 200, description = "The genres", body = Listed<Genre>)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn list(State(state): State<AppState>, viewer: MaybeUser) -> Result<Json<Listed<Genre>>, Problem> {
    let viewer = state.viewer(viewer.id());
    let mut items = Vec::new();
    for genre in genres::list(&state.db, &viewer, MAX_LISTED).await? {
        items.push(Genre::of(&state, &viewer, genre).await?);
    }
    Ok(Json(Listed::all(items)))
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
    let found = genres::get(&state.db, &viewer, &name).await?;
    let genre = found.ok_or_else(|| Problem::not_found("there is no such genre"))?;
    Genre::of(&state, &viewer, genre).await.map(Json)
}
