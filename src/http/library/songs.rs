//! Songs: shown, changed, deleted, liked.

mod files;
mod likes;
#[cfg(test)]
mod tests;
mod upload;

pub use upload::read as read_upload;

use std::ops::RangeInclusive;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::{AlbumId, ArtistId, SongId, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::name::Title;
use crate::http::kit::extract::{ApiJson, ApiPath, ApiQuery, CurrentUser, MaybeUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::patch::Patch;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::media::artists;
use crate::library::media::tags::genres;
use crate::store::songs::{self, Change, Filter, Song};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, change, delete))
        .merge(upload::routes())
        .merge(files::routes())
        .merge(likes::routes())
}

/// In which order songs are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SongOrder)]
enum Sort {
    /// Latest first.
    #[default]
    New,
    Title,
    Artist,
}

impl From<Sort> for songs::Sort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::New => Self::New,
            Sort::Title => Self::Title,
            Sort::Artist => Self::Artist,
        }
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Words, each of which some word of title, artist or album begins with.
    q: Option<String>,
    artist_id: Option<i64>,
    album_id: Option<i64>,
    genre: Option<String>,
    /// A username.
    uploader: Option<String>,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
}

/// Nobody: likes nothing.
pub(crate) const GUEST: UserId = UserId(0);

/// Songs of the library.
#[utoipa::path(get, path = "/songs", tag = "songs", params(Wanted, Page),
    responses((status = 200, description = "A piece of the list", body = Listed<Song>)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn list(
    State(state): State<AppState>,
    user: MaybeUser,
    ApiQuery(wanted): ApiQuery<Wanted>,
    page: Page,
) -> Result<Json<Listed<Song>>, Problem> {
    let uploader = match &wanted.uploader {
        None => None,
        Some(name) => match crate::store::users::by_username(&state.db, name).await? {
            Some(account) => Some(account.id),
            None => return Ok(Json(Listed::all(Vec::new()))),
        },
    };
    let filter = Filter {
        q: wanted.q,
        artist: wanted.artist_id.map(ArtistId),
        album: wanted.album_id.map(AlbumId),
        genre: wanted.genre,
        uploader,
        liked_by: None,
    };
    let viewer = user.id().unwrap_or(GUEST);
    let found = songs::list(&state.db, viewer, &filter, wanted.sort.into(), page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, found, |s| s.song.id, |s| s)))
}

/// One song.
#[utoipa::path(get, path = "/songs/{id}", tag = "songs", params(("id" = i64, Path)),
    responses((status = 200, description = "The song", body = Song)),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn show(
    State(state): State<AppState>,
    user: MaybeUser,
    ApiPath(id): ApiPath<SongId>,
) -> Result<Json<Song>, Problem> {
    find(&state, user.id().unwrap_or(GUEST), id).await.map(Json)
}

async fn find(state: &AppState, viewer: UserId, id: SongId) -> Result<Song, Problem> {
    songs::get(&state.db, viewer, id).await?.ok_or_else(no_song)
}

fn no_song() -> Problem {
    Problem::not_found("there is no such song")
}

/// The song, if this user may change it.
async fn find_own(state: &AppState, user: &CurrentUser, id: SongId) -> Result<Song, Problem> {
    let song = find(state, user.id(), id).await?;
    if song.uploader.id == user.id() || user.is_admin() {
        Ok(song)
    } else {
        Err(Problem::forbidden("only who uploaded a song may change it"))
    }
}

/// What to change; what is absent stays, and `null` takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SongChanges)]
struct Edit {
    title: Option<String>,
    artist: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    album: Patch<String>,
    genres: Option<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    disc: Patch<i64>,
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    track: Patch<i64>,
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    year: Patch<i64>,
}

/// Changes a song: its uploader, or an administrator. Where it is queued or plays, it shows so at once.
#[utoipa::path(patch, path = "/songs/{id}", tag = "songs", params(("id" = i64, Path)), request_body = Edit,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The song as it is now", body = Song)),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn change(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
    ApiJson(edit): ApiJson<Edit>,
) -> Result<Json<Song>, Problem> {
    find_own(&state, &user, id).await?;
    let artist = edit.artist.map(|s| name("artist", &s)).transpose()?;
    let artists = artist.iter().flat_map(|a| artists::split(std::slice::from_ref(a), state.media.artist_separators()));
    let change = Change {
        title: edit.title.map(|s| name("title", &s)).transpose()?,
        artists: artists.collect(),
        artist,
        album: edit.album.check(|s| name("album", &s))?.change(),
        genres: edit.genres.map(|all| genres(all.iter().map(String::as_str))),
        disc: edit.disc.check(|n| number("disc", n, 1..=999))?.change(),
        track: edit.track.check(|n| number("track", n, 1..=9_999))?.change(),
        year: edit.year.check(|n| number("year", n, 1_000..=9_999))?.change(),
    };
    if songs::update(&state.db, id, user.id(), &change, state.clock.now()).await? {
        state.registry.songs_changed(vec![id]).await;
        find(&state, user.id(), id).await.map(Json)
    } else {
        Err(no_song())
    }
}

/// A name that people see: one line, not empty.
pub(crate) fn name(field: &'static str, raw: &str) -> Result<String, Problem> {
    Title::parse(raw).map(String::from).map_err(|why| Problem::no_name(field, why))
}

fn number(field: &'static str, n: i64, range: RangeInclusive<i64>) -> Result<i64, Problem> {
    let wrong = || Problem::invalid_field(field, format!("must be {} to {}", range.start(), range.end()));
    range.contains(&n).then_some(n).ok_or_else(wrong)
}

/// Deletes a song: its uploader, or an administrator. It stays in the queues that hold it, and plays there; its files go days after.
#[utoipa::path(delete, path = "/songs/{id}", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])), responses((status = 204, description = "It is gone")),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn delete(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
) -> Result<StatusCode, Problem> {
    find_own(&state, &user, id).await?;
    songs::delete(&state.db, id, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
