//! Artists.

use axum::Json;
use axum::extract::State;
use octave_protocol::ArtistId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, ApiQuery, MaybeUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::artist_follows;
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

/// An artist, and whether I follow them.
#[derive(Debug, Serialize, ToSchema)]
struct ArtistPage {
    #[serde(flatten)]
    artist: Artist,
    followed: bool,
}

/// One artist; the songs are at `/songs?artist_id=`, the albums at `/albums?artist_id=`.
#[utoipa::path(get, path = "/artists/{id}", tag = "artists", params(("id" = i64, Path)),
    responses((status = 200, description = "The artist", body = ArtistPage)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn show(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(id): ApiPath<ArtistId>,
) -> Result<Json<ArtistPage>, Problem> {
    let found = artists::get(&state.db, id).await?;
    let artist = found.ok_or_else(|| Problem::not_found("there is no such artist"))?;
    let followed = match viewer.id() {
        Some(me) => artist_follows::exists(&state.db, me, id).await?,
        None => false,
    };
    Ok(Json(ArtistPage { artist, followed }))
}
