//! While others may have the stage: whoever asks is answered at once, nothing is shown, and then all goes on.

use octave_protocol::client::ControlAction;
use octave_protocol::{Duration, ErrorCode};

use super::scene::{SONG, Scene, passes};
use crate::stage::handle::{Ask, StageChange};

#[tokio::test(start_paused = true)]
async fn what_comes_in_the_moment_when_it_begins_is_refused_and_not_kept() {
    let scene = Scene::new();
    let (mut ana, mut ben) = (scene.joins("ana").await, scene.joins("ben").await);
    scene.store.are_others();
    let re = ana.says("anybody?");
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    scene.store.are_ours();
    passes(100).await;
    let re = ben.says("here again");
    ben.acked(re).await;
    passes(100).await;
    assert_eq!((ana.texts(), ben.texts()), (vec!["here again".to_owned()], vec!["here again".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn who_waits_behind_a_commit_is_refused_with_it() {
    let scene = Scene::new();
    let (mut ana, mut ben) = (scene.joins("ana").await, scene.joins("ben").await);
    scene.store.stall();
    let first = ana.says("on its way");
    passes(100).await;
    let (behind, added) = (ben.says("behind it"), ben.queues(SONG));
    passes(100).await;
    scene.store.are_others();
    let re = ana.says("too late");
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    assert_eq!(ben.refused(behind).await, ErrorCode::StorageUnavailable);
    assert_eq!(ben.refused(added).await, ErrorCode::Busy, "it was being looked up");
    assert!(!ana.is_answered(first), "nobody knows yet");
    // It was done after all.
    scene.store.go_on();
    ana.acked(first).await;
    passes(100).await;
    assert!(ben.texts().is_empty(), "shown while others may have the stage");
    scene.store.are_ours();
    passes(100).await;
    assert_eq!((ana.texts(), ben.texts()), (vec!["on its way".to_owned()], vec!["on its way".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn who_steers_asks_over_http_or_comes_in_is_told_too() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG]).await;
    let handle = scene.handle().await;
    scene.store.are_others();
    let re = ana.controls(ControlAction::Pause);
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    let change = StageChange { slow_mode: Some(Duration::from_secs(5)), ..StageChange::default() };
    let by = ana.user.id;
    // The question is refused, or dropped: whoever asked looks the stage up again.
    if let Ok(answer) = handle.ask(|reply| Ask::Update { by, change, reply }).await {
        answer.unwrap_err();
    }
    scene.store.are_ours();
    passes(100).await;
    // Who has a seat already when it is known comes back, and is let in.
    let mut again = scene.visitor("ana").await;
    scene.store.are_others();
    again.knocks(None);
    passes(100).await;
    assert!(again.outbox.is_gone() && !again.is_answered(1));
    scene.store.are_ours();
    passes(100).await;
    scene.joins("ana").await;
}
