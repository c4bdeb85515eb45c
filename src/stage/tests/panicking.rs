//! A stage that panics takes nobody with it.

use octave_protocol::{CloseCode, ServerFrame};

use super::scene::{SONG, STAGE, Scene, passes};
use crate::stage::registry::NoStage;
use crate::wire::frame;

#[tokio::test(start_paused = true)]
async fn its_members_are_sent_away_and_come_back_to_one_that_is_opened_anew() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let ben = scene.joins("ben").await;
    let re = ana.says("hello");
    let before = ana.acked(re).await;
    scene.store.panic_once();
    ana.queues(SONG);
    passes(100).await;
    for listener in [&ana, &ben] {
        let last = listener.outbox.take_backlog().pop().unwrap();
        assert_eq!(last, frame::close(CloseCode::Restart, "the stage starts anew"));
    }
    assert_eq!((scene.metrics.seats.get(), scene.metrics.stages_running.get()), (0, 0));
    assert_eq!(scene.registry.live(STAGE), None);

    let mut ana = scene.visitor("ana").await;
    assert_eq!(ana.joins(None).await.snapshot.chats.len(), 1);
    let re = ana.says("again");
    assert!(ana.acked(re).await > before);
    assert_eq!((scene.metrics.seats.get(), scene.metrics.stages_running.get()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_while_it_opens_can_be_opened_again() {
    let scene = Scene::new();
    scene.store.panic_once();
    assert_eq!(scene.registry.find(STAGE).await.unwrap_err(), NoStage::Unavailable);
    let mut ana = scene.joins("ana").await;
    let re = ana.queues(SONG);
    assert!(matches!(ana.answer(re).await, ServerFrame::Ok { .. }));
}
