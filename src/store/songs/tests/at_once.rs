//! What happens at once, and what must change together.

use futures_util::future::join_all;

use super::*;
use crate::store::search::Keys;

#[tokio::test]
async fn of_changes_at_once_none_is_lost() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let id = insert(&db, &NewSong { album: Some("Album".into()), ..song(ana, "a", "b") }).await.unwrap();
        let album = get(&db, ana, id).await.unwrap().unwrap().song.album_id.unwrap();
        for round in 0..20 {
            let of = |what: &str| format!("{what} {round}");
            let year = Some(Some(1_900 + round));
            let song_changes = [
                Change { title: Some(of("title")), ..Change::default() },
                Change { artist: Some(of("artist")), year, ..Change::default() },
                Change { genres: Some(vec![of("genre")]), track: Some(None), ..Change::default() },
            ];
            let album_changes = [
                albums::Change { title: Some(of("album")), ..Default::default() },
                albums::Change { genre: Some(Some(of("genre"))), ..Default::default() },
                albums::Change { description: Some(of("about")), artist: Some(of("band")), ..Default::default() },
            ];
            let (songs, album_changes) = tokio::join!(
                join_all(song_changes.iter().map(|change| update(&db, id, ana, change, Instant(9)))),
                join_all(album_changes.iter().map(|change| albums::update(&db, album, change, Instant(9)))),
            );
            assert!(songs.into_iter().chain(album_changes).all(|done| done.unwrap()));

            let shown = get(&db, ana, id).await.unwrap().unwrap();
            assert_eq!((shown.song.title, shown.song.artist), (of("title"), of("artist")));
            assert_eq!((shown.genres, shown.year, shown.track), (vec![of("genre")], year.flatten(), None));
            assert_eq!((shown.song.album, shown.song.album_id), (Some(of("album")), Some(album)));
            let shown = albums::get(&db, album).await.unwrap().unwrap();
            assert_eq!((shown.title, shown.genre), (of("album"), Some(of("genre"))));
            assert_eq!((shown.description, shown.artist), (of("about"), of("band")));
            let q = Some(format!("title artist album {round}"));
            assert_eq!(titles(&db, ana, Filter { q, ..Filter::default() }, Sort::New).await, [of("title")]);
        }
    })
    .await;
}

#[tokio::test]
async fn songs_are_found_by_what_their_album_is_called_now() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let on = |title: &str, artist: &str| NewSong { album: Some("Öld Days".into()), ..song(ana, title, artist) };
        let plain = insert(&db, &on("One", "Some Band")).await.unwrap();
        insert(&db, &NewSong { album_artist: Some("Some Band".into()), ..on("Èt (2)", "  Zoé ") }).await.unwrap();
        insert(&db, &song(ana, "Old and alone", "x")).await.unwrap();
        let album = get(&db, ana, plain).await.unwrap().unwrap().song.album_id.unwrap();
        let found = async |q: &str| {
            let filter = Filter { q: Some(q.into()), ..Filter::default() };
            titles(&db, ana, filter, Sort::Title).await
        };
        assert_eq!(found("old").await, ["Èt (2)", "Old and alone", "One"].map(str::to_owned));
        let change = albums::Change { title: Some("Nèw   Nights".into()), ..Default::default() };
        albums::update(&db, album, &change, Instant(2)).await.unwrap();
        assert_eq!(found("old").await, ["Old and alone"]);
        assert_eq!(found("new nig").await, ["Èt (2)", "One"].map(str::to_owned));
        assert_eq!((found("one some ne").await, found("et zoe ne").await), (vec!["One".into()], vec!["Èt (2)".into()]));
        // As if it had been uploaded so.
        let keys: Vec<(String, String, Option<String>, String)> = on!(&db, write, c => sqlx::query_as(
            "SELECT title, artist, album, search_key FROM songs").fetch_all(c).await.unwrap());
        for (title, artist, album, key) in keys {
            assert_eq!(key, Keys::of(&title, &artist, album.as_deref()).search);
        }
        albums::delete(&db, album).await.unwrap();
        assert!(found("new").await.is_empty() && found("nights").await.is_empty());
        assert_eq!(found("one some").await, ["One"]);
    })
    .await;
}

#[tokio::test]
async fn an_album_that_goes_takes_no_song_that_comes_with_it() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        for round in 0..20 {
            let of =
                |n: usize| NewSong { album: Some(format!("Album {round}")), ..song(ana, &format!("{round} {n}"), "x") };
            let first = insert(&db, &of(0)).await.unwrap();
            let album = get(&db, ana, first).await.unwrap().unwrap().song.album_id.unwrap();
            let more: Vec<NewSong> = (1..4).map(of).collect();
            let (gone, came) =
                tokio::join!(albums::delete(&db, album), join_all(more.iter().map(|new| insert(&db, new))));
            gone.unwrap();
            for id in came.into_iter().map(|done| done.unwrap()).chain([first]) {
                let shown = get(&db, ana, id).await.unwrap().unwrap().song;
                assert_eq!(shown.album.is_some(), shown.album_id.is_some(), "round {round}: {shown:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn uploads_that_name_the_same_things_the_other_way_round_all_succeed() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        for round in 0..10 {
            let names: Vec<String> = (0..6).map(|n| format!("{round} {n}")).collect();
            let one =
                NewSong { genres: names.clone(), album_artist: Some(names[0].clone()), ..song(ana, "a", &names[1]) };
            let genres = names.iter().rev().cloned().collect();
            let two = NewSong { genres, album_artist: Some(names[1].clone()), ..song(ana, "b", &names[0]) };
            let one = NewSong { album: Some("x".into()), ..one };
            let two = NewSong { album: Some("x".into()), ..two };
            let (one, two) = tokio::join!(insert(&db, &one), insert(&db, &two));
            one.unwrap();
            two.unwrap();
            assert_eq!(genres::kept(&db, &names[5]).await.unwrap().unwrap().songs_count, 2);
        }
    })
    .await;
}

#[tokio::test]
async fn a_song_that_goes_is_liked_by_nobody_and_stands_in_no_playlist() {
    both(|db| {
        Box::pin(async move {
            let (ana, ben) = (user(&db, "ana").await, user(&db, "ben").await);
            let list = playlists::insert(&db, ana, "mine", "", Instant(1)).await.unwrap();
            for round in 0..20 {
                let id = insert(&db, &song(ana, "a", "b")).await.unwrap();
                likes::like(&db, ana, id, Instant(1)).await.unwrap();
                let (gone, liked, unliked, added) = tokio::join!(
                    delete(&db, id, Instant(2)),
                    likes::like(&db, ben, id, Instant(2)),
                    likes::unlike(&db, ana, id),
                    playlists::add(&db, list, id, None, Instant(2)),
                );
                assert!(gone.unwrap());
                let _answers = (liked.unwrap(), unliked.unwrap(), added.unwrap());
                let left: (i64, i64, i64) = on!(&db, write, c => sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM song_likes WHERE song_id = $1), \
                 (SELECT COUNT(*) FROM playlist_songs WHERE song_id = $1), \
                 (SELECT CAST(likes_count AS BIGINT) FROM songs WHERE id = $1)")
                .bind(id.0).fetch_one(c).await.unwrap());
                assert_eq!(left, (0, 0, 0), "round {round}");
            }
        })
    })
    .await;
}

#[tokio::test]
async fn entries_that_come_and_move_at_once_all_have_a_place() {
    both(|db| async move {
        let ana = user(&db, "ana").await;
        let id = insert(&db, &song(ana, "a", "b")).await.unwrap();
        let list = playlists::insert(&db, ana, "mine", "", Instant(1)).await.unwrap();
        let Added::Entry(moved) = playlists::add(&db, list, id, None, Instant(1)).await.unwrap() else { panic!() };
        for round in 0..6 {
            let adding = join_all((0..5).map(|n| playlists::add(&db, list, id, Some(n), Instant(2))));
            let moving = join_all((0..5).map(|n| playlists::move_to(&db, list, moved, n, Instant(2))));
            let (added, moved) = tokio::join!(adding, moving);
            assert!(added.into_iter().all(|done| matches!(done.unwrap(), Added::Entry(_))), "round {round}");
            assert!(moved.into_iter().all(|done| done.unwrap()), "round {round}");
        }
        let ords: Vec<i64> = on!(&db, write, c => sqlx::query_scalar("SELECT DISTINCT ord FROM playlist_songs")
            .fetch_all(c).await.unwrap());
        assert_eq!((ords.len(), playlists::song_ids(&db, list).await.unwrap().len()), (31, 31));
    })
    .await;
}
