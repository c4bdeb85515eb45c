//! Pages of songs. The cursor is the last song's id; its sort key is looked up, so a page is one seek in an index
//! however far it is from the start.

use octave_protocol::{AlbumId, ArtistId, SongId, UserId};

use super::super::{Db, Result, on, sql};
use super::{Row, Song, song_columns};
use crate::base::text;

/// Most words of a query that count.
const WORDS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Latest first.
    #[default]
    New,
    Title,
    Artist,
}

/// Which songs to list; what is absent does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words, each of which some word of title, artist or album begins with.
    pub q: Option<String>,
    pub artist: Option<ArtistId>,
    pub album: Option<AlbumId>,
    pub genre: Option<String>,
    pub uploader: Option<UserId>,
    /// Only what this user likes.
    pub liked_by: Option<UserId>,
}

/// The filter that an index serves best comes first and is bound without a way out, so that the planner sees it; the
/// others are tested on what it finds.
macro_rules! page {
    (@ $first:literal, $after:literal) => {
        sql!(concat!(
            "SELECT ", song_columns!(), "FROM songs s JOIN users u ON u.id = s.uploader_id WHERE ", $first,
            " AND s.deleted_us IS NULL AND (CAST($5 AS BIGINT) IS NULL OR s.id IN (SELECT z.song_id FROM song_artists z WHERE z.artist_id = $5)) AND (CAST($6 AS BIGINT) IS NULL OR s.album_id = $6) \
             AND (CAST($7 AS BIGINT) IS NULL OR s.uploader_id = $7) \
             AND (CAST($8 AS TEXT) IS NULL OR s.id IN (SELECT x.song_id FROM song_genres x JOIN genres y ON y.id = x.genre_id WHERE y.name_key = $8)) \
             AND (CAST($9 AS BIGINT) IS NULL OR s.id IN (SELECT k.song_id FROM song_likes k WHERE k.user_id = $9)) \
             AND ' ' || s.search_key LIKE $10 ESCAPE '!' AND ' ' || s.search_key LIKE $11 ESCAPE '!' \
             AND ' ' || s.search_key LIKE $12 ESCAPE '!' AND ", $after, " LIMIT $4"
        ))
    };
    ($first:literal, $sort:expr) => {
        match $sort {
            // The key is not compared here, only named, so that every text takes the same parameters.
            Sort::New => page!(@ $first, "($2 = '' AND s.id < $3) ORDER BY s.id DESC"),
            Sort::Title => page!(@ $first, "(s.title_key, s.id) > ($2, $3) ORDER BY s.title_key, s.id"),
            Sort::Artist => page!(@ $first, "(s.artist_key, s.id) > ($2, $3) ORDER BY s.artist_key, s.id"),
        }
    };
}

/// Songs in order, at most `limit`, after the song `after`.
pub async fn list(
    db: &Db,
    viewer: UserId,
    filter: &Filter,
    sort: Sort,
    after: Option<SongId>,
    limit: u32,
) -> Result<Vec<Song>> {
    let text = match filter {
        Filter { liked_by: Some(_), .. } => {
            page!("s.id IN (SELECT f.song_id FROM song_likes f WHERE f.user_id = $9)", sort)
        }
        Filter { album: Some(_), .. } => page!("s.album_id = $6", sort),
        Filter { artist: Some(_), .. } => {
            page!("s.id IN (SELECT f.song_id FROM song_artists f WHERE f.artist_id = $5)", sort)
        }
        Filter { genre: Some(_), .. } => page!(
            "s.id IN (SELECT f.song_id FROM song_genres f JOIN genres h ON h.id = f.genre_id WHERE h.name_key = $8)",
            sort
        ),
        Filter { uploader: Some(_), .. } => page!("s.uploader_id = $7", sort),
        _ => page!("s.id > 0", sort),
    };
    let Some((key, id)) = start(db, sort, after).await? else { return Ok(Vec::new()) };
    let [a, b, c] = patterns(filter.q.as_deref().unwrap_or_default());
    let rows: Vec<Row> = on!(db, read, pool => sqlx::query_as(text)
        .bind(viewer.0).bind(key).bind(id).bind(i64::from(limit))
        .bind(filter.artist.map(|a| a.0)).bind(filter.album.map(|a| a.0)).bind(filter.uploader.map(|u| u.0))
        .bind(filter.genre.as_deref().map(text::key)).bind(filter.liked_by.map(|u| u.0))
        .bind(a).bind(b).bind(c).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(Song::from).collect())
}

/// The place after which a page begins; none when `after` is no song.
async fn start(db: &Db, sort: Sort, after: Option<SongId>) -> Result<Option<(String, i64)>> {
    let Some(after) = after else {
        return Ok(Some((String::new(), if sort == Sort::New { i64::MAX } else { 0 })));
    };
    if sort == Sort::New {
        return Ok(Some((String::new(), after.0)));
    }
    let text = if sort == Sort::Artist {
        sql!("SELECT artist_key AS k, id FROM songs WHERE id = $1")
    } else {
        sql!("SELECT title_key AS k, id FROM songs WHERE id = $1")
    };
    Ok(on!(db, read, c => sqlx::query_as(text).bind(after.0).fetch_optional(c).await)?)
}

/// A pattern for each word of a query; words that are not there match everything.
pub(in super::super) fn patterns(q: &str) -> [String; WORDS] {
    let key = text::search_key(q);
    let mut words = key.split(' ').filter(|w| !w.is_empty());
    std::array::from_fn(|_| words.next().map_or_else(|| "%".to_owned(), |w| format!("% {}%", escape(w))))
}

/// A text in which `%` and `_` mean themselves.
pub(in super::super) fn escape(word: &str) -> String {
    word.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect()
}

/// Songs by relevance: those whose title begins with the query first, then the best liked.
pub async fn find(db: &Db, viewer: UserId, q: &str, limit: u32) -> Result<Vec<Song>> {
    let [a, b, c] = patterns(q);
    let begins = format!("{}%", escape(&text::search_key(q)));
    let rows: Vec<Row> = on!(db, read, pool => sqlx::query_as(sql!(concat!(
            "SELECT ", song_columns!(), "FROM songs s JOIN users u ON u.id = s.uploader_id WHERE s.deleted_us IS NULL \
             AND ' ' || s.search_key LIKE $3 ESCAPE '!' AND ' ' || s.search_key LIKE $4 ESCAPE '!' \
             AND ' ' || s.search_key LIKE $5 ESCAPE '!' \
             ORDER BY CASE WHEN s.title_key LIKE $6 ESCAPE '!' THEN 0 ELSE 1 END, s.likes_count DESC, s.title_key, s.id \
             LIMIT $2")))
        .bind(viewer.0).bind(i64::from(limit)).bind(a).bind(b).bind(c).bind(begins).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(Song::from).collect())
}
