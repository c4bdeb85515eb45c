//! Songs that somebody has to listen to: those that were taken in before they were heard through.

use octave_protocol::{SongId, UserId};
use serde::Serialize;

use super::super::{Db, Result, on, sql};

/// Whether a song was listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SongAnalysis)]
pub enum Analysis {
    /// It plays; its loudness and its outline follow.
    Pending,
    Done,
    /// Nothing here decodes all of it: it plays without.
    Failed,
}

impl Analysis {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub(super) fn parse(text: &str) -> Self {
        match text {
            "pending" => Self::Pending,
            "failed" => Self::Failed,
            _ => Self::Done,
        }
    }
}

/// A song that waits to be listened to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Waiting {
    pub id: i64,
    pub uploader_id: i64,
    pub file_hash: String,
    pub mime: String,
}

/// The oldest song that waits of the user whose id comes next after `after` in a circle: so everybody has a turn, however
/// many songs somebody else has. Those of `busy` are passed over.
pub async fn next_to_analyse(db: &Db, after: UserId, busy: &[UserId]) -> Result<Option<Waiting>> {
    // So many at most are at work at once.
    let busy: [i64; 4] = std::array::from_fn(|n| busy.get(n).map_or(0, |user| user.0));
    for from in [after.0, 0] {
        let found: Option<Waiting> = on!(db, read, c => sqlx::query_as(sql!(
                "SELECT id, uploader_id, file_hash, mime FROM songs WHERE analysis = 'pending' AND deleted_us IS NULL \
                 AND uploader_id > $1 AND uploader_id NOT IN ($2, $3, $4, $5) ORDER BY uploader_id, id LIMIT 1"))
            .bind(from).bind(busy[0]).bind(busy[1]).bind(busy[2]).bind(busy[3]).fetch_optional(c).await)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listened {
    pub loudness_mlufs: Option<i64>,
    pub true_peak_mdb: Option<i64>,
    pub waveform: Vec<u8>,
}

/// Keeps the outline of a song within a transaction, in the place of one that is there.
macro_rules! put_waveform {
    ($t:ident, $song:expr, $peaks:expr) => {
        sqlx::query(sql!(
            "INSERT INTO song_waveforms (song_id, peaks) VALUES ($1, $2) ON CONFLICT (song_id) DO UPDATE SET peaks = excluded.peaks"
        ))
        .bind($song)
        .bind(&$peaks[..])
        .execute(&mut *$t)
        .await?
    };
}
pub(super) use put_waveform;

/// Writes down what was heard of a song, or that it could not be; also where it was deleted meanwhile, for queues still
/// play it.
pub async fn analysed(db: &Db, id: SongId, heard: Option<&Listened>) -> Result<()> {
    let analysis = if heard.is_some() { Analysis::Done } else { Analysis::Failed };
    on!(db, tx, t => {
        sqlx::query(sql!("UPDATE songs SET analysis = $2, loudness_mlufs = $3, true_peak_mdb = $4 WHERE id = $1"))
            .bind(id.0).bind(analysis.as_str()).bind(heard.and_then(|h| h.loudness_mlufs))
            .bind(heard.and_then(|h| h.true_peak_mdb)).execute(&mut *t).await?;
        if let Some(heard) = heard {
            put_waveform!(t, id.0, &heard.waveform);
        }
    })
}

/// The peaks of a song, one byte each.
pub async fn waveform(db: &Db, id: SongId) -> Result<Option<Vec<u8>>> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!("SELECT peaks FROM song_waveforms WHERE song_id = $1"))
        .bind(id.0).fetch_optional(c).await)?)
}
