//! A stage that has nothing to do does nothing.

use octave_protocol::client::ControlAction;
use octave_protocol::{ErrorCode, ServerFrame};

use super::scene::{SONG, STAGE, Scene, passes};
use crate::stage::Request;
use crate::stage::limits::IDLE_STOP;
use crate::stage::storage::Fault;

/// Turns within ten seconds that nobody would notice.
const REST: u64 = 3;
const TEN_SECONDS: u64 = 10_000;

#[tokio::test(start_paused = true)]
async fn a_stage_wakes_for_nothing() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.says("hello");
    ana.acked(re).await;
    passes(2_000).await;
    assert!(scene.turns_in(TEN_SECONDS).await <= REST);
    ana.starts([SONG]).await;
    passes(2_000).await;
    assert!(scene.turns_in(TEN_SECONDS).await <= REST, "a song plays by itself");
}

#[tokio::test(start_paused = true)]
async fn a_stage_whose_commit_has_failed_waits_until_it_is_time_to_try_again() {
    for fault in [Fault::Full("x".into()), Fault::Unavailable("x".into()), Fault::Rejected("x".into())] {
        let scene = Scene::new();
        let mut ana = scene.joins("ana").await;
        passes(2_000).await;
        scene.store.fail_with(Some(fault.clone()));
        let re = ana.says("lost");
        assert_ne!(ana.refused(re).await, ErrorCode::RateLimited);
        scene.store.fail_with(None);
        scene.turns_in(2_000).await;
        assert!(scene.turns_in(TEN_SECONDS).await <= REST, "nothing is unsaved after {fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_unsaved_is_tried_once_a_second() {
    for fault in [Fault::Full("x".into()), Fault::Unknown("x".into())] {
        let scene = Scene::new();
        let mut ana = scene.joins("ana").await;
        let re = ana.queues(SONG);
        ana.answer(re).await;
        passes(2_000).await;
        scene.store.fail_with(Some(fault));
        ana.controls(ControlAction::Play);
        passes(2_000).await;
        // Each trial is a turn, and its outcome another one.
        let turns = scene.turns_in(TEN_SECONDS).await;
        assert!((10..=25).contains(&turns), "{turns}");
        scene.store.fail_with(None);
        passes(5_000).await;
        assert!(scene.turns_in(TEN_SECONDS).await <= REST);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_would_stop_waits_for_its_disk_asleep() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    passes(2_000).await;
    scene.store.stall();
    ana.says("hello");
    passes(10).await;
    ana.handle.send(Request::Gone { conn: ana.conn }).unwrap();
    scene.turns_in(u64::try_from(IDLE_STOP.as_micros() / 1_000).unwrap() + 1_000).await;
    assert!(scene.turns_in(TEN_SECONDS).await <= REST);
    assert!(scene.registry.live(STAGE).is_some(), "it has something to finish");
    scene.store.go_on();
    passes(100).await;
    assert_eq!(scene.registry.live(STAGE), None);
    assert_eq!(scene.store.texts(STAGE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn numbers_are_reserved_again_and_again_and_never_used_twice() {
    let scene = Scene::unlimited();
    let mut ana = scene.joins("ana").await;
    let mut last = 0;
    for round in 0..11 {
        let lines: Vec<i64> = (0..1_000).map(|n| ana.says(&format!("{round} {n}"))).collect();
        last = ana.acked(*lines.last().unwrap()).await.0;
        ana.heard.clear();
    }
    assert!(last > crate::stage::limits::SEQ_BLOCK, "{last}");
    // No time for what is saved when a stage stops in order.
    let other = Scene::over(scene.store.clone(), scene.clock);
    let mut ben = other.visitor("ben").await;
    assert!(ben.joins(None).await.seq.0 >= last);
    let re = ben.says("a new one");
    assert!(ben.acked(re).await.0 > last);
    assert!(!ben.heard.iter().any(|f| matches!(f, ServerFrame::Error { .. })));
}
