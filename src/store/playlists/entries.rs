//! The entries of a playlist. `ord` is sparse, so that a move writes one row; when a gap is used up, the list is
//! numbered anew.

use octave_protocol::{EntryId, Instant, PlaylistId, SongId, UserId};
use serde::Serialize;

use super::super::again::{again, locking};
use super::super::songs::{self, Song};
use super::super::{Db, Result, on, sql};

/// Distance of neighbours in a fresh list: twenty moves into the same place before the list is numbered anew.
pub(super) const GAP: i64 = 1 << 20;

/// Most entries of one playlist.
pub const MAX_ENTRIES: i64 = 10_000;

/// One place in a playlist.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = PlaylistEntry)]
pub struct Entry {
    pub entry: EntryId,
    pub song: Song,
    pub added_us: Instant,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    entry: i64,
    ord: i64,
    song_id: i64,
    added_us: i64,
}

/// Where a stretch of a playlist begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// At this index.
    Index(u32),
    /// Behind the entry that has or had this place.
    Place(i64, i64),
}

/// A stretch of entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    pub entries: Vec<Entry>,
    /// Where the last of the first `limit` stands, if there are more.
    pub next: Option<(i64, i64)>,
}

/// What is counted off stands in the index alone.
macro_rules! entries {
    ($which:literal) => {
        sql!(concat!(
            "SELECT e.id AS entry, e.ord, e.song_id, e.added_us FROM (SELECT id FROM playlist_songs WHERE playlist_id = $1 ",
            $which,
            ") n JOIN playlist_songs e ON e.id = n.id ORDER BY e.ord, e.id"
        ))
    };
}

/// Up to `limit` entries, as `viewer` sees their songs.
pub async fn entries(db: &Db, viewer: UserId, id: PlaylistId, from: Begin, limit: u32) -> Result<Stretch> {
    let most = i64::from(limit) + 1;
    let mut rows: Vec<Row> = match from {
        Begin::Index(offset) => on!(db, read, c => sqlx::query_as(entries!("ORDER BY ord, id LIMIT $2 OFFSET $3"))
            .bind(id.0).bind(most).bind(i64::from(offset)).fetch_all(c).await)?,
        Begin::Place(ord, entry) => on!(db, read, c => sqlx::query_as(entries!(
                "AND (ord, id) > ($3, $4) ORDER BY ord, id LIMIT $2"))
            .bind(id.0).bind(most).bind(ord).bind(entry).fetch_all(c).await)?,
    };
    let is_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| is_more).map(|row| (row.ord, row.entry));
    let ids: Vec<i64> = rows.iter().map(|row| row.song_id).collect();
    let songs = songs::by_ids(db, viewer, &ids).await?;
    let entry = |row: Row| {
        let song = songs.get(&row.song_id)?.clone();
        Some(Entry { entry: EntryId(row.entry), song, added_us: Instant(row.added_us) })
    };
    Ok(Stretch { entries: rows.into_iter().filter_map(entry).collect(), next })
}

/// The songs in order, one as often as it stands there.
pub async fn song_ids(db: &Db, id: PlaylistId) -> Result<Vec<SongId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT song_id FROM playlist_songs WHERE playlist_id = $1 ORDER BY ord, id"))
        .bind(id.0).fetch_all(c).await)?;
    Ok(ids.into_iter().map(SongId).collect())
}

/// Says when the playlist changed, and keeps other writers of it out until the transaction ends.
macro_rules! touch {
    ($t:ident, $playlist:expr, $at:expr) => {
        sqlx::query(sql!("UPDATE playlists SET updated_us = $2 WHERE id = $1"))
            .bind($playlist.0)
            .bind($at.0)
            .execute(&mut *$t)
            .await?
    };
}

/// The `ord` for an entry that shall stand at index `position` among the others; renumbers the list if there is no room.
macro_rules! ord_at {
    ($t:ident, $playlist:expr, $without:expr, $position:expr) => {{
        let others: Vec<(i64, i64)> = sqlx::query_as(sql!(
            "SELECT id, ord FROM playlist_songs WHERE playlist_id = $1 AND id <> $2 ORDER BY ord, id"
        ))
        .bind($playlist)
        .bind($without)
        .fetch_all(&mut *$t)
        .await?;
        match place(&others, $position) {
            Some(ord) => ord,
            None => {
                let mut fresh = Vec::with_capacity(others.len());
                for ((id, _), ord) in others.iter().zip((1..).map(|n: i64| n * GAP)) {
                    sqlx::query(sql!("UPDATE playlist_songs SET ord = $2 WHERE id = $1"))
                        .bind(id)
                        .bind(ord)
                        .execute(&mut *$t)
                        .await?;
                    fresh.push((*id, ord));
                }
                place(&fresh, $position).unwrap_or(0)
            }
        }
    }};
}

/// A number between the neighbours of index `position`; none when they stand too close.
fn place(others: &[(i64, i64)], position: Option<u32>) -> Option<i64> {
    let at = position.map_or(others.len(), |p| others.len().min(p as usize));
    let before = at.checked_sub(1).map(|i| others[i].1);
    let after = others.get(at).map(|(_, ord)| *ord);
    match (before, after) {
        (None, None) => Some(GAP),
        (Some(b), None) => b.checked_add(GAP),
        (None, Some(a)) => a.checked_sub(GAP),
        (Some(b), Some(a)) => (a - b > 1).then(|| b + (a - b) / 2),
    }
}

/// What became of a song that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Entry(EntryId),
    NoSong,
    NoPlaylist,
    /// It has [`MAX_ENTRIES`].
    Full,
}

/// Puts a song at index `position`, or at the end.
pub async fn add(db: &Db, id: PlaylistId, song: SongId, position: Option<u32>, at: Instant) -> Result<Added> {
    again(|| add_once(db, id, song, position, at)).await
}

async fn add_once(db: &Db, id: PlaylistId, song: SongId, position: Option<u32>, at: Instant) -> Result<Added> {
    on!(db, tx, t => {
        if touch!(t, id, at).rows_affected() == 0 {
            return Ok(Added::NoPlaylist);
        }
        // Locked: its deletion takes it out of all playlists, of this one too.
        let song: Option<i64> = sqlx::query_scalar(locking!(db, "SELECT id FROM songs WHERE id = $1 AND deleted_us IS NULL"))
            .bind(song.0).fetch_optional(&mut *t).await?;
        let Some(song) = song else { return Ok(Added::NoSong) };
        let (count, last): (i64, i64) = sqlx::query_as(sql!(
                "SELECT COUNT(*) AS entries, COALESCE(MAX(ord), 0) AS last FROM playlist_songs WHERE playlist_id = $1"))
            .bind(id.0).fetch_one(&mut *t).await?;
        if count >= MAX_ENTRIES {
            return Ok(Added::Full);
        }
        let ord = match position {
            Some(within) if i64::from(within) < count => ord_at!(t, id.0, 0i64, position),
            _ => last.saturating_add(GAP),
        };
        let entry: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO playlist_songs (playlist_id, song_id, ord, added_us) VALUES ($1, $2, $3, $4) RETURNING id"))
            .bind(id.0).bind(song).bind(ord).bind(at.0).fetch_one(&mut *t).await?;
        Added::Entry(EntryId(entry))
    })
}

/// Moves an entry to index `position`. False when the playlist has no such entry.
pub async fn move_to(db: &Db, id: PlaylistId, entry: EntryId, position: u32, at: Instant) -> Result<bool> {
    again(|| move_once(db, id, entry, position, at)).await
}

async fn move_once(db: &Db, id: PlaylistId, entry: EntryId, position: u32, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        touch!(t, id, at);
        let ord = ord_at!(t, id.0, entry.0, Some(position));
        let done = sqlx::query(sql!("UPDATE playlist_songs SET ord = $3 WHERE id = $1 AND playlist_id = $2"))
            .bind(entry.0).bind(id.0).bind(ord).execute(&mut *t).await?;
        done.rows_affected() == 1
    })
}

/// Takes an entry out. False when the playlist has no such entry.
pub async fn remove(db: &Db, id: PlaylistId, entry: EntryId, at: Instant) -> Result<bool> {
    again(|| remove_once(db, id, entry, at)).await
}

async fn remove_once(db: &Db, id: PlaylistId, entry: EntryId, at: Instant) -> Result<bool> {
    on!(db, tx, t => {
        touch!(t, id, at);
        let done = sqlx::query(sql!("DELETE FROM playlist_songs WHERE id = $1 AND playlist_id = $2"))
            .bind(entry.0).bind(id.0).execute(&mut *t).await?;
        done.rows_affected() == 1
    })
}
