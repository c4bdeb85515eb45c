//! One that the database refuses takes nobody with it.

use octave_protocol::client::ControlAction;
use octave_protocol::{ErrorCode, ServerFrame};

use super::scene::{SONG, STAGE, Scene, passes};

#[tokio::test(start_paused = true)]
async fn a_line_that_is_refused_fails_alone() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    let re = ana.queues(SONG);
    ana.answer(re).await;
    passes(2_000).await;
    scene.store.refuse("poison");
    scene.store.stall();
    // The first is on its way alone; what comes meanwhile is one job, with the timeline and the log of what passed.
    let first = ana.says("first");
    passes(1).await;
    let play = ana.controls(ControlAction::Play);
    let mut lines = Vec::new();
    for n in 0..9 {
        let text = if n == 4 { "poison".to_owned() } else { format!("line {n}") };
        let speaker = if n % 2 == 0 { &mut ana } else { &mut ben };
        lines.push((n, speaker.says(&text)));
    }
    passes(1).await;
    scene.store.go_on();
    ana.answer(play).await;
    let mut seqs = vec![ana.acked(first).await];
    for (n, re) in lines {
        let speaker = if n % 2 == 0 { &mut ana } else { &mut ben };
        if n == 4 {
            assert_eq!(speaker.refused(re).await, ErrorCode::Internal);
        } else {
            seqs.push(speaker.acked(re).await);
        }
    }
    assert!(seqs.is_sorted(), "in the order in which they were said: {seqs:?}");
    let numbers = ana.seqs();
    assert!(numbers.windows(2).all(|w| w[1] == w[0].next()), "no gap and no repetition: {numbers:?}");
    assert_eq!(ana.texts().len(), 9);
    assert_eq!(scene.store.texts(STAGE).len(), 9);
    assert_eq!(scene.store.log(STAGE), ["queued", "played"], "what was saved beside the lines");
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_log_that_is_refused_costs_no_more_than_itself() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG]).await;
    passes(2_000).await;
    scene.store.refuse("paused");
    scene.store.stall();
    let said = ana.says("first");
    passes(1).await;
    let asked = [ControlAction::Pause, ControlAction::Play].map(|action| ana.controls(action));
    let second = ana.says("second");
    scene.store.go_on();
    for re in asked {
        let answer = ana.answer(re).await;
        assert!(matches!(answer, ServerFrame::Ok { .. }), "the timeline is saved: {answer:?}");
    }
    ana.acked(said).await;
    ana.acked(second).await;
    passes(2_000).await;
    assert_eq!(scene.store.log(STAGE), ["queued", "played", "played"], "the refused row alone is missing");
    let commits = scene.store.commits();
    passes(20_000).await;
    assert_eq!(scene.store.commits(), commits, "and is not tried for ever");
}

/// The stage stops while what it has to save is refused as a whole.
#[tokio::test(start_paused = true)]
async fn what_is_refused_at_the_end_takes_nothing_with_it() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG]).await;
    passes(2_000).await;
    scene.store.refuse("paused");
    scene.store.stall();
    let said = ana.says("first");
    passes(1).await;
    ana.controls(ControlAction::Pause);
    let lost = ana.says("last");
    passes(1).await;
    let stopping = tokio::spawn({
        let registry = scene.registry.clone();
        async move { registry.stop().await }
    });
    passes(1).await;
    scene.store.go_on();
    stopping.await.unwrap();
    ana.acked(said).await;
    assert!(matches!(ana.answer(lost).await, ServerFrame::Error { .. }));
    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut ben = scene.visitor("ben").await;
    assert!(!ben.joins(None).await.snapshot.timeline.playing, "the pause was saved, if not its row in the log");
}
