//! Uploading a song: the file streams to the disk, and is a song when it has been heard through.

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::{Song, find, name};
use crate::http::kit::extract::CurrentUser;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::ingest::{self, AddError, Added, Given};
use crate::library::media::tags::genres;
use crate::library::media::{AudioError, Media, ReceiveError, Received};
use crate::store::songs::Inserted;

/// Longest text field of an upload, in bytes.
const MAX_TEXT_BYTES: usize = 4_096;

/// Most parts of an upload.
const MAX_PARTS: usize = 64;

/// How much of a refused upload is still read, in bytes, so that its sender sees the answer and not a broken line.
const MAX_DRAINED_BYTES: u64 = 64 * 1024 * 1024;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    // The file is counted as it comes in, against the configured size.
    OpenApiRouter::new().routes(routes!(upload).layer(DefaultBodyLimit::disable()))
}

/// The parts of an upload. Texts win over the file's tags.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart body to the OpenAPI document")]
#[schema(as = Upload)]
struct Parts {
    /// mp3, flac, ogg (vorbis, opus), m4a/aac or wav; recognised by content.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    title: Option<String>,
    artist: Option<String>,
    album: Option<String>,
    /// Once with commas between, or several times.
    genres: Option<String>,
}

/// A song that was taken in.
#[derive(Debug, Serialize, ToSchema)]
struct UploadedSong {
    #[serde(flatten)]
    song: Song,
    /// What of the file was left out, or that the song was there already, in words for its uploader; nearly always nothing.
    notes: Vec<String>,
}

/// Uploads a song. It can be played as soon as it is answered for; its loudness and its outline follow (`analysis`).
///
/// The same bytes by the same title, artist and album are one song: the one that is there is answered.
#[utoipa::path(post, path = "/songs", tag = "songs",
    request_body(content = Parts, content_type = "multipart/form-data"),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The song", body = UploadedSong)),
    extensions(("x-problems" = json!(["unsupported_media_type", "unsupported_audio", "invalid_field"]))))]
async fn upload(
    State(state): State<AppState>,
    user: CurrentUser,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<UploadedSong>), Problem> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| {
        let detail = "send `multipart/form-data` with the audio in the part `file`";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    })?;
    let (received, given) = match read(&state.media, &mut parts).await {
        Ok(read) => read,
        Err(problem) => {
            drain(parts).await;
            return Err(problem);
        }
    };
    let added = ingest::accept(&state.db, &state.media, user.id(), received, given, state.clock.now()).await;
    let Added { song: inserted, notes } = added.map_err(refusal)?;
    let id = inserted.id();
    let song = find(&state, user.id(), id).await?;
    if matches!(inserted, Inserted::New(_)) {
        state.news.notify_one(); // it may have brought an album
    }
    let uploaded = UploadedSong { song, notes: notes.into_iter().map(str::to_owned).collect() };
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/songs/{id}"))], Json(uploaded)))
}

/// Reads the parts of an upload, of which only the file is kept for a while.
pub async fn read(media: &Media, parts: &mut Multipart) -> Result<(Received, Given), Problem> {
    let mut given = Given::default();
    let mut received = None;
    for _ in 0..MAX_PARTS {
        let Some(part) = parts.next_field().await.map_err(|e| broken(&e))? else {
            let received = received.ok_or_else(|| Problem::invalid_field("file", "is missing"))?;
            return Ok((received, given));
        };
        match part.name().unwrap_or_default() {
            "file" if received.is_none() => {
                given.file_name = part.file_name().map(unescaped);
                received = Some(receive(media, part).await?);
            }
            "file" => return Err(Problem::invalid_field("file", "one file at a time")),
            "title" => given.title = text(part).await?.map(|s| name("title", &s)).transpose()?,
            "artist" => given.artist = text(part).await?.map(|s| name("artist", &s)).transpose()?,
            "album" => given.album = text(part).await?.map(|s| name("album", &s)).transpose()?,
            "genres" | "genre" => {
                let said = text(part).await?.unwrap_or_default();
                let list: Vec<String> = serde_json::from_str(&said).unwrap_or_else(|_| vec![said]);
                given.genres.extend(genres(list.iter().map(String::as_str)));
            }
            _ => {}
        }
    }
    Err(Problem::invalid_field("", "too many parts"))
}

/// Browsers write three characters of a file's name as percent signs, and no others (HTML, multipart/form-data).
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", " ").replace("%0A", " ")
}

async fn receive(media: &Media, mut part: Field<'_>) -> Result<Received, Problem> {
    let mut incoming = media.receive().await.map_err(unreceived)?;
    while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e))? {
        incoming.write(&chunk).await.map_err(unreceived)?;
    }
    incoming.finish().await.map_err(unreceived)
}

/// A text part; an empty one is none.
async fn text(mut part: Field<'_>) -> Result<Option<String>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e))? {
        if bytes.len() + chunk.len() > MAX_TEXT_BYTES {
            let field = part.name().unwrap_or_default().to_owned();
            let message = format!("must have at most {MAX_TEXT_BYTES} bytes");
            return Err(Problem::invalid(vec![crate::http::kit::problem::FieldError::new(field, message)]));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::invalid_field("", "a text is not UTF-8"))?;
    Ok((!text.trim().is_empty()).then_some(text))
}

async fn drain(mut parts: Multipart) {
    let mut left = MAX_DRAINED_BYTES;
    while let Ok(Some(mut part)) = parts.next_field().await {
        while let Ok(Some(chunk)) = part.chunk().await {
            let Some(rest) = left.checked_sub(chunk.len() as u64) else { return };
            left = rest;
        }
    }
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the upload is too large")
    } else {
        Problem::new(StatusCode::BAD_REQUEST, "bad_body", "the upload broke off or is not well-formed multipart")
    }
}

fn unreceived(error: ReceiveError) -> Problem {
    match error {
        ReceiveError::TooLarge { .. } => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", error.to_string()),
        ReceiveError::Io(error) => Problem::unwritten(&error),
    }
}

fn refusal(error: AddError) -> Problem {
    match error {
        AddError::Audio(AudioError::Io(error)) => Problem::unwritten(&error),
        AddError::Audio(error) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_audio", error.to_string())
        }
        AddError::Store(error) => error.into(),
    }
}
