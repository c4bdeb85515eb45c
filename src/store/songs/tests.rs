mod as_tagged;
mod at_once;

use octave_protocol::{AlbumId, Instant, PlaylistId, SongId, UserId};

use super::*;
use crate::base::fold::Query;
use crate::store::access::Viewer;
use crate::store::playlists::{self, Added};
use crate::store::testing::both;
use crate::store::{albums, artists, genres, likes};

/// An account to own things.
async fn user(db: &Db, name: &str) -> UserId {
    let id: i64 = on!(db, write, c => sqlx::query_scalar(
            "INSERT INTO users (username, username_key, email, email_key, password_hash, created_us) \
             VALUES ($1, $1, $1, $1, '', 0) RETURNING id")
        .bind(name).fetch_one(c).await.unwrap());
    UserId(id)
}

pub(crate) fn song(uploader: UserId, title: &str, artist: &str) -> NewSong {
    NewSong {
        uploader,
        title: title.into(),
        artist: artist.into(),
        artists: Vec::new(),
        album: None,
        album_artist: None,
        genres: Vec::new(),
        disc: None,
        track: None,
        year: None,
        tags: SongTags::default(),
        lyrics: None,
        duration_us: 2_000_000,
        sample_rate: 44_100,
        channels: 2,
        file_hash: "a".repeat(64),
        file_size: 9,
        mime: "audio/flac",
        cover: None,
        loudness_mlufs: Some(-14_500),
        true_peak_mdb: None,
        waveform: Some(vec![1, 2]),
        analysis: Analysis::Done,
        at: Instant(5),
    }
}

async fn titles(db: &Db, viewer: UserId, filter: Filter, sort: Sort) -> Vec<String> {
    let mut found: Vec<Song> = Vec::new();
    loop {
        let after = found.last().map(|s| s.song.id);
        let page = list(db, viewer, &filter, sort, after, 2).await.unwrap();
        if page.is_empty() {
            return found.into_iter().map(|s| s.song.title).collect();
        }
        found.extend(page);
    }
}

#[tokio::test]
async fn a_song_is_shown_as_it_was_uploaded() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let new = NewSong {
            album: Some("Kind of Blue".into()),
            genres: vec!["Jazz".into(), "Cool, calm".into()],
            track: Some(1),
            year: Some(1959),
            cover: Some(format!("{}.jpg", "b".repeat(64))),
            ..song(ana, "So What", "Miles Davis")
        };
        let id = insert(&db, &new).await.unwrap();
        let shown = get(&db, ana, id).await.unwrap().unwrap();
        assert_eq!(shown.song.audio_url, format!("/api/v1/songs/{id}/audio?v=aaaaaaaa"));
        assert_eq!(shown.song.cover_url, Some(format!("/api/v1/songs/{id}/cover?v=bbbbbbbb")));
        assert_eq!(shown.song.loudness_lufs, Some(-14.5));
        assert_eq!(shown.genres, ["Cool, calm", "Jazz"]);
        assert_eq!((shown.track, shown.year, shown.liked, shown.likes_count), (Some(1), Some(1959), false, 0));
        assert_eq!(&*shown.uploader.username, "ana");
        let album = albums::get(&db, shown.song.album_id.unwrap()).await.unwrap().unwrap();
        assert_eq!(
            (album.title.as_str(), album.artist.as_str(), album.songs_count),
            ("Kind of Blue", "Miles Davis", 1)
        );
        assert_eq!(album.duration_us, 2_000_000);
        assert_eq!(for_stage(&db, &[id, SongId(99)]).await.unwrap(), [shown.song]);
        assert_eq!(waveform(&db, id).await.unwrap(), Some(vec![1, 2]));
    })
    .await;
}

#[tokio::test]
async fn artists_albums_and_genres_are_one_whatever_their_case() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        for (title, artist, album, genre) in
            [("x", "Björk", "Homogenic", "Electronic"), ("y", "BJÖRK", "HOMOGENIC", "electronic")]
        {
            let new = NewSong { album: Some(album.into()), genres: vec![genre.into()], ..song(ana, title, artist) };
            insert(&db, &new).await.unwrap();
        }
        let found = artists::list(&db, None, None, 10).await.unwrap();
        assert_eq!(found.iter().map(|a| (a.name.as_str(), a.songs_count)).collect::<Vec<_>>(), [("Björk", 2)]);
        assert_eq!(albums::list(&db, None, None, None, 10).await.unwrap().len(), 1);
        let found = genres::list(&db, &Viewer::default(), None, 10).await.unwrap();
        assert_eq!(found.iter().map(|g| (g.name.as_str(), g.songs_count)).collect::<Vec<_>>(), [("Electronic", 2)]);
        assert_eq!(genres::kept(&db, "ELECTRONIC").await.unwrap().unwrap().songs_count, 2);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_on_in_every_order_and_filter() {
    both(|db| async move {
        let (ana, ben) = (user(&db, "ana").await, user(&db, "ben").await);
        for (who, title, artist) in [
            (ana, "Été", "Zed"),
            (ana, "alpha", "Zed"),
            (ben, "Beta", "Ana"),
            (ana, "beta", "Mia"),
            (ben, "100%", "Mia"),
        ] {
            insert(&db, &NewSong { genres: vec![format!("of {artist}")], ..song(who, title, artist) }).await.unwrap();
        }
        let all = Filter::default;
        assert_eq!(titles(&db, ana, all(), Sort::New).await, ["100%", "beta", "Beta", "alpha", "Été"]);
        assert_eq!(titles(&db, ana, all(), Sort::Title).await, ["100%", "alpha", "Beta", "beta", "Été"]);
        assert_eq!(titles(&db, ana, all(), Sort::Artist).await, ["Beta", "100%", "beta", "alpha", "Été"]);
        let by_ben = Filter { uploader: Some(ben), ..all() };
        assert_eq!(titles(&db, ana, by_ben, Sort::Title).await, ["100%", "Beta"]);
        let of_mia = Filter { genre: Some("OF MIA".into()), ..all() };
        assert_eq!(titles(&db, ana, of_mia, Sort::New).await, ["100%", "beta"]);
        let artist = artists::find(&db, &Query::of("ze"), 5).await.unwrap()[0].id;
        let of_zed = Filter { artist: Some(artist), ..all() };
        assert_eq!(titles(&db, ana, of_zed, Sort::Title).await, ["alpha", "Été"]);
        let nobody = Filter { album: Some(AlbumId(1)), ..all() };
        assert!(titles(&db, ana, nobody, Sort::Title).await.is_empty());
        for (q, found) in [
            ("ete", vec!["Été"]),
            ("mia be", vec!["beta"]),
            ("mi be", vec![]),
            ("0%", vec![]),
            ("100%", vec!["100%"]),
            ("_", vec![]),
        ] {
            let search = Filter { q: Some(q.into()), ..all() };
            assert_eq!(titles(&db, ana, search, Sort::Title).await, found, "{q}");
        }
    })
    .await;
}

#[tokio::test]
async fn likes_are_counted_once_and_listed() {
    both(|db| async move {
        let (ana, ben) = (user(&db, "ana").await, user(&db, "ben").await);
        let id = insert(&db, &song(ana, "a", "b")).await.unwrap();
        insert(&db, &song(ana, "other", "b")).await.unwrap();
        for _ in 0..2 {
            assert!(likes::like(&db, ben, id, Instant(1)).await.unwrap());
        }
        assert!(!likes::like(&db, ben, SongId(99), Instant(1)).await.unwrap());
        let seen = |who| {
            let db = &db;
            async move { get(db, who, id).await.unwrap().unwrap() }
        };
        assert_eq!((seen(ben).await.liked, seen(ben).await.likes_count, seen(ana).await.liked), (true, 1, false));
        let liked = Filter { liked_by: Some(ben), ..Filter::default() };
        assert_eq!(titles(&db, ben, liked.clone(), Sort::New).await, ["a"]);
        for _ in 0..2 {
            likes::unlike(&db, ben, id).await.unwrap();
        }
        assert_eq!(seen(ben).await.likes_count, 0);
        assert!(titles(&db, ben, liked, Sort::New).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_change_moves_the_song_and_a_deletion_hides_it() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let new = NewSong { album: Some("Old".into()), genres: vec!["Rock".into()], ..song(ana, "a", "b") };
        let id = insert(&db, &new).await.unwrap();
        let change = Change {
            title: Some("A New".into()),
            artist: Some("Cé".into()),
            album: Some(Some("Fresh".into())),
            genres: Some(vec!["Pop".into()]),
            track: None,
            year: Some(Some(2000)),
            ..Change::default()
        };
        assert!(update(&db, id, ana, &change, Instant(9)).await.unwrap());
        let shown = get(&db, ana, id).await.unwrap().unwrap();
        assert_eq!((shown.song.title.as_str(), shown.song.artist.as_str(), shown.year), ("A New", "Cé", Some(2000)));
        assert_eq!((shown.song.album.as_deref(), shown.genres.as_slice()), (Some("Fresh"), &["Pop".to_owned()][..]));
        let list = playlists::insert(&db, ana, "mine", "", Instant(1)).await.unwrap();
        playlists::add(&db, list, id, None, Instant(1)).await.unwrap();
        likes::like(&db, ana, id, Instant(1)).await.unwrap();
        let hash = "a".repeat(64);
        assert_eq!(uploaded_before(&db, ana, &hash).await.unwrap(), Some(id));

        assert!(delete(&db, id, Instant(10)).await.unwrap());
        assert!(!delete(&db, id, Instant(11)).await.unwrap());
        assert!(!update(&db, id, ana, &change, Instant(12)).await.unwrap());
        assert_eq!(get(&db, ana, id).await.unwrap(), None);
        assert!(playlists::song_ids(&db, list).await.unwrap().is_empty());
        assert_eq!(uploaded_before(&db, ana, &hash).await.unwrap(), None);
        assert_eq!(for_stage(&db, &[id]).await.unwrap().len(), 1, "queues still speak of it");
        assert!(files(&db, id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_playlist_keeps_the_order_it_is_given() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let a = insert(&db, &song(ana, "a", "x")).await.unwrap();
        let b = insert(&db, &song(ana, "b", "x")).await.unwrap();
        let list = playlists::insert(&db, ana, "mine", "of mine", Instant(1)).await.unwrap();
        let add = |song, at| {
            let db = &db;
            async move { playlists::add(db, list, song, at, Instant(2)).await.unwrap() }
        };
        let Added::Entry(first) = add(a, None).await else { panic!() };
        add(b, None).await;
        add(a, Some(1)).await;
        assert_eq!(add(SongId(99), None).await, Added::NoSong);
        let nowhere = playlists::add(&db, PlaylistId(99), a, None, Instant(2)).await.unwrap();
        assert_eq!(nowhere, Added::NoPlaylist);
        assert_eq!(playlists::song_ids(&db, list).await.unwrap(), [a, a, b]);
        assert!(playlists::move_to(&db, list, first, 2, Instant(3)).await.unwrap());
        assert_eq!(playlists::song_ids(&db, list).await.unwrap(), [a, b, a]);
        // Into the same gap until it is used up, and on.
        for _ in 0..40 {
            add(b, Some(1)).await;
        }
        let order = playlists::song_ids(&db, list).await.unwrap();
        assert_eq!((order.len(), order[0], order[42]), (43, a, a));
        assert!(order[1..42].iter().all(|s| *s == b));
        let shown = playlists::get(&db, list).await.unwrap().unwrap();
        assert_eq!((shown.songs_count, shown.duration_us, shown.updated_us), (43, 86_000_000, Instant(2)));
        let window = playlists::entries(&db, ana, list, playlists::Begin::Index(42), 10).await.unwrap();
        assert_eq!((window.entries.len(), window.entries[0].entry, window.next), (1, first, None));
        let (mut seen, mut from) = (Vec::new(), playlists::Begin::Index(0));
        loop {
            let piece = playlists::entries(&db, ana, list, from, 10).await.unwrap();
            seen.extend(piece.entries.iter().map(|e| e.song.song.id));
            let Some((ord, entry)) = piece.next else { break };
            from = playlists::Begin::Place(ord, entry);
        }
        assert_eq!(seen, order, "piece by piece it is the whole");
        assert!(playlists::remove(&db, list, first, Instant(4)).await.unwrap());
        assert!(!playlists::remove(&db, list, first, Instant(5)).await.unwrap());
        assert!(!playlists::move_to(&db, PlaylistId(99), first, 0, Instant(5)).await.unwrap());
        assert_eq!(playlists::list(&db, Some(ana), None, 10).await.unwrap().len(), 1);
        assert_eq!(playlists::find(&db, &Query::of("MI"), 10).await.unwrap().len(), 1);
        playlists::delete(&db, list).await.unwrap();
        assert_eq!(playlists::get(&db, list).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_album_made_by_hand_belongs_to_its_maker() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let fields = |title: &str| albums::Fields {
            title: title.into(),
            artist: "Ana".into(),
            genre: Some("Folk".into()),
            description: "all mine".into(),
        };
        let id = albums::insert(&db, ana, &fields("First"), Instant(1)).await.unwrap();
        assert!(albums::insert(&db, ana, &fields("FIRST"), Instant(1)).await.unwrap_err().is_unique("title_key"));
        let song = insert(&db, &NewSong { album: Some("first".into()), ..song(ana, "s", "ana") }).await.unwrap();
        let change = albums::Change { title: Some("Second".into()), ..Default::default() };
        assert!(albums::update(&db, id, &change, Instant(2)).await.unwrap());
        assert!(!albums::update(&db, AlbumId(99), &change, Instant(2)).await.unwrap());
        albums::set_cover(&db, id, &format!("{}.jpg", "c".repeat(64))).await.unwrap();
        let album = albums::get(&db, id).await.unwrap().unwrap();
        assert_eq!((album.title.as_str(), album.songs_count, album.owner_id), ("Second", 1, Some(ana)));
        assert_eq!(album.cover_url, Some(format!("/api/v1/albums/{id}/cover?v=cccccccc")));
        assert_eq!(albums::find(&db, &Query::of("sec"), 5).await.unwrap(), [album]);
        assert_eq!(get(&db, ana, song).await.unwrap().unwrap().song.album.as_deref(), Some("Second"));
        albums::delete(&db, id).await.unwrap();
        assert_eq!(get(&db, ana, song).await.unwrap().unwrap().song.album, None);
    })
    .await;
}
