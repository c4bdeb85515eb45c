use super::*;
use crate::store::testing::{both, people};
use crate::store::{blocks, stages};

use NotificationKind::{FriendRequest, Mention, StageOpened};

fn note(kind: NotificationKind, from: UserId) -> Note {
    Note { about: "Attic".into(), ..Note::new(kind, from) }
}

async fn kinds(db: &Db, user: UserId) -> Vec<NotificationKind> {
    list(db, user, None, 99).await.unwrap().into_iter().map(|n| n.kind).collect()
}

#[tokio::test]
async fn what_concerns_somebody_is_kept_until_they_have_read_it() {
    both(|db| {
        Box::pin(async move {
            let [ana, ben] = people(&db).await;
            let stage = stages::tests::open(&db, ana).await;
            let said =
                Note { stage: Some(stage), chat: Some(Seq(7)), excerpt: Some("hi @ben".into()), ..note(Mention, ana) };
            let told = add(&db, &[ana, ben], &said, Instant(5)).await.unwrap();
            let [(to, first)] = told[..] else { panic!("nobody tells themselves: {told:?}") };
            assert_eq!(to, ben);
            let seen = get(&db, ben, first).await.unwrap().unwrap();
            assert_eq!((seen.text.as_str(), seen.from.id), ("ana mentioned you in Attic", ana));
            assert_eq!((seen.stage, seen.chat, seen.excerpt.as_deref()), (Some(stage), Some(Seq(7)), Some("hi @ben")));
            assert_eq!((seen.at_us, seen.read), (Instant(5), false));
            assert!(get(&db, ana, first).await.unwrap().is_none(), "it is ben's");
            let second = add(&db, &[ben], &note(StageOpened, ana), Instant(6)).await.unwrap()[0].1;
            assert_eq!(kinds(&db, ben).await, [StageOpened, Mention]);
            assert_eq!(list(&db, ben, Some(second), 9).await.unwrap(), [seen]);
            assert_eq!(unread(&db, ben).await.unwrap(), 2);
            read(&db, ben, first, Instant(7)).await.unwrap();
            assert_eq!(unread(&db, ben).await.unwrap(), 1);
            assert!(get(&db, ben, first).await.unwrap().unwrap().read);
            read(&db, ana, second, Instant(8)).await.unwrap();
            assert_eq!(unread(&db, ben).await.unwrap(), 1, "ana reads her own");
        })
    })
    .await;
}

#[tokio::test]
async fn the_muted_and_those_who_block_are_not_told() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        set_muted(&db, ben, &[(Mention, true), (StageOpened, false)]).await.unwrap();
        assert_eq!(muted(&db, ben).await.unwrap(), [Mention]);
        add(&db, &[ben], &note(Mention, ana), Instant(1)).await.unwrap();
        add(&db, &[ben], &note(StageOpened, ana), Instant(1)).await.unwrap();
        assert_eq!(kinds(&db, ben).await, [StageOpened]);
        set_muted(&db, ben, &[(Mention, false)]).await.unwrap();
        add(&db, &[ben], &note(Mention, ana), Instant(2)).await.unwrap();
        assert_eq!(kinds(&db, ben).await, [Mention, StageOpened]);
        blocks::add(&db, ben, ana, Instant(3)).await.unwrap();
        assert_eq!(kinds(&db, ben).await, [], "what they said before goes too");
        assert_eq!(add(&db, &[ben], &note(Mention, ana), Instant(4)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn asking_again_and_again_is_one_notification_and_old_ones_go() {
    both(|db| {
        Box::pin(async move {
            let [ana, ben] = people(&db).await;
            for at in 0..3 {
                add(&db, &[ben], &note(FriendRequest, ana), Instant(at)).await.unwrap();
            }
            assert_eq!(kinds(&db, ben).await, [FriendRequest]);
            for at in 0..KEPT {
                add(&db, &[ana, ben], &note(Mention, ana), Instant(at)).await.unwrap();
            }
            let left = list(&db, ben, None, 999).await.unwrap();
            assert_eq!((i64::try_from(left.len()).unwrap(), left.iter().all(|n| n.kind == Mention)), (KEPT, true));
        })
    })
    .await;
}
