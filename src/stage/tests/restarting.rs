//! A stage goes on over restarts of the server, and stops when nobody needs it.

use octave_protocol::client::Resume;
use octave_protocol::{Duration, ServerFrame, SongId};

use super::scene::{SONG, STAGE, Scene, passes};
use crate::stage::Request;
use crate::stage::limits::IDLE_STOP;

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
    assert!(!back.resumed, "a new process can't prove what was missed");
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
