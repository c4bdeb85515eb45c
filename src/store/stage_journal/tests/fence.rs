//! What a former owner has still under way is not written.

use octave_protocol::{Epoch, Instant, Rev, Seq};

use super::*;

#[tokio::test]
async fn a_former_owner_writes_nothing() {
    both(|db| async move {
        let s = scene(db.clone()).await;
        let other = stages::tests::open(&s.db, s.ben).await;
        let ours = s.opened().await.epoch;
        let successor = SqlStages::new(db);
        let theirs = successor.open(s.stage, BLOCK).await.unwrap().unwrap().epoch;
        assert!(theirs > ours);

        let says = |epoch, text: &str| Work { epoch, chats: vec![Scene::line(s.ana, text, Some(text))], ..s.work(900) };
        let mode = QueueMode { repeat: Repeat::All, shuffle: false };
        let changes = |epoch| Work { epoch, changes: vec![Change::Mode { mode, rev: Rev(7) }], ..s.work(900) };
        let arrival = Arrival { user: s.ben, invited: true, at: Instant(5) };
        let both = Work { arrivals: vec![arrival], ..says(ours, "with an arrival") };
        let many = Work {
            epoch: ours,
            chats: (0..150).map(|n| Scene::line(s.ana, &format!("{n}"), None)).collect(),
            ..s.work(900)
        };
        for work in [says(ours, "late"), changes(ours), both, many] {
            let outcome = s.store.commit(&[work]).await;
            assert_eq!(outcome, Err(Fault::Superseded));
        }
        // In one commit with another stage, nothing of either is written.
        let line = Work { chats: vec![Scene::line(s.ben, "there", None)], ..Work::new(other, Epoch(0), Seq(1)) };
        assert_eq!(s.store.commit(&[says(ours, "late"), line.clone()]).await, Err(Fault::Superseded));
        s.store.commit(&[line]).await.unwrap();

        successor.commit(&[says(theirs, "new")]).await.unwrap();
        // A line that is there already asks nobody to write, and is still not for the former owner to answer.
        assert_eq!(s.store.commit(&[says(ours, "new")]).await, Err(Fault::Superseded));
        let opened = successor.open(s.stage, BLOCK).await.unwrap().unwrap();
        let texts: Vec<_> = opened.chats.iter().map(|line| &*line.text).collect();
        assert_eq!((texts, opened.saved.queue_rev, opened.saved.invited.len()), (vec!["new"], Rev(0), 0));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_written_without_the_lock_on_the_database() {
    both(|db| async move {
        let s = scene(db.clone()).await;
        let without = SqlStages::owned(db, crate::store::owner::Owner::without());
        assert!(matches!(without.open(s.stage, BLOCK).await, Err(Fault::Unavailable(_))));
        let line = Work { chats: vec![Scene::line(s.ana, "so", None)], ..s.work(1) };
        assert!(matches!(without.commit(&[line]).await, Err(Fault::Unavailable(_))));
    })
    .await;
}
