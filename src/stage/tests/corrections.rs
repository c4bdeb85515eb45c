//! A title that is corrected in the library is corrected where it is queued and plays.

use std::sync::Arc;

use octave_protocol::client::ControlAction;
use octave_protocol::model::Song;
use octave_protocol::server::QueueChange;
use octave_protocol::{EntryId, Rev, ServerFrame, SongId};

use super::restarting::long_queue;
use super::scene::{SONG, STAGE, Scene, passes};
use crate::stage::handle::Ask;

const TITLE: &str = "Corrected";

/// Changes the song in the library, as the stages will read it.
fn corrects(scene: &Scene, id: SongId) {
    let song = scene.store.song(id);
    scene.store.add_song(Arc::new(Song { title: TITLE.into(), ..Song::clone(&song) }));
}

fn names(frame: &ServerFrame, title: &str) -> bool {
    matches!(frame, ServerFrame::Queue { change: QueueChange::Songs { songs }, .. } if songs[0].title == title)
}

#[tokio::test(start_paused = true)]
async fn those_present_and_those_to_come_see_the_new_title() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG, SongId(2), SONG]).await;
    corrects(&scene, SONG);
    corrects(&scene, SongId(3));
    scene.registry.songs_changed(vec![SONG, SongId(3)]).await;
    let told = ana.hears(|f| names(f, TITLE)).await;
    let ServerFrame::Queue { rev, change: QueueChange::Songs { songs }, .. } = told else { unreachable!() };
    assert_eq!((rev, songs.len()), (Rev(4), 1), "only what stands here is told");
    let is_corrected = |f: &ServerFrame| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.song.as_ref().is_some_and(|s| s.title == TITLE));
    let ServerFrame::Timeline { timeline, .. } = ana.hears(is_corrected).await else { unreachable!() };
    assert_eq!((timeline.playing, timeline.entry), (true, Some(EntryId(1))));

    let seen = scene.joins("ben").await.joins(None).await.snapshot;
    let titles: Vec<&str> = seen.queue.items.iter().map(|item| &*item.song.title).collect();
    assert_eq!(titles, [TITLE, "Song 2", TITLE]);
    assert_eq!((&*seen.timeline.song.unwrap().title, &*seen.stage.now_playing.unwrap().title), (TITLE, TITLE));
    assert_eq!(scene.registry.live(STAGE).unwrap().now_playing.unwrap().title, TITLE);

    scene.registry.songs_changed(vec![SONG]).await;
    let re = ana.says("nothing new");
    ana.acked(re).await;
    assert_eq!(ana.heard.iter().filter(|f| names(f, TITLE)).count(), 1);

    scene.registry.stop().await;
    let again = Scene::over(scene.store.clone(), scene.clock);
    assert!(again.joins("ana").await.joins(None).await.snapshot.queue.rev >= rev, "numbers never go back");
}

#[tokio::test(start_paused = true)]
async fn what_the_store_was_asked_before_and_answers_after_is_put_right() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    scene.store.stall();
    let re = ana.queues(SONG);
    passes(10).await;
    corrects(&scene, SONG);
    let registry = scene.registry.clone();
    let told = tokio::spawn(async move { registry.songs_changed(vec![SONG]).await });
    passes(10).await;
    scene.store.go_on();
    told.await.unwrap();
    ana.answer(re).await;
    let seen = scene.joins("ben").await.joins(None).await.snapshot;
    assert_eq!(seen.queue.items[0].song.title, TITLE);
}

#[tokio::test(start_paused = true)]
async fn a_long_queue_is_corrected_throughout_though_it_was_read_before() {
    let (scene, _) = long_queue().await;
    scene.registry.stop().await;
    let scene = Scene::over(scene.store.clone(), scene.clock);
    scene.store.stall();
    let mut ana = scene.joins("ana").await;
    passes(100).await;
    corrects(&scene, SONG);
    let registry = scene.registry.clone();
    let told = tokio::spawn(async move { registry.songs_changed(vec![SONG]).await });
    passes(10).await;
    let re = ana.controls(ControlAction::Play);
    scene.store.go_on();
    told.await.unwrap();
    ana.answer(re).await;
    let page = ana.handle.ask(|reply| Ask::Queue { offset: 250, limit: 50, reply }).await.unwrap();
    assert!(page.items.iter().all(|item| item.song.title == TITLE));
    assert_eq!(page.items.len(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_can_not_take_it_is_told_again() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG]).await;
    corrects(&scene, SONG);
    scene.store.fail_with(Some(crate::stage::storage::Fault::Unavailable("gone".into())));
    scene.registry.songs_changed(vec![SONG]).await;
    assert!(!ana.heard.iter().any(|f| names(f, TITLE)));
    scene.store.fail_with(None);
    ana.hears(|f| names(f, TITLE)).await;
}
