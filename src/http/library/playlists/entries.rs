//! The entries of a playlist.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::{EntryId, PlaylistId, SongId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{find_own, no_playlist};
use crate::http::kit::extract::{ApiJson, ApiPath, ApiQuery, CurrentUser};
use crate::http::kit::page::{Page, cursor};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::playlists::{self, Begin, Entry, MAX_ENTRIES};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(move_to, remove))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Window {
    /// The index of the first entry, where no `after` says more.
    #[serde(default)]
    offset: u32,
}

/// A piece of a playlist's entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaylistEntries)]
struct Entries {
    items: Vec<Entry>,
    /// The `after` of the next piece; absent at the end.
    next: Option<String>,
    /// The index of the first entry; 0 where `after` was given.
    offset: u32,
    /// Entries of the whole playlist.
    total: i64,
}

/// The entries of a playlist, in order.
#[utoipa::path(get, path = "/playlists/{id}/songs", tag = "playlists", params(("id" = i64, Path), Window, Page),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "A piece of them", body = Entries)))]
async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
    ApiQuery(Window { offset }): ApiQuery<Window>,
    page: Page,
) -> Result<Json<Entries>, Problem> {
    let total = super::find(&state, id).await?.songs_count;
    let after: Option<(i64, i64)> = page.after()?;
    let (from, offset) = after.map_or((Begin::Index(offset), offset), |(ord, entry)| (Begin::Place(ord, entry), 0));
    let playlists::Stretch { entries: items, next } =
        playlists::entries(&state.db, user.id(), id, from, page.limit()).await?;
    Ok(Json(Entries { items, next: next.as_ref().map(cursor), offset, total }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddToPlaylist)]
struct New {
    #[schema(value_type = i64)]
    song_id: SongId,
    /// The index at which it shall stand; at the end when absent.
    position: Option<u32>,
}

/// The name of a new entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AddedEntry)]
struct Added {
    #[schema(value_type = i64)]
    entry: EntryId,
}

/// Adds a song; it may stand there already.
#[utoipa::path(post, path = "/playlists/{id}/songs", tag = "playlists", params(("id" = i64, Path)), request_body = New,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, description = "The entry", body = Added)),
    extensions(("x-problems" = json!(["forbidden", "limit_reached"]))))]
async fn add(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
    ApiJson(new): ApiJson<New>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    find_own(&state, &user, id).await?;
    match playlists::add(&state.db, id, new.song_id, new.position, state.clock.now()).await? {
        playlists::Added::Entry(entry) => Ok((StatusCode::CREATED, Json(Added { entry }))),
        playlists::Added::NoSong => Err(Problem::invalid_field("song_id", "there is no such song")),
        playlists::Added::NoPlaylist => Err(no_playlist()),
        playlists::Added::Full => {
            Err(Problem::conflict("limit_reached", format!("a playlist holds at most {MAX_ENTRIES} songs")))
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MoveEntry)]
struct Move {
    /// The index at which it shall stand among the others.
    position: u32,
}

/// Moves an entry.
#[utoipa::path(patch, path = "/playlists/{id}/songs/{entry_id}", tag = "playlists",
    params(("id" = i64, Path), ("entry_id" = i64, Path)), request_body = Move,
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It stands there now")),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn move_to(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath((id, entry)): ApiPath<(PlaylistId, EntryId)>,
    ApiJson(Move { position }): ApiJson<Move>,
) -> Result<StatusCode, Problem> {
    find_own(&state, &user, id).await?;
    let found = playlists::move_to(&state.db, id, entry, position, state.clock.now()).await?;
    found.then_some(StatusCode::NO_CONTENT).ok_or_else(no_entry)
}

/// Takes an entry out.
#[utoipa::path(delete, path = "/playlists/{id}/songs/{entry_id}", tag = "playlists",
    params(("id" = i64, Path), ("entry_id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It is out")),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn remove(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath((id, entry)): ApiPath<(PlaylistId, EntryId)>,
) -> Result<StatusCode, Problem> {
    find_own(&state, &user, id).await?;
    let found = playlists::remove(&state.db, id, entry, state.clock.now()).await?;
    found.then_some(StatusCode::NO_CONTENT).ok_or_else(no_entry)
}

fn no_entry() -> Problem {
    Problem::not_found("the playlist has no such entry")
}
