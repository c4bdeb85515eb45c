//! What is known of a commit afterwards, and of a command that was done.

use octave_protocol::model::{QueueMode, Repeat};
use octave_protocol::{Instant, Rev, Seq};

use super::{BLOCK, Scene, scene};
use crate::stage::storage::{Answered, Change, Fault, StageStore, Work};
use crate::store::testing::{both, on_postgres};
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

/// A COMMIT takes longer than anybody waits for it, and is done all the same.
#[tokio::test]
async fn a_commit_without_an_answer_in_time_is_not_called_undone() {
    on_postgres(|db| async move {
        let s = scene(db).await;
        let epoch = s.epoch().await;
        for text in [
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2.5); RETURN NULL; END'",
            "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON chats DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION slowly()",
        ] {
            on!(&s.db, write, c => sqlx::query(text).execute(c).await.map(drop).unwrap());
        }
        let chats = vec![Scene::line(s.ana, "at last", None)];
        let outcome = s.store.commit(&[Work { epoch, chats, ..s.work(1_000) }]).await;
        assert!(matches!(outcome, Err(Fault::Unknown(_))), "{outcome:?}");
        let until = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
        let said = async || -> i64 {
            on!(&s.db, read, c => sqlx::query_scalar("SELECT COUNT(*) FROM chats").fetch_one(c).await.unwrap())
        };
        while said().await == 0 {
            assert!(tokio::time::Instant::now() < until, "it was never done");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
}

/// A block of numbers is stored with the very lines that use them, and is never given back.
#[tokio::test]
async fn whoever_opens_a_stage_begins_behind_every_block_that_was_reserved() {
    both(|db| async move {
        let s = scene(db).await;
        let opened = s.opened().await;
        let limit = opened.limit.0 + 10 * BLOCK;
        let line = vec![Scene::line(s.ana, "far", None)];
        s.commit(Work { chats: line, limit: Some(Seq(limit)), ..s.work(limit - 1) }).await;
        s.commit(Work { limit: Some(Seq(limit - BLOCK)), ..s.work(limit) }).await;
        let again = s.opened().await;
        assert_eq!((again.first, again.limit), (Seq(limit), Seq(limit + BLOCK)));
    })
    .await;
}
