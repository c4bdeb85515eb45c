//! Playlists as other players write and read them: XSPF, JSPF and extended M3U.

mod read;
mod write;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use octave_protocol::PlaylistId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::{Playlist, find};
use crate::base::{fold, text};
use crate::http::kit::extract::{ApiPath, ApiQuery, CurrentUser};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::playlists::{self, Added, Begin};
use crate::store::songs::{self, Filter, Sort};

/// Largest playlist file, in bytes.
const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;

/// Most entries that are exported or imported.
const MAX_ENTRIES: u32 = 10_000;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(import).layer(DefaultBodyLimit::max(MAX_FILE_BYTES)))
}

/// A song in another player's words.
#[derive(Debug, Clone, Default, PartialEq)]
struct Track {
    title: String,
    artist: String,
    album: Option<String>,
    duration_ms: Option<i64>,
    location: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExchangeFormat)]
enum Format {
    Xspf,
    Jspf,
    M3u8,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    #[param(inline)]
    format: Format,
}

/// A playlist for another player.
#[utoipa::path(get, path = "/playlists/{id}/export", tag = "playlists", params(("id" = i64, Path), Wanted),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The file", content((String = "application/xspf+xml"),
        (serde_json::Value = "application/jspf+json"), (String = "application/vnd.apple.mpegurl")))))]
async fn export(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiPath(id): ApiPath<PlaylistId>,
    ApiQuery(Wanted { format }): ApiQuery<Wanted>,
) -> Result<([(HeaderName, String); 2], String), Problem> {
    let playlist = find(&state, id).await?;
    let entries = playlists::entries(&state.db, user.id(), id, Begin::Index(0), MAX_ENTRIES).await?.entries;
    let tracks: Vec<Track> = entries
        .into_iter()
        .map(|e| Track {
            duration_ms: Some(e.song.song.duration_us.0 / 1_000),
            location: Some(e.song.song.audio_url),
            title: e.song.song.title,
            artist: e.song.song.artist,
            album: e.song.song.album,
        })
        .collect();
    let (mime, ending, body) = match format {
        Format::Xspf => ("application/xspf+xml", "xspf", write::xspf(&playlist, &tracks)),
        Format::Jspf => ("application/jspf+json", "jspf", write::jspf(&playlist, &tracks)),
        Format::M3u8 => ("application/vnd.apple.mpegurl; charset=utf-8", "m3u8", write::m3u8(&playlist, &tracks)),
    };
    let disposition = format!("attachment; filename=\"playlist-{id}.{ending}\"");
    Ok(([(CONTENT_TYPE, mime.to_owned()), (CONTENT_DISPOSITION, disposition)], body))
}

/// What became of an imported playlist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedPlaylist)]
struct Imported {
    playlist: Playlist,
    matched: u32,
    /// `artist - title` of what the library does not have.
    missing: Vec<String>,
}

/// Makes a playlist from another player's file, of the songs that the library has.
#[utoipa::path(post, path = "/playlists/import", tag = "playlists",
    request_body(content = String, content_type = "application/xspf+xml", description = "XSPF, JSPF or M3U, by content"),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, description = "The playlist, and what is missing", body = Imported)),
    extensions(("x-problems" = json!(["unsupported_playlist"]))))]
async fn import(
    State(state): State<AppState>,
    user: CurrentUser,
    body: String,
) -> Result<(StatusCode, Json<Imported>), Problem> {
    let file = read::read(&body).ok_or_else(|| {
        let detail = "this is not an XSPF, JSPF or M3U playlist";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_playlist", detail)
    })?;
    if file.tracks.iter().any(|track| track.title.contains('\0') || track.artist.contains('\0')) {
        return Err(Problem::unstorable_text());
    }
    let name = text::line(&file.title, 200).unwrap_or_else(|| "Imported playlist".to_owned());
    let id = playlists::insert(&state.db, user.id(), &name, "", state.clock.now()).await?;
    let (mut matched, mut missing) = (0, Vec::new());
    for track in file.tracks.into_iter().take(MAX_ENTRIES as usize) {
        let added = match known(&state, &user, &track).await? {
            Some(song) => playlists::add(&state.db, id, song, None, state.clock.now()).await?,
            None => Added::NoSong,
        };
        if let Added::Entry(_) = added {
            matched += 1;
        } else {
            missing.push(format!("{} - {}", track.artist, track.title));
        }
    }
    let playlist = find(&state, id).await?;
    Ok((StatusCode::CREATED, Json(Imported { playlist, matched, missing })))
}

/// The library's song of this title and artist.
async fn known(
    state: &AppState,
    user: &CurrentUser,
    track: &Track,
) -> Result<Option<octave_protocol::SongId>, Problem> {
    let filter = Filter { q: Some(track.title.clone()), ..Filter::default() };
    let (title, artist) = (fold::plain(&track.title), fold::plain(&track.artist));
    let found = songs::list(&state.db, user.id(), &filter, Sort::Title, None, 200).await?;
    let same = |s: &&songs::Song| {
        fold::plain(&s.song.title) == title && (artist.is_empty() || fold::plain(&s.song.artist) == artist)
    };
    Ok(found.iter().find(same).map(|s| s.song.id))
}
