//! What tags tell, and songs that come twice.

use super::*;
use crate::store::testing::{crowd, people};

#[tokio::test]
async fn all_artists_are_kept_in_their_order() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let names: Vec<String> = ["Zoé", "Ada", "Bob"].map(str::to_owned).into();
        let new =
            NewSong { artists: names.clone(), album: Some("Us".into()), ..song(ana, "Together", "Zoé, Ada & Bob") };
        let id = insert(&db, &new).await.unwrap();
        let shown = get(&db, ana, id).await.unwrap().unwrap();
        assert_eq!(shown.song.artist, "Zoé, Ada & Bob");
        assert_eq!(shown.artists.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), names);
        assert_eq!(shown.song.artist_id, Some(shown.artists[0].id));
        for artist in &shown.artists {
            let of = Filter { artist: Some(artist.id), ..Filter::default() };
            assert_eq!(titles(&db, ana, of, Sort::Title).await, ["Together"], "{artist:?}");
        }
        let change = Change {
            artist: Some("Ada feat. Cy".into()),
            artists: vec!["Ada".into(), "Cy".into()],
            ..Change::default()
        };
        update(&db, id, ana, &change, Instant(6)).await.unwrap();
        let shown = get(&db, ana, id).await.unwrap().unwrap();
        assert_eq!(shown.artists.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["Ada", "Cy"]);
    })
    .await;
}

#[tokio::test]
async fn ids_and_gains_come_back_as_they_were() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let tags = SongTags {
            musicbrainz: MusicBrainz {
                recording: Some("r".into()),
                release: None,
                artists: vec!["a".into(), "b".into()],
            },
            replaygain_track_db: Some(-6.54),
            replaygain_album_db: None,
            r128_track_db: Some(1.25),
            r128_album_db: Some(0.0),
        };
        let id = insert(&db, &NewSong { tags: tags.clone(), disc: Some(2), ..song(ana, "a", "b") }).await.unwrap();
        let shown = get(&db, ana, id).await.unwrap().unwrap();
        assert_eq!((shown.tags, shown.disc), (Some(tags), Some(2)));
        let plain = insert(&db, &song(ana, "c", "b")).await.unwrap();
        assert_eq!(get(&db, ana, plain).await.unwrap().unwrap().tags, Some(SongTags::default()));
    })
    .await;
}

#[tokio::test]
async fn the_same_bytes_by_the_same_texts_are_one_song_also_at_once() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let new = NewSong { album: Some("A".into()), genres: vec!["G".into()], ..song(ana, "Same", "x") };
        let all = futures_util::future::join_all((0..8).map(|_| put(&db, &new))).await;
        let all: Vec<Inserted> = all.into_iter().map(Result::unwrap).collect();
        let made: Vec<_> = all.iter().filter(|i| matches!(i, Inserted::New(_))).collect();
        assert_eq!(made.len(), 1, "{all:?}");
        assert!(all.iter().all(|i| i.id() == all[0].id()));
        let id = all[0].id();
        for (other, what) in [
            (NewSong { uploader: ben, ..new.clone() }, "somebody else's"),
            (NewSong { title: "Other".into(), ..new.clone() }, "another title"),
            (NewSong { file_hash: "b".repeat(64), ..new.clone() }, "other bytes"),
        ] {
            assert!(matches!(put(&db, &other).await.unwrap(), Inserted::New(_)), "{what}");
        }
        let other_bytes = |seconds: i64| NewSong {
            file_hash: format!("{seconds:064}"),
            duration_us: seconds * 1_000_000,
            ..new.clone()
        };
        let twin = insert(&db, &other_bytes(3)).await.unwrap();
        let longer = insert(&db, &other_bytes(60)).await.unwrap();
        assert!(has_twin(&db, twin).await.unwrap() && !has_twin(&db, longer).await.unwrap());
        // Corrected, it is still the song of these bytes; deleted, it is not.
        update(&db, id, ana, &Change { title: Some("Better".into()), ..Change::default() }, Instant(6)).await.unwrap();
        assert_eq!(put(&db, &new).await.unwrap(), Inserted::Known(id));
        delete(&db, id, Instant(7)).await.unwrap();
        assert!(matches!(put(&db, &new).await.unwrap(), Inserted::New(new) if new != id));
    })
    .await;
}

/// Rows hold it: in another form, what was uploaded before is not known again.
#[tokio::test]
async fn by_which_texts_a_song_came_is_written_as_ever() {
    let (_dir, db) = crate::store::testing::sqlite().await;
    let [ana, _] = people(&db).await;
    let new = NewSong { album: Some("Kind of\u{a0}BLUE".into()), ..song(ana, "So What", " Miles  Davis") };
    insert(&db, &new).await.unwrap();
    let key: String =
        on!(&db, write, c => sqlx::query_scalar("SELECT upload_key FROM songs").fetch_one(c).await).unwrap();
    assert_eq!(key, "c9ab1cb3b4e8d3851a1aa615579e6cb6");
}

#[tokio::test]
async fn everybody_has_a_turn_to_be_listened_to() {
    both(|db| async move {
        let people = crowd(&db, 3).await;
        let new = |who: usize, title: &str| NewSong { analysis: Analysis::Pending, ..song(people[who], title, "x") };
        for (who, title) in [(0, "a1"), (0, "a2"), (0, "a3"), (1, "b1"), (2, "c1")] {
            insert(&db, &new(who, title)).await.unwrap();
        }
        let (mut last, mut order) = (UserId(0), Vec::new());
        while let Some(next) = next_to_analyse(&db, last, &[]).await.unwrap() {
            last = UserId(next.uploader_id);
            let id = SongId(next.id);
            order.push(get(&db, last, id).await.unwrap().unwrap().song.title);
            let heard = Listened { loudness_mlufs: Some(-9_000), true_peak_mdb: None, waveform: vec![7] };
            analysed(&db, id, (order.len() != 2).then_some(&heard)).await.unwrap();
        }
        assert_eq!(order, ["a1", "b1", "c1", "a2", "a3"]);
        let all = list(&db, last, &Filter::default(), Sort::Title, None, 9).await.unwrap();
        let states: Vec<_> = all.iter().map(|s| (s.analysis, s.song.loudness_lufs.is_some())).collect();
        let done = (Analysis::Done, true);
        assert_eq!(states, [done, done, done, (Analysis::Failed, false), done]);
        insert(&db, &new(0, "a4")).await.unwrap();
        assert_eq!(next_to_analyse(&db, UserId(0), &[people[0]]).await.unwrap(), None, "one at a time");
    })
    .await;
}
