//! What people say of songs and albums. The count stands beside the subject and changes in the same transaction, which
//! locks the subject first: so a comment and the song's deletion come one after the other.

use octave_protocol::model::Comment;
use octave_protocol::{AlbumId, CommentId, Duration, Instant, SongId, UserId};

use super::again::{again, locking};
use super::{Db, Result, on, sql, users};
use crate::presence::Subject;

/// A comment to make; its text is checked by whoever makes it.
#[derive(Debug, Clone, Copy)]
pub struct NewComment<'a> {
    pub about: Subject,
    pub author: UserId,
    pub body: &'a str,
    pub position: Option<Duration>,
}

/// What became of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    Done {
        id: CommentId,
        /// Comments on the subject, with this one.
        count: i64,
        /// Whose song or album it is.
        owner: Option<UserId>,
    },
    /// There is no such song or album.
    Missing,
    /// Whose song or album it is does not want to hear from the author.
    Blocked,
    /// The song is not that long.
    Beyond,
}

/// A comment, and who may take it away besides its author.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub comment: Comment,
    pub owner: Option<UserId>,
}

impl Found {
    pub fn about(&self) -> Option<Subject> {
        let song = self.comment.song_id.map(Subject::Song);
        song.or_else(|| self.comment.album_id.map(Subject::Album))
    }
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    song_id: Option<i64>,
    album_id: Option<i64>,
    author_id: i64,
    author: String,
    avatar: Option<String>,
    body: String,
    position_us: Option<i64>,
    created_us: i64,
    edited_us: Option<i64>,
    owner_id: Option<i64>,
}

impl From<Row> for Found {
    fn from(row: Row) -> Self {
        let comment = Comment {
            id: CommentId(row.id),
            song_id: row.song_id.map(SongId),
            album_id: row.album_id.map(AlbumId),
            author: users::user(UserId(row.author_id), &row.author, row.avatar.as_deref()),
            body: row.body,
            position_us: row.position_us.map(Duration::from_micros),
            created_us: Instant(row.created_us),
            edited_us: row.edited_us.map(Instant),
        };
        Self { comment, owner: row.owner_id.map(UserId) }
    }
}

macro_rules! comment_text {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT c.id, c.song_id, c.album_id, c.author_id, u.username AS author, u.avatar, c.body, c.position_us, \
             c.created_us, c.edited_us, COALESCE(s.uploader_id, b.owner_id) AS owner_id \
             FROM comments c JOIN users u ON u.id = c.author_id LEFT JOIN songs s ON s.id = c.song_id \
             LEFT JOIN albums b ON b.id = c.album_id ",
            $rest
        ))
    };
}

const fn id_of(about: Subject) -> i64 {
    match about {
        Subject::Song(SongId(id)) | Subject::Album(AlbumId(id)) => id,
    }
}

/// The statement that locks what a comment is about: its owner, and how long it is.
fn lock_text(db: &Db, about: Subject) -> &'static str {
    match about {
        Subject::Song(_) => {
            locking!(db, "SELECT uploader_id, duration_us FROM songs WHERE id = $1 AND deleted_us IS NULL")
        }
        Subject::Album(_) => {
            locking!(db, "SELECT owner_id, CAST(NULL AS BIGINT) AS duration_us FROM albums WHERE id = $1")
        }
    }
}

fn count_text(about: Subject) -> &'static str {
    match about {
        Subject::Song(_) => {
            sql!("UPDATE songs SET comments_count = comments_count + $2 WHERE id = $1 RETURNING comments_count")
        }
        Subject::Album(_) => {
            sql!("UPDATE albums SET comments_count = comments_count + $2 WHERE id = $1 RETURNING comments_count")
        }
    }
}

pub async fn post(db: &Db, new: NewComment<'_>, at: Instant) -> Result<Posted> {
    again(|| post_once(db, new, at)).await
}

async fn post_once(db: &Db, new: NewComment<'_>, at: Instant) -> Result<Posted> {
    let NewComment { about, author, body, position } = new;
    let (song, album) = match about {
        Subject::Song(id) => (Some(id.0), None),
        Subject::Album(id) => (None, Some(id.0)),
    };
    on!(db, tx, t => {
        let found: Option<(Option<i64>, Option<i64>)> =
            sqlx::query_as(lock_text(db, about)).bind(id_of(about)).fetch_optional(&mut *t).await?;
        let Some((owner, length)) = found else { return Ok(Posted::Missing) };
        if length.is_some_and(|length| position.is_some_and(|at| at.as_micros() > length)) {
            return Ok(Posted::Beyond);
        }
        let blocked: Option<i64> = sqlx::query_scalar(sql!(
                "SELECT user_id FROM blocks WHERE user_id = $1 AND blocked_id = $2"))
            .bind(owner).bind(author.0).fetch_optional(&mut *t).await?;
        if blocked.is_some() {
            return Ok(Posted::Blocked);
        }
        let id: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO comments (song_id, album_id, author_id, body, position_us, created_us) \
                 VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"))
            .bind(song).bind(album).bind(author.0).bind(body).bind(position.map(Duration::as_micros)).bind(at.0)
            .fetch_one(&mut *t).await?;
        let count: i64 =
            sqlx::query_scalar(count_text(about)).bind(id_of(about)).bind(1_i64).fetch_one(&mut *t).await?;
        Posted::Done { id: CommentId(id), count, owner: owner.map(UserId) }
    })
}

pub async fn get(db: &Db, id: CommentId) -> Result<Option<Found>> {
    let row: Option<Row> =
        on!(db, read, c => sqlx::query_as(comment_text!("WHERE c.id = $1")).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(Found::from))
}

/// What is said of a song or an album, the latest first, before the comment `after`.
pub async fn list(db: &Db, about: Subject, after: Option<CommentId>, limit: u32) -> Result<Vec<Comment>> {
    let text = match about {
        Subject::Song(_) => comment_text!("WHERE c.song_id = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3"),
        Subject::Album(_) => comment_text!("WHERE c.album_id = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3"),
    };
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(text)
        .bind(id_of(about)).bind(after.map_or(i64::MAX, |id| id.0)).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| Found::from(row).comment).collect())
}

/// Whether there is such a song or album.
pub async fn is_there(db: &Db, about: Subject) -> Result<bool> {
    let text = match about {
        Subject::Song(_) => sql!("SELECT id FROM songs WHERE id = $1 AND deleted_us IS NULL"),
        Subject::Album(_) => sql!("SELECT id FROM albums WHERE id = $1"),
    };
    let id: Option<i64> = on!(db, read, c => sqlx::query_scalar(text).bind(id_of(about)).fetch_optional(c).await)?;
    Ok(id.is_some())
}

/// Comments on a song or an album; none when it is gone.
pub async fn count(db: &Db, about: Subject) -> Result<Option<i64>> {
    let text = match about {
        Subject::Song(_) => sql!("SELECT comments_count FROM songs WHERE id = $1 AND deleted_us IS NULL"),
        Subject::Album(_) => sql!("SELECT comments_count FROM albums WHERE id = $1"),
    };
    Ok(on!(db, read, c => sqlx::query_scalar(text).bind(id_of(about)).fetch_optional(c).await)?)
}

/// Gives a comment another text; whether it is there still.
pub async fn edit(db: &Db, id: CommentId, body: &str, at: Instant) -> Result<bool> {
    let done = on!(db, write, c => sqlx::query(sql!("UPDATE comments SET body = $2, edited_us = $3 WHERE id = $1"))
        .bind(id.0).bind(body).bind(at.0).execute(c).await?.rows_affected());
    Ok(done > 0)
}

/// Takes a comment away; how many are left, or none if it was gone already.
pub async fn delete(db: &Db, about: Subject, id: CommentId) -> Result<Option<i64>> {
    again(|| delete_once(db, about, id)).await
}

async fn delete_once(db: &Db, about: Subject, id: CommentId) -> Result<Option<i64>> {
    on!(db, tx, t => {
        let _locked: Option<(Option<i64>, Option<i64>)> =
            sqlx::query_as(lock_text(db, about)).bind(id_of(about)).fetch_optional(&mut *t).await?;
        let gone = sqlx::query(sql!("DELETE FROM comments WHERE id = $1")).bind(id.0).execute(&mut *t).await?;
        if gone.rows_affected() == 0 {
            return Ok(None);
        }
        sqlx::query_scalar(count_text(about)).bind(id_of(about)).bind(-1_i64).fetch_optional(&mut *t).await?
    })
}

#[cfg(test)]
mod tests;
