//! Durable before visible, whatever storage does.

use octave_protocol::client::ControlAction;
use octave_protocol::{ErrorCode, Seq, ServerFrame};

use super::scene::{SONG, STAGE, Scene, passes};
use crate::stage::storage::Fault;

#[tokio::test(start_paused = true)]
async fn a_line_is_shown_after_its_commit() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    passes(100).await;
    scene.store.stall();
    let re = ana.says("hello");
    passes(1_000).await;
    assert!(ana.texts().is_empty() && ben.texts().is_empty(), "nothing is shown before it is durable");
    scene.store.go_on();
    let seq = ana.acked(re).await;
    ben.hears(|f| matches!(f, ServerFrame::Chat { line, .. } if line.seq == seq)).await;
    assert_eq!(scene.store.texts(STAGE), [(seq, "hello".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_stored_was_never_said() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let first = ana.says("one");
    let first = ana.acked(first).await;
    for (fault, code) in [
        (Fault::Full("test".into()), ErrorCode::StorageFull),
        (Fault::Unavailable("test".into()), ErrorCode::StorageUnavailable),
    ] {
        scene.store.fail_with(Some(fault));
        let re = ana.says("lost");
        let ServerFrame::Error { code: got, retry_after_us, .. } = ana.answer(re).await else { panic!() };
        assert_eq!(got, code);
        assert!(retry_after_us.is_some());
    }
    scene.store.fail_with(None);
    let second = ana.says("two");
    assert_eq!(ana.acked(second).await, first.next(), "no number is lost");
    assert_eq!(ana.texts(), ["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn sync_never_waits_for_a_disk() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    scene.store.stall();
    let chat = ana.says("slow");
    passes(1).await;
    ana.controls(ControlAction::Play);
    let before = scene.clock.now();
    let early = ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.playing)).await;
    let ServerFrame::Timeline { seq: None, timeline: early, .. } = early else { panic!("{early:?}") };
    assert!((scene.clock.now() - before).0 <= 20_000, "within 20 ms");
    scene.store.go_on();
    let seq = ana.acked(chat).await;
    let numbered = ana.hears(|f| matches!(f, ServerFrame::Timeline { seq: Some(_), timeline, .. } if timeline.playing));
    let ServerFrame::Timeline { seq: Some(after), timeline, .. } = numbered.await else { panic!() };
    assert_eq!((after, timeline), (seq.next(), early), "the same statement, behind the line");
}

#[tokio::test(start_paused = true)]
async fn a_timeline_on_a_quick_disk_comes_once() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    let re = ana.controls(ControlAction::Play);
    ana.answer(re).await;
    passes(100).await;
    ana.listen();
    let timelines = ana.heard.iter().filter(|f| matches!(f, ServerFrame::Timeline { .. })).count();
    assert_eq!(timelines, 1);
    assert_eq!(scene.store.log(STAGE), ["queued", "played"]);
}

#[tokio::test(start_paused = true)]
async fn the_same_nonce_is_the_same_line() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    // Both within one job, then from memory, then from the store.
    let (one, two) = (ana.says_with("hello", Some("n1")), ana.says_with("hello", Some("n1")));
    let seq = ana.acked(one).await;
    assert_eq!(ana.acked(two).await, seq);
    let three = ana.says_with("hello", Some("n1"));
    assert_eq!(ana.acked(three).await, seq);
    scene.registry.stop().await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut ana = scene.joins("ana").await;
    let four = ana.says_with("hello", Some("n1"));
    assert_eq!(ana.acked(four).await, seq);
    let other = ana.says_with("else", Some("n2"));
    assert!(ana.acked(other).await > seq);
    assert_eq!(ana.texts(), ["else"]);
    assert_eq!(scene.store.texts(STAGE).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_commit_of_unknown_outcome_makes_the_stage_start_anew() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    passes(100).await;
    scene.store.fail_with(Some(Fault::Unknown("test".into())));
    let re = ana.says("perhaps");
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    // The stage plays on, unnumbered, and refuses what it can't number.
    let re = ana.controls(ControlAction::Play);
    ana.answer(re).await;
    ana.hears(|f| matches!(f, ServerFrame::Timeline { seq: None, timeline, .. } if timeline.playing)).await;
    let re = ana.says("again");
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    scene.store.fail_with(None);
    passes(3_000).await;
    assert!(ana.outbox.is_gone(), "its members are told to come back");
    let mut ana = scene.joins("ana").await;
    let re = ana.says("new");
    assert!(ana.acked(re).await > Seq(10_000), "numbers of the lost job are not used again");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_behind_a_database_that_does_not_answer_is_told_with_the_first() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    scene.store.stall();
    scene.store.reads_go_on();
    let first = ana.says("one");
    passes(10).await;
    let behind = [ana.says("two"), ana.queues(SONG)];
    passes(10).await;
    scene.store.fail_one(Fault::Unavailable("test".into()));
    for re in [first].into_iter().chain(behind) {
        assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    }
    scene.store.go_on();
    let on = ana.says("three");
    ana.acked(on).await;
    assert_eq!(ana.texts(), ["three"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_commit_that_failed_has_not_saved_the_next_one_does() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    for fault in [Fault::Unavailable("test".into()), Fault::Full("test".into())] {
        scene.store.fail_with(Some(fault));
        let play = ana.controls(ControlAction::Play);
        ana.refused(play).await;
        let pause = ana.controls(ControlAction::Pause);
        ana.refused(pause).await;
        scene.store.fail_with(None);
        passes(3_000).await;
    }
    let kinds = ["queued", "played", "paused", "played", "paused"];
    assert_eq!(scene.store.log(STAGE), kinds, "nothing of what was heard is forgotten");
    let rev = scene.visitor("ben").await.joins(None).await.snapshot.timeline.rev;
    scene.registry.stop().await;
    let scene = Scene::over(scene.store.clone(), scene.clock);
    assert!(scene.visitor("ben").await.joins(None).await.snapshot.timeline.rev >= rev);
}
