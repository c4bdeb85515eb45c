//! Playlists that come from elsewhere.

use std::collections::BTreeSet;

use octave_protocol::{Instant, PlaylistId, SongId, UserId};

use super::super::again::again;
use super::super::search::learn;
use super::super::{Db, Result, ids_json, on, sql};
use super::entries::GAP;
use crate::base::fold;

/// What is known of a song that somebody may mean.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Candidate {
    pub id: i64,
    /// Its title, folded.
    pub title_key: String,
    artist_key: String,
    pub album: Option<String>,
    pub duration_us: i64,
    pub file_hash: String,
}

impl Candidate {
    /// Its artist, folded.
    pub fn artist(&self) -> &str {
        self.artist_key.split('\u{1}').next().unwrap_or_default()
    }
}

/// The songs of these titles (folded), ids or files, each once, the first uploaded first.
pub async fn candidates(
    db: &Db,
    titles: &BTreeSet<String>,
    ids: &[i64],
    hashes: &BTreeSet<String>,
) -> Result<Vec<Candidate>> {
    let text = if db.is_sqlite() {
        sql!(sqlite: "SELECT id, title_key, artist_key, album, duration_us, file_hash FROM songs \
            WHERE deleted_us IS NULL AND title_key IN (SELECT value FROM json_each($1)) \
            UNION SELECT id, title_key, artist_key, album, duration_us, file_hash FROM songs \
            WHERE deleted_us IS NULL AND id IN (SELECT value FROM json_each($2)) \
            UNION SELECT id, title_key, artist_key, album, duration_us, file_hash FROM songs \
            WHERE deleted_us IS NULL AND file_hash IN (SELECT value FROM json_each($3)) ORDER BY id")
    } else {
        sql!(postgres: "SELECT id, title_key, artist_key, album, duration_us, file_hash FROM songs \
            WHERE deleted_us IS NULL AND title_key IN (SELECT value FROM json_array_elements_text(CAST($1 AS json))) \
            UNION SELECT id, title_key, artist_key, album, duration_us, file_hash FROM songs \
            WHERE deleted_us IS NULL AND id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json))) \
            UNION SELECT id, title_key, artist_key, album, duration_us, file_hash FROM songs \
            WHERE deleted_us IS NULL AND file_hash IN (SELECT value FROM json_array_elements_text(CAST($3 AS json))) ORDER BY id")
    };
    let titles = serde_json::to_string(titles).unwrap_or_default();
    let hashes = serde_json::to_string(hashes).unwrap_or_default();
    Ok(
        on!(db, read, c => sqlx::query_as(text).bind(titles).bind(ids_json(ids.iter().copied())).bind(hashes).fetch_all(c).await)?,
    )
}

/// Makes a playlist of songs in order. One that is gone meanwhile is left out.
pub async fn import(db: &Db, owner: UserId, name: &str, songs: &[SongId], at: Instant) -> Result<PlaylistId> {
    again(|| import_once(db, owner, name, songs, at)).await
}

async fn import_once(db: &Db, owner: UserId, name: &str, songs: &[SongId], at: Instant) -> Result<PlaylistId> {
    let songs = ids_json(songs.iter().map(|song| song.0));
    let text = if db.is_sqlite() {
        sql!(sqlite: "INSERT INTO playlist_songs (playlist_id, song_id, ord, added_us) SELECT $1, s.id, (j.key + 1) * $4, $2 \
            FROM json_each($3) j CROSS JOIN songs s WHERE s.id = j.value AND s.deleted_us IS NULL ORDER BY j.key")
    } else {
        sql!(postgres: "INSERT INTO playlist_songs (playlist_id, song_id, ord, added_us) SELECT $1, s.id, j.place * $4, $2 \
            FROM json_array_elements_text(CAST($3 AS json)) WITH ORDINALITY AS j (value, place) \
            JOIN songs s ON s.id = CAST(j.value AS BIGINT) WHERE s.deleted_us IS NULL ORDER BY j.place")
    };
    on!(db, tx, t => {
        if !db.is_sqlite() {
            // Held: the deletion of a song takes it out of all playlists, of this one too.
            sqlx::query(sql!(postgres: "SELECT id FROM songs WHERE id IN \
                    (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))) ORDER BY id FOR SHARE"))
                .bind(&songs).fetch_all(&mut *t).await?;
        }
        let id: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO playlists (owner_id, name, created_us, updated_us, search_key) VALUES ($1, $2, $3, $3, $4) RETURNING id"))
            .bind(owner.0).bind(name).bind(at.0).bind(fold::document(name, "", &[])).fetch_one(&mut *t).await?;
        learn!(db, t, [name]);
        sqlx::query(text).bind(id).bind(at.0).bind(&songs).bind(GAP).execute(&mut *t).await?;
        PlaylistId(id)
    })
}
