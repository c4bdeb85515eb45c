//! One box for everything: words are begun, case and accents don't count.

use axum::Json;
use axum::extract::State;
use octave_protocol::model::{self, User};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::songs::GUEST;
use crate::base::text;
use crate::http::kit::extract::{ApiQuery, MaybeUser};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{holds, shape};
use crate::http::kit::state::AppState;
use crate::store::albums::{self, Album};
use crate::store::artists::{self, Artist};
use crate::store::playlists::{self, Playlist};
use crate::store::songs::{self, Song};
use crate::store::{search, stages};

/// Longest query, in characters.
const MAX_QUERY: usize = 100;

/// How many of each kind are found when nothing is said.
const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 50;

/// How many open stages are looked through for a name.
const STAGES_SEEN: u32 = 500;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Words, each of which some word of what is found begins with.
    #[serde(default)]
    q: String,
    /// With commas between: `songs`, `albums`, `artists`, `playlists`, `stages`, `users`; all when absent.
    kind: Option<String>,
    /// At most so many of each kind, 1 to 50; 10 when absent.
    limit: Option<u32>,
}

/// What was found, the best first; a kind that was not asked for is empty.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = SearchResults)]
struct Found {
    songs: Vec<Song>,
    albums: Vec<Album>,
    artists: Vec<Artist>,
    /// Only for who is logged in.
    playlists: Vec<Playlist>,
    stages: Vec<model::Stage>,
    users: Vec<User>,
}

const KINDS: [&str; 6] = ["songs", "albums", "artists", "playlists", "stages", "users"];

/// Searches the library, the stages and the people.
#[utoipa::path(get, path = "/search", tag = "search", params(Wanted),
    responses((status = 200, description = "What was found", body = Found)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn find(
    State(state): State<AppState>,
    user: MaybeUser,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> Result<Json<Found>, Problem> {
    let kinds: Vec<&str> = match wanted.kind.as_deref() {
        None | Some("") => KINDS.to_vec(),
        Some(list) => list.split(',').map(str::trim).collect(),
    };
    if kinds.iter().any(|kind| !KINDS.contains(kind)) {
        return Err(Problem::invalid_field("kind", format!("must be of {}", KINDS.join(", "))));
    }
    let limit = wanted.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::invalid_field("limit", format!("must be 1 to {MAX_LIMIT}")));
    }
    let mut found = Found::default();
    let Some(q) = text::line(&wanted.q, MAX_QUERY) else { return Ok(Json(found)) };
    let db = &state.db;
    for kind in kinds {
        match kind {
            "songs" => found.songs = songs::find(db, user.id().unwrap_or(GUEST), &q, limit).await?,
            "albums" => found.albums = albums::find(db, &q, limit).await?,
            "artists" => found.artists = artists::find(db, &q, limit).await?,
            "playlists" if user.id().is_some() => found.playlists = playlists::find(db, &q, limit).await?,
            "stages" => {
                let filter = stages::Filter { viewer: state.viewer(user.id()), genre: None, host: None };
                let open = stages::list(db, filter, STAGES_SEEN).await?;
                let named = open.into_iter().map(|s| shape(&state, s)).filter(|s| holds(s, &text::search_key(&q)));
                found.stages = named.take(limit as usize).collect();
                found.stages.sort_by_key(|s| std::cmp::Reverse(s.listeners));
            }
            "users" => found.users = search::users(db, &q, limit).await?,
            _ => {}
        }
    }
    Ok(Json(found))
}
