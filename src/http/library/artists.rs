//! Artists. Following them comes with the social side.

use axum::Json;
use axum::extract::State;
use octave_protocol::ArtistId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, ApiQuery};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::artists::{self, Artist};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What some word of the name begins with.
    q: Option<String>,
}

/// Artists by name.
#[utoipa::path(get, path = "/artists", tag = "artists", params(Wanted, Page),
    responses((status = 200, description = "A piece of the list", body = Listed<Artist>)))]
async fn list(
    State(state): State<AppState>,
    ApiQuery(wanted): ApiQuery<Wanted>,
    page: Page,
) -> Result<Json<Listed<Artist>>, Problem> {
    let found = artists::list(&state.db, wanted.q.as_deref(), page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, found, |a| a.id, |a| a)))
}

/// One artist; the songs are at `/songs?artist_id=`, the albums at `/albums?artist_id=`.
#[utoipa::path(get, path = "/artists/{id}", tag = "artists", params(("id" = i64, Path)),
    responses((status = 200, description = "The artist", body = Artist)))]
async fn show(State(state): State<AppState>, ApiPath(id): ApiPath<ArtistId>) -> Result<Json<Artist>, Problem> {
    let found = artists::get(&state.db, id).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("there is no such artist"))
}
