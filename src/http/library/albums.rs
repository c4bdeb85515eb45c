//! Albums: made by their first song or by hand, changed by whoever made them.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use octave_protocol::{AlbumId, ArtistId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::songs::{GUEST, name};
use crate::base::text;
use crate::http::kit::extract::{ApiJson, ApiPath, ApiQuery, CurrentUser, MaybeUser};
use crate::http::kit::files::{Audience, image};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::patch::Patch;
use crate::http::kit::picture::Picture;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::media::ImageName;
use crate::library::media::image::COVER_PX;
use crate::library::media::tags::MAX_GENRE;
use crate::store::StoreError;
use crate::store::albums::{self, Album, Change, Fields};
use crate::store::songs::{self, Filter, Song, Sort};

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 4_000;

/// Most songs that come with the album itself.
const SHOWN_SONGS: u32 = 200;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, delete))
        .routes(routes!(cover))
        .routes(routes!(put_cover))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What some word of the title begins with.
    q: Option<String>,
    artist_id: Option<i64>,
}

/// Albums, the latest first.
#[utoipa::path(get, path = "/albums", tag = "albums", params(Wanted, Page),
    responses((status = 200, description = "A piece of the list", body = Listed<Album>)))]
async fn list(
    State(state): State<AppState>,
    ApiQuery(wanted): ApiQuery<Wanted>,
    page: Page,
) -> Result<Json<Listed<Album>>, Problem> {
    let artist = wanted.artist_id.map(ArtistId);
    let found = albums::list(&state.db, wanted.q.as_deref(), artist, page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, found, |a| a.id, |a| a)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CreateAlbum)]
struct New {
    title: String,
    artist: String,
    genre: Option<String>,
    #[serde(default)]
    description: String,
}

/// Makes an album; songs come to it by their `album` and `artist`.
#[utoipa::path(post, path = "/albums", tag = "albums", request_body = New,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, description = "The album", body = Album)),
    extensions(("x-problems" = json!(["album_exists"]))))]
async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(new): ApiJson<New>,
) -> Result<(StatusCode, Json<Album>), Problem> {
    let fields = Fields {
        title: name("title", &new.title)?,
        artist: name("artist", &new.artist)?,
        genre: new.genre.and_then(|g| text::line(&g, MAX_GENRE)),
        description: text::block(&new.description, MAX_DESCRIPTION),
    };
    let made = albums::insert(&state.db, user.id(), &fields, state.clock.now()).await;
    let album = find(&state, made.map_err(taken)?).await?;
    state.news.notify_one();
    Ok((StatusCode::CREATED, Json(album)))
}

fn taken(error: StoreError) -> Problem {
    if error.is_unique("title_key") {
        Problem::conflict("album_exists", "this artist has an album of this title already")
    } else {
        error.into()
    }
}

/// An album with its songs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AlbumWithSongs)]
struct WithSongs {
    #[serde(flatten)]
    album: Album,
    /// By track number.
    songs: Vec<Song>,
}

/// One album and its songs.
#[utoipa::path(get, path = "/albums/{id}", tag = "albums", params(("id" = i64, Path)),
    responses((status = 200, description = "The album", body = WithSongs)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn show(
    State(state): State<AppState>,
    user: MaybeUser,
    ApiPath(id): ApiPath<AlbumId>,
) -> Result<Json<WithSongs>, Problem> {
    let album = find(&state, id).await?;
    let filter = Filter { album: Some(id), ..Filter::default() };
    let viewer = user.id().unwrap_or(GUEST);
    let mut songs = songs::list(&state.db, viewer, &filter, Sort::Title, None, SHOWN_SONGS).await?;
    songs.sort_by_key(|s| (s.disc.unwrap_or(1), s.track.unwrap_or(i64::MAX)));
    Ok(Json(WithSongs { album, songs }))
}

async fn find(state: &AppState, id: AlbumId) -> Result<Album, Problem> {
    albums::get(&state.db, id).await?.ok_or_else(|| Problem::not_found("there is no such album"))
}

/// The album, if this user may change it.
async fn find_own(state: &AppState, user: &CurrentUser, id: AlbumId) -> Result<Album, Problem> {
    let album = find(state, id).await?;
    if album.owner_id == Some(user.id()) || user.is_admin() {
        Ok(album)
    } else {
        Err(Problem::forbidden("only who made an album may change it"))
    }
}

/// What to change; what is absent stays, and `null` takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AlbumChanges)]
struct Edit {
    title: Option<String>,
    artist: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    genre: Patch<String>,
    description: Option<String>,
}

/// Changes an album: its maker, or an administrator.
#[utoipa::path(patch, path = "/albums/{id}", tag = "albums", params(("id" = i64, Path)), request_body = Edit,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The album as it is now", body = Album)),
    extensions(("x-problems" = json!(["forbidden", "album_exists"]))))]
async fn change(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<AlbumId>,
    ApiJson(edit): ApiJson<Edit>,
) -> Result<Json<Album>, Problem> {
    find_own(&state, &user, id).await?;
    let change = Change {
        title: edit.title.map(|s| name("title", &s)).transpose()?,
        artist: edit.artist.map(|s| name("artist", &s)).transpose()?,
        genre: edit.genre.change().map(|genre| genre.and_then(|g| text::line(&g, MAX_GENRE))),
        description: edit.description.map(|s| text::block(&s, MAX_DESCRIPTION)),
    };
    // One that is gone meanwhile is not found below.
    albums::update(&state.db, id, &change, state.clock.now()).await.map_err(taken)?;
    state.registry.songs_changed(albums::song_ids(&state.db, id).await?).await;
    find(&state, id).await.map(Json)
}

/// Deletes an album; its songs stay, without one.
#[utoipa::path(delete, path = "/albums/{id}", tag = "albums", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It is gone")),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<AlbumId>,
) -> Result<StatusCode, Problem> {
    find_own(&state, &user, id).await?;
    let songs = albums::song_ids(&state.db, id).await?;
    albums::delete(&state.db, id).await?;
    state.registry.songs_changed(songs).await;
    Ok(StatusCode::NO_CONTENT)
}

/// An album's cover.
#[utoipa::path(get, path = "/albums/{id}/cover", tag = "albums", params(("id" = i64, Path)),
    responses((status = 200, description = "A JPEG", content_type = "image/jpeg")))]
async fn cover(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<AlbumId>,
    request: Request,
) -> Result<Response, Problem> {
    let cover = albums::cover(&state.db, id).await?;
    image(&state.media, request, cover.as_deref(), Audience::Public).await
}

/// Gives an album a cover: the picture is the body.
#[utoipa::path(put, path = "/albums/{id}/cover", tag = "albums", params(("id" = i64, Path)),
    request_body(content = Vec<u8>, content_type = "image/*"), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The album as it is now", body = Album)),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn put_cover(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<AlbumId>,
    picture: Picture,
) -> Result<Json<Album>, Problem> {
    find_own(&state, &user, id).await?;
    let name_it = async |cover: ImageName| Ok(albums::set_cover(&state.db, id, cover.as_str()).await?);
    picture.keep(&state, COVER_PX, name_it).await?;
    find(&state, id).await.map(Json)
}
