//! Kept counts say what the rows say, whatever many people do at once.

use futures_util::future::join_all;
use octave_protocol::{AlbumId, ArtistId, Duration, Instant, SongId, UserId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

use super::comments::NewComment;
use super::plays::NewPlay;
use super::testing::{both, crowd};
use super::*;
use crate::presence::Subject;

/// What somebody does to somebody or something, which are numbers within the scene.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Like(usize, usize, bool),
    Follow(usize, usize, bool),
    Befriend(usize, usize, bool),
    Block(usize, usize, bool),
    FollowArtist(usize, usize, bool),
    Comment(usize, usize, bool),
    CommentAlbum(usize, bool),
    Hear(usize, usize),
}

const PEOPLE: usize = 5;
const SONGS: usize = 3;

fn deed() -> impl Strategy<Value = Deed> {
    let (who, what, on) = (0..PEOPLE, 0..SONGS, any::<bool>());
    prop_oneof![
        (who.clone(), what.clone(), on).prop_map(|(a, b, on)| Deed::Like(a, b, on)),
        (who.clone(), who.clone(), on).prop_map(|(a, b, on)| Deed::Follow(a, b, on)),
        (who.clone(), who.clone(), on).prop_map(|(a, b, on)| Deed::Befriend(a, b, on)),
        (who.clone(), who.clone(), prop::bool::weighted(0.3)).prop_map(|(a, b, on)| Deed::Block(a, b, on)),
        (who.clone(), what.clone(), on).prop_map(|(a, b, on)| Deed::FollowArtist(a, b, on)),
        (who.clone(), what.clone(), on).prop_map(|(a, b, on)| Deed::Comment(a, b, on)),
        (who.clone(), on).prop_map(|(a, on)| Deed::CommentAlbum(a, on)),
        (who, what).prop_map(|(a, b)| Deed::Hear(a, b)),
    ]
}

struct Scene {
    db: Db,
    people: Vec<UserId>,
    songs: Vec<SongId>,
    artists: Vec<ArtistId>,
    album: AlbumId,
    stage: octave_protocol::StageId,
}

impl Scene {
    async fn new(db: Db) -> Self {
        let people = crowd(&db, PEOPLE).await;
        let stage = stages::tests::open(&db, people[0]).await;
        let (mut ids, mut artists) = (Vec::new(), Vec::new());
        for n in 0..SONGS {
            let new = songs::NewSong {
                album: Some("Blue".into()),
                ..songs::tests::song(people[0], "title", &format!("artist {n}"))
            };
            let id = songs::insert(&db, &new).await.unwrap();
            let song = songs::get(&db, people[0], id).await.unwrap().unwrap().song;
            ids.push(id);
            artists.push(song.artist_id.unwrap());
        }
        let album = songs::get(&db, people[0], ids[0]).await.unwrap().unwrap().song.album_id.unwrap();
        Self { db, people, songs: ids, artists, album, stage }
    }

    async fn does(&self, deed: Deed) -> Result<()> {
        let (db, now) = (&self.db, Instant(1));
        let who = |n: usize| self.people[n];
        match deed {
            Deed::Follow(a, b, _) | Deed::Befriend(a, b, _) | Deed::Block(a, b, _) if a == b => {}
            Deed::Like(a, song, true) => drop(likes::like(db, who(a), self.songs[song], now).await?),
            Deed::Like(a, song, false) => likes::unlike(db, who(a), self.songs[song]).await?,
            Deed::Follow(a, b, true) => drop(follows::add(db, who(a), who(b), now).await?),
            Deed::Follow(a, b, false) => follows::remove(db, who(a), who(b)).await?,
            Deed::Befriend(a, b, true) => drop(friends::offer(db, who(a), who(b), now).await?),
            Deed::Befriend(a, b, false) => drop(friends::remove(db, who(a), who(b)).await?),
            Deed::Block(a, b, true) => blocks::add(db, who(a), who(b), now).await?,
            Deed::Block(a, b, false) => blocks::remove(db, who(a), who(b)).await?,
            Deed::FollowArtist(a, n, true) => drop(artist_follows::add(db, who(a), self.artists[n], now).await?),
            Deed::FollowArtist(a, n, false) => drop(artist_follows::remove(db, who(a), self.artists[n]).await?),
            Deed::Comment(a, song, on) => self.comments(who(a), Subject::Song(self.songs[song]), on).await?,
            Deed::CommentAlbum(a, on) => self.comments(who(a), Subject::Album(self.album), on).await?,
            Deed::Hear(a, song) => {
                let (user, song, stage) = (who(a), self.songs[song], self.stage);
                let play = NewPlay { user, song, stage, heard: Duration::ZERO, at: now, unless_since: now };
                plays::add(db, &[play]).await?;
            }
        }
        Ok(())
    }

    /// Says something, or takes away what was said last, whoever said it.
    async fn comments(&self, author: UserId, about: Subject, on: bool) -> Result<()> {
        if on {
            let new = NewComment { about, author, body: "x", position: None };
            return comments::post(&self.db, new, Instant(1)).await.map(drop);
        }
        match comments::list(&self.db, about, None, 1).await?.first() {
            Some(last) => comments::delete(&self.db, about, last.id).await.map(drop),
            None => Ok(()),
        }
    }

    /// Which kept counts differ from what the rows say.
    async fn wrong(&self) -> Vec<&'static str> {
        let mut wrong = Vec::new();
        for (what, text) in KEPT {
            let count: i64 = on!(&self.db, read, c => sqlx::query_scalar(text).fetch_one(c).await.unwrap());
            if count > 0 {
                wrong.push(what);
            }
        }
        wrong
    }
}

/// How many rows keep a wrong count.
const KEPT: [(&str, &str); 9] = [
    (
        "friends",
        "SELECT COUNT(*) FROM users u WHERE friends_count <> (SELECT COUNT(*) FROM friendships f \
         WHERE f.status = 'accepted' AND (f.user_id = u.id OR f.friend_id = u.id))",
    ),
    (
        "followers",
        "SELECT COUNT(*) FROM users u WHERE followers_count <> (SELECT COUNT(*) FROM follows f WHERE f.followed_id = u.id)",
    ),
    (
        "following",
        "SELECT COUNT(*) FROM users u WHERE following_count <> (SELECT COUNT(*) FROM follows f WHERE f.follower_id = u.id)",
    ),
    (
        "likes",
        "SELECT COUNT(*) FROM songs s WHERE likes_count <> (SELECT COUNT(*) FROM song_likes l WHERE l.song_id = s.id)",
    ),
    (
        "comments on songs",
        "SELECT COUNT(*) FROM songs s WHERE comments_count <> (SELECT COUNT(*) FROM comments c WHERE c.song_id = s.id)",
    ),
    (
        "comments on albums",
        "SELECT COUNT(*) FROM albums b WHERE comments_count <> (SELECT COUNT(*) FROM comments c WHERE c.album_id = b.id)",
    ),
    (
        "plays",
        "SELECT COUNT(*) FROM songs s WHERE plays_count <> (SELECT COUNT(*) FROM plays p WHERE p.song_id = s.id)",
    ),
    (
        "followers of artists",
        "SELECT COUNT(*) FROM artists a WHERE followers_count <> (SELECT COUNT(*) FROM artist_follows f \
         WHERE f.artist_id = a.id)",
    ),
    (
        "both a block and what it forbids",
        "SELECT COUNT(*) FROM blocks k WHERE EXISTS (SELECT 1 FROM friendships f WHERE (f.user_id = k.user_id \
         AND f.friend_id = k.blocked_id) OR (f.friend_id = k.user_id AND f.user_id = k.blocked_id)) \
         OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = k.blocked_id AND f.followed_id = k.user_id)",
    ),
];

/// Deeds that are under way at a time.
const AT_ONCE: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kept_counts_are_right_whatever_happens_at_once() {
    both(|db| async move {
        let scene = Scene::new(db).await;
        let mut runner = TestRunner::new(Config { cases: 24, max_shrink_iters: 0, ..Config::default() });
        let outcome = runner.run(&vec(deed(), 12..120), |deeds| {
            let all = async {
                for some in deeds.chunks(AT_ONCE) {
                    for done in join_all(some.iter().map(|deed| scene.does(*deed))).await {
                        done.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    }
                }
                let wrong = scene.wrong().await;
                prop_assert!(wrong.is_empty(), "wrong: {wrong:?}");
                Ok(())
            };
            tokio::task::block_in_place(|| Handle::current().block_on(all))
        });
        outcome.unwrap();
    })
    .await;
}

/// The columns that `docs/MODELS.md` names, as `table.column`.
fn told() -> std::collections::BTreeSet<String> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/MODELS.md")).unwrap();
    let mut table = "";
    let mut told = std::collections::BTreeSet::new();
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            table = name;
        } else if line.starts_with("| `") {
            let first = line.split('|').nth(1).unwrap();
            told.extend(first.split('`').skip(1).step_by(2).map(|column| format!("{table}.{column}")));
        }
    }
    told
}

#[tokio::test]
async fn the_page_of_models_names_every_column_and_no_other() {
    let (_dir, db) = testing::sqlite().await;
    let there: Vec<String> = on!(&db, read, c => sqlx::query_scalar(
            "SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND m.name NOT LIKE '%!_words%' ESCAPE '!' AND m.name NOT LIKE '!_sqlx%' ESCAPE '!'")
        .fetch_all(c).await.unwrap());
    let (told, there) = (told(), there.into_iter().collect::<std::collections::BTreeSet<_>>());
    assert_eq!(there.difference(&told).collect::<Vec<_>>(), [""; 0], "docs/MODELS.md does not tell of these");
    assert_eq!(told.difference(&there).collect::<Vec<_>>(), [""; 0], "docs/MODELS.md tells of what is not there");
}
