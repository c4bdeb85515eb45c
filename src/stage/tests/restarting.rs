//! A stage goes on over restarts of the server, and stops when nobody needs it.

use octave_protocol::client::{self, ClientFrame, ControlAction, QueueAction, Resume};
use octave_protocol::{Duration, EntryId, ErrorCode, PlaylistId, ServerFrame, SongId};

use super::scene::{Listener, SONG, STAGE, Scene, passes, queue};
use crate::base::clock::Clock;
use crate::stage::Request;
use crate::stage::handle::Ask;
use crate::stage::limits::{IDLE_STOP, LEAD_MAX, QUEUE_WINDOW};
use crate::stage::storage::Fault;

#[tokio::test(start_paused = true)]
async fn the_song_is_where_it_would_be() {
    let scene = Scene::new();
    let mut ana = scene.visitor("ana").await;
    let welcome = ana.joins(None).await;
    ana.starts([SONG, SongId(2)]).await;
    let re = ana.says("so");
    ana.acked(re).await;
    let timeline = ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.playing)).await;
    let ServerFrame::Timeline { timeline: before, .. } = timeline else { panic!() };
    let last = *ana.seqs().last().unwrap();
    passes(200).await;
    scene.registry.stop().await;
    passes(70_000).await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    assert_eq!(scene.registry.resume_playing().await.unwrap(), 1);
    let mut ana = scene.visitor("ana").await;
    let back = ana.joins(Some(Resume { epoch: welcome.epoch, seq: last })).await;
    assert!(back.resumed, "all that was said is known");
    assert!(back.epoch > welcome.epoch && back.seq >= last);
    let after = back.snapshot.timeline;
    assert!(after.playing && after.rev > before.rev);
    assert_eq!(after.song.unwrap().id, SongId(2));
    assert_eq!(after.at_us, before.at_us + Duration::from_secs(60), "exactly when the first song ended");
    assert_eq!(back.snapshot.chats.len(), 1);
    let re = ana.says("on");
    assert!(ana.acked(re).await > last);
}

#[tokio::test(start_paused = true)]
async fn what_began_while_the_server_was_down_has_played() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mode =
        ana.sends(|id| ClientFrame::Queue(client::Queue { shuffle: Some(true), ..queue(id, QueueAction::Mode) }));
    ana.answer(mode).await;
    ana.starts([SONG, SongId(2), SongId(3)]).await;
    scene.registry.stop().await;
    passes(130_000).await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    assert_eq!(scene.registry.resume_playing().await.unwrap(), 1);
    passes(100).await;
    scene.registry.stop().await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    let timeline = scene.visitor("ana").await.joins(None).await.snapshot.timeline;
    assert!(
        timeline.playing && timeline.next.is_none(),
        "the third song plays, and the second not again: {timeline:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_set_back_silences_nobody() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG]).await;
    scene.registry.stop().await;

    let back = Clock::starting_at(scene.clock.now() - Duration::from_secs(3_600));
    let scene = Scene::over(scene.store.clone(), back);
    assert_eq!(scene.registry.resume_playing().await.unwrap(), 1);
    let timeline = scene.visitor("ana").await.joins(None).await.snapshot.timeline;
    assert!(timeline.playing && timeline.at_us <= back.now() + LEAD_MAX, "{timeline:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stage_plays_on_with_nobody_there_and_then_stops() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG, SongId(2)]).await;
    ana.handle.send(Request::Gone { conn: ana.conn }).unwrap();
    passes(70_000).await;
    let live = scene.registry.live(STAGE).expect("it runs");
    assert_eq!((live.listeners, live.playing), (0, true));
    assert_eq!(live.now_playing.unwrap().id, SongId(2));
    passes(60_000).await;
    assert!(!scene.registry.live(STAGE).expect("it is still kept").playing);
    tokio::time::sleep(IDLE_STOP.to_std() + std::time::Duration::from_secs(1)).await;
    assert_eq!(scene.registry.live(STAGE), None, "nobody needs it");
    scene.joins("ana").await;
}

/// ana has queued a song three hundred times.
pub(super) async fn long_queue() -> (Scene, Listener) {
    let scene = Scene::new();
    scene.store.add_playlist(PlaylistId(1), vec![SONG; 300]);
    let mut ana = scene.joins("ana").await;
    let re = ana
        .sends(|id| ClientFrame::Queue(client::Queue { playlist: Some(PlaylistId(1)), ..queue(id, QueueAction::Add) }));
    ana.answer(re).await;
    (scene, ana)
}

#[tokio::test(start_paused = true)]
async fn a_long_queue_is_read_while_people_come_in() {
    let (scene, mut ana) = long_queue().await;
    ana.starts([]).await;
    scene.registry.stop().await;

    scene.store.stall();
    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut ana = scene.visitor("ana").await;
    let back = ana.joins(None).await.snapshot;
    assert_eq!((back.queue.items.len(), back.queue.total), (QUEUE_WINDOW, 300));
    assert_eq!(back.timeline.next.unwrap().entry, EntryId(2));
    let re = ana
        .sends(|id| ClientFrame::Queue(client::Queue { entry: Some(EntryId(299)), ..queue(id, QueueAction::Remove) }));
    let pause = ana.controls(ControlAction::Pause);
    let page = tokio::spawn({
        let handle = ana.handle.clone();
        async move { handle.ask(|reply| Ask::Queue { offset: 250, limit: 10, reply }).await.unwrap() }
    });
    // The song ends meanwhile.
    passes(61_000).await;
    ana.listen();
    assert!(!ana.heard.iter().any(|f| matches!(f, ServerFrame::Ok { .. } | ServerFrame::Timeline { .. })));
    scene.store.go_on();
    let page = page.await.unwrap();
    assert_eq!((page.offset, page.items[0].entry), (250, EntryId(251)));
    assert!(matches!(ana.answer(re).await, ServerFrame::Ok { .. }));
    assert!(matches!(ana.answer(pause).await, ServerFrame::Ok { .. }));
    let stopped = ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if !timeline.playing)).await;
    let ServerFrame::Timeline { timeline, .. } = stopped else { panic!() };
    assert_eq!(timeline.entry, Some(EntryId(2)), "the song that followed was paused");
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_cannot_be_read_is_asked_for_again() {
    let (scene, _) = long_queue().await;
    scene.registry.stop().await;

    scene.store.stall();
    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut ana = scene.joins("ana").await;
    let re = ana.controls(ControlAction::Play);
    scene.store.fail_with(Some(Fault::Unavailable("gone".into())));
    scene.store.go_on();
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    scene.store.fail_with(None);
    let re = ana.controls(ControlAction::Play);
    assert!(matches!(ana.answer(re).await, ServerFrame::Ok { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_another_has_opened_lets_its_members_go() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let re = ana.says("before");
    let before = ana.acked(re).await;
    passes(2_000).await;
    // Another process over the same store, that knows nothing of this one.
    let other = Scene::over(scene.store.clone(), scene.clock);
    let mut ben = other.joins("ben").await;
    let re = ana.says("late");
    assert_eq!(ana.refused(re).await, ErrorCode::StorageUnavailable);
    passes(100).await;
    assert!(ana.outbox.is_gone(), "she is told to come back");
    let re = ben.says("after");
    assert!(ben.acked(re).await > before);
    assert_eq!(ben.texts(), ["after"]);
    let texts: Vec<_> = scene.store.texts(STAGE).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["before", "after"]);
}
