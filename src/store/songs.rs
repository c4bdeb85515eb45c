//! Songs: what was uploaded, by whom, and how it is shown.

mod analysis;
mod list;
mod tags;
#[cfg(test)]
pub(crate) mod tests;
mod write;

use std::collections::HashMap;

use octave_protocol::model::{self, User};
use octave_protocol::{AlbumId, ArtistId, Duration, Instant, SongId, UserId};
use serde::Serialize;

pub use analysis::{Analysis, Listened, Waiting, analysed, next_to_analyse, waveform};
pub(super) use list::by_ids;
pub use list::{Filter, Sort, find, list};
pub use tags::{MusicBrainz, SongTags};
#[cfg(test)]
pub use write::insert;
pub(super) use write::rename_album;
pub use write::{Change, Inserted, NewSong, delete, has_twin, put, update, uploaded_before};

use super::upkeep::song_is_heard;
use super::{Db, Result, of_ids, on, sql};
use crate::base::text;

/// The columns of a [`Row`]; `$1` is the viewer. Genres are joined by U+001F, which no name can hold.
macro_rules! song_columns {
    () => {
        "s.id, s.title, s.artist, s.artist_id, s.album, s.album_id, s.disc, s.track, s.year, s.analysis, s.duration_us, s.mime, \
         s.file_hash, s.file_size, s.cover, s.loudness_mlufs, s.likes_count, s.comments_count, s.plays_count, s.created_us, \
         u.id AS uploader_id, u.username AS uploader, u.avatar AS uploader_avatar, \
         EXISTS (SELECT 1 FROM song_likes l WHERE l.song_id = s.id AND l.user_id = $1) AS liked, \
         (SELECT string_agg(g.name, '\u{1f}') FROM song_genres sg JOIN genres g ON g.id = sg.genre_id \
          WHERE sg.song_id = s.id) AS genres, \
         (SELECT string_agg(sa.position || ':' || sa.artist_id || ':' || ar.name, '\u{1f}') FROM song_artists sa \
          JOIN artists ar ON ar.id = sa.artist_id WHERE sa.song_id = s.id) AS artists "
    };
}
use song_columns;

/// A song as the library shows it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = LibrarySong)]
pub struct Song {
    #[serde(flatten)]
    pub song: model::Song,
    /// All of its artists, as it names them; `artist` is how they are shown together.
    pub artists: Vec<SongArtist>,
    pub genres: Vec<String>,
    pub uploader: User,
    pub likes_count: i64,
    pub comments_count: i64,
    /// How often somebody has heard half of it, or four minutes.
    pub plays_count: i64,
    /// Whether the asking user likes it.
    pub liked: bool,
    pub disc: Option<i64>,
    pub track: Option<i64>,
    pub year: Option<i64>,
    /// Whether its loudness and its outline are there.
    pub analysis: Analysis,
    /// What its file's tags hold for other programs; where the song is asked for by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<SongTags>,
    /// In bytes.
    pub file_size: i64,
    pub waveform_url: String,
    pub created_us: Instant,
}

#[derive(Debug, sqlx_macros::FromRow)]
struct Row {
    id: i64,
    title: String,
    artist: String,
    artist_id: Option<i64>,
    album: Option<String>,
    album_id: Option<i64>,
    disc: Option<i64>,
    track: Option<i64>,
    year: Option<i64>,
    analysis: String,
    duration_us: i64,
    mime: String,
    file_hash: String,
    file_size: i64,
    cover: Option<String>,
    loudness_mlufs: Option<i64>,
    likes_count: i64,
    comments_count: i64,
    plays_count: i64,
    created_us: i64,
    uploader_id: i64,
    uploader: String,
    uploader_avatar: Option<String>,
    liked: bool,
    genres: Option<String>,
    artists: Option<String>,
}

/// One of a song's artists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SongArtist {
    pub id: ArtistId,
    pub name: String,
}

/// Artists out of `position:id:name`, in order.
fn artists(joined: Option<&str>) -> Vec<SongArtist> {
    let mut found: Vec<(i64, SongArtist)> = joined
        .into_iter()
        .flat_map(|all| all.split('\u{1f}'))
        .filter_map(|one| {
            let (position, rest) = one.split_once(':')?;
            let (id, name) = rest.split_once(':')?;
            Some((position.parse().ok()?, SongArtist { id: ArtistId(id.parse().ok()?), name: name.to_owned() }))
        })
        .collect();
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, artist)| artist).collect()
}

impl From<Row> for Song {
    fn from(row: Row) -> Self {
        let mut genres: Vec<String> =
            row.genres.iter().flat_map(|all| all.split('\u{1f}')).map(str::to_owned).collect();
        genres.sort_unstable_by_key(|g| text::key(g));
        let player = PlayerRow {
            id: row.id,
            title: row.title,
            artist: row.artist,
            artist_id: row.artist_id,
            album: row.album,
            album_id: row.album_id,
            duration_us: row.duration_us,
            mime: row.mime,
            file_hash: row.file_hash,
            cover: row.cover,
            loudness_mlufs: row.loudness_mlufs,
        };
        Self {
            waveform_url: format!("/api/v1/songs/{}/waveform?v={}", player.id, version(&player.file_hash)),
            song: player.into(),
            artists: artists(row.artists.as_deref()),
            genres,
            uploader: super::users::user(UserId(row.uploader_id), &row.uploader, row.uploader_avatar.as_deref()),
            likes_count: row.likes_count,
            comments_count: row.comments_count,
            plays_count: row.plays_count,
            liked: row.liked,
            disc: row.disc,
            track: row.track,
            year: row.year,
            analysis: Analysis::parse(&row.analysis),
            tags: None,
            file_size: row.file_size,
            created_us: Instant(row.created_us),
        }
    }
}

/// What a player needs, and no more: read by the hundred when a stage starts.
#[derive(Debug, sqlx_macros::FromRow)]
struct PlayerRow {
    id: i64,
    title: String,
    artist: String,
    artist_id: Option<i64>,
    album: Option<String>,
    album_id: Option<i64>,
    duration_us: i64,
    mime: String,
    file_hash: String,
    cover: Option<String>,
    loudness_mlufs: Option<i64>,
}

impl From<PlayerRow> for model::Song {
    fn from(row: PlayerRow) -> Self {
        let id = row.id;
        Self {
            id: SongId(id),
            title: row.title,
            artist: row.artist,
            artist_id: row.artist_id.map(ArtistId),
            album: row.album,
            album_id: row.album_id.map(AlbumId),
            duration_us: Duration(row.duration_us),
            cover_url: row.cover.map(|c| format!("/api/v1/songs/{id}/cover?v={}", version(&c))),
            audio_url: format!("/api/v1/songs/{id}/audio?v={}", version(&row.file_hash)),
            mime: row.mime,
            loudness_lufs: row.loudness_mlufs.and_then(|m| i32::try_from(m).ok()).map(|m| f64::from(m) / 1000.0),
        }
    }
}

/// What stands after `?v=`: it differs when the file does.
pub(super) fn version(file: &str) -> &str {
    file.get(..8).unwrap_or(file)
}

/// One song, as `viewer` sees it; none when there is no such song or it was deleted.
pub async fn get(db: &Db, viewer: UserId, id: SongId) -> Result<Option<Song>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", song_columns!(), "FROM songs s JOIN users u ON u.id = s.uploader_id ",
            "WHERE s.id = $2 AND s.deleted_us IS NULL")))
        .bind(viewer.0).bind(id.0).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Song { tags: Some(tags::of(db, id).await?), ..Song::from(row) }))
}

/// Songs for a stage's queue, in no particular order, deleted ones too: a queue plays what it holds.
pub async fn for_stage(db: &Db, ids: &[SongId]) -> Result<Vec<model::Song>> {
    let rows: Vec<PlayerRow> = of_ids!(
        db,
        ids.iter().map(|id| id.0),
        "SELECT id, title, artist, artist_id, album, album_id, duration_us, mime, file_hash, cover, loudness_mlufs \
         FROM songs WHERE id IN (",
        ")"
    )?;
    Ok(rows.into_iter().map(model::Song::from).collect())
}

/// The names of the files of songs, by their content.
pub async fn hashes(db: &Db, ids: &[SongId]) -> Result<HashMap<SongId, String>> {
    let rows: Vec<(i64, String)> =
        of_ids!(db, ids.iter().map(|id| id.0), "SELECT id, file_hash FROM songs WHERE id IN (", ")")?;
    Ok(rows.into_iter().map(|(id, hash)| (SongId(id), hash)).collect())
}

/// Where a song's files are, and who may change it.
#[derive(Debug, Clone, sqlx_macros::FromRow)]
pub struct Files {
    pub uploader_id: i64,
    pub file_hash: String,
    pub mime: String,
    pub cover: Option<String>,
}

/// The files of a song. A deleted one has them as long as a queue holds it.
pub async fn files(db: &Db, id: SongId) -> Result<Option<Files>> {
    Ok(on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT s.uploader_id, s.file_hash, s.mime, s.cover FROM songs s WHERE s.id = $1 AND ", song_is_heard!())))
        .bind(id.0).fetch_optional(c).await)?)
}

/// The words of a song; empty if it has none.
pub async fn lyrics(db: &Db, id: SongId) -> Result<Option<String>> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT COALESCE(y.lyrics, '') AS lyrics FROM songs s LEFT JOIN song_lyrics y ON y.song_id = s.id \
             WHERE s.id = $1 AND s.deleted_us IS NULL"))
        .bind(id.0).fetch_optional(c).await)?)
}
