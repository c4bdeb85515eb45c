//! What is known of a commit afterwards, and of a command that was done.

use octave_protocol::model::{QueueMode, Repeat};
use octave_protocol::{Instant, Rev};

use super::{BLOCK, Scene, scene};
use crate::stage::storage::{Answered, Change, Fault, StageStore, Work};
use crate::store::testing::both;
use crate::store::{Kind, on, upkeep};

#[tokio::test]
async fn a_command_is_known_by_its_nonce_until_it_is_old() {
    both(|db| async move {
        let s = scene(db).await;
        let answered = |nonce: &str, queue_rev: Option<i64>, at| Answered {
            user: s.ana,
            nonce: nonce.into(),
            queue_rev: queue_rev.map(Rev),
            at: Instant(at),
        };
        let (first, second) = (answered("n1", Some(4), 1), answered("n2", None, 2));
        s.commit(Work { answered: vec![first.clone(), second.clone()], ..s.work(1) }).await;
        // The same again changes nothing.
        s.commit(Work { answered: vec![answered("n1", Some(9), 3)], ..s.work(1) }).await;
        let known = async || s.store.open(s.stage, BLOCK).await.unwrap().unwrap().answered;
        assert_eq!(known().await, [first, second.clone()]);
        upkeep::forget_nonces(&s.db, Instant(2), 1).await.unwrap();
        assert_eq!(known().await, [second]);
    })
    .await;
}

/// Whatever of a commit fails, and however: what is said not to be stored is not stored.
#[tokio::test]
async fn a_commit_that_may_have_been_done_is_never_called_undone() {
    both(|db| async move {
        let s = scene(db).await;
        let epoch = s.epoch().await;
        let stored = async |text: &str| -> i64 {
            on!(&s.db, read, c => sqlx::query_scalar("SELECT COUNT(*) FROM chats WHERE message = $1")
                .bind(text).fetch_one(c).await.unwrap())
        };
        let (mut number, mut unknown) = (0, 0);
        for kind in [Kind::Full, Kind::Refused, Kind::Lost, Kind::Cut] {
            // One line alone is a statement and its own commit; with a change it is a transaction.
            for in_transaction in [false, true] {
                for nth in 0.. {
                    number += 1;
                    let text = format!("line {number}");
                    let chats = vec![Scene::line(s.ana, &text, Some(&text))];
                    let mode = QueueMode { repeat: Repeat::All, shuffle: false };
                    let change = in_transaction.then_some(Change::Mode { mode, rev: Rev(7) });
                    let changes = change.into_iter().collect();
                    let work = Work { epoch, chats, changes, ..s.work(1_000 + number) };
                    s.db.faults().arm(nth, kind);
                    let outcome = s.store.commit(&[work]).await;
                    let struck = s.db.faults().disarm();
                    match outcome {
                        Ok(_) => assert_eq!(stored(&text).await, 1, "{kind:?} {nth}"),
                        Err(Fault::Unknown(_)) => unknown += 1,
                        Err(fault) => assert_eq!(stored(&text).await, 0, "{kind:?} {nth}: {fault}"),
                    }
                    if struck.is_none() {
                        break;
                    }
                }
            }
        }
        assert!(unknown >= 2, "an answer that is lost leaves nobody knowing");
    })
    .await;
}
