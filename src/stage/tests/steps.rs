//! What takes long in one stage does not hold up the others.

use std::sync::Arc;

use octave_protocol::{EntryId, Epoch, Instant, Rev, Seq, StageId};

use super::scene::{STAGE, about, user};
use crate::stage::Metrics;
use crate::stage::core::{About, Line};
use crate::stage::journal::Journal;
use crate::stage::limits::QUEUE_STEP;
use crate::stage::memory::{Deed, MemoryStore};
use crate::stage::storage::{Change, Fault, Work};

const OTHER: StageId = StageId(8);

/// The journal over two stages.
fn journal() -> (MemoryStore, Journal) {
    let store = MemoryStore::default();
    for id in [STAGE, OTHER] {
        store.add_stage(About { id, ..about() });
    }
    let (journal, writer) = Journal::new(Arc::new(store.clone()), Metrics::default());
    tokio::spawn(writer.run());
    (store, journal)
}

fn shuffle(entries: i64) -> Work {
    let ords = (1..=entries).map(|n| (EntryId(n), n)).collect();
    Work { changes: vec![Change::Reorder { ords, rev: Rev(1) }], ..Work::new(STAGE, Epoch(0), Seq(1)) }
}

fn line(seq: i64) -> Work {
    let line = Line { from: user("ana"), text: "so".into(), nonce: None, reply_to: None, at: Instant(1) };
    Work { chats: vec![line], ..Work::new(OTHER, Epoch(0), Seq(seq)) }
}

#[tokio::test]
async fn a_shuffle_of_ten_thousand_lets_a_line_of_another_stage_by() {
    const ENTRIES: i64 = 10_000;
    let (store, journal) = journal();
    store.stall();
    let mut shuffled = journal.submit(shuffle(ENTRIES));
    let first = journal.submit(line(1));
    store.go_on();
    first.await.unwrap().unwrap();
    for seq in 2..=10 {
        journal.submit(line(seq)).await.unwrap().unwrap();
        assert!(shuffled.try_recv().is_err(), "line {seq} waited for the whole shuffle");
    }
    shuffled.await.unwrap().unwrap();
    let order = store.order();
    let steps = order.iter().filter(|deed| **deed == Deed::Step(STAGE)).count();
    assert_eq!(steps, usize::try_from(ENTRIES).unwrap() / QUEUE_STEP);
    // Whoever speaks meanwhile waits for the step that is under way, and one more that was next.
    let lines: Vec<usize> = (0..order.len()).filter(|n| order[*n] == Deed::Commit(OTHER)).collect();
    assert!(lines.windows(2).all(|pair| pair[1] - pair[0] <= 3), "{order:?}");
}

#[tokio::test]
async fn a_step_that_fails_leaves_its_stage_unsure() {
    let (store, journal) = journal();
    store.stall();
    let shuffled = journal.submit(shuffle(2_000));
    let said = journal.submit(line(1));
    store.go_on();
    said.await.unwrap().unwrap();
    store.fail_with(Some(Fault::Full("test".into())));
    assert!(matches!(shuffled.await.unwrap(), Err(Fault::Unknown(_))), "it is written down, and not done");
    store.fail_with(None);
    journal.submit(line(2)).await.unwrap().unwrap();
}
