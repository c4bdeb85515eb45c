//! What concerns somebody, kept until they have seen it: at most the latest [`KEPT`] of each.
//!
//! One statement writes for many people, and only for so many ([`TOGETHER`]) that others who write get their turn.

mod calls;
mod settings;

use octave_protocol::model::{Notification, NotificationKind};
use octave_protocol::{AlbumId, CommentId, Instant, NotificationId, Seq, SongId, StageId, UserId};

use super::again::again;
use super::word::word;
use super::{Db, Result, ids_json, on, sql, users};
pub use calls::{Called, answered, called, stage_name, title};
pub use settings::{muted, set_muted};

/// Notifications of one person that are kept.
pub const KEPT: i64 = 300;

/// People that one statement writes for.
pub const TOGETHER: u32 = 100;

/// A notification to write.
#[derive(Debug, Clone)]
pub struct Note {
    pub kind: NotificationKind,
    /// Who brought it about; whoever has blocked them is not told.
    pub from: UserId,
    pub stage: Option<StageId>,
    pub chat: Option<Seq>,
    pub song: Option<SongId>,
    pub album: Option<AlbumId>,
    pub comment: Option<CommentId>,
    pub code: Option<String>,
    /// The name of the stage, the song or the album.
    pub about: String,
    /// The beginning of what was said.
    pub excerpt: Option<String>,
}

impl Note {
    pub fn new(kind: NotificationKind, from: UserId) -> Self {
        Self {
            kind,
            from,
            stage: None,
            chat: None,
            song: None,
            album: None,
            comment: None,
            code: None,
            about: String::new(),
            excerpt: None,
        }
    }

    /// Whether the same again takes the place of what was said before.
    const fn replaces(&self) -> bool {
        matches!(
            self.kind,
            NotificationKind::FriendRequest | NotificationKind::FriendAccepted | NotificationKind::Invite
        )
    }
}

const fn kind_word(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::FriendRequest => "friend_request",
        NotificationKind::FriendAccepted => "friend_accepted",
        NotificationKind::Invite => "invite",
        NotificationKind::Mention => "mention",
        NotificationKind::Reply => "reply",
        NotificationKind::Comment => "comment",
        NotificationKind::StageOpened => "stage_opened",
        NotificationKind::AlbumAdded => "album_added",
    }
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    kind: String,
    from_id: i64,
    username: String,
    avatar: Option<String>,
    stage_id: Option<i64>,
    chat_seq: Option<i64>,
    song_id: Option<i64>,
    album_id: Option<i64>,
    comment_id: Option<i64>,
    code: Option<String>,
    about: String,
    excerpt: Option<String>,
    at_us: i64,
    read_us: Option<i64>,
}

impl TryFrom<Row> for Notification {
    type Error = super::StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let kind = word("kind", &row.kind)?;
        Ok(Self {
            id: NotificationId(row.id),
            kind,
            text: text(kind, &row.username, &row.about),
            from: users::user(UserId(row.from_id), &row.username, row.avatar.as_deref()),
            stage: row.stage_id.map(StageId),
            chat: row.chat_seq.map(Seq),
            song: row.song_id.map(SongId),
            album: row.album_id.map(AlbumId),
            comment: row.comment_id.map(CommentId),
            code: row.code,
            about: row.about,
            excerpt: row.excerpt,
            at_us: Instant(row.at_us),
            read: row.read_us.is_some(),
        })
    }
}

/// What happened, in plain words.
fn text(kind: NotificationKind, who: &str, about: &str) -> String {
    match kind {
        NotificationKind::FriendRequest => format!("{who} would like to be friends"),
        NotificationKind::FriendAccepted => format!("{who} is your friend now"),
        NotificationKind::Invite => format!("{who} invites you to {about}"),
        NotificationKind::Mention => format!("{who} mentioned you in {about}"),
        NotificationKind::Reply => format!("{who} answered you in {about}"),
        NotificationKind::Comment => format!("{who} commented on {about}"),
        NotificationKind::StageOpened => format!("{who} opened {about}"),
        NotificationKind::AlbumAdded => format!("{who} added {about}"),
    }
}

/// A text over people, who come as a JSON array in `$1`.
macro_rules! of_people {
    ($db:expr, $first:expr, $next:expr) => {
        if $db.is_sqlite() {
            sql!(sqlite: concat!($first, "SELECT value FROM json_each($1)", $next))
        } else {
            sql!(postgres: concat!($first, "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))", $next))
        }
    };
}

/// Writes a notification for each of at most [`TOGETHER`] people: those who want to hear of such things, and from whom it
/// comes, and have not heard of the same stage or album before. Who got which.
pub async fn add(db: &Db, to: &[UserId], note: &Note, at: Instant) -> Result<Vec<(UserId, NotificationId)>> {
    let written = again(|| add_once(db, to, note, at)).await?;
    Ok(written.into_iter().map(|(user, id)| (UserId(user), NotificationId(id))).collect())
}

async fn add_once(db: &Db, to: &[UserId], note: &Note, at: Instant) -> Result<Vec<(i64, i64)>> {
    let people = ids_json(to.iter().map(|user| user.0));
    let kind = kind_word(note.kind);
    let insert = of_people!(
        db,
        "INSERT INTO notifications (user_id, kind, from_id, stage_id, chat_seq, song_id, album_id, comment_id, code, about, \
         excerpt, at_us) SELECT u.id, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), \
         CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS TEXT), CAST($10 AS TEXT), \
         CAST($11 AS TEXT), CAST($12 AS BIGINT) FROM users u WHERE u.id IN (",
        ") AND u.id <> $3 AND u.deleted_us IS NULL AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = u.id AND b.blocked_id = $3) \
         AND NOT EXISTS (SELECT 1 FROM notification_mutes m WHERE m.user_id = u.id AND m.kind = $2) \
         ORDER BY u.id ON CONFLICT DO NOTHING RETURNING user_id, id"
    );
    let before = of_people!(
        db,
        "DELETE FROM notifications WHERE user_id IN (",
        ") AND kind = $2 AND from_id = $3 AND (CAST($4 AS BIGINT) IS NULL OR stage_id = $4)"
    );
    // Of each who has more than are kept, those before the latest of them.
    let old = of_people!(
        db,
        "WITH cut AS (SELECT u.id AS user_id, (SELECT y.id FROM notifications y WHERE y.user_id = u.id \
         ORDER BY y.id DESC LIMIT 1 OFFSET $2) AS last FROM users u WHERE u.id IN (",
        ")) DELETE FROM notifications WHERE id IN (SELECT n.id FROM cut JOIN notifications n \
         ON n.user_id = cut.user_id AND n.id <= cut.last)"
    );
    on!(db, tx, t => {
        if note.replaces() {
            sqlx::query(before).bind(&people).bind(kind).bind(note.from.0).bind(note.stage.map(|s| s.0))
                .execute(&mut *t).await?;
        }
        let written: Vec<(i64, i64)> = sqlx::query_as(insert)
            .bind(&people).bind(kind).bind(note.from.0).bind(note.stage.map(|s| s.0)).bind(note.chat.map(|s| s.0))
            .bind(note.song.map(|s| s.0)).bind(note.album.map(|a| a.0)).bind(note.comment.map(|c| c.0))
            .bind(&note.code).bind(&note.about).bind(&note.excerpt).bind(at.0).fetch_all(&mut *t).await?;
        if !written.is_empty() {
            sqlx::query(old).bind(&people).bind(KEPT).execute(&mut *t).await?;
        }
        written
    })
}

macro_rules! shown {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT n.id, n.kind, n.from_id, u.username, u.avatar, n.stage_id, n.chat_seq, n.song_id, n.album_id, \
             n.comment_id, n.code, n.about, n.excerpt, n.at_us, n.read_us \
             FROM notifications n JOIN users u ON u.id = n.from_id WHERE n.user_id = $1 AND ",
            $rest
        ))
    };
}

/// What concerns `user`, the latest first, before the notification `after`.
pub async fn list(db: &Db, user: UserId, after: Option<NotificationId>, limit: u32) -> Result<Vec<Notification>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(shown!("n.id < $2 ORDER BY n.id DESC LIMIT $3"))
        .bind(user.0).bind(after.map_or(i64::MAX, |id| id.0)).bind(i64::from(limit)).fetch_all(c).await)?;
    rows.into_iter().map(Notification::try_from).collect()
}

pub async fn get(db: &Db, user: UserId, id: NotificationId) -> Result<Option<Notification>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(shown!("n.id = $2"))
        .bind(user.0).bind(id.0).fetch_optional(c).await)?;
    row.map(Notification::try_from).transpose()
}

/// How many `user` has not read: at most [`KEPT`], which an index of those alone counts.
pub async fn unread(db: &Db, user: UserId) -> Result<i64> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT COUNT(*) FROM notifications WHERE user_id = $1 AND read_us IS NULL"))
        .bind(user.0).fetch_one(c).await)?)
}

/// `user` has read all up to this one.
pub async fn read(db: &Db, user: UserId, up_to: NotificationId, at: Instant) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!(
            "UPDATE notifications SET read_us = $3 WHERE user_id = $1 AND id <= $2 AND read_us IS NULL"))
        .bind(user.0).bind(up_to.0).bind(at.0).execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests;
