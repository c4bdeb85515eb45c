//! All that is somebody's, as JSON, a page at a time: the databases themselves write it.

use octave_protocol::{StageId, UserId};

use super::{Db, Result, on, sql};

/// One file of an export.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// What it is called, without an ending.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Rows that are read at once.
const ROWS: i64 = 500;

macro_rules! part {
    ($name:ident by $key:literal { $($column:ident: $value:literal),+ } from $rest:literal) => {
        Part {
            name: stringify!($name),
            sqlite: part!(sqlite: "", "json_object", "", $key, $rest, $($column $value)+),
            postgres: part!(postgres: "CAST(", "json_build_object", " AS TEXT)", $key, $rest, $($column $value)+),
        }
    };
    ($engine:ident: $open:literal, $object:literal, $close:literal, $key:literal, $rest:literal,
     $first:ident $value:literal $($column:ident $other:literal)*) => {
        sql!($engine: concat!(
            "SELECT ", $key, " AS k, ", $open, $object, "('", stringify!($first), "', ", $value,
            $(", '", stringify!($column), "', ", $other,)* ")", $close, " AS j FROM ", $rest,
            " AND ", $key, " > $2 ORDER BY ", $key, " LIMIT $3"
        ))
    };
}

/// Everything but the lines of chat, which are read stage by stage.
pub fn parts() -> Vec<Part> {
    [people(), library(), doings()].concat()
}

/// Who somebody is, and who is around them.
fn people() -> Vec<Part> {
    vec![
        part!(profile by "u.id" {
            username: "u.username", email: "u.email", bio: "u.bio", created_us: "u.created_us"
        } from "users u WHERE u.id = $1"),
        part!(sessions by "s.id" {
            user_agent: "s.user_agent", address: "s.address", created_us: "s.created_us",
            last_seen_us: "s.last_seen_us"
        } from "sessions s WHERE s.user_id = $1"),
        part!(friends by "u.id" {
            username: "u.username", status: "f.status", asked_by_me: "f.user_id = $1", since_us: "f.created_us"
        } from "friendships f JOIN users u ON u.id = CASE WHEN f.user_id = $1 THEN f.friend_id ELSE f.user_id \
             END WHERE (f.user_id = $1 OR f.friend_id = $1)"),
        part!(following by "u.id" {
            username: "u.username", since_us: "f.created_us"
        } from "follows f JOIN users u ON u.id = f.followed_id WHERE f.follower_id = $1"),
        part!(followers by "u.id" {
            username: "u.username", since_us: "f.created_us"
        } from "follows f JOIN users u ON u.id = f.follower_id WHERE f.followed_id = $1"),
        part!(blocked by "u.id" {
            username: "u.username", since_us: "b.created_us"
        } from "blocks b JOIN users u ON u.id = b.blocked_id WHERE b.user_id = $1"),
        part!(artists by "a.id" {
            name: "a.name", since_us: "f.created_us"
        } from "artist_follows f JOIN artists a ON a.id = f.artist_id WHERE f.user_id = $1"),
    ]
}

/// What they have brought and gathered.
fn library() -> Vec<Part> {
    vec![
        part!(songs by "s.id" {
            id: "s.id", title: "s.title", artist: "s.artist", album: "s.album", track: "s.track",
            year: "s.year", duration_us: "s.duration_us", sha256: "s.file_hash", bytes: "s.file_size",
            mime: "s.mime", created_us: "s.created_us"
        } from "songs s WHERE s.deleted_us IS NULL AND s.uploader_id = $1"),
        part!(albums by "b.id" {
            id: "b.id", title: "b.title", artist: "a.name", genre: "b.genre", description: "b.description",
            created_us: "b.created_us"
        } from "albums b JOIN artists a ON a.id = b.artist_id WHERE b.owner_id = $1"),
        part!(likes by "s.id" {
            song: "s.id", title: "s.title", artist: "s.artist", since_us: "l.created_us"
        } from "song_likes l JOIN songs s ON s.id = l.song_id WHERE l.user_id = $1"),
        part!(playlists by "p.id" {
            id: "p.id", name: "p.name", description: "p.description", created_us: "p.created_us"
        } from "playlists p WHERE p.owner_id = $1"),
        part!(playlist_songs by "e.id" {
            playlist: "e.playlist_id", song: "s.id", title: "s.title", artist: "s.artist", order: "e.ord",
            added_us: "e.added_us"
        } from "playlists p JOIN playlist_songs e ON e.playlist_id = p.id JOIN songs s ON s.id = e.song_id WHERE \
             p.owner_id = $1"),
    ]
}

/// What they have said, heard and been told.
fn doings() -> Vec<Part> {
    vec![
        part!(comments by "c.id" {
            song: "c.song_id", album: "c.album_id", body: "c.body", position_us: "c.position_us",
            created_us: "c.created_us", edited_us: "c.edited_us"
        } from "comments c WHERE c.author_id = $1"),
        part!(history by "p.id" {
            song: "s.id", title: "s.title", artist: "s.artist", stage: "p.stage_id", heard_us: "p.heard_us",
            at_us: "p.at_us"
        } from "plays p JOIN songs s ON s.id = p.song_id WHERE p.user_id = $1"),
        part!(stages by "t.id" {
            id: "t.id", name: "t.name", visibility: "t.visibility", created_us: "t.created_us",
            ended_us: "t.ended_us"
        } from "stages t WHERE t.host_id = $1"),
        part!(notifications by "n.id" {
            kind: "n.kind", from: "u.username", about: "n.about", excerpt: "n.excerpt", at_us: "n.at_us",
            read_us: "n.read_us"
        } from "notifications n JOIN users u ON u.id = n.from_id WHERE n.user_id = $1"),
    ]
}

/// A page of a part behind the key `after`, each row with its key; empty at the end.
pub async fn page(db: &Db, part: &Part, user: UserId, after: i64) -> Result<Vec<(i64, String)>> {
    let text = if db.is_sqlite() { part.sqlite } else { part.postgres };
    Ok(on!(db, read, c => sqlx::query_as(text).bind(user.0).bind(after).bind(ROWS).fetch_all(c).await)?)
}

/// The stages that somebody has been in.
pub async fn stages(db: &Db, user: UserId) -> Result<Vec<StageId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT stage_id FROM stage_participants WHERE user_id = $1 ORDER BY stage_id"))
        .bind(user.0).fetch_all(c).await)?;
    Ok(ids.into_iter().map(StageId).collect())
}

/// What somebody has said in a stage, as [`page`].
pub async fn lines(db: &Db, user: UserId, stage: StageId, after: i64) -> Result<Vec<(i64, String)>> {
    macro_rules! text {
        ($object:literal) => {
            concat!(
                "SELECT c.seq AS k, CAST(",
                $object,
                "('stage', c.stage_id, 'seq', c.seq, 'text', c.message, 'reply_to', c.reply_to, 'at_us', c.at_us, \
                 'edited_us', c.edited_us) AS TEXT) AS j FROM chats c WHERE c.sender_id = $1 AND c.seq > $2 \
                 AND c.stage_id = $4 AND c.deleted_us IS NULL ORDER BY c.seq LIMIT $3"
            )
        };
    }
    let text =
        if db.is_sqlite() { sql!(sqlite: text!("json_object")) } else { sql!(postgres: text!("json_build_object")) };
    Ok(on!(db, read, c => sqlx::query_as(text)
        .bind(user.0).bind(after).bind(ROWS).bind(stage.0).fetch_all(c).await)?)
}

/// A sound file of somebody's, and what it is to be called.
#[derive(Debug, Clone, sqlx_macros::FromRow)]
pub struct Sound {
    pub id: i64,
    pub title: String,
    pub artist: String,
    pub file_hash: String,
    pub mime: String,
    pub cover: Option<String>,
}

/// The songs that somebody has uploaded, by id, after one of them.
pub async fn sounds(db: &Db, user: UserId, after: i64) -> Result<Vec<Sound>> {
    Ok(on!(db, read, c => sqlx::query_as(sql!(
            "SELECT id, title, artist, file_hash, mime, cover FROM songs WHERE uploader_id = $1 AND id > $2 \
             AND deleted_us IS NULL ORDER BY id LIMIT $3"))
        .bind(user.0).bind(after).bind(ROWS).fetch_all(c).await)?)
}

#[cfg(test)]
mod tests {
    use octave_protocol::Instant;

    use super::*;
    use crate::presence::Subject;
    use crate::store::comments::{self, NewComment};
    use crate::store::testing::{both, people};
    use crate::store::{follows, friends, likes, songs};

    #[tokio::test]
    async fn each_part_holds_what_is_mine_and_nothing_of_others() {
        both(|db| {
            Box::pin(async move {
                let [ana, ben] = people(&db).await;
                let song = songs::insert(&db, &songs::tests::song(ana, "So \"What\"", "Miles")).await.unwrap();
                likes::like(&db, ben, song, Instant(2)).await.unwrap();
                follows::add(&db, ana, ben, Instant(3)).await.unwrap();
                friends::offer(&db, ben, ana, Instant(4)).await.unwrap();
                let about = Subject::Song(song);
                let said = NewComment { about, author: ana, body: "mine", position: None };
                comments::post(&db, said, Instant(5)).await.unwrap();
                let rows = async |user, name: &str| {
                    let all = parts();
                    let part = all.iter().find(|part| part.name == name).unwrap();
                    let page = page(&db, part, user, 0).await.unwrap();
                    page.into_iter()
                        .map(|(_, json)| serde_json::from_str(&json).unwrap())
                        .collect::<Vec<serde_json::Value>>()
                };
                assert_eq!(rows(ana, "profile").await[0]["email"], "ana@example.org");
                assert_eq!(rows(ana, "songs").await[0]["title"], "So \"What\"");
                assert_eq!(rows(ben, "songs").await.len(), 0);
                assert_eq!(
                    (rows(ana, "likes").await.len(), rows(ben, "likes").await[0]["since_us"].as_i64()),
                    (0, Some(2))
                );
                assert_eq!(
                    (rows(ana, "following").await.len(), rows(ben, "followers").await[0]["username"].as_str()),
                    (1, Some("ana"))
                );
                assert_eq!(rows(ana, "friends").await[0]["status"], "pending");
                assert_eq!(
                    (rows(ana, "comments").await[0]["body"].as_str(), rows(ben, "comments").await.len()),
                    (Some("mine"), 0)
                );
                for part in parts() {
                    for (key, _) in page(&db, &part, ana, 0).await.unwrap() {
                        assert!(
                            page(&db, &part, ana, key).await.unwrap().iter().all(|(k, _)| *k > key),
                            "{}",
                            part.name
                        );
                    }
                }
                assert_eq!(sounds(&db, ana, 0).await.unwrap().len(), 1);
                assert_eq!(sounds(&db, ana, song.0).await.unwrap().len(), 0);
            })
        })
        .await;
    }
}
