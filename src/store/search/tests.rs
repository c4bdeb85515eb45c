mod plans;

use octave_protocol::{Instant, PlaylistId, StageId, UserId};

use super::*;
use crate::store::songs::tests::song;
use crate::store::songs::{self, Change, Filter, NewSong, Sort};
use crate::store::testing::{both, people};
use crate::store::{albums, artists, playlists, stages, users};

async fn titles(db: &Db, q: &str) -> Vec<String> {
    let found = songs::find(db, UserId(0), &Query::of(q), 50).await.unwrap();
    found.into_iter().map(|s| s.song.title).collect()
}

#[tokio::test]
async fn what_is_written_one_way_is_found_another_way() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        for (title, artist) in [
            ("Song (Mixname)", "Artist A"),
            ("\"Heroes\"", "Artist B"),
            ("Rock'n Roll", "Artist G"),
            ("Thunder", "AC/DC"),
            ("我只在乎你", "邓丽君"),
            ("Le cœur", "Artist I"),
            ("Straße", "Artist J"),
            ("one two three", "Four"),
            ("???", "Punct"),
            ("Łódź", "Ścianka"),
        ] {
            songs::insert(&db, &song(ana, title, artist)).await.unwrap();
        }
        for (q, title) in [
            ("Mixname", "Song (Mixname)"),
            ("heroes", "\"Heroes\""),
            ("rock n roll", "Rock'n Roll"),
            ("dc", "Thunder"),
            ("丽君", "我只在乎你"),
            ("在乎", "我只在乎你"),
            ("coeur", "Le cœur"),
            ("strasse", "Straße"),
            ("four three", "one two three"),
            ("???", "???"),
            ("lodz scian", "Łódź"),
            ("artist a song", "Song (Mixname)"),
        ] {
            assert_eq!(titles(&db, q).await, [title], "{q}");
            let listed = Filter { q: Some(q.into()), ..Filter::default() };
            let listed = songs::list(&db, UserId(0), &listed, Sort::Title, None, 9).await.unwrap();
            assert_eq!(listed.iter().map(|s| s.song.title.as_str()).collect::<Vec<_>>(), [title], "{q}");
        }
        for q in ["one two three nine", "eroes", "", "'", "\" OR 1", "a' | 'b", "*", "\u{e000}"] {
            assert_eq!(titles(&db, q).await, [""; 0], "{q}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_best_comes_first() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let mut ids = Vec::new();
        for (title, artist) in
            [("Something Blue", "Zed"), ("Other", "Blue"), ("Blue Moon", "Zed"), ("Blue", "Zed"), ("Blue Sky", "Zed")]
        {
            ids.push(songs::insert(&db, &song(ana, title, artist)).await.unwrap());
        }
        let other = NewSong { album: Some("Blue".into()), ..song(ana, "Last", "Zed") };
        songs::insert(&db, &other).await.unwrap();
        crate::store::likes::like(&db, ben, ids[4], Instant(1)).await.unwrap();
        let order = ["Blue", "Blue Sky", "Blue Moon", "Something Blue", "Other", "Last"];
        assert_eq!(titles(&db, "blue").await, order);
        assert_eq!(titles(&db, "blu").await.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn an_index_follows_what_it_is_of() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let new = NewSong { album: Some("Homogenic".into()), ..song(ana, "Hunter", "Björk") };
        let id = songs::insert(&db, &new).await.unwrap();
        assert_eq!(titles(&db, "homogenic").await, ["Hunter"]);
        let change = Change { title: Some("Jóga".into()), ..Change::default() };
        songs::update(&db, id, ana, &change, Instant(2)).await.unwrap();
        assert_eq!((titles(&db, "hunter").await, titles(&db, "joga bjork").await), (vec![], vec!["Jóga".to_owned()]));
        let album = albums::find(&db, &Query::of("homog"), 5).await.unwrap()[0].id;
        assert_eq!(albums::find(&db, &Query::of("bjork"), 5).await.unwrap().len(), 1);
        let change = albums::Change { title: Some("Vespertine".into()), ..albums::Change::default() };
        albums::update(&db, album, &change, Instant(3)).await.unwrap();
        assert_eq!((titles(&db, "homogenic").await.len(), titles(&db, "vespertine").await.len()), (0, 1));
        assert!(albums::find(&db, &Query::of("homog"), 5).await.unwrap().is_empty());
        assert_eq!(albums::list(&db, Some("vesper"), None, None, 5).await.unwrap().len(), 1);
        assert_eq!(artists::list(&db, Some("BJO"), None, 5).await.unwrap().len(), 1);
        songs::delete(&db, id, Instant(4)).await.unwrap();
        assert_eq!(titles(&db, "joga").await, [""; 0]);
        albums::delete(&db, album).await.unwrap();
        assert!(albums::find(&db, &Query::of("vespertine"), 5).await.unwrap().is_empty());
        assert!(artists::find(&db, &Query::of("bjork"), 5).await.unwrap().is_empty(), "who has nothing is not shown");

        let list = playlists::insert(&db, ana, "Übermorgen", "", Instant(1)).await.unwrap();
        let found = async |q: &str| {
            playlists::find(&db, &Query::of(q), 5).await.unwrap().iter().map(|p| p.id).collect::<Vec<_>>()
        };
        assert_eq!(found("uber").await, [list]);
        playlists::update(&db, list, Some("Gestern"), None, Instant(2)).await.unwrap();
        assert_eq!((found("uber").await, found("gestern").await), (vec![], vec![list]));
        playlists::delete(&db, list).await.unwrap();
        assert_eq!(found("gestern").await, [PlaylistId(0); 0]);

        let stage = stages::tests::open(&db, ana).await;
        let found = async |q: &str| {
            let viewer = Some(ana).into();
            stages::find(&db, viewer, &Query::of(q), 5).await.unwrap().iter().map(|s| s.id).collect::<Vec<_>>()
        };
        assert_eq!((found("kitch").await, found("ana").await), (vec![stage], vec![stage]));
        let renamed = users::ProfileChange { username: Some("zoë"), ..users::ProfileChange::default() };
        users::update(&db, ana, renamed, Instant(5)).await.unwrap();
        assert_eq!((found("ana").await, found("zoe").await), (vec![StageId(0); 0], vec![stage]));
        let names =
            async |q: &str| users::find(&db, &Query::of(q), 5).await.unwrap().iter().map(|u| u.id).collect::<Vec<_>>();
        assert_eq!((names("ana").await, names("zo").await), (vec![], vec![ana]));
    })
    .await;
}

#[tokio::test]
async fn what_was_there_before_is_folded_at_the_start() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let new = NewSong { album: Some("Kept".into()), ..song(ana, "Été", "Zed") };
        songs::insert(&db, &new).await.unwrap();
        let stage = stages::tests::open(&db, ana).await;
        on!(&db, write, c => sqlx::query("INSERT INTO chats (stage_id, seq, sender_id, message, at_us) VALUES ($1, 5, $2, 'Grüße', 1)")
            .bind(stage.0).bind(ana.0).execute(c).await.map(drop)).unwrap();
        for table in ["songs", "albums", "artists", "users", "stages"] {
            let text = sqlx::AssertSqlSafe(format!("UPDATE {table} SET search_key = ''"));
            on!(&db, write, c => sqlx::query(text).execute(c).await.map(drop)).unwrap();
        }
        assert_eq!(titles(&db, "ete").await, [""; 0]);
        fold_rest(&db).await.unwrap();
        assert_eq!((titles(&db, "ete").await.len(), titles(&db, "kept zed").await.len()), (1, 1));
        assert_eq!(albums::find(&db, &Query::of("kept"), 5).await.unwrap().len(), 1);
        assert_eq!(users::find(&db, &Query::of("ana"), 5).await.unwrap().len(), 1);
        let before = crate::store::chats::Span::Before(octave_protocol::Seq(9));
        assert_eq!(crate::store::chats::history(&db, stage, before, Some("grusse"), 5).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_slip_of_the_pen_is_forgiven() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        songs::insert(&db, &song(ana, "Night Train", "Beatles")).await.unwrap();
        for q in ["nigth", "beatels", "nihgt trian", "beetles", "trains"] {
            assert_eq!(titles(&db, q).await, [""; 0], "{q}");
            let meant = meant(&db, &Query::of(q)).await.unwrap().expect(q);
            assert_eq!(songs::find(&db, UserId(0), &meant, 5).await.unwrap().len(), 1, "{q}");
        }
        assert_eq!(meant(&db, &Query::of("xyzzy")).await.unwrap(), None);
    })
    .await;
}

/// Counts that are kept are what counting finds, whatever was done.
#[tokio::test]
async fn kept_counts_are_what_is_there() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let mut ids = Vec::new();
        for n in 0..6 {
            let artist = ["Mia", "Zed"][n % 2];
            let genres = vec![["Folk", "Rock"][n % 2].to_owned(), "All".to_owned()];
            let new = NewSong { album: Some("One".into()), genres, ..song(ana, &format!("s{n}"), artist) };
            ids.push(songs::insert(&db, &new).await.unwrap());
        }
        let list = playlists::insert(&db, ana, "L", "", Instant(1)).await.unwrap();
        for id in &ids {
            playlists::add(&db, list, *id, None, Instant(1)).await.unwrap();
        }
        let change = Change {
            artist: Some("New".into()),
            album: Some(Some("Two".into())),
            genres: Some(vec!["Folk".into()]),
            ..Change::default()
        };
        songs::update(&db, ids[1], ana, &change, Instant(2)).await.unwrap();
        songs::update(&db, ids[2], ana, &Change { album: Some(None), ..Change::default() }, Instant(2)).await.unwrap();
        songs::delete(&db, ids[3], Instant(3)).await.unwrap();
        on!(&db, write, c => sqlx::query("UPDATE songs SET duration_us = 7 WHERE id = $1").bind(ids[4].0).execute(c).await.map(drop)).unwrap();
        for text in [
            "SELECT COUNT(*) FROM artists a WHERE a.songs_count <> (SELECT COUNT(DISTINCT s.id) FROM song_artists z JOIN songs s ON s.id = z.song_id WHERE z.artist_id = a.id AND s.deleted_us IS NULL) \
             OR a.albums_count <> (SELECT COUNT(*) FROM albums b WHERE b.artist_id = a.id)",
            "SELECT COUNT(*) FROM albums b WHERE b.songs_count <> (SELECT COUNT(*) FROM songs s WHERE s.album_id = b.id AND s.deleted_us IS NULL) \
             OR b.duration_us <> (SELECT COALESCE(SUM(s.duration_us), 0) FROM songs s WHERE s.album_id = b.id AND s.deleted_us IS NULL)",
            "SELECT COUNT(*) FROM genres g WHERE g.songs_count <> (SELECT COUNT(*) FROM song_genres x JOIN songs s ON s.id = x.song_id \
             WHERE x.genre_id = g.id AND s.deleted_us IS NULL)",
            "SELECT COUNT(*) FROM playlists p WHERE p.songs_count <> (SELECT COUNT(*) FROM playlist_songs e WHERE e.playlist_id = p.id) \
             OR p.duration_us <> (SELECT COALESCE(SUM(s.duration_us), 0) FROM playlist_songs e JOIN songs s ON s.id = e.song_id WHERE e.playlist_id = p.id)",
        ] {
            let wrong: i64 = on!(&db, read, c => sqlx::query_scalar(text).fetch_one(c).await).unwrap();
            assert_eq!(wrong, 0, "{text}");
        }
        let mia = artists::list(&db, Some("mia"), None, 1).await.unwrap();
        assert_eq!((mia[0].songs_count, playlists::get(&db, list).await.unwrap().unwrap().songs_count), (3, 5));
    })
    .await;
}
