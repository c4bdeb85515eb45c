//! What followers are to be told of: new albums, and stages that were opened to them.
//!
//! The schema itself writes an announcement with the album or the stage, in the same transaction, whoever does that; see
//! `migrations/*/0062_announcements.sql`. The server tells the followers in pieces and notes how far it came. A piece that is
//! told again, after a crash, tells nobody twice.

use octave_protocol::model::NotificationKind;
use octave_protocol::{AlbumId, ArtistId, Instant, StageId, UserId};

use super::notifications::{Note, TOGETHER};
use super::word::word;
use super::{Db, Result, on, sql};

/// Whom a stage is announced to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    All,
    /// Those alone who are friends of whom they follow.
    Friends,
}

/// Whose followers are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    Host(UserId, Audience),
    Artist(ArtistId),
}

/// What is to be said, and how far that has come.
#[derive(Debug)]
pub struct Announcement {
    id: i64,
    pub followed: Followed,
    pub note: Note,
    /// Followers up to this one have been told.
    pub after: UserId,
}

/// The next thing to do.
#[derive(Debug)]
pub enum Next {
    Tell(Box<Announcement>),
    /// What was to be told is not so any more; it was put aside.
    Passed,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    audience: String,
    told_id: i64,
    album_id: Option<i64>,
    title: Option<String>,
    artist: Option<String>,
    artist_id: Option<i64>,
    stage_id: Option<i64>,
    name: Option<String>,
    visibility: Option<String>,
    ended_us: Option<i64>,
    /// Who added the album or hosts the stage, while they have an account.
    from_id: Option<i64>,
}

/// The oldest announcement that is not done; none when all are.
pub async fn next(db: &Db, now: Instant) -> Result<Option<Next>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT n.id, n.audience, n.told_id, n.album_id, b.title, a.name AS artist, b.artist_id, n.stage_id, t.name, \
             t.visibility, t.ended_us, u.id AS from_id FROM announcements n \
             LEFT JOIN albums b ON b.id = n.album_id LEFT JOIN artists a ON a.id = b.artist_id \
             LEFT JOIN stages t ON t.id = n.stage_id \
             LEFT JOIN users u ON u.id = COALESCE(b.owner_id, t.host_id) AND u.deleted_us IS NULL \
             WHERE n.done_us IS NULL ORDER BY n.id LIMIT 1"))
        .fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let id = row.id;
    match row.what()? {
        What::Tell(announcement) => return Ok(Some(Next::Tell(announcement))),
        What::Over => finish(db, id, now).await?,
        What::Closed => put_back(db, id).await?,
    }
    Ok(Some(Next::Passed))
}

enum What {
    Tell(Box<Announcement>),
    Over,
    /// The stage is not open to these people any more, and will be new to them when it is.
    Closed,
}

impl Row {
    fn what(self) -> Result<What> {
        let Some(from) = self.from_id.map(UserId) else { return Ok(What::Over) };
        let (followed, note) = match (self.album_id, self.artist_id, self.stage_id) {
            (Some(album), Some(artist), _) => {
                let about = format!("{}, {}", self.title.unwrap_or_default(), self.artist.unwrap_or_default());
                let note = Note { album: Some(AlbumId(album)), about, ..Note::new(NotificationKind::AlbumAdded, from) };
                (Followed::Artist(ArtistId(artist)), note)
            }
            (_, _, Some(stage)) => {
                let audience = word("audience", &self.audience)?;
                let is_open = match self.visibility.as_deref() {
                    Some("public") => true,
                    Some("friends") => audience == Audience::Friends,
                    _ => false,
                };
                match (is_open, self.ended_us) {
                    (_, Some(_)) => return Ok(What::Over),
                    (false, None) => return Ok(What::Closed),
                    (true, None) => {}
                }
                let about = self.name.unwrap_or_default();
                let note =
                    Note { stage: Some(StageId(stage)), about, ..Note::new(NotificationKind::StageOpened, from) };
                (Followed::Host(from, audience), note)
            }
            _ => return Ok(What::Over),
        };
        Ok(What::Tell(Box::new(Announcement { id: self.id, followed, note, after: UserId(self.told_id) })))
    }
}

impl Announcement {
    /// The next followers to tell, in the order of their ids; at most [`TOGETHER`].
    pub async fn followers(&self, db: &Db) -> Result<Vec<UserId>> {
        match self.followed {
            Followed::Host(host, audience) => of_host(db, host, audience, self.after).await,
            Followed::Artist(artist) => of_artist(db, artist, self.after).await,
        }
    }

    /// Notes that these were told. Whether that were all.
    pub async fn told(&self, db: &Db, some: &[UserId], now: Instant) -> Result<bool> {
        match some.last() {
            Some(last) if some.len() == TOGETHER as usize => {
                on!(db, write, c => sqlx::query(sql!("UPDATE announcements SET told_id = $2 WHERE id = $1"))
                    .bind(self.id).bind(last.0).execute(c).await.map(drop))?;
                Ok(false)
            }
            _ => finish(db, self.id, now).await.map(|()| true),
        }
    }
}

async fn finish(db: &Db, id: i64, now: Instant) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("UPDATE announcements SET done_us = $2 WHERE id = $1"))
        .bind(id).bind(now.0).execute(c).await.map(drop))?;
    Ok(())
}

/// Takes back the announcement of a stage that was closed, unless it has been opened meanwhile; of one that is open to
/// friends still, they are told in place of all.
async fn put_back(db: &Db, id: i64) -> Result<()> {
    on!(db, tx, t => {
        // Holds the stage as it is: whoever opens it now waits, and finds no announcement that is about to go.
        sqlx::query(sql!("UPDATE stages SET name = name WHERE id = (SELECT stage_id FROM announcements WHERE id = $1)"))
            .bind(id).execute(&mut *t).await?;
        sqlx::query(sql!(
                "UPDATE announcements SET audience = 'friends' WHERE id = $1 AND audience = 'all' \
                 AND EXISTS (SELECT 1 FROM stages t WHERE t.id = stage_id AND t.visibility = 'friends') \
                 AND NOT EXISTS (SELECT 1 FROM announcements o WHERE o.stage_id = announcements.stage_id \
                 AND o.audience = 'friends')"))
            .bind(id).execute(&mut *t).await?;
        sqlx::query(sql!(
                "DELETE FROM announcements WHERE id = $1 AND EXISTS (SELECT 1 FROM stages t WHERE t.id = stage_id \
                 AND (t.visibility = 'invite' OR (t.visibility = 'friends' AND audience = 'all')))"))
            .bind(id).execute(&mut *t).await?;
    })
}

/// How many stages of a host have been announced since an instant.
pub async fn stages_since(db: &Db, host: UserId, since: Instant) -> Result<i64> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT COUNT(*) FROM stages t JOIN announcements n ON n.stage_id = t.id WHERE t.host_id = $1 AND n.done_us > $2"))
        .bind(host.0).bind(since.0).fetch_one(c).await)?)
}

async fn of_host(db: &Db, of: UserId, audience: Audience, after: UserId) -> Result<Vec<UserId>> {
    let text = match audience {
        Audience::All => sql!(
            "SELECT follower_id FROM follows WHERE followed_id = $1 AND follower_id > $2 ORDER BY follower_id LIMIT $3"
        ),
        Audience::Friends => sql!(
            "SELECT o.follower_id FROM follows o WHERE o.followed_id = $1 AND o.follower_id > $2 AND EXISTS ( \
             SELECT 1 FROM friendships f WHERE f.status = 'accepted' AND ((f.user_id = $1 AND f.friend_id = o.follower_id) \
             OR (f.user_id = o.follower_id AND f.friend_id = $1))) ORDER BY o.follower_id LIMIT $3"
        ),
    };
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(text)
        .bind(of.0).bind(after.0).bind(i64::from(TOGETHER)).fetch_all(c).await)?;
    Ok(ids.into_iter().map(UserId).collect())
}

async fn of_artist(db: &Db, of: ArtistId, after: UserId) -> Result<Vec<UserId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT user_id FROM artist_follows WHERE artist_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3"))
        .bind(of.0).bind(after.0).bind(i64::from(TOGETHER)).fetch_all(c).await)?;
    Ok(ids.into_iter().map(UserId).collect())
}

#[cfg(test)]
mod tests;
