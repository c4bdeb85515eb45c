//! What belongs to a song besides its fields: the sound, the cover, the outline.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use octave_protocol::SongId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::no_song;
use crate::http::kit::extract::{ApiPath, CurrentUser};
use crate::http::kit::files::{Audience, What, image, serve, unread};
use crate::http::kit::guests::may_hear;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::media::{AudioName, FileName, Places};
use crate::store::songs;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(audio))
        .routes(routes!(cover))
        .routes(routes!(waveform))
        .routes(routes!(places))
        .routes(routes!(lyrics))
}

/// The song's bytes.
#[utoipa::path(get, path = "/songs/{id}/audio", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "All of it", content_type = "audio/*"),
        (status = 206, description = "The range that was asked for", content_type = "audio/*"),
        (status = 304, description = "The `ETag` of `If-None-Match` is still right")),
    extensions(("x-problems" = json!(["no_such_range"]))))]
async fn audio(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
    request: Request,
) -> Result<Response, Problem> {
    may_hear(&state, me.account.guest, id).await?;
    let files = songs::files(&state.db, id).await?.ok_or_else(no_song)?;
    let name = AudioName::parse(&files.file_hash, &files.mime).ok_or_else(no_song)?;
    let what = What { file: FileName::from(&name), tag: name.hash.as_str(), mime: name.format.mime() };
    serve(&state.media, request, what, Audience::Asker).await
}

/// The song's cover.
#[utoipa::path(get, path = "/songs/{id}/cover", tag = "songs", params(("id" = i64, Path)),
    responses((status = 200, description = "A JPEG", content_type = "image/jpeg")))]
async fn cover(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<SongId>,
    request: Request,
) -> Result<Response, Problem> {
    let files = songs::files(&state.db, id).await?.ok_or_else(no_song)?;
    image(&state.media, request, files.cover.as_deref(), Audience::Public).await
}

/// A song's outline.
#[derive(Debug, Serialize, ToSchema)]
struct Waveform {
    /// Peaks, evenly spaced over the song; 255 is full scale.
    peaks: Vec<u8>,
}

/// Peaks for drawing; a song that nobody has listened to yet has none (`analysis`).
#[utoipa::path(get, path = "/songs/{id}/waveform", tag = "songs", params(("id" = i64, Path)),
    responses((status = 200, description = "The outline", body = Waveform)))]
async fn waveform(State(state): State<AppState>, ApiPath(id): ApiPath<SongId>) -> Result<Response, Problem> {
    let peaks = songs::waveform(&state.db, id).await?.ok_or_else(no_song)?;
    let mut response = Json(Waveform { peaks }).into_response();
    // A song's sound never changes.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

/// Where frames of the sound lie.
#[derive(Debug, Serialize, ToSchema)]
struct SongPlaces {
    /// From one of these frames to the next.
    every: u64,
    /// Where the frames 0, `every`, 2 × `every`, … begin in the file, in bytes. Empty where the format tells by itself.
    offsets: Vec<u64>,
}

/// Where to begin in the middle of a song whose format doesn't tell: MP3 of a varying rate, AAC in ADTS.
///
/// Frame `n` of an MP3 holds the samples from 1,152 × `n` on (576 below 32 kHz), of AAC from 1,024 × `n` on. The frame with a
/// Xing, Info or VBRI tag does not count.
#[utoipa::path(get, path = "/songs/{id}/places", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The places", body = SongPlaces)))]
async fn places(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
) -> Result<Response, Problem> {
    may_hear(&state, me.account.guest, id).await?;
    let files = songs::files(&state.db, id).await?.ok_or_else(no_song)?;
    let name = AudioName::parse(&files.file_hash, &files.mime).ok_or_else(no_song)?;
    let Places { every, offsets } = state.media.places(&name).await.map_err(|e| unread(&e))?;
    let mut response = Json(SongPlaces { every, offsets }).into_response();
    // A song's sound never changes.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    Ok(response)
}

/// A song's words.
#[derive(Debug, Serialize, ToSchema)]
struct Lyrics {
    /// Plain, or LRC: lines that begin with their times.
    lyrics: String,
}

/// The words of a song, where a file beside it held them when it was imported.
#[utoipa::path(get, path = "/songs/{id}/lyrics", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The words", body = Lyrics)))]
async fn lyrics(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
) -> Result<Json<Lyrics>, Problem> {
    may_hear(&state, me.account.guest, id).await?;
    // A song without words is no fault: a browser would tell its user of one.
    let lyrics = songs::lyrics(&state.db, id).await?.ok_or_else(no_song)?;
    Ok(Json(Lyrics { lyrics }))
}
