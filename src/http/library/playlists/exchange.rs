//! Playlists as other players write and read them: XSPF, JSPF and M3U.

mod decode;
mod guess;
mod m3u;
mod matching;
mod read;
#[cfg(test)]
mod tests;
mod write;
mod xspf;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, FromRequest as _, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use octave_protocol::{PlaylistId, SongId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::{Playlist, find};
use crate::base::fold::Query;
use crate::base::name::Title;
use crate::base::text;
use crate::http::kit::extract::{ApiPath, ApiQuery, CurrentUser, unreadable};
use crate::http::kit::forwarded::Client;
use crate::http::kit::origin;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::playlists::{self, Begin};
use crate::store::songs;
use guess::Meaning;
use matching::Library;

/// Largest playlist file, in bytes.
const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;

/// Most entries that are exported or imported.
const MAX_ENTRIES: usize = 10_000;

/// Longest name that is read, and longest address, in bytes; of a longer name the beginning counts.
const MAX_WORDS: usize = 2_000;
const MAX_LOCATION: usize = 8_000;

/// Most identifiers of an entry.
const MAX_IDENTIFIERS: usize = 16;

/// Entries without a song for which songs are proposed, and how many for each.
const HELPED: usize = 25;
const PROPOSED: u32 = 5;

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
    /// Such as `ni:///sha-256;…` (RFC 6920): the hash of the file.
    identifiers: Vec<String>,
    /// Artist and title in one, as M3U has them.
    said: String,
}

impl Track {
    /// For people, where the library does not have it.
    fn shown(&self) -> String {
        match (self.artist.as_str(), self.title.as_str()) {
            ("", "") if self.said.is_empty() => self.location.clone().unwrap_or_default(),
            ("", "") => self.said.clone(),
            ("", title) => title.to_owned(),
            (artist, "") => format!("{artist} - {}", self.said),
            (artist, title) => format!("{artist} - {title}"),
        }
    }
}

/// A playlist of another player.
#[derive(Debug, Default, PartialEq)]
struct File {
    title: String,
    tracks: Vec<Track>,
}

impl Track {
    /// No longer than what is read of it.
    fn cut(mut self) -> Self {
        for words in [&mut self.title, &mut self.artist, &mut self.said].into_iter().chain(&mut self.album) {
            words.truncate(words.floor_char_boundary(MAX_WORDS));
        }
        self.location = self.location.filter(|location| location.len() <= MAX_LOCATION);
        self.identifiers.retain(|name| name.len() <= MAX_WORDS);
        self.identifiers.truncate(MAX_IDENTIFIERS);
        self
    }
}

impl File {
    /// Takes an entry in. Of more than can be imported one is kept, which tells that there are more.
    fn add(&mut self, track: Track) {
        if self.tracks.len() <= MAX_ENTRIES {
            self.tracks.push(track.cut());
        }
    }

    /// Whether a text in it holds a NUL.
    fn holds_nul(&self) -> bool {
        let texts = |t: &Track| {
            let all =
                [&t.title, &t.artist, &t.said].into_iter().chain(&t.album).chain(&t.location).chain(&t.identifiers);
            all.cloned().collect::<Vec<_>>()
        };
        self.title.contains('\0') || self.tracks.iter().flat_map(texts).any(|text| text.contains('\0'))
    }
}

fn read_file(body: &[u8]) -> Option<File> {
    read::read(&decode::decode(body))
}

/// All of an import that needs no library: in how many ways songs would be looked for. None where it is no playlist.
pub fn rehearse(body: &[u8]) -> Option<usize> {
    let file = read_file(body)?;
    Some(file.tracks.iter().map(|track| Meaning::of(track).guesses.len()).sum())
}

/// Whole milliseconds; none of what can't be a length.
fn milliseconds(ms: f64) -> Option<i64> {
    let long = std::time::Duration::try_from_secs_f64(ms / 1_000.0).ok()?;
    i64::try_from(long.as_millis()).ok()
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
    client: Option<Extension<Client>>,
    headers: HeaderMap,
) -> Result<([(HeaderName, String); 2], String), Problem> {
    let playlist = find(&state, id).await?;
    let most = u32::try_from(MAX_ENTRIES).unwrap_or(u32::MAX);
    let entries = playlists::entries(&state.db, user.id(), id, Begin::Index(0), most).await?.entries;
    let ids: Vec<SongId> = entries.iter().map(|e| e.song.song.id).collect();
    let hashes = songs::hashes(&state.db, &ids).await?;
    let client = client.map(|Extension(client)| client);
    let here = origin::of_request(&headers, &state.settings, client.as_ref()).unwrap_or_default();
    let tracks: Vec<Track> = entries
        .into_iter()
        .map(|e| Track {
            duration_ms: Some(e.song.song.duration_us.0 / 1_000),
            location: Some(format!("{here}{}", e.song.song.audio_url)),
            identifiers: hashes.get(&e.song.song.id).and_then(|hash| matching::identifier(hash)).into_iter().collect(),
            title: e.song.song.title,
            artist: e.song.song.artist,
            album: e.song.song.album,
            said: String::new(),
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

/// A song that may be the one that was meant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProposedSong)]
struct Proposed {
    #[schema(value_type = i64)]
    id: SongId,
    title: String,
    artist: String,
    album: Option<String>,
}

/// An entry whose song was not found. Adding one to the playlist at `position` puts it where it belongs, from the first of
/// these to the last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnresolvedEntry)]
struct Unresolved {
    /// The index that it has in the file.
    position: usize,
    /// What the file says of it.
    said: String,
    location: Option<String>,
    /// What comes near; for the first 25 only.
    proposed: Vec<Proposed>,
}

/// What became of an imported playlist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedPlaylist)]
struct Imported {
    playlist: Playlist,
    matched: usize,
    /// `artist - title` of what the library does not have.
    missing: Vec<String>,
    /// The same, for choosing songs by hand.
    unresolved: Vec<Unresolved>,
}

/// Makes a playlist from another player's file, of the songs that the library has: all at once, or nothing.
#[utoipa::path(post, path = "/playlists/import", tag = "playlists",
    request_body(content = String, content_type = "application/xspf+xml", description = "XSPF, JSPF or M3U, by content"),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, description = "The playlist, and what is missing", body = Imported)),
    extensions(("x-problems" = json!(["unsupported_playlist", "bad_text"]))))]
async fn import(
    State(state): State<AppState>,
    user: CurrentUser,
    request: Request,
) -> Result<(StatusCode, Json<Imported>), Problem> {
    let body = Bytes::from_request(request, &state).await.map_err(|e| unreadable(&e))?;
    let (file, meanings) = understood(body).await?;
    let name = text::line(&file.title, Title::MAX_CHARS).unwrap_or_else(|| "Imported playlist".to_owned());
    let library = Library::of(&state.db, &file.tracks, &meanings).await?;
    let (mut found, mut unresolved) = (Vec::new(), Vec::new());
    for (position, (track, meaning)) in file.tracks.iter().zip(&meanings).enumerate() {
        match library.find(track, meaning) {
            Some(song) => found.push(song),
            None => unresolved.push((position, track)),
        }
    }
    let id = playlists::import(&state.db, user.id(), &name, &found, state.clock.now()).await?;
    let missing = unresolved.iter().map(|(_, track)| track.shown()).collect();
    let unresolved = propose(&state, &user, unresolved).await?;
    let playlist = find(&state, id).await?;
    Ok((StatusCode::CREATED, Json(Imported { playlist, matched: found.len(), missing, unresolved })))
}

/// A file, and what its entries may mean; off the runtime's threads, for there may be much of it.
async fn understood(body: Bytes) -> Result<(File, Vec<Meaning>), Problem> {
    let read = move || {
        let file = read_file(&body)?;
        let meanings: Vec<Meaning> = file.tracks.iter().take(MAX_ENTRIES).map(Meaning::of).collect();
        Some((file, meanings))
    };
    let done = tokio::task::spawn_blocking(read).await.ok().flatten();
    let (file, meanings) = done.ok_or_else(|| {
        let detail = "this is not an XSPF, JSPF or M3U playlist";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_playlist", detail)
    })?;
    if file.holds_nul() {
        return Err(Problem::unstorable_text());
    }
    if file.tracks.len() > MAX_ENTRIES {
        let detail = format!("the file has more than {MAX_ENTRIES} entries, which is all that a playlist holds");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    }
    Ok((file, meanings))
}

/// The entries without a song, with songs that come near.
async fn propose(
    state: &AppState,
    user: &CurrentUser,
    entries: Vec<(usize, &Track)>,
) -> Result<Vec<Unresolved>, Problem> {
    let mut all = Vec::with_capacity(entries.len());
    for (n, (position, track)) in entries.into_iter().enumerate() {
        let proposed = if n < HELPED { near(state, user, track).await? } else { Vec::new() };
        all.push(Unresolved { position, said: track.shown(), location: track.location.clone(), proposed });
    }
    Ok(all)
}

/// Songs found by the first words of an entry by which there are any.
async fn near(state: &AppState, user: &CurrentUser, track: &Track) -> Result<Vec<Proposed>, Problem> {
    for words in guess::near(track) {
        let found = songs::find(&state.db, user.id(), &Query::of(&words), PROPOSED).await?;
        if !found.is_empty() {
            let songs = found.into_iter().map(|s| s.song);
            return Ok(songs
                .map(|s| Proposed { id: s.id, title: s.title, artist: s.artist, album: s.album })
                .collect());
        }
    }
    Ok(Vec::new())
}
