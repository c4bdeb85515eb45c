//! One box for everything: every word must be found, the last one may be begun, case and accents don't count. When nothing
//! at all is found, words that are a letter off are tried.

use axum::Json;
use axum::extract::State;
use octave_protocol::UserId;
use octave_protocol::model::{self, User};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::songs::GUEST;
use crate::base::fold::Query;
use crate::base::text;
use crate::http::kit::extract::{ApiQuery, MaybeUser};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::shape;
use crate::http::kit::state::AppState;
use crate::store::albums::{self, Album};
use crate::store::artists::{self, Artist};
use crate::store::playlists::{self, Playlist};
use crate::store::songs::{self, Song};
use crate::store::{search, stages, users};

/// Longest query, in characters.
const MAX_QUERY: usize = 100;

/// How many of each kind are found when nothing is said.
const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 50;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Words, all of which what is found must hold; the last one may be the beginning of one.
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

impl Found {
    const fn is_empty(&self) -> bool {
        self.songs.is_empty()
            && self.albums.is_empty()
            && self.artists.is_empty()
            && self.playlists.is_empty()
            && self.stages.is_empty()
            && self.users.is_empty()
    }
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
    let Some(q) = text::line(&wanted.q, MAX_QUERY) else { return Ok(Json(Found::default())) };
    let query = Query::of(&q);
    let mut found = look(&state, user.id(), &kinds, &query, limit).await?;
    if found.is_empty()
        && let Some(meant) = search::meant(&state.db, &query).await?
    {
        found = look(&state, user.id(), &kinds, &meant, limit).await?;
    }
    Ok(Json(found))
}

async fn look(
    state: &AppState,
    viewer: Option<UserId>,
    kinds: &[&str],
    q: &Query,
    limit: u32,
) -> Result<Found, Problem> {
    let db = &state.db;
    let wants = |kind: &str| kinds.contains(&kind);
    // All kinds at once: each waits for the database most of its time.
    let (songs, albums, artists, playlists, stages, users) = tokio::try_join!(
        when(wants("songs"), Box::pin(songs::find(db, viewer.unwrap_or(GUEST), q, limit))),
        when(wants("albums"), Box::pin(albums::find(db, q, limit))),
        when(wants("artists"), Box::pin(artists::find(db, q, limit))),
        when(wants("playlists") && viewer.is_some(), Box::pin(playlists::find(db, q, limit))),
        when(wants("stages"), Box::pin(stages::find(db, state.viewer(viewer), q, limit))),
        when(wants("users"), Box::pin(users::find(db, q, limit))),
    )?;
    let mut stages: Vec<model::Stage> = stages.into_iter().map(|stage| shape(state, stage)).collect();
    stages.sort_by_key(|s| std::cmp::Reverse(s.listeners));
    Ok(Found { songs, albums, artists, playlists, stages, users })
}

/// Nothing of what was not asked for.
async fn when<T>(
    is_wanted: bool,
    found: impl Future<Output = crate::store::Result<Vec<T>>>,
) -> crate::store::Result<Vec<T>> {
    if is_wanted { found.await } else { Ok(Vec::new()) }
}
