//! Folds what is not folded yet: rows from before there were words, or of a table that was filled past the program. Piece
//! by piece, each a transaction, so that it goes on where it was interrupted.

use super::lines::fold_all_lines;
use super::{Keys, learn};
use crate::base::fold;
use crate::store::{Db, Result, on, sql};

/// Rows of one piece.
const PIECE: i64 = 1_000;

/// The rows that a statement for PostgreSQL or SQLite takes from JSON.
macro_rules! rows_of {
    (sqlite: $columns:literal) => {
        concat!("(SELECT ", $columns, " FROM json_each($1)) AS j")
    };
    (postgres: $columns:literal) => {
        concat!("(SELECT ", $columns, " FROM json_array_elements(CAST($1 AS json))) AS j")
    };
}

/// Gives a table's rows their words, a piece at a time: from an id and three texts, and how they are folded.
macro_rules! fold_table {
    ($db:expr, $table:literal, $select:literal, $fold:expr) => {{
        let mut many = 0;
        loop {
            let rows: Vec<(i64, String, Option<String>, Option<String>)> = on!($db, read, c => sqlx::query_as(sql!($select))
                .bind(PIECE).fetch_all(c).await)?;
            if rows.is_empty() {
                break many;
            }
            many += rows.len();
            let folded = |(id, a, b, c): &(i64, String, Option<String>, Option<String>)| {
                (*id, $fold(a, b.as_deref().unwrap_or_default(), c.as_deref().unwrap_or_default()))
            };
            let folded: Vec<(i64, String)> = rows.iter().map(folded).collect();
            let folded = serde_json::to_string(&folded).unwrap_or_default();
            let text = if $db.is_sqlite() {
                sql!(sqlite: concat!("UPDATE ", $table, " SET search_key = j.words FROM ",
                    rows_of!(sqlite: "value ->> 0 AS id, value ->> 1 AS words"), " WHERE ", $table, ".id = j.id"))
            } else {
                sql!(postgres: concat!("UPDATE ", $table, " SET search_key = j.words FROM ",
                    rows_of!(postgres: "CAST(value ->> 0 AS BIGINT) AS id, value ->> 1 AS words"), " WHERE ", $table, ".id = j.id"))
            };
            let texts = rows.iter().flat_map(|(_, a, b, c)| [Some(a.as_str()), b.as_deref(), c.as_deref()]).flatten();
            keep($db, text, &folded, texts.collect()).await?;
        }
    }};
}

/// Folds all that is not folded.
pub(in crate::store) async fn fold_rest(db: &Db) -> Result<()> {
    let title = |title: &str, by: &str, rest: &str| fold::document(title, by, &[rest]);
    let mut many = songs(db).await?;
    many += fold_table!(
        db,
        "albums",
        "SELECT b.id, b.title, a.name, NULL AS none FROM albums b JOIN artists a ON a.id = b.artist_id WHERE b.search_key = '' LIMIT $1",
        title
    );
    many += fold_table!(
        db,
        "artists",
        "SELECT id, name, NULL AS by_name, NULL AS none FROM artists WHERE search_key = '' LIMIT $1",
        title
    );
    many += fold_table!(
        db,
        "playlists",
        "SELECT id, name, NULL AS by_name, NULL AS none FROM playlists WHERE search_key = '' LIMIT $1",
        title
    );
    many += fold_table!(
        db,
        "users",
        "SELECT id, username, NULL AS by_name, NULL AS none FROM users WHERE search_key = '' LIMIT $1",
        title
    );
    many += fold_table!(
        db,
        "stages",
        "SELECT t.id, t.name, u.username, (SELECT string_agg(g.name, ' ') FROM stage_genres x JOIN genres g ON g.id = x.genre_id \
         WHERE x.stage_id = t.id) AS genres FROM stages t JOIN users u ON u.id = t.host_id WHERE t.search_key = '' LIMIT $1",
        title
    );
    many += fold_all_lines(db).await?;
    if many > 0 {
        if let Db::Pg(pool) = db {
            // What it knows of the columns is that they were empty.
            sqlx::query(sql!(postgres: "ANALYZE")).execute(pool).await?;
        }
        tracing::info!(rows = many, "searches know all that was there before");
    }
    Ok(())
}

/// Songs, with the keys by which they are sorted.
async fn songs(db: &Db) -> Result<usize> {
    let mut many = 0;
    loop {
        let rows: Vec<(i64, String, String, Option<String>)> = on!(db, read, c => sqlx::query_as(sql!(
                "SELECT id, title, artist, album FROM songs WHERE search_key = '' LIMIT $1"))
            .bind(PIECE).fetch_all(c).await)?;
        if rows.is_empty() {
            return Ok(many);
        }
        many += rows.len();
        let folded: Vec<(i64, String, String, String)> = rows
            .iter()
            .map(|(id, title, artist, album)| {
                let keys = Keys::of(title, artist, album.as_deref());
                (*id, keys.search, keys.title, keys.artist)
            })
            .collect();
        let folded = serde_json::to_string(&folded).unwrap_or_default();
        let text = if db.is_sqlite() {
            sql!(sqlite: concat!("UPDATE songs SET search_key = j.words, title_key = j.title, artist_key = j.artist FROM ",
                rows_of!(sqlite: "value ->> 0 AS id, value ->> 1 AS words, value ->> 2 AS title, value ->> 3 AS artist"),
                " WHERE songs.id = j.id"))
        } else {
            sql!(postgres: concat!("UPDATE songs SET search_key = j.words, title_key = j.title, artist_key = j.artist FROM ",
                rows_of!(postgres: "CAST(value ->> 0 AS BIGINT) AS id, value ->> 1 AS words, value ->> 2 AS title, value ->> 3 AS artist"),
                " WHERE songs.id = j.id"))
        };
        let texts = rows.iter().flat_map(|(_, a, b, c)| [Some(a.as_str()), Some(b.as_str()), c.as_deref()]).flatten();
        keep(db, text, &folded, texts.collect()).await?;
    }
}

/// Writes a piece, and how its words are written.
async fn keep(db: &Db, text: &'static str, folded: &str, texts: Vec<&str>) -> Result<()> {
    on!(db, tx, t => {
        sqlx::query(text).bind(folded).execute(&mut *t).await?;
        learn!(db, t, texts.iter().copied());
    })
}

/// Gives a stage its words anew, within a transaction: those of its name, its host and its genres.
macro_rules! fold_stage {
    ($t:expr, $id:expr) => {{
        let (name, host, genres): (String, String, Option<String>) = sqlx::query_as($crate::store::sql!(
                "SELECT t.name, u.username, (SELECT string_agg(g.name, ' ') FROM stage_genres x JOIN genres g ON g.id = x.genre_id \
                 WHERE x.stage_id = t.id) AS genres FROM stages t JOIN users u ON u.id = t.host_id WHERE t.id = $1"))
            .bind($id).fetch_one(&mut *$t).await?;
        let words = $crate::base::fold::document(&name, &host, &[genres.as_deref().unwrap_or_default()]);
        sqlx::query($crate::store::sql!("UPDATE stages SET search_key = $2 WHERE id = $1"))
            .bind($id).bind(words).execute(&mut *$t).await?;
    }};
}
pub(in crate::store) use fold_stage;

/// Gives an album its words anew, within a transaction: those of its title and its artist.
macro_rules! fold_album {
    ($t:ident, $id:expr, $which:literal) => {{
        let album: Option<(String, String)> = sqlx::query_as($crate::store::sql!(concat!(
            "SELECT b.title, a.name FROM albums b JOIN artists a ON a.id = b.artist_id WHERE b.id = $1",
            $which
        )))
        .bind($id)
        .fetch_optional(&mut *$t)
        .await?;
        if let Some((title, artist)) = album {
            sqlx::query($crate::store::sql!("UPDATE albums SET search_key = $2 WHERE id = $1"))
                .bind($id)
                .bind($crate::base::fold::document(&title, &artist, &[]))
                .execute(&mut *$t)
                .await?;
        }
    }};
}
pub(in crate::store) use fold_album;
