//! Pages of songs. The cursor is the last song's id; its sort key is looked up, so a page is one seek in an index
//! however far it is from the start.

use octave_protocol::{AlbumId, ArtistId, SongId, UserId};

use super::super::search::{hits, in_order, song_ids, written};
use super::super::{Db, Result, genres, on, sql};
use super::{Row, Song, song_columns};
use crate::base::fold::Query;

/// Up to so many songs are gathered and put in order; more are met often enough by walking along an index.
const FEW: i64 = 2_000;
/// Most words that are looked for while walking.
const WORDS: usize = 4;

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

/// A page along one way to the songs. The other filters are tested on what is found there. Every text takes the same
/// parameters.
macro_rules! page {
    (@ $engine:ident, $from:expr, $which:literal, $after:literal) => {
        sql!($engine: page!(@@ $from, $which, $after))
    };
    (@@ $from:expr, $which:literal, $after:literal) => {
        concat!(
            "SELECT ", song_columns!(), "FROM ", $from, " JOIN users u ON u.id = s.uploader_id WHERE ", $which,
            " AND s.deleted_us IS NULL AND (CAST($5 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM song_artists z WHERE z.song_id = s.id AND z.artist_id = $5)) \
             AND (CAST($6 AS BIGINT) IS NULL OR s.album_id = $6) AND (CAST($7 AS BIGINT) IS NULL OR s.uploader_id = $7) \
             AND (CAST($8 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM song_genres x WHERE x.song_id = s.id AND x.genre_id = $8)) \
             AND (CAST($9 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM song_likes k WHERE k.user_id = $9 AND k.song_id = s.id)) \
             AND (CAST($10 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $10) \
             AND (CAST($11 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $11) \
             AND (CAST($12 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $12) \
             AND (CAST($13 AS TEXT) IS NULL OR ' ' || s.search_key || ' ' LIKE $13) AND CAST($14 AS TEXT) IS NOT NULL AND ",
            $after, " LIMIT $4"
        )
    };
    ($engine:ident, $sort:expr, $from:expr, $which:literal) => {
        match $sort {
            // The key is not compared here, only named.
            Sort::New => page!(@ $engine, $from, $which, "($2 = '' AND s.id < $3) ORDER BY s.id DESC"),
            Sort::Title => page!(@ $engine, $from, $which, "(s.title_key, s.id) > ($2, $3) ORDER BY s.title_key, s.id"),
            Sort::Artist => page!(@ $engine, $from, $which, "(s.artist_key, s.id) > ($2, $3) ORDER BY s.artist_key, s.id"),
        }
    };
}

/// The way to the songs that an index serves best. A table before `CROSS JOIN` is read first by SQLite.
fn way(db: &Db, filter: &Wanted, sort: Sort) -> &'static str {
    match filter {
        Wanted { hits: Some(_), .. } if db.is_sqlite() => page!(
            sqlite,
            sort,
            concat!("(", hits!(sqlite: "song", "songs", "$14"), ") h CROSS JOIN songs s"),
            "s.id = h.id"
        ),
        // Fenced off by its offset: PostgreSQL would take a word that it has never seen for a common one, and walk.
        Wanted { hits: Some(_), .. } => page!(
            postgres,
            sort,
            "(SELECT * FROM songs WHERE words_of(search_key) @@ CAST($14 AS tsquery) AND deleted_us IS NULL OFFSET 0) s",
            "s.id > 0"
        ),
        Wanted { album: Some(_), .. } => page!(both, sort, "songs s", "s.album_id = $6"),
        Wanted { liked_by: Some(_), .. } => match sort {
            Sort::New => page!(@ both, "song_likes f CROSS JOIN songs s", "f.user_id = $9 AND s.id = f.song_id",
                "($2 = '' AND f.song_id < $3) ORDER BY f.song_id DESC"),
            _ => page!(both, sort, "song_likes f CROSS JOIN songs s", "f.user_id = $9 AND s.id = f.song_id"),
        },
        Wanted { artist: Some(_), .. } => page!(
            both,
            sort,
            "(SELECT DISTINCT song_id FROM song_artists WHERE artist_id = $5) f CROSS JOIN songs s",
            "s.id = f.song_id"
        ),
        Wanted { uploader: Some(_), .. } => page!(both, sort, "songs s", "s.uploader_id = $7"),
        Wanted { genre: Some(genre), .. } if sort == Sort::New || genre.songs_count <= FEW => match sort {
            Sort::New => page!(@ both, "song_genres f CROSS JOIN songs s", "f.genre_id = $8 AND s.id = f.song_id",
                "($2 = '' AND f.song_id < $3) ORDER BY f.song_id DESC"),
            _ => page!(both, sort, "song_genres f CROSS JOIN songs s", "f.genre_id = $8 AND s.id = f.song_id"),
        },
        _ => page!(both, sort, "songs s", "s.id > 0"),
    }
}

/// A [`Filter`] whose names are looked up.
struct Wanted {
    artist: Option<ArtistId>,
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
        let hits = filter.q.as_deref().map(Query::of).filter(|q| !q.is_empty());
        let (artist, album, uploader, liked_by) = (filter.artist, filter.album, filter.uploader, filter.liked_by);
        Ok(Some(Self { artist, album, uploader, liked_by, genre, hits }))
    }
}

/// The songs that stand near, in the order that is asked for: 600 are looked through before an index of words is asked. Common
/// words are met there, and seldom ones are few.
fn near(sort: Sort) -> &'static str {
    macro_rules! near {
        ($after:literal, $order:literal, $outer:literal) => {
            page!(@ both, concat!("(SELECT * FROM songs WHERE deleted_us IS NULL AND ", $after, " ORDER BY ", $order, " LIMIT 600) s"),
                "s.id > 0", $outer)
        };
    }
    match sort {
        Sort::New => near!("($2 = '' AND id < $3)", "id DESC", "s.id < $3 ORDER BY s.id DESC"),
        Sort::Title => near!("(title_key, id) > ($2, $3)", "title_key, id", "s.id <> $3 ORDER BY s.title_key, s.id"),
        Sort::Artist => {
            near!("(artist_key, id) > ($2, $3)", "artist_key, id", "s.id <> $3 ORDER BY s.artist_key, s.id")
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
    let Some((key, id)) = start(db, sort, after).await? else { return Ok(Vec::new()) };
    let Some(wanted) = Wanted::of(db, filter).await? else { return Ok(Vec::new()) };
    let from = (key, id);
    // An own way that an index serves is short; all songs are a long one.
    if let Some(patterns) = wanted.hits.as_ref().and_then(patterns) {
        let found = read(db, near(sort), viewer, &wanted, &from, patterns, limit).await?;
        if found.len() == limit as usize {
            return Ok(found);
        }
    }
    read(db, way(db, &wanted, sort), viewer, &wanted, &from, std::array::from_fn(|_| None), limit).await
}

/// What to look for in each song; none where that is more than a few words.
fn patterns(query: &Query) -> Option<[Option<String>; WORDS]> {
    let mut words = query.patterns().filter(|words| words.len() <= WORDS)?.into_iter();
    Some(std::array::from_fn(|_| words.next()))
}

async fn read(
    db: &Db,
    text: &'static str,
    viewer: UserId,
    wanted: &Wanted,
    (key, id): &(String, i64),
    [a, b, c, d]: [Option<String>; WORDS],
    limit: u32,
) -> Result<Vec<Song>> {
    let hits = wanted.hits.as_ref().map(|q| written(db, q)).unwrap_or_default();
    let rows: Vec<Row> = on!(db, read, pool => sqlx::query_as(text)
        .bind(viewer.0).bind(key).bind(id).bind(i64::from(limit))
        .bind(wanted.artist.map(|a| a.0)).bind(wanted.album.map(|a| a.0)).bind(wanted.uploader.map(|u| u.0))
        .bind(wanted.genre.as_ref().map(|g| g.id)).bind(wanted.liked_by.map(|u| u.0))
        .bind(a).bind(b).bind(c).bind(d).bind(hits).fetch_all(pool).await)?;
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

/// Songs by relevance.
pub async fn find(db: &Db, viewer: UserId, q: &Query, limit: u32) -> Result<Vec<Song>> {
    let ids = song_ids(db, q, limit).await?;
    Ok(in_order(&ids, by_ids(db, viewer, &ids).await?, |song| song.song.id.0))
}

/// Songs as `viewer` sees them, in no particular order; deleted ones are left out.
pub(in super::super) async fn by_ids(db: &Db, viewer: UserId, ids: &[i64]) -> Result<Vec<Song>> {
    let ids = super::super::ids_json(ids.iter().copied());
    let text = if db.is_sqlite() {
        sql!(sqlite: concat!("SELECT ", song_columns!(), "FROM songs s JOIN users u ON u.id = s.uploader_id \
            WHERE s.deleted_us IS NULL AND s.id IN (SELECT value FROM json_each($2))"))
    } else {
        sql!(postgres: concat!("SELECT ", song_columns!(), "FROM songs s JOIN users u ON u.id = s.uploader_id \
            WHERE s.deleted_us IS NULL AND s.id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)))"))
    };
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(text).bind(viewer.0).bind(ids).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Song::from).collect())
}
