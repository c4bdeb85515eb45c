//! Commands under a nonce are done once, and what somebody is told is saved.

use octave_protocol::client::{self, ClientFrame, ControlAction, QueueAction};
use octave_protocol::{ErrorCode, Rev, ServerFrame};

use super::scene::{Listener, SONG, STAGE, Scene, passes, queue};
use crate::stage::handle::Ask;
use crate::stage::limits::WAITING_COMMANDS_OF_ONE;
use crate::stage::storage::Fault;

fn adds(ana: &mut Listener, nonce: &str) -> i64 {
    let nonce = Some(nonce.to_owned());
    ana.sends(|id| ClientFrame::Queue(client::Queue { song: Some(SONG), nonce, ..queue(id, QueueAction::Add) }))
}

fn steers(ana: &mut Listener, action: ControlAction, nonce: &str) -> i64 {
    let nonce = Some(nonce.to_owned());
    ana.sends(|id| ClientFrame::Control(client::Control { nonce, ..client::Control::new(id, STAGE, action) }))
}

async fn told_rev(ana: &mut Listener, re: i64) -> Rev {
    match ana.answer(re).await {
        ServerFrame::Ok { queue_rev: Some(rev), .. } => rev,
        other => panic!("no revision of the queue: {other:?}"),
    }
}

async fn is_ok(ana: &mut Listener, re: i64) {
    let answer = ana.answer(re).await;
    assert!(matches!(answer, ServerFrame::Ok { .. }), "{answer:?}");
}

async fn entries(scene: &Scene) -> u32 {
    scene.handle().await.ask(|reply| Ask::Queue { offset: 0, limit: 1, reply }).await.unwrap().total
}

fn timelines(ana: &mut Listener) -> usize {
    ana.listen();
    ana.heard.iter().filter(|f| matches!(f, ServerFrame::Timeline { .. })).count()
}

#[tokio::test(start_paused = true)]
async fn what_is_added_twice_under_one_nonce_is_there_once() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let (one, two) = (adds(&mut ana, "n1"), adds(&mut ana, "n1"));
    let rev = told_rev(&mut ana, one).await;
    assert_eq!(told_rev(&mut ana, two).await, rev);
    let other = adds(&mut ana, "n2");
    assert!(told_rev(&mut ana, other).await > rev);
    // Whoever comes by another way is the same person; somebody else's nonce is their own.
    let mut again = scene.joins("ana").await;
    let three = adds(&mut again, "n1");
    assert_eq!(told_rev(&mut again, three).await, rev);
    let mut ben = scene.joins("ben").await;
    let four = adds(&mut ben, "n1");
    assert!(told_rev(&mut ben, four).await > rev);
    assert_eq!(entries(&scene).await, 3);
    scene.registry.stop().await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut ana = scene.joins("ana").await;
    let five = adds(&mut ana, "n1");
    assert_eq!(told_rev(&mut ana, five).await, rev, "the store knows it");
    assert_eq!(entries(&scene).await, 3);
}

#[tokio::test(start_paused = true)]
async fn two_clicks_under_one_nonce_skip_once() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG, SONG, SONG, SONG]).await;
    let before = timelines(&mut ana);
    scene.store.stall();
    let (one, two) = (steers(&mut ana, ControlAction::Skip, "n1"), steers(&mut ana, ControlAction::Skip, "n1"));
    passes(200).await;
    scene.store.go_on();
    is_ok(&mut ana, one).await;
    is_ok(&mut ana, two).await;
    let three = steers(&mut ana, ControlAction::Skip, "n1");
    is_ok(&mut ana, three).await;
    passes(200).await;
    let entry_of = |frame: &ServerFrame| match frame {
        ServerFrame::Timeline { timeline, .. } => timeline.entry,
        _ => None,
    };
    let mut skipped: Vec<_> = ana.heard.iter().filter_map(entry_of).collect();
    skipped.dedup();
    assert!(timelines(&mut ana) > before);
    assert_eq!(skipped.len(), 2, "of four songs one was skipped: {skipped:?}");
    scene.registry.stop().await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut ana = scene.visitor("ana").await;
    let playing = ana.joins(None).await.snapshot.timeline.entry;
    let four = steers(&mut ana, ControlAction::Skip, "n1");
    is_ok(&mut ana, four).await;
    passes(200).await;
    assert_eq!(scene.visitor("ben").await.joins(None).await.snapshot.timeline.entry, playing);
    assert!(playing.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_may_be_asked_again() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    scene.store.fail_with(Some(Fault::Full("test".into())));
    let one = adds(&mut ana, "n1");
    assert_eq!(ana.refused(one).await, ErrorCode::StorageFull);
    scene.store.fail_with(None);
    let two = adds(&mut ana, "n1");
    told_rev(&mut ana, two).await;
    assert_eq!(entries(&scene).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_timeline_is_heard_at_once_and_answered_when_saved() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    passes(100).await;
    scene.store.stall();
    let play = ana.controls(ControlAction::Play);
    ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.playing)).await;
    passes(1_000).await;
    assert!(!ana.is_answered(play), "nobody is told before it is saved");
    // A second one takes effect before the first is saved.
    let pause = ana.controls(ControlAction::Pause);
    ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if !timeline.playing && timeline.rev > Rev(2)))
        .await;
    scene.store.go_on();
    is_ok(&mut ana, play).await;
    is_ok(&mut ana, pause).await;
    assert_eq!(scene.store.log(STAGE), ["queued", "played", "paused"]);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_saved_is_heard_and_not_acknowledged() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    for fault in [Fault::Unavailable("test".into()), Fault::Full("test".into())] {
        scene.store.fail_with(Some(fault.clone()));
        let re = steers(&mut ana, ControlAction::Play, &fault.to_string());
        let code = ana.refused(re).await;
        assert!(matches!(code, ErrorCode::StorageUnavailable | ErrorCode::StorageFull), "{code:?}");
        ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.playing)).await;
        scene.store.fail_with(None);
        // It was done: the same again is acknowledged once it is saved, and does nothing.
        let before = timelines(&mut ana);
        let again = steers(&mut ana, ControlAction::Play, &fault.to_string());
        is_ok(&mut ana, again).await;
        assert_eq!(timelines(&mut ana), before);
        let pause = ana.controls(ControlAction::Pause);
        is_ok(&mut ana, pause).await;
    }
    scene.store.fail_with(Some(Fault::Unknown("test".into())));
    let re = ana.controls(ControlAction::Play);
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    let late = ana.controls(ControlAction::Pause);
    assert_eq!(ana.refused(late).await, ErrorCode::StorageUnavailable);
}

#[tokio::test(start_paused = true)]
async fn one_person_is_owed_so_many_answers_and_no_more() {
    let scene = Scene::unlimited();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    scene.store.stall();
    let play = ana.controls(ControlAction::Play);
    passes(50).await;
    let asked: Vec<i64> =
        (0..=WAITING_COMMANDS_OF_ONE).map(|n| steers(&mut ana, ControlAction::Pause, &format!("n{n}"))).collect();
    passes(50).await;
    assert_eq!(ana.refused(*asked.last().unwrap()).await, ErrorCode::Busy);
    scene.store.go_on();
    is_ok(&mut ana, play).await;
    is_ok(&mut ana, asked[0]).await;
}

#[tokio::test(start_paused = true)]
async fn a_nonce_has_a_length() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    for nonce in [String::new(), "n".repeat(65)] {
        let re = adds(&mut ana, &nonce);
        assert_eq!(ana.refused(re).await, ErrorCode::InvalidField);
        let re = steers(&mut ana, ControlAction::Play, &nonce);
        assert_eq!(ana.refused(re).await, ErrorCode::InvalidField);
    }
}

#[tokio::test(start_paused = true)]
async fn who_leaves_is_still_told() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    scene.store.stall();
    let play = ana.controls(ControlAction::Play);
    let left = ana.leaves();
    is_ok(&mut ana, left).await;
    scene.store.go_on();
    is_ok(&mut ana, play).await;
}
