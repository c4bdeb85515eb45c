//! What is found by words, the best first. Each kind has one index, which its table's triggers keep on SQLite (FTS5) and
//! PostgreSQL keeps by itself (GIN); the words are folded alike for both by `base::fold`. See docs/adr/0012.

mod folding;
mod keys;
mod lines;
mod spelling;

use std::collections::HashSet;

pub(super) use folding::{fold_album, fold_rest, fold_stage};
pub(super) use keys::Keys;
pub(super) use lines::{LINES_OF_A_PIECE, fold_lines, unfolded};
pub use spelling::meant;
pub(super) use spelling::{forms, learn};

use super::{Db, Result, on};
use crate::base::fold::Query;

/// The rows of an index that hold what a parameter asks, the latest first: `hits!(sqlite: "song", "songs", "$1")`.
macro_rules! hits {
    // Who has nothing is not shown, and takes nobody's place.
    (sqlite: "artist", $many:literal, $asked:literal) => {
        concat!(
            "SELECT h.rowid AS id FROM artist_words h CROSS JOIN artists o WHERE h.artist_words MATCH ",
            $asked,
            " AND o.id = h.rowid AND o.songs_count + o.albums_count > 0 ORDER BY h.rowid DESC"
        )
    };
    (sqlite: $one:literal, $many:literal, $asked:literal) => {
        concat!(
            "SELECT rowid AS id FROM ",
            $one,
            "_words WHERE ",
            $one,
            "_words MATCH ",
            $asked,
            " ORDER BY rowid DESC"
        )
    };
    (postgres: $one:tt, $many:literal, $asked:literal) => {
        hits!(postgres: $one, $many, $asked, "id")
    };
    (postgres: "song", $many:literal, $asked:literal, $columns:literal) => {
        concat!(
            "SELECT ", $columns, " FROM songs WHERE words_of(search_key) @@ CAST(",
            $asked,
            " AS tsquery) AND deleted_us IS NULL"
        )
    };
    (postgres: "stage", $many:literal, $asked:literal, $columns:literal) => {
        concat!(
            "SELECT ", $columns, " FROM stages WHERE words_of(search_key) @@ CAST(",
            $asked,
            " AS tsquery) AND ended_us IS NULL"
        )
    };
    (postgres: "artist", $many:literal, $asked:literal, $columns:literal) => {
        concat!(
            "SELECT ", $columns, " FROM artists WHERE words_of(search_key) @@ CAST(",
            $asked,
            " AS tsquery) AND songs_count + albums_count > 0"
        )
    };
    (postgres: $one:literal, $many:literal, $asked:literal, $columns:literal) => {
        concat!("SELECT ", $columns, " FROM ", $many, " WHERE words_of(search_key) @@ CAST(", $asked, " AS tsquery)")
    };
}
pub(super) use hits;

/// Hits of a rank that are put in order; of more of them the latest are, and on PostgreSQL those that it meets first.
const OF_A_RANK: u32 = 300;

/// Ids of a kind by relevance: titles that are what is asked, that begin so, that hold all words, what is by whom all
/// words name, and the rest; among equals what `$weight` says. The ranks are asked one after the other until there is
/// enough: of a common word the first one has plenty.
macro_rules! ranked {
    ($engine:ident, $one:tt, $many:tt, $weight:literal) => {
        concat!(
            "SELECT id, tier FROM (", ranked!(@ $engine, $one, $many, $weight, "0", "$1"),
            " UNION ALL ", ranked!(@ $engine, $one, $many, $weight, "1", "$2"),
            " UNION ALL ", ranked!(@ $engine, $one, $many, $weight, "2", "$3"),
            " UNION ALL ", ranked!(@ $engine, $one, $many, $weight, "3", "$4"),
            " UNION ALL ", ranked!(@ $engine, $one, $many, $weight, "4", "$5"), ") AS ranks LIMIT $6"
        )
    };
    // Of a letter or two the index would gather a tenth of all songs before it tells the first. This one is in order already.
    (@ postgres, "song", $many:tt, $weight:tt, "1", $asked:literal) => {
        concat!(
            "SELECT id, tier FROM (SELECT x.id, 1 AS tier FROM (SELECT * FROM songs WHERE title_key >= ", $asked,
            " AND title_key < ", $asked, " || chr(1114111) AND deleted_us IS NULL AND search_key <> '' ORDER BY title_key, id LIMIT $7) AS x \
             ORDER BY x.", $weight, " DESC, x.id LIMIT $6) AS of_tier"
        )
    };
    (@ postgres, $one:tt, $many:tt, $weight:tt, $tier:literal, $asked:literal) => {
        concat!(
            "SELECT id, tier FROM (SELECT x.id, ", $tier, " AS tier FROM (", hits!(postgres: $one, $many, $asked, "*"), " LIMIT $7) AS x \
             ORDER BY x.", $weight, " DESC, x.id LIMIT $6) AS of_tier"
        )
    };
    (@ $engine:ident, $one:tt, $many:tt, $weight:tt, $tier:literal, $asked:literal) => {
        concat!(
            "SELECT id, tier FROM (SELECT x.id, ", $tier, " AS tier FROM (", hits!($engine: $one, $many, $asked), " LIMIT $7) AS hits \
             CROSS JOIN ", $many, " x WHERE x.id = hits.id ORDER BY x.", $weight, " DESC, x.id LIMIT $6) AS of_tier"
        )
    };
}

/// The ids that [`ranked!`] finds for a query. What is of a rank is of the next ones too, so of each as many are
/// asked for as all ranks together may hold without there being enough.
macro_rules! best {
    ($db:expr, $q:expr, $limit:expr, $one:tt, $many:tt, $weight:literal) => {{
        let (db, q, limit): (&Db, &Query, u32) = ($db, $q, $limit);
        if q.is_empty() {
            return Ok(Vec::new());
        }
        let [exact, begun, title, name, any] =
            [q.exact(), q.begun(), q.in_title(), q.in_by(), q.clone()].map(|q| written(db, &q));
        let begun = if $one == "song" && !db.is_sqlite() { q.beginning() } else { begun };
        let text = if db.is_sqlite() {
            $crate::store::sql!(sqlite: ranked!(sqlite, $one, $many, $weight))
        } else {
            $crate::store::sql!(postgres: ranked!(postgres, $one, $many, $weight))
        };
        let rows: Vec<(i64, i32)> = on!(db, read, c => sqlx::query_as(text)
            .bind(exact).bind(begun).bind(title).bind(name).bind(any).bind(i64::from(5 * limit)).bind(i64::from(OF_A_RANK))
            .fetch_all(c).await)?;
        Ok(first_of_each(rows, limit))
    }};
}

/// Each id once, where it stands first; at most `limit`.
fn first_of_each(mut rows: Vec<(i64, i32)>, limit: u32) -> Vec<i64> {
    rows.sort_by_key(|(_, tier)| *tier);
    let mut seen = HashSet::new();
    rows.retain(|(id, _)| seen.insert(*id));
    rows.into_iter().map(|(id, _)| id).take(limit as usize).collect()
}

/// A query as the database wants to hear it.
pub(super) fn written(db: &Db, query: &Query) -> String {
    if db.is_sqlite() { query.fts5() } else { query.tsquery() }
}

pub(super) async fn song_ids(db: &Db, q: &Query, limit: u32) -> Result<Vec<i64>> {
    best!(db, q, limit, "song", "songs", "likes_count")
}

pub(super) async fn album_ids(db: &Db, q: &Query, limit: u32) -> Result<Vec<i64>> {
    best!(db, q, limit, "album", "albums", "songs_count")
}

pub(super) async fn artist_ids(db: &Db, q: &Query, limit: u32) -> Result<Vec<i64>> {
    best!(db, q, limit, "artist", "artists", "songs_count")
}

pub(super) async fn playlist_ids(db: &Db, q: &Query, limit: u32) -> Result<Vec<i64>> {
    best!(db, q, limit, "playlist", "playlists", "updated_us")
}

/// Open stages, whoever may know of them.
pub(super) async fn stage_ids(db: &Db, q: &Query, limit: u32) -> Result<Vec<i64>> {
    best!(db, q, limit, "stage", "stages", "created_us")
}

pub(super) async fn user_ids(db: &Db, q: &Query, limit: u32) -> Result<Vec<i64>> {
    best!(db, q, limit, "user", "users", "followers_count")
}

/// Rows in the order in which their ids were found.
pub(super) fn in_order<T>(ids: &[i64], mut rows: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
    let place = |row: &T| ids.iter().position(|found| *found == id(row)).unwrap_or(usize::MAX);
    rows.sort_by_cached_key(place);
    rows
}

#[cfg(test)]
mod tests;
