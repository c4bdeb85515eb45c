//! The end of an account. At once nobody can log in by it and its name is gone; what hangs on it goes in pieces, so that
//! others get their turn, and a server that stops in between takes that up when it starts.
//!
//! The row stays, without anything that tells whose it was: songs, albums and what was said in stages stay, and speak of it.

use octave_protocol::{ArtistId, CommentId, Instant, PlaylistId, SongId, UserId};
use serde::Serialize;

use super::sessions::end_others;
use super::{Db, Result, artist_follows, comments, follows, friends, likes, on, playlists, plays, songs, sql};
use crate::base::fold;
use crate::presence::SessionId;

/// What becomes of the songs of who goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Songs {
    Stay,
    /// Out of the library; queues that hold them play them.
    Go,
}

/// Rows that are looked up at once.
const ROWS: i64 = 200;

/// How much hangs on an account: what goes with it, and what stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx_macros::FromRow, utoipa::ToSchema)]
pub struct Hanging {
    pub sessions: i64,
    pub friends: i64,
    pub following: i64,
    pub followers: i64,
    pub likes: i64,
    pub playlists: i64,
    pub comments: i64,
    pub plays: i64,
    pub notifications: i64,
    /// Open ones, which end.
    pub stages: i64,
    pub songs: i64,
    pub albums: i64,
}

pub async fn hanging(db: &Db, user: UserId) -> Result<Hanging> {
    Ok(on!(db, read, c => sqlx::query_as(sql!(
            "SELECT (SELECT COUNT(*) FROM sessions WHERE user_id = $1) AS sessions, \
             u.friends_count AS friends, u.following_count AS following, u.followers_count AS followers, \
             (SELECT COUNT(*) FROM song_likes WHERE user_id = $1) AS likes, \
             (SELECT COUNT(*) FROM playlists WHERE owner_id = $1) AS playlists, \
             (SELECT COUNT(*) FROM comments WHERE author_id = $1) AS comments, \
             (SELECT COUNT(*) FROM plays WHERE user_id = $1) AS plays, \
             (SELECT COUNT(*) FROM notifications WHERE user_id = $1) AS notifications, \
             (SELECT COUNT(*) FROM stages WHERE host_id = $1 AND ended_us IS NULL) AS stages, \
             (SELECT COUNT(*) FROM songs WHERE uploader_id = $1 AND deleted_us IS NULL) AS songs, \
             (SELECT COUNT(*) FROM albums WHERE owner_id = $1) AS albums FROM users u WHERE u.id = $1"))
        .bind(user.0).fetch_one(c).await)?)
}

/// Closes an account, unless its password is another one than was proved. The logins that have ended.
pub async fn close(db: &Db, user: UserId, proved: &str, what: Songs, now: Instant) -> Result<Option<Vec<SessionId>>> {
    // No name can be like this: names have no blanks.
    let name = format!("deleted {user}");
    on!(db, tx, t => {
        let before: Option<String> = sqlx::query_scalar(sql!(
                "UPDATE users SET bio = '' WHERE id = $1 AND password_hash = $2 AND deleted_us IS NULL \
                 RETURNING username_key"))
            .bind(user.0).bind(proved).fetch_optional(&mut *t).await?;
        let Some(before) = before else { return Ok(None) };
        sqlx::query(sql!(
                "UPDATE users SET username = $2, username_key = $2, email = '', email_key = $2, password_hash = '', \
                 avatar = NULL, is_admin = $3, deleted_us = $4, deletes_songs = $5, search_key = $6, likeness = $2 WHERE id = $1"))
            .bind(user.0).bind(&name).bind(false).bind(now.0).bind(what == Songs::Go).bind(fold::NOTHING).execute(&mut *t).await?;
        // It rests for everybody.
        sqlx::query(sql!(
                "INSERT INTO freed_names (username_key, user_id, freed_us) VALUES ($1, NULL, $2) \
                 ON CONFLICT (username_key) DO UPDATE SET user_id = NULL, freed_us = excluded.freed_us"))
            .bind(&before).bind(now.0).execute(&mut *t).await?;
        sqlx::query(sql!("UPDATE freed_names SET user_id = NULL WHERE user_id = $1")).bind(user.0).execute(&mut *t).await?;
        let ended: Vec<i64> = sqlx::query_scalar(end_others!()).bind(user.0).bind(0_i64).fetch_all(&mut *t).await?;
        Some(ended.into_iter().map(SessionId).collect())
    })
}

/// Closed accounts on which something may hang still.
pub async fn unfinished(db: &Db) -> Result<Vec<UserId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM users WHERE deleted_us IS NOT NULL AND erased_us IS NULL ORDER BY id"))
        .fetch_all(c).await)?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Does something with each of the rows of a text until there are none, some at a time. What is done takes the row away.
macro_rules! each {
    ($db:expr, $user:expr, $text:literal, $id:ident => $deed:expr) => {
        loop {
            let ids: Vec<i64> = on!($db, read, c => sqlx::query_scalar(sql!($text))
                .bind($user.0).bind(ROWS).fetch_all(c).await)?;
            if ids.is_empty() {
                break;
            }
            for $id in ids {
                let _done = $deed.await?;
            }
        }
    };
}

async fn take_comment(db: &Db, id: CommentId) -> Result<()> {
    if let Some(about) = comments::get(db, id).await?.and_then(|found| found.about()) {
        comments::delete(db, about, id).await?;
    }
    Ok(())
}

/// Takes away what hangs on a closed account. May be done again and again.
pub async fn erase(db: &Db, user: UserId, now: Instant) -> Result<()> {
    let going: Option<bool> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT deletes_songs FROM users WHERE id = $1 AND deleted_us IS NOT NULL"))
        .bind(user.0).fetch_optional(c).await)?;
    let Some(songs_go) = going else { return Ok(()) };
    each!(db, user, "SELECT followed_id FROM follows WHERE follower_id = $1 LIMIT $2",
        other => follows::remove(db, user, UserId(other)));
    each!(db, user, "SELECT follower_id FROM follows WHERE followed_id = $1 LIMIT $2",
        other => follows::remove(db, UserId(other), user));
    each!(db, user, "SELECT CASE WHEN user_id = $1 THEN friend_id ELSE user_id END AS other FROM friendships \
        WHERE user_id = $1 OR friend_id = $1 LIMIT $2", other => friends::remove(db, user, UserId(other)));
    each!(db, user, "SELECT artist_id FROM artist_follows WHERE user_id = $1 LIMIT $2",
        artist => artist_follows::remove(db, user, ArtistId(artist)));
    each!(db, user, "SELECT song_id FROM song_likes WHERE user_id = $1 LIMIT $2",
        song => likes::unlike(db, user, SongId(song)));
    each!(db, user, "SELECT id FROM playlists WHERE owner_id = $1 LIMIT $2",
        list => playlists::delete(db, PlaylistId(list)));
    each!(db, user, "SELECT id FROM comments WHERE author_id = $1 LIMIT $2", id => take_comment(db, CommentId(id)));
    if songs_go {
        each!(db, user, "SELECT id FROM songs WHERE uploader_id = $1 AND deleted_us IS NULL LIMIT $2",
            song => songs::delete(db, SongId(song), now));
    }
    while plays::forget(db, user, 500).await? {}
    for text in [
        sql!("DELETE FROM blocks WHERE user_id = $1 OR blocked_id = $1"),
        sql!("DELETE FROM notifications WHERE user_id = $1 OR from_id = $1"),
        sql!("DELETE FROM notification_mutes WHERE user_id = $1"),
        sql!("DELETE FROM stage_invites WHERE created_by = $1 OR user_id = $1"),
        sql!("DELETE FROM stage_suggestions WHERE user_id = $1"),
        sql!("DELETE FROM stage_participants WHERE user_id = $1 AND role <> 'host'"),
        sql!("UPDATE albums SET owner_id = NULL WHERE owner_id = $1"),
    ] {
        on!(db, write, c => sqlx::query(text).bind(user.0).execute(c).await.map(drop))?;
    }
    on!(db, write, c => sqlx::query(sql!("UPDATE users SET erased_us = $2 WHERE id = $1"))
        .bind(user.0).bind(now.0).execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::Subject;
    use crate::store::comments::NewComment;
    use crate::store::testing::{both, people};
    use crate::store::{artists, users};

    /// ana and ben do to each other whatever can be done, and both like, follow and comment on what is ben's.
    async fn entangle(db: &Db, [ana, ben]: [UserId; 2], song: SongId, artist: ArtistId) {
        for (a, b) in [(ana, ben), (ben, ana)] {
            follows::add(db, a, b, Instant(1)).await.unwrap();
            friends::offer(db, a, b, Instant(1)).await.unwrap();
            artist_follows::add(db, a, artist, Instant(1)).await.unwrap();
            likes::like(db, a, song, Instant(1)).await.unwrap();
            let new = NewComment { about: Subject::Song(song), author: a, body: "x", position: None };
            comments::post(db, new, Instant(1)).await.unwrap();
            playlists::insert(db, a, "mine", "", Instant(1)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn what_hangs_on_an_account_goes_and_counts_of_others_are_right() {
        both(|db| {
            Box::pin(async move {
                let [ana, ben] = people(&db).await;
                let mine = songs::insert(&db, &songs::tests::song(ana, "A", "Miles")).await.unwrap();
                let theirs = songs::insert(&db, &songs::tests::song(ben, "B", "Miles")).await.unwrap();
                let artist = songs::get(&db, ana, mine).await.unwrap().unwrap().song.artist_id.unwrap();
                entangle(&db, [ana, ben], theirs, artist).await;
                let before = hanging(&db, ana).await.unwrap();
                assert_eq!((before.friends, before.followers, before.likes, before.comments), (1, 1, 1, 1));
                close(&db, ana, "", Songs::Go, Instant(5)).await.unwrap().unwrap();
                assert_eq!(unfinished(&db).await.unwrap(), [ana]);
                for _ in 0..2 {
                    erase(&db, ana, Instant(6)).await.unwrap();
                }
                assert_eq!(unfinished(&db).await.unwrap(), []);
                let left = users::by_id(&db, ben).await.unwrap().unwrap();
                assert_eq!((left.friends_count, left.followers_count, left.following_count), (0, 0, 0));
                let song = songs::get(&db, ben, theirs).await.unwrap().unwrap();
                assert_eq!((song.likes_count, song.comments_count), (1, 1));
                assert_eq!(artists::get(&db, artist).await.unwrap().unwrap().followers_count, 1);
                assert_eq!(songs::get(&db, ben, mine).await.unwrap(), None);
                let after = serde_json::to_value(hanging(&db, ana).await.unwrap()).unwrap();
                assert!(after.as_object().unwrap().values().all(|count| count == 0), "{after}");
                // Of who is still there nothing is erased.
                erase(&db, ben, Instant(8)).await.unwrap();
                assert_eq!(hanging(&db, ben).await.unwrap().likes, 1);
            })
        })
        .await;
    }

    #[tokio::test]
    async fn a_closed_account_lets_nobody_in_and_its_name_rests() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            let renamed = users::ProfileChange { username: Some("anna"), ..users::ProfileChange::default() };
            users::update(&db, ana, renamed, Instant(2)).await.unwrap();
            assert_eq!(close(&db, ana, "another", Songs::Stay, Instant(5)).await.unwrap(), None);
            assert!(users::by_username(&db, "anna").await.unwrap().is_some());
            assert_eq!(close(&db, ana, "", Songs::Stay, Instant(5)).await.unwrap(), Some(vec![]));
            assert_eq!(close(&db, ana, "", Songs::Stay, Instant(5)).await.unwrap(), None, "twice");
            let called = format!("deleted {ana}");
            for name in ["anna", &called] {
                assert_eq!(users::by_username(&db, name).await.unwrap(), None);
                assert_eq!(users::by_login(&db, name).await.unwrap(), None);
            }
            let text = "SELECT COUNT(*) FROM freed_names WHERE user_id IS NOT NULL";
            let told: i64 = on!(&db, read, c => sqlx::query_scalar(text).fetch_one(c).await.unwrap());
            assert_eq!(told, 0, "no name leads to who had it");
            let new =
                users::NewAccount { username: "ANNA", email: "n@example.org", password_hash: "", is_admin: false };
            assert!(users::create(&db, new, Instant(7)).await.unwrap_err().is_unique("username_key"));
        })
        .await;
    }

    #[tokio::test]
    async fn songs_stay_unless_they_shall_go() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let song = songs::insert(&db, &songs::tests::song(ana, "A", "Miles")).await.unwrap();
            close(&db, ana, "", Songs::Stay, Instant(5)).await.unwrap().unwrap();
            erase(&db, ana, Instant(6)).await.unwrap();
            let left = songs::get(&db, ben, song).await.unwrap().unwrap();
            assert_eq!(&*left.uploader.username, format!("deleted {ana}"));
        })
        .await;
    }
}
