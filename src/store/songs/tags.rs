//! What a song's tags hold for other programs: kept and given back, used for nothing here.

use octave_protocol::SongId;
use serde::Serialize;

use super::super::{Db, Result, on, sql};

/// Ids and gains that a file's tags name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SongTags {
    pub musicbrainz: MusicBrainz,
    /// `ReplayGain` of the song, in decibels; to -18 LUFS.
    pub replaygain_track_db: Option<f64>,
    pub replaygain_album_db: Option<f64>,
    /// Gain after EBU R 128, in decibels; to -23 LUFS.
    pub r128_track_db: Option<f64>,
    pub r128_album_db: Option<f64>,
}

/// Ids of `MusicBrainz`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MusicBrainzIds)]
pub struct MusicBrainz {
    pub recording: Option<String>,
    pub release: Option<String>,
    pub artists: Vec<String>,
}

impl SongTags {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    mb_recording: Option<String>,
    mb_release: Option<String>,
    mb_artists: Option<String>,
    rg_track_mdb: Option<i64>,
    rg_album_mdb: Option<i64>,
    r128_track_mdb: Option<i64>,
    r128_album_mdb: Option<i64>,
}

impl From<Row> for SongTags {
    fn from(row: Row) -> Self {
        let decibels = |mdb: Option<i64>| mdb.and_then(|m| i32::try_from(m).ok()).map(|m| f64::from(m) / 1000.0);
        Self {
            musicbrainz: MusicBrainz {
                recording: row.mb_recording,
                release: row.mb_release,
                artists: row.mb_artists.iter().flat_map(|all| all.split('\u{1f}')).map(str::to_owned).collect(),
            },
            replaygain_track_db: decibels(row.rg_track_mdb),
            replaygain_album_db: decibels(row.rg_album_mdb),
            r128_track_db: decibels(row.r128_track_mdb),
            r128_album_db: decibels(row.r128_album_mdb),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "gains are bounded where they are read")]
pub(super) fn thousandths(decibels: Option<f64>) -> Option<i64> {
    decibels.map(|db| (db * 1000.0).round() as i64)
}

/// Within a transaction; a song without any gets no row.
macro_rules! put_tags {
    ($t:ident, $song:expr, $tags:expr) => {
        let tags: &$crate::store::songs::SongTags = $tags;
        if !tags.is_empty() {
            let artists = (!tags.musicbrainz.artists.is_empty()).then(|| tags.musicbrainz.artists.join("\u{1f}"));
            sqlx::query(sql!(
                "INSERT INTO song_tags (song_id, mb_recording, mb_release, mb_artists, rg_track_mdb, rg_album_mdb, \
                     r128_track_mdb, r128_album_mdb) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ))
            .bind($song)
            .bind(&tags.musicbrainz.recording)
            .bind(&tags.musicbrainz.release)
            .bind(artists)
            .bind($crate::store::songs::tags::thousandths(tags.replaygain_track_db))
            .bind($crate::store::songs::tags::thousandths(tags.replaygain_album_db))
            .bind($crate::store::songs::tags::thousandths(tags.r128_track_db))
            .bind($crate::store::songs::tags::thousandths(tags.r128_album_db))
            .execute(&mut *$t)
            .await?;
        }
    };
}
pub(super) use put_tags;

pub(super) async fn of(db: &Db, id: SongId) -> Result<SongTags> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT mb_recording, mb_release, mb_artists, rg_track_mdb, rg_album_mdb, r128_track_mdb, r128_album_mdb \
             FROM song_tags WHERE song_id = $1"))
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(SongTags::from).unwrap_or_default())
}
