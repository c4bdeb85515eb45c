use octave_protocol::model::Visibility::{self, Friends, Invite, Public};

use super::*;
use crate::store::songs::NewSong;
use crate::store::songs::tests::song;
use crate::store::stages::tests::{new, open};
use crate::store::testing::{both, crowd, people};
use crate::store::{artist_follows, follows, friends, notifications, songs, stages};

const NOW: Instant = Instant(9);

/// Goes through all that is left, as the server does; how many were told of each.
async fn tell(db: &Db) -> Vec<usize> {
    let mut each = Vec::new();
    while let Some(next) = next(db, NOW).await.unwrap() {
        let Next::Tell(it) = next else { continue };
        let some = it.followers(db).await.unwrap();
        each.push(notifications::add(db, &some, &it.note, NOW).await.unwrap().len());
        it.told(db, &some, NOW).await.unwrap();
    }
    each
}

/// Opens a stage to others than before.
async fn turn(db: &Db, stage: StageId, to: Visibility) {
    on!(db, write, c => sqlx::query("UPDATE stages SET visibility = $2 WHERE id = $1")
        .bind(stage.0).bind(stages::visibility_word(to)).execute(c).await.map(drop).unwrap());
}

async fn texts(db: &Db, user: UserId) -> Vec<String> {
    notifications::list(db, user, None, 99).await.unwrap().into_iter().map(|n| n.text).collect()
}

#[tokio::test]
async fn followers_come_in_pieces_and_a_piece_that_is_told_again_tells_nobody_twice() {
    both(|db| {
        Box::pin(async move {
            let people = crowd(&db, 130).await;
            let host = people[0];
            for one in &people[1..] {
                follows::add(&db, *one, host, Instant(1)).await.unwrap();
            }
            let id = stages::create(&db, new(host, Public), Instant(1)).await.unwrap();
            let Some(Next::Tell(first)) = next(&db, NOW).await.unwrap() else { panic!("nothing to tell") };
            let some = first.followers(&db).await.unwrap();
            assert_eq!((&some[..], first.note.stage), (&people[1..101], Some(id)));
            assert_eq!(notifications::add(&db, &some, &first.note, NOW).await.unwrap().len(), 100);
            // The server dies here, and begins with the same piece.
            assert_eq!(tell(&db).await, [0, 29]);
            assert_eq!(texts(&db, people[1]).await, ["p0 opened Kitchen"]);
            assert_eq!(texts(&db, people[129]).await, ["p0 opened Kitchen"]);
            assert_eq!(tell(&db).await, [0; 0]);
            assert_eq!(stages_since(&db, host, Instant(8)).await.unwrap(), 1);
            assert_eq!(stages_since(&db, host, NOW).await.unwrap(), 0);
        })
    })
    .await;
}

#[tokio::test]
async fn a_stage_is_new_once_to_those_whom_it_is_opened_to() {
    both(|db| {
        Box::pin(async move {
            let people = crowd(&db, 4).await;
            let (host, friend) = (people[0], people[2]);
            for one in &people[1..] {
                follows::add(&db, *one, host, Instant(1)).await.unwrap();
            }
            friends::offer(&db, friend, host, Instant(1)).await.unwrap();
            friends::offer(&db, host, friend, Instant(1)).await.unwrap();
            let stage = open(&db, host).await;
            let turn = async |visibility| turn(&db, stage, visibility).await;
            assert_eq!(tell(&db).await, [0; 0], "by invitation");
            turn(Public).await;
            turn(Invite).await;
            assert_eq!(tell(&db).await, [0; 0], "closed before anybody was told");
            turn(Friends).await;
            assert_eq!(tell(&db).await, [1]);
            turn(Invite).await;
            turn(Friends).await;
            assert_eq!(tell(&db).await, [0; 0], "they know it");
            turn(Public).await;
            assert_eq!(tell(&db).await, [2], "the others");
            for visibility in [Friends, Invite, Public] {
                turn(visibility).await;
            }
            assert_eq!(tell(&db).await, [0; 0]);
            assert_eq!(texts(&db, friend).await, ["p0 opened Kitchen"]);
        })
    })
    .await;
}

#[tokio::test]
async fn a_stage_that_closes_to_all_but_friends_before_anybody_was_told_is_told_to_them() {
    both(|db| {
        Box::pin(async move {
            let people = crowd(&db, 3).await;
            let (host, stranger, friend) = (people[0], people[1], people[2]);
            for one in &people[1..] {
                follows::add(&db, *one, host, Instant(1)).await.unwrap();
            }
            friends::offer(&db, friend, host, Instant(1)).await.unwrap();
            friends::offer(&db, host, friend, Instant(1)).await.unwrap();
            let stage = open(&db, host).await;
            turn(&db, stage, Public).await;
            turn(&db, stage, Friends).await;
            assert_eq!(tell(&db).await, [1]);
            assert_eq!(texts(&db, friend).await, ["p0 opened Kitchen"]);
            assert_eq!(texts(&db, stranger).await, [""; 0]);
            turn(&db, stage, Public).await;
            assert_eq!(tell(&db).await, [1], "the stranger");
            turn(&db, stage, Friends).await;
            assert_eq!(tell(&db).await, [0; 0]);

            let other = open(&db, host).await;
            turn(&db, other, Friends).await;
            assert_eq!(tell(&db).await, [1]);
            turn(&db, other, Public).await;
            turn(&db, other, Friends).await;
            assert_eq!(tell(&db).await, [0; 0], "friends know it");
        })
    })
    .await;
}

#[tokio::test]
async fn an_album_is_told_to_who_followed_its_artist_before() {
    both(|db| {
        Box::pin(async move {
            let [ana, ben] = people(&db).await;
            let with = |title: &str, album: &str| NewSong { album: Some(album.into()), ..song(ana, title, "Miles") };
            let first = songs::insert(&db, &with("Flamenco", "Sketches")).await.unwrap();
            let artist = songs::get(&db, ana, first).await.unwrap().unwrap().song.artist_id.unwrap();
            assert_eq!(tell(&db).await, [0; 0], "nobody follows");
            artist_follows::add(&db, ben, artist, Instant(2)).await.unwrap();
            songs::insert(&db, &with("So What", "Kind of Blue")).await.unwrap();
            songs::insert(&db, &with("Blue in Green", "Kind of Blue")).await.unwrap();
            assert_eq!(tell(&db).await, [1]);
            assert_eq!(texts(&db, ben).await, ["ana added Kind of Blue, Miles"]);
        })
    })
    .await;
}
