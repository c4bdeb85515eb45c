//! Lines that are edited and deleted, also while something of theirs is under way.

use octave_protocol::client::{Chat, ClientFrame};
use octave_protocol::{ErrorCode, Seq, ServerFrame};

use super::scene::{Listener, STAGE, Scene, passes};
use crate::stage::limits::{SNAPSHOT_CHATS, WAITING_BYTES, WAITING_COMMANDS, WAITING_COMMANDS_OF_ONE};
use crate::stage::storage::Fault;

/// ben has said a line, and so many others since that a snapshot does not show it any more: then its author is asked of
/// the store.
async fn line_of_ben(scene: &Scene, others: usize) -> (Listener, Listener, Seq) {
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    let re = ben.says("helo");
    let seq = ben.acked(re).await;
    for n in 0..others {
        let re = ana.says(&n.to_string());
        ana.acked(re).await;
    }
    (ana, ben, seq)
}

fn changes(listener: &mut Listener, seq: Seq) -> Vec<String> {
    listener.listen();
    let told = listener.heard.iter().filter_map(|f| match f {
        ServerFrame::ChatEdited { chat, text, .. } if *chat == seq => Some(text.to_string()),
        ServerFrame::ChatDeleted { chat, .. } if *chat == seq => Some("deleted".to_owned()),
        _ => None,
    });
    told.collect()
}

fn stored(scene: &Scene, seq: Seq) -> String {
    scene.store.texts(STAGE).into_iter().find(|(n, _)| *n == seq).unwrap().1
}

#[tokio::test(start_paused = true)]
async fn a_deleted_line_stays_deleted() {
    for others in [0, SNAPSHOT_CHATS] {
        let scene = Scene::unlimited();
        let (mut ana, mut ben, seq) = line_of_ben(&scene, others).await;
        scene.store.stall();
        let delete = ana.deletes(seq);
        passes(10).await;
        let asked = [ben.edits(seq, "hello"), ben.deletes(seq), ben.edits(seq, "hallo")];
        passes(10).await;
        scene.store.go_on();
        assert!(matches!(ana.answer(delete).await, ServerFrame::Ok { .. }));
        for re in asked {
            assert_eq!(ben.refused(re).await, ErrorCode::NotFound);
        }
        assert_eq!(changes(&mut ana, seq), ["deleted"]);
        assert_eq!(stored(&scene, seq), "");
        let mut late = scene.visitor("late").await;
        let lines = late.joins(None).await.snapshot.chats;
        assert!(lines.iter().all(|line| line.seq != seq || (line.deleted && line.text.is_empty())), "{lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_deleted_while_its_author_was_asked_for_stays_so() {
    let scene = Scene::unlimited();
    let (mut ana, mut ben, seq) = line_of_ben(&scene, SNAPSHOT_CHATS).await;
    // All in one turn: the store tells the author to all three.
    let (delete, edit, again) = (ana.deletes(seq), ben.edits(seq, "hello"), ben.deletes(seq));
    assert!(matches!(ana.answer(delete).await, ServerFrame::Ok { .. }));
    for re in [edit, again] {
        assert_eq!(ben.refused(re).await, ErrorCode::NotFound);
    }
    assert_eq!((changes(&mut ben, seq), stored(&scene, seq)), (vec!["deleted".to_owned()], String::new()));
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_deleted_before_its_author_is_told_stays_so() {
    let scene = Scene::unlimited();
    let (mut ana, mut ben, seq) = line_of_ben(&scene, SNAPSHOT_CHATS).await;
    scene.store.stall();
    scene.store.reads_go_on();
    let delete = ana.deletes(seq);
    passes(10).await;
    // The store has read the author before the deletion, and says so after it.
    scene.store.stall();
    let asked = [ben.edits(seq, "hello"), ben.deletes(seq)];
    passes(10).await;
    scene.store.commits_go_on();
    assert!(matches!(ana.answer(delete).await, ServerFrame::Ok { .. }));
    scene.store.go_on();
    for re in asked {
        assert_eq!(ben.refused(re).await, ErrorCode::NotFound);
    }
    assert_eq!((changes(&mut ben, seq), stored(&scene, seq)), (vec!["deleted".to_owned()], String::new()));
}

#[tokio::test(start_paused = true)]
async fn an_edit_overtakes_none_that_waits_for_a_deletion() {
    let scene = Scene::unlimited();
    let (mut ana, mut ben, seq) = line_of_ben(&scene, 0).await;
    scene.store.stall();
    let delete = ana.deletes(seq);
    passes(10).await;
    let mut edits = vec![ben.edits(seq, "one"), ben.edits(seq, "two")];
    passes(10).await;
    scene.store.fail_one(Fault::Full("gone".into()));
    assert_eq!(ana.refused(delete).await, ErrorCode::StorageFull);
    // The first is on its way by now, and the second one waits for it.
    edits.push(ben.edits(seq, "three"));
    passes(10).await;
    scene.store.go_on();
    for re in edits {
        assert!(matches!(ben.answer(re).await, ServerFrame::Ok { .. }));
    }
    assert_eq!(
        (stored(&scene, seq).as_str(), changes(&mut ana, seq)),
        ("three", ["one", "two", "three"].map(str::to_owned).into())
    );
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_fails_lets_the_edits_go_on_in_their_order() {
    let scene = Scene::unlimited();
    let (mut ana, mut ben, seq) = line_of_ben(&scene, 0).await;
    scene.store.stall();
    let delete = ana.deletes(seq);
    passes(10).await;
    let first = ben.edits(seq, "one");
    passes(10).await;
    scene.store.fail_with(Some(Fault::Unavailable("gone".into())));
    scene.store.go_on();
    assert_eq!(ana.refused(delete).await, ErrorCode::StorageUnavailable);
    scene.store.fail_with(None);
    ben.listen();
    // Whether the first one has failed with the deletion or not, the last one stands.
    let (second, third) = (ben.edits(seq, "two"), ben.edits(seq, "three"));
    ben.answer(first).await;
    for re in [second, third] {
        assert!(matches!(ben.answer(re).await, ServerFrame::Ok { .. }));
    }
    assert_eq!((stored(&scene, seq).as_str(), changes(&mut ana, seq).last().unwrap().as_str()), ("three", "three"));
}

#[tokio::test(start_paused = true)]
async fn of_many_edits_the_last_one_stands_for_all() {
    let scene = Scene::unlimited();
    let (mut ana, mut ben, seq) = line_of_ben(&scene, 0).await;
    let edits: Vec<i64> = (0..40).map(|n| ben.edits(seq, &n.to_string())).collect();
    for re in edits {
        assert!(matches!(ben.answer(re).await, ServerFrame::Ok { .. }));
    }
    passes(100).await;
    assert_eq!(changes(&mut ana, seq), (0..40).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(stored(&scene, seq), "39");
    let late = scene.visitor("late").await.joins(None).await.snapshot.chats;
    assert_eq!(&*late.last().unwrap().text, "39");
}

#[tokio::test(start_paused = true)]
async fn who_answers_a_deleted_line_brings_nothing_of_it_back() {
    let scene = Scene::unlimited();
    let (mut ana, mut ben, seq) = line_of_ben(&scene, 0).await;
    scene.store.stall();
    let delete = ana.deletes(seq);
    let answer = ben.sends(|id| {
        ClientFrame::Chat(Chat { id, stage: STAGE, text: "what?".into(), nonce: None, reply_to: Some(seq) })
    });
    scene.store.go_on();
    ana.answer(delete).await;
    ben.acked(answer).await;
    let lines = scene.visitor("late").await.joins(None).await.snapshot.chats;
    let shown: Vec<(&str, Option<Seq>)> = lines.iter().map(|line| (&*line.text, line.reply_to)).collect();
    assert_eq!(shown, [("", None), ("what?", Some(seq))]);
}

#[tokio::test(start_paused = true)]
async fn edits_are_paced_like_lines() {
    let scene = Scene::new();
    let (_, mut ben, seq) = line_of_ben(&scene, 0).await;
    let edits: Vec<i64> = (0..20).map(|n| ben.edits(seq, &n.to_string())).collect();
    assert!(matches!(ben.answer(edits[0]).await, ServerFrame::Ok { .. }));
    assert_eq!(ben.refused(edits[19]).await, ErrorCode::RateLimited);
}

/// How many of the requests were refused as `busy`.
async fn busy(listener: &mut Listener, asked: Vec<i64>) -> usize {
    let mut refused = 0;
    for re in asked {
        refused += usize::from(matches!(listener.answer(re).await, ServerFrame::Error { code: ErrorCode::Busy, .. }));
    }
    refused
}

#[tokio::test(start_paused = true)]
async fn only_so_many_edits_wait_of_one_connection_and_of_all() {
    let scene = Scene::unlimited();
    let (ana, mut ben, seq) = line_of_ben(&scene, 0).await;
    drop(ana);
    scene.store.stall();
    ben.says("under way");
    passes(10).await;
    let asked: Vec<i64> = (0..WAITING_COMMANDS_OF_ONE + 36).map(|_| ben.edits(seq, "x")).collect();
    let mut others = Vec::new();
    for _ in 0..WAITING_COMMANDS / WAITING_COMMANDS_OF_ONE {
        let mut again = scene.joins("ben").await;
        let asked: Vec<i64> = (0..WAITING_COMMANDS_OF_ONE).map(|_| again.edits(seq, "x")).collect();
        others.push((again, asked));
    }
    passes(10).await;
    scene.store.go_on();
    assert_eq!(busy(&mut ben, asked).await, 36);
    let mut of_all = 0;
    for (mut listener, asked) in others {
        of_all += busy(&mut listener, asked).await;
    }
    assert_eq!(of_all, WAITING_COMMANDS_OF_ONE, "the stage's own bound");
}

#[tokio::test(start_paused = true)]
async fn only_so_many_bytes_wait() {
    let scene = Scene::unlimited();
    let (ana, mut ben, seq) = line_of_ben(&scene, 0).await;
    drop(ana);
    scene.store.stall();
    ben.says("under way");
    passes(10).await;
    let long = "🎵".repeat(4_000);
    let fit = WAITING_BYTES / long.len();
    let mut listeners = Vec::new();
    for _ in 0..=fit / WAITING_COMMANDS_OF_ONE {
        let mut again = scene.joins("ben").await;
        let asked: Vec<i64> = (0..WAITING_COMMANDS_OF_ONE).map(|_| again.edits(seq, &long)).collect();
        listeners.push((again, asked));
    }
    let all = listeners.len() * WAITING_COMMANDS_OF_ONE;
    // Lines as well.
    let line = ben.says(&long);
    passes(10).await;
    scene.store.go_on();
    assert_eq!(ben.refused(line).await, ErrorCode::Busy);
    let mut refused = 0;
    for (mut listener, asked) in listeners {
        refused += busy(&mut listener, asked).await;
    }
    assert_eq!(all - refused, fit);
}
