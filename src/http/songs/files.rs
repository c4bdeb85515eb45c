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
use crate::http::AppState;
use crate::http::extract::{ApiPath, CurrentUser};
use crate::http::files::{Audience, image, serve};
use crate::http::problem::Problem;
use crate::media::AudioName;
use crate::store::songs;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(audio)).routes(routes!(cover)).routes(routes!(waveform))
}

/// The song's bytes.
#[utoipa::path(get, path = "/songs/{id}/audio", tag = "songs", params(("id" = i64, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "All of it", content_type = "audio/*"),
        (status = 206, description = "The range that was asked for", content_type = "audio/*"),
        (status = 304, description = "The `ETag` of `If-None-Match` is still right"),
        (status = 416, description = "There is no such range; `Content-Range` tells the size")))]
async fn audio(
    State(state): State<AppState>,
    _: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
    request: Request,
) -> Result<Response, Problem> {
    let files = songs::files(&state.db, id).await?.ok_or_else(no_song)?;
    let name = AudioName::parse(&files.file_hash, &files.mime).ok_or_else(no_song)?;
    let path = state.media.audio_path(&name);
    serve(request, path, name.hash.as_str(), name.format.mime(), Audience::Asker).await
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

/// Peaks for drawing.
#[utoipa::path(get, path = "/songs/{id}/waveform", tag = "songs", params(("id" = i64, Path)),
    responses((status = 200, description = "The outline", body = Waveform)))]
async fn waveform(State(state): State<AppState>, ApiPath(id): ApiPath<SongId>) -> Result<Response, Problem> {
    let peaks = songs::waveform(&state.db, id).await?.ok_or_else(no_song)?;
    let mut response = Json(Waveform { peaks }).into_response();
    // A song's sound never changes.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
