//! Pages of songs, in two steps: which songs, by their ids, then what is shown of them. So what is looked through and put in
//! order is small, and all lists show songs by one statement. The cursor is the last song's id; its sort key is looked up, so
//! a page is one seek in an index however far it is from the start.

use std::collections::HashMap;

use octave_protocol::{AlbumId, ArtistId, SongId, UserId};

use super::super::search::{hits, song_ids, written};
use super::super::{Db, Result, genres, on, sql};
use super::{Row, Song, song_columns};
use crate::base::fold::Query;

/// Up to so many songs are gathered and put in order; more are met often enough by walking along an index, which on PostgreSQL
/// need not look at the songs themselves.
const FEW: i64 = 2_000;
const FEW_ON_POSTGRES: i64 = 800;
/// Most words that are looked for while walking.
const WORDS: usize = 4;
/// So many songs are looked through for words before an index of words is asked, and so many where the first ones let expect
/// that these hold enough: common words are met soon, and of seldom ones the index has few.
const NEAR: i64 = 400;
const NOT_FAR: i64 = 3_000;

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

/// The ids of a page along one way to the songs. The other filters are tested on what is found there. Every text takes the
/// same parameters.
macro_rules! page {
    (@ $engine:ident, $from:expr, $which:expr, $after:literal) => {
        sql!($engine: page!(@@ $from, $which, $after))
    };
    (@@ $from:expr, $which:expr, $after:literal) => {
        concat!(
            "SELECT s.id FROM ", $from, " WHERE ", $which,
            " AND s.deleted_us IS NULL AND (CAST($4 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM song_artists z WHERE z.song_id = s.id AND z.artist_id = $4)) \
             AND (CAST($5 AS BIGINT) IS NULL OR s.album_id = $5) AND (CAST($6 AS BIGINT) IS NULL OR s.uploader_id = $6) \
             AND (CAST($7 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM song_genres x WHERE x.song_id = s.id AND x.genre_id = $7)) \
             AND (CAST($8 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM song_likes k WHERE k.user_id = $8 AND k.song_id = s.id)) \
             AND (CAST($9 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $9) \
             AND (CAST($10 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $10) \
             AND (CAST($11 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $11) \
             AND (CAST($12 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $12) \
             AND CAST($13 AS TEXT) IS NOT NULL AND CAST($14 AS BIGINT) IS NOT NULL AND ",
            $after, " LIMIT $3"
        )
    };
    ($engine:ident, $sort:expr, $from:expr, $which:expr) => {
        match $sort {
            // The key is not compared here, only named.
            Sort::New => page!(@ $engine, $from, $which, "($1 = '' AND s.id < $2) ORDER BY s.id DESC"),
            Sort::Title => page!(@ $engine, $from, $which, "(s.title_key, s.id) > ($1, $2) ORDER BY s.title_key, s.id"),
            Sort::Artist => page!(@ $engine, $from, $which, "(s.artist_key, s.id) > ($1, $2) ORDER BY s.artist_key, s.id"),
        }
    };
}

/// A page of few songs, which are gathered and put in order: PostgreSQL is kept by the offset from walking through all songs.
macro_rules! gathered {
    ($db:expr, $sort:expr, $from:literal, $which:expr) => {
        if $db.is_sqlite() {
            page!(sqlite, $sort, $from, $which)
        } else {
            page!(postgres, $sort, concat!("(SELECT s.* FROM ", $from, " WHERE ", $which, " OFFSET 0) s"), "s.id > 0")
        }
    };
}

/// The way to the songs that an index serves best. A table before `CROSS JOIN` is read first by SQLite.
fn way(db: &Db, filter: &Wanted, sort: Sort) -> &'static str {
    let few = if db.is_sqlite() { FEW } else { FEW_ON_POSTGRES };
    match filter {
        Wanted { hits: Some(_), .. } if db.is_sqlite() => match sort {
            // FTS5 gives them in this order, so it stops where the page is full.
            Sort::New => {
                page!(@ sqlite, "song_words h CROSS JOIN songs s", "h.song_words MATCH $13 AND s.id = h.rowid",
                "($1 = '' AND h.rowid < $2) ORDER BY h.rowid DESC")
            }
            _ => page!(
                sqlite,
                sort,
                concat!("(", hits!(sqlite: "song", "songs", "$13"), ") h CROSS JOIN songs s"),
                "s.id = h.id"
            ),
        },
        // Fenced off by its offset: PostgreSQL would take a word that it has never seen for a common one, and walk.
        Wanted { hits: Some(_), .. } => page!(
            postgres,
            sort,
            "(SELECT * FROM songs WHERE words_of(search_key) @@ CAST($13 AS tsquery) AND deleted_us IS NULL OFFSET 0) s",
            "s.id > 0"
        ),
        Wanted { album: Some(_), .. } => gathered!(db, sort, "songs s", "s.album_id = $5"),
        Wanted { liked_by: Some(_), .. } => match sort {
            Sort::New => page!(@ both, "song_likes f CROSS JOIN songs s", "f.user_id = $8 AND s.id = f.song_id",
                "($1 = '' AND f.song_id < $2) ORDER BY f.song_id DESC"),
            _ => gathered!(db, sort, "song_likes f CROSS JOIN songs s", "f.user_id = $8 AND s.id = f.song_id"),
        },
        Wanted { artist: Some(artist), .. } if sort == Sort::New || artist.songs_count <= few => {
            macro_rules! theirs {
                () => {
                    // A song that names an artist twice is one song.
                    "f.artist_id = $4 AND s.id = f.song_id AND NOT EXISTS (SELECT 1 FROM song_artists d \
                     WHERE d.song_id = f.song_id AND d.artist_id = f.artist_id AND d.position < f.position)"
                };
            }
            match sort {
                Sort::New => page!(@ both, "song_artists f CROSS JOIN songs s", theirs!(),
                    "($1 = '' AND f.song_id < $2) ORDER BY f.song_id DESC"),
                _ => gathered!(db, sort, "song_artists f CROSS JOIN songs s", theirs!()),
            }
        }
        Wanted { uploader: Some(_), .. } => page!(both, sort, "songs s", "s.uploader_id = $6"),
        Wanted { genre: Some(genre), .. } if sort == Sort::New || genre.songs_count <= few => match sort {
            Sort::New => page!(@ both, "song_genres f CROSS JOIN songs s", "f.genre_id = $7 AND s.id = f.song_id",
                "($1 = '' AND f.song_id < $2) ORDER BY f.song_id DESC"),
            _ => gathered!(db, sort, "song_genres f CROSS JOIN songs s", "f.genre_id = $7 AND s.id = f.song_id"),
        },
        _ => page!(both, sort, "songs s", "s.id > 0"),
    }
}

/// An artist, and how many songs are theirs.
#[derive(sqlx_macros::FromRow)]
struct Theirs {
    id: i64,
    songs_count: i64,
}

/// A [`Filter`] whose names are looked up.
struct Wanted {
    artist: Option<Theirs>,
    album: Option<AlbumId>,
    uploader: Option<UserId>,
    liked_by: Option<UserId>,
    genre: Option<genres::Kept>,
    /// What is asked.
    hits: Option<Query>,
}

impl Wanted {
    /// None if there can be no such song.
    async fn of(db: &Db, filter: &Filter) -> Result<Option<Self>> {
        let genre = match &filter.genre {
            Some(name) => match genres::kept(db, name).await? {
                Some(genre) => Some(genre),
                None => return Ok(None),
            },
            None => None,
        };
        let artist: Option<Theirs> = match filter.artist {
            Some(id) => {
                let text = sql!("SELECT id, songs_count FROM artists WHERE id = $1");
                let found = on!(db, read, c => sqlx::query_as(text).bind(id.0).fetch_optional(c).await)?;
                if found.is_none() {
                    return Ok(None);
                }
                found
            }
            None => None,
        };
        let hits = filter.q.as_deref().map(Query::of).filter(|q| !q.is_empty());
        let (album, uploader, liked_by) = (filter.album, filter.uploader, filter.liked_by);
        Ok(Some(Self { artist, album, uploader, liked_by, genre, hits }))
    }
}

/// The songs that stand near, in the order that is asked for: `$14` of them.
fn near(sort: Sort) -> &'static str {
    macro_rules! near {
        ($after:literal, $order:literal, $outer:literal) => {
            page!(@ both, concat!("(SELECT * FROM songs WHERE deleted_us IS NULL AND ", $after, " ORDER BY ", $order, " LIMIT $14) s"),
                "s.id > 0", $outer)
        };
    }
    match sort {
        Sort::New => near!("($1 = '' AND id < $2)", "id DESC", "s.id < $2 ORDER BY s.id DESC"),
        Sort::Title => near!("(title_key, id) > ($1, $2)", "title_key, id", "s.id <> $2 ORDER BY s.title_key, s.id"),
        Sort::Artist => {
            near!("(artist_key, id) > ($1, $2)", "artist_key, id", "s.id <> $2 ORDER BY s.artist_key, s.id")
        }
    }
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
    let Some(from) = start(db, sort, after).await? else { return Ok(Vec::new()) };
    let Some(wanted) = Wanted::of(db, filter).await? else { return Ok(Vec::new()) };
    let ids = page(db, &wanted, sort, &from, limit).await?;
    in_order(db, viewer, &ids).await
}

async fn page(db: &Db, wanted: &Wanted, sort: Sort, from: &(String, i64), limit: u32) -> Result<Vec<i64>> {
    if let Some(patterns) = wanted.hits.as_ref().and_then(patterns) {
        for many in [NEAR, NOT_FAR] {
            let found = read(db, near(sort), wanted, from, &patterns, many, limit).await?;
            if found.len() == limit as usize {
                return Ok(found);
            }
            if i64::try_from(found.len()).unwrap_or(i64::MAX) * NOT_FAR < i64::from(limit) * NEAR {
                break;
            }
        }
    }
    read(db, way(db, wanted, sort), wanted, from, &[const { None }; WORDS], 0, limit).await
}

/// What to look for in each song; none where that is more than a few words.
fn patterns(query: &Query) -> Option<[Option<String>; WORDS]> {
    let mut words = query.patterns().filter(|words| words.len() <= WORDS)?.into_iter();
    Some(std::array::from_fn(|_| words.next()))
}

async fn read(
    db: &Db,
    text: &'static str,
    wanted: &Wanted,
    (key, id): &(String, i64),
    [a, b, c, d]: &[Option<String>; WORDS],
    near: i64,
    limit: u32,
) -> Result<Vec<i64>> {
    let hits = wanted.hits.as_ref().map(|q| written(db, q)).unwrap_or_default();
    Ok(on!(db, read, pool => sqlx::query_scalar(text)
        .bind(key).bind(id).bind(i64::from(limit))
        .bind(wanted.artist.as_ref().map(|a| a.id)).bind(wanted.album.map(|a| a.0)).bind(wanted.uploader.map(|u| u.0))
        .bind(wanted.genre.as_ref().map(|g| g.id)).bind(wanted.liked_by.map(|u| u.0))
        .bind(a).bind(b).bind(c).bind(d).bind(hits).bind(near).fetch_all(pool).await)?)
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

/// Songs by relevance.
pub async fn find(db: &Db, viewer: UserId, q: &Query, limit: u32) -> Result<Vec<Song>> {
    in_order(db, viewer, &song_ids(db, q, limit).await?).await
}

/// Songs in the order of their ids here, as `viewer` sees them; deleted ones are left out.
async fn in_order(db: &Db, viewer: UserId, ids: &[i64]) -> Result<Vec<Song>> {
    let mut songs = by_ids(db, viewer, ids).await?;
    Ok(ids.iter().filter_map(|id| songs.remove(id)).collect())
}

/// Songs by their ids, as `viewer` sees them; deleted ones are left out.
pub(in super::super) async fn by_ids(db: &Db, viewer: UserId, ids: &[i64]) -> Result<HashMap<i64, Song>> {
    macro_rules! text {
        ($ids:literal) => {
            concat!(
                "SELECT ",
                song_columns!(),
                "FROM songs s JOIN users u ON u.id = s.uploader_id WHERE s.deleted_us IS NULL AND s.id ",
                $ids
            )
        };
    }
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = match db {
        Db::Sqlite { read, .. } => {
            sqlx::query_as(sql!(sqlite: text!("IN (SELECT value FROM json_each($2))")))
                .bind(viewer.0)
                .bind(super::super::ids_json(ids.iter().copied()))
                .fetch_all(read)
                .await?
        }
        Db::Pg(pool) => {
            // As an array of its own: two hundred that stand there would let the planner read all users and all likes.
            sqlx::query_as(sql!(postgres: text!("= ANY (ARRAY(SELECT UNNEST(CAST($2 AS BIGINT[]))))")))
                .bind(viewer.0)
                .bind(ids)
                .fetch_all(pool)
                .await?
        }
    };
    Ok(rows.into_iter().map(|row| (row.id, Song::from(row))).collect())
}
