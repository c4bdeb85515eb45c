//! Long queues are changed step by step, and stand as they should after a crash between two of them.

use octave_protocol::{EntryId, Epoch, Instant, Rev, Seq};

use super::*;
use crate::stage::limits::QUEUE_STEP;
use crate::store::testing::on_postgres;

const ENTRIES: i64 = 1_200;

impl Scene {
    /// Commits a change without its steps.
    async fn written_down(&self, change: Change) {
        let work = Work { changes: vec![change], epoch: self.epoch().await, ..self.work(1) };
        assert!(work.is_long());
        self.store.commit(&[work]).await.unwrap();
    }

    async fn steps(&self) -> usize {
        let mut steps = 0;
        while self.store.step(self.stage).await.unwrap() {
            steps += 1;
        }
        steps
    }

    async fn order(&self) -> Vec<i64> {
        self.store.queue(self.stage).await.unwrap().iter().map(|e| e.entry.id.0).collect()
    }

    async fn fill(&self) -> Vec<QueueRow> {
        let song = self.song(60).await;
        let row = |n: i64| QueueRow { entry: EntryId(n), ord: n * 10, song, added_by: self.ana, added: Instant(n) };
        (1..=ENTRIES).map(row).collect()
    }
}

#[tokio::test]
async fn each_long_change_is_done_in_steps() {
    both(|db| async move {
        let s = scene(db).await;
        s.written_down(Change::Enqueue { rows: s.fill().await, rev: Rev(1) }).await;
        let wanted = usize::try_from(ENTRIES).unwrap().div_ceil(QUEUE_STEP);
        assert_eq!(s.steps().await, wanted);
        assert_eq!(s.order().await, (1..=ENTRIES).collect::<Vec<_>>());

        let ords = (1..=ENTRIES).map(|n| (EntryId(n), -n)).collect();
        s.written_down(Change::Reorder { ords, rev: Rev(2) }).await;
        assert_eq!(s.steps().await, wanted);
        assert_eq!(s.order().await, (1..=ENTRIES).rev().collect::<Vec<_>>());

        s.written_down(Change::ClearQueue { keep: Some(EntryId(700)), entries: 1_200, rev: Rev(3) }).await;
        assert_eq!(s.steps().await, wanted);
        assert_eq!(s.order().await, [700]);
        let opened = s.opened().await.saved;
        assert_eq!((opened.entries.len(), opened.left_out, opened.queue_rev), (1, LeftOut::default(), Rev(3)));
    })
    .await;
}

#[tokio::test]
async fn whoever_opens_the_stage_finishes_what_a_crash_has_left() {
    both(|db| async move {
        let s = scene(db).await;
        let other = stages::tests::open(&s.db, s.ben).await;
        s.written_down(Change::Enqueue { rows: s.fill().await, rev: Rev(1) }).await;
        assert!(s.store.step(s.stage).await.unwrap());
        // Others commit between two steps.
        let line = Work { chats: vec![Scene::line(s.ben, "so", None)], ..Work::new(other, Epoch(0), Seq(1)) };
        s.store.commit(&[line]).await.unwrap();
        let opened = s.opened().await.saved;
        assert_eq!(opened.entries.len() + opened.left_out.above + opened.left_out.below, 1_200);
        assert_eq!(s.order().await.len(), 1_200);

        // New entries and new keys for all, in one change.
        let song = s.song(60).await;
        let rows = |from: i64| (from..from + 600).map(move |n| (n, song));
        let work = Work {
            changes: vec![
                Change::Enqueue {
                    rows: rows(ENTRIES + 1)
                        .map(|(n, song)| QueueRow {
                            entry: EntryId(n),
                            ord: 0,
                            song,
                            added_by: s.ana,
                            added: Instant(n),
                        })
                        .collect(),
                    rev: Rev(2),
                },
                Change::Reorder { ords: (1..=ENTRIES + 600).map(|n| (EntryId(n), -n)).collect(), rev: Rev(2) },
            ],
            epoch: s.epoch().await,
            ..s.work(1)
        };
        s.store.commit(&[work]).await.unwrap();
        assert!(s.store.step(s.stage).await.unwrap());
        s.opened().await;
        assert_eq!(s.order().await, (1..=ENTRIES + 600).rev().collect::<Vec<_>>());
        assert_eq!(s.steps().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_nul_is_the_fault_of_whoever_said_it() {
    on_postgres(|db| async move {
        let s = scene(db).await;
        for (text, nonce) in [("a\0b", None), ("a", Some("n\0"))] {
            let work = Work { chats: vec![Scene::line(s.ana, text, nonce)], ..s.work(1) };
            let outcome = s.store.commit(&[work]).await;
            assert!(matches!(outcome, Err(Fault::Rejected(_))), "{outcome:?}");
        }
    })
    .await;
}

/// Somebody writes for longer than a chat line waits: another task of this process, then another process.
#[tokio::test]
async fn a_writer_gives_up_waiting_for_another() {
    let (dir, db) = crate::store::testing::sqlite().await;
    let other = Db::open(&format!("sqlite://{}/octave.db", dir.path().display())).await.unwrap();
    let s = scene(db.clone()).await;
    for (n, holder, within) in [(1, &db, 4), (2, &other, 8)] {
        let Db::Sqlite { write, .. } = holder else { panic!("not SQLite") };
        let held = write.begin().await.unwrap();
        let line = |text: &str| Work { chats: vec![Scene::line(s.ana, text, None)], ..s.work(n) };
        let work = [line("held up")];
        let outcome = tokio::time::timeout(std::time::Duration::from_secs(within), s.store.commit(&work)).await;
        let outcome = outcome.expect("an answer in time");
        assert!(matches!(outcome, Err(Fault::Unavailable(_))), "{n}: {outcome:?}");
        drop(held);
        s.store.commit(&[line("free")]).await.unwrap();
    }
}
