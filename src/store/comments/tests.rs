use futures_util::future::join_all;

use super::*;
use crate::store::testing::{both, crowd, people};
use crate::store::{albums, blocks, songs};

async fn song(db: &Db, by: UserId) -> SongId {
    songs::insert(db, &songs::tests::song(by, "So What", "Miles")).await.unwrap()
}

fn on_song(song: SongId, author: UserId, body: &str) -> NewComment<'_> {
    NewComment { about: Subject::Song(song), author, body, position: None }
}

async fn posted(db: &Db, new: NewComment<'_>, at: i64) -> CommentId {
    match post(db, new, Instant(at)).await.unwrap() {
        Posted::Done { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_said_stands_with_its_count_until_it_is_taken_away() {
    both(|db| {
        Box::pin(async move {
            let [ana, ben] = people(&db).await;
            let song = song(&db, ana).await;
            let about = Subject::Song(song);
            let at =
                |micros| NewComment { position: Some(Duration::from_micros(micros)), ..on_song(song, ben, "here") };
            let first = posted(&db, at(2_000_000), 10).await;
            assert_eq!(post(&db, at(2_000_001), Instant(11)).await.unwrap(), Posted::Beyond);
            let second = post(&db, on_song(song, ana, "yes"), Instant(12)).await.unwrap();
            let Posted::Done { id: second, count: 2, owner } = second else { panic!("{second:?}") };
            assert_eq!(owner, Some(ana));
            let ids = async |after, limit| {
                list(&db, about, after, limit).await.unwrap().into_iter().map(|c| c.id).collect::<Vec<_>>()
            };
            assert_eq!(ids(None, 9).await, [second, first]);
            assert_eq!(ids(Some(second), 9).await, [first]);
            assert_eq!(ids(None, 1).await, [second]);
            assert!(edit(&db, first, "there", Instant(20)).await.unwrap());
            let found = get(&db, first).await.unwrap().unwrap();
            assert_eq!((found.owner, found.about()), (Some(ana), Some(about)));
            let Comment { author, body, position_us, created_us, edited_us, .. } = found.comment;
            assert_eq!((author.id, body.as_str()), (ben, "there"));
            assert_eq!((position_us, created_us), (Some(Duration::from_micros(2_000_000)), Instant(10)));
            assert_eq!(edited_us, Some(Instant(20)));
            assert_eq!(delete(&db, about, first).await.unwrap(), Some(1));
            assert_eq!(delete(&db, about, first).await.unwrap(), None);
            assert_eq!(count(&db, about).await.unwrap(), Some(1));
            assert!(!edit(&db, first, "nowhere", Instant(21)).await.unwrap());
            assert_eq!(songs::get(&db, ana, song).await.unwrap().unwrap().comments_count, 1);

            songs::delete(&db, song, Instant(30)).await.unwrap();
            assert!(get(&db, second).await.unwrap().is_none());
            assert_eq!(post(&db, on_song(song, ben, "late"), Instant(31)).await.unwrap(), Posted::Missing);
        })
    })
    .await;
}

#[tokio::test]
async fn an_album_has_comments_of_its_own_and_takes_them_along() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let fields = albums::Fields { title: "t".into(), artist: "a".into(), genre: None, description: String::new() };
        let album = albums::insert(&db, ana, &fields, Instant(1)).await.unwrap();
        let about = Subject::Album(album);
        let new = NewComment { about, author: ben, body: "good", position: None };
        let id = posted(&db, new, 5).await;
        assert_eq!(albums::get(&db, album).await.unwrap().unwrap().comments_count, 1);
        assert_eq!(list(&db, about, None, 9).await.unwrap()[0].id, id);
        blocks::add(&db, ana, ben, Instant(6)).await.unwrap();
        assert_eq!(post(&db, new, Instant(7)).await.unwrap(), Posted::Blocked);
        assert_eq!(count(&db, about).await.unwrap(), Some(1));
        albums::delete(&db, album).await.unwrap();
        assert!(!is_there(&db, about).await.unwrap() && get(&db, id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn many_who_comment_and_take_back_at_once_leave_the_right_count() {
    both(|db| async move {
        let six = crowd(&db, 6).await;
        let song = song(&db, six[0]).await;
        let about = Subject::Song(song);
        let one = async |author: UserId| {
            for round in 0..6 {
                let id = posted(&db, on_song(song, author, "x"), 1).await;
                if round % 2 == 0 {
                    delete(&db, about, id).await.unwrap();
                }
            }
        };
        join_all(six.iter().map(|author| one(*author))).await;
        assert_eq!(count(&db, about).await.unwrap(), Some(18));
        assert_eq!(list(&db, about, None, 99).await.unwrap().len(), 18);
    })
    .await;
}
