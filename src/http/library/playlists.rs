//! Playlists: everyone logged in may see them, their owner changes them.

mod entries;
mod exchange;

pub use exchange::rehearse;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use octave_protocol::PlaylistId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::songs::name;
use crate::base::text;
use crate::http::kit::extract::{ApiJson, ApiPath, ApiQuery, CurrentUser};
use crate::http::kit::files::{Audience, image};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::picture::Picture;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::media::ImageName;
use crate::library::media::image::COVER_PX;
use crate::store::playlists::{self, Begin, Entry, Playlist};
use crate::store::users;

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 2_000;

/// Most entries that come with the playlist itself; the rest is paged.
const SHOWN_ENTRIES: u32 = 200;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, delete))
        .routes(routes!(cover))
        .routes(routes!(put_cover))
        .merge(entries::routes())
        .merge(exchange::routes())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A username, or `me`.
    owner: Option<String>,
}

/// Playlists, the latest first.
#[utoipa::path(get, path = "/playlists", tag = "playlists", params(Wanted, Page),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "A piece of the list", body = Listed<Playlist>)))]
async fn list(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(wanted): ApiQuery<Wanted>,
    page: Page,
) -> Result<Json<Listed<Playlist>>, Problem> {
    let owner = match wanted.owner.as_deref() {
        None => None,
        Some("me") => Some(user.id()),
        Some(name) => match users::by_username(&state.db, name).await? {
            Some(account) => Some(account.id),
            None => return Ok(Json(Listed::all(Vec::new()))),
        },
    };
    let found = playlists::list(&state.db, owner, page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, found, |p| p.id, |p| p)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CreatePlaylist)]
struct New {
    name: String,
    #[serde(default)]
    description: String,
}

/// Makes a playlist.
#[utoipa::path(post, path = "/playlists", tag = "playlists", request_body = New,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, description = "The playlist", body = Playlist)))]
async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(new): ApiJson<New>,
) -> Result<(StatusCode, Json<Playlist>), Problem> {
    let (name, description) = (name("name", &new.name)?, text::block(&new.description, MAX_DESCRIPTION));
    let id = playlists::insert(&state.db, user.id(), &name, &description, state.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(find(&state, id).await?)))
}

/// A playlist with its first 200 entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaylistWithEntries)]
struct WithEntries {
    #[serde(flatten)]
    playlist: Playlist,
    items: Vec<Entry>,
}

/// One playlist and its entries.
#[utoipa::path(get, path = "/playlists/{id}", tag = "playlists", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The playlist", body = WithEntries)))]
async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
) -> Result<Json<WithEntries>, Problem> {
    let playlist = find(&state, id).await?;
    let items = playlists::entries(&state.db, user.id(), id, Begin::Index(0), SHOWN_ENTRIES).await?.entries;
    Ok(Json(WithEntries { playlist, items }))
}

async fn find(state: &AppState, id: PlaylistId) -> Result<Playlist, Problem> {
    playlists::get(&state.db, id).await?.ok_or_else(no_playlist)
}

fn no_playlist() -> Problem {
    Problem::not_found("there is no such playlist")
}

/// The playlist, if this user may change it.
async fn find_own(state: &AppState, user: &CurrentUser, id: PlaylistId) -> Result<Playlist, Problem> {
    let playlist = find(state, id).await?;
    if playlist.owner.id == user.id() {
        Ok(playlist)
    } else {
        Err(Problem::forbidden("only its owner may change a playlist"))
    }
}

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PlaylistChanges)]
struct Edit {
    name: Option<String>,
    description: Option<String>,
}

/// Changes a playlist's name or description.
#[utoipa::path(patch, path = "/playlists/{id}", tag = "playlists", params(("id" = i64, Path)), request_body = Edit,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The playlist as it is now", body = Playlist)),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn change(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
    ApiJson(edit): ApiJson<Edit>,
) -> Result<Json<Playlist>, Problem> {
    find_own(&state, &user, id).await?;
    let name = edit.name.map(|s| name("name", &s)).transpose()?;
    let description = edit.description.map(|s| text::block(&s, MAX_DESCRIPTION));
    playlists::update(&state.db, id, name.as_deref(), description.as_deref(), state.clock.now()).await?;
    find(&state, id).await.map(Json)
}

/// Deletes a playlist; its songs stay.
#[utoipa::path(delete, path = "/playlists/{id}", tag = "playlists", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It is gone")),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
) -> Result<StatusCode, Problem> {
    find_own(&state, &user, id).await?;
    playlists::delete(&state.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A playlist's cover.
#[utoipa::path(get, path = "/playlists/{id}/cover", tag = "playlists", params(("id" = i64, Path)),
    responses((status = 200, description = "A JPEG", content_type = "image/jpeg")))]
async fn cover(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<PlaylistId>,
    request: Request,
) -> Result<Response, Problem> {
    let cover = playlists::cover(&state.db, id).await?;
    image(&state.media, request, cover.as_deref(), Audience::Public).await
}

/// Gives a playlist a cover: the picture is the body.
#[utoipa::path(put, path = "/playlists/{id}/cover", tag = "playlists", params(("id" = i64, Path)),
    request_body(content = Vec<u8>, content_type = "image/*"), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The playlist as it is now", body = Playlist)),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn put_cover(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
    picture: Picture,
) -> Result<Json<Playlist>, Problem> {
    find_own(&state, &user, id).await?;
    let now = state.clock.now();
    let name_it = async |cover: ImageName| Ok(playlists::set_cover(&state.db, id, cover.as_str(), now).await?);
    picture.keep(&state, COVER_PX, name_it).await?;
    find(&state, id).await.map(Json)
}
