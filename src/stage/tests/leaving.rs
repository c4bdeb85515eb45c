//! Who leaves is gone at once, gets all answers, and leaves nothing behind.

use std::sync::Arc;

use octave_protocol::client::{ClientFrame, ControlAction, Typing};
use octave_protocol::model::Visibility;
use octave_protocol::{ErrorCode, ServerFrame, SongId};

use super::scene::{Listener, SONG, STAGE, Scene, passes};
use crate::stage::Request;
use crate::stage::core::StageChange;
use crate::stage::handle::{Ask, Command, Undelivered};
use crate::stage::limits::{CHAT, LOOKUPS_OF_ONE, MAILBOX};

/// Whether the stage has let go of the connection.
async fn is_forgotten(listener: &Listener) -> bool {
    passes(100).await;
    Arc::strong_count(&listener.outbox) == 1
}

#[tokio::test(start_paused = true)]
async fn a_line_is_acknowledged_although_its_speaker_has_left() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    scene.store.stall();
    let (line, leave) = (ben.says("bye"), ben.leaves());
    assert!(matches!(ben.answer(leave).await, ServerFrame::Ok { .. }), "nobody's leaving waits for a disk");
    ana.hears(|f| matches!(f, ServerFrame::Presence { listeners: 1, .. })).await;
    assert!(!is_forgotten(&ben).await, "an answer is owed");
    scene.store.go_on();
    let seq = ben.acked(line).await;
    ana.hears(|f| matches!(f, ServerFrame::Chat { line, .. } if line.seq == seq)).await;
    assert_eq!(ben.texts(), [""; 0], "but nothing else");
    assert!(is_forgotten(&ben).await);
}

#[tokio::test(start_paused = true)]
async fn what_waited_when_its_maker_left_is_answered() {
    let scene = Scene::new();
    let mut ben = scene.joins("ben").await;
    // Its song is looked up, and the one who wants it is here no more when it is found.
    let (add, leave) = (ben.queues(SONG), ben.leaves());
    assert_eq!(ben.refused(add).await, ErrorCode::NotJoined);
    assert!(matches!(ben.answer(leave).await, ServerFrame::Ok { .. }));
    assert!(is_forgotten(&ben).await);
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_while_an_answer_is_owed_keeps_the_seat() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    scene.store.stall();
    let (line, _) = (ben.says("bye"), ben.leaves());
    ben.joins(None).await;
    scene.store.go_on();
    ben.acked(line).await;
    let re = ana.says("still here?");
    ana.acked(re).await;
    ben.hears(|f| matches!(f, ServerFrame::Chat { line, .. } if &*line.text == "still here?")).await;
}

/// A stage by invitation, in which ana is.
async fn by_invitation() -> (Scene, Listener) {
    let scene = Scene::new();
    scene.store.add_invite("open-sesame", STAGE);
    let ana = scene.joins("ana").await;
    let (by, change) = (ana.user.id, StageChange { visibility: Some(Visibility::Invite), ..StageChange::default() });
    ana.handle.ask(|reply| Ask::Update { by, change, reply }).await.unwrap().unwrap();
    (scene, ana)
}

#[tokio::test(start_paused = true)]
async fn nothing_overtakes_a_join_whose_door_is_looked_at() {
    let (scene, mut ana) = by_invitation().await;
    let mut ben = scene.visitor("ben").await;
    let join = ben.knocks(Some("open-sesame"));
    let line = ben.says("hello");
    let asked = [ben.queues(SONG), ben.queues(SongId(2)), ben.controls(ControlAction::Play)];
    let leave = ben.leaves();
    assert!(matches!(ben.answer(join).await, ServerFrame::Joined { .. }));
    ben.acked(line).await;
    assert!(matches!(ben.answer(leave).await, ServerFrame::Ok { .. }));
    // Each is answered, whether it was done before its maker left or not.
    for re in asked {
        ben.answer(re).await;
    }
    assert!(is_forgotten(&ben).await);

    let mut eve = scene.visitor("eve").await;
    let join = eve.knocks(Some("open-sesame"));
    let asked = [eve.queues(SONG), eve.queues(SongId(2)), eve.controls(ControlAction::Play)];
    assert!(matches!(eve.answer(join).await, ServerFrame::Joined { .. }));
    for re in asked {
        assert!(matches!(eve.answer(re).await, ServerFrame::Ok { .. }));
    }
    let playing = ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.playing)).await;
    let ServerFrame::Timeline { timeline, .. } = playing else { panic!() };
    assert_eq!((timeline.song.unwrap().id, timeline.next.unwrap().song.id), (SONG, SongId(2)));

    // Of one connection only so much waits.
    let mut joe = scene.visitor("joe").await;
    joe.knocks(None);
    let refused: Vec<i64> = (0..LOOKUPS_OF_ONE).map(|n| joe.says(&n.to_string())).collect();
    assert_eq!(joe.refused(*refused.last().unwrap()).await, ErrorCode::Busy);
    assert_eq!(joe.refused(refused[0]).await, ErrorCode::NotJoined);
}

#[tokio::test(start_paused = true)]
async fn leaving_and_coming_back_gives_nobody_more_to_say() {
    let scene = Scene::new();
    let mut ben = scene.joins("ben").await;
    for n in 0..CHAT.burst {
        let re = ben.says(&n.to_string());
        ben.acked(re).await;
    }
    let leave = ben.leaves();
    ben.answer(leave).await;
    ben.joins(None).await;
    // What time has passed has earned a line or two.
    let more: Vec<i64> = (0..CHAT.burst).map(|n| ben.says(&n.to_string())).collect();
    assert_eq!(ben.refused(*more.last().unwrap()).await, ErrorCode::RateLimited);
}

#[tokio::test(start_paused = true)]
async fn who_returns_by_an_invitation_is_invited_for_good() {
    let scene = Scene::new();
    scene.store.add_invite("open-sesame", STAGE);
    let ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    let leave = ben.leaves();
    ben.answer(leave).await;
    let (by, change) = (ana.user.id, StageChange { visibility: Some(Visibility::Invite), ..StageChange::default() });
    ana.handle.ask(|reply| Ask::Update { by, change, reply }).await.unwrap().unwrap();
    let re = ben.knocks(None);
    assert_eq!(ben.refused(re).await, ErrorCode::StageNotFound);
    let re = ben.knocks(Some("open-sesame"));
    assert!(matches!(ben.answer(re).await, ServerFrame::Joined { .. }));
    passes(100).await;
    scene.registry.stop().await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    scene.joins("ben").await;
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_says_so_and_loses_no_seat() {
    let scene = Scene::new();
    let ben = scene.joins("ben").await;
    // Nobody takes a turn in between.
    for _ in 0..MAILBOX {
        let frame = ClientFrame::Typing(Typing { stage: STAGE });
        ben.handle.send(Request::Frame { conn: ben.conn, frame }).unwrap();
    }
    let leave = Request::Leave { conn: ben.conn, re: 9 };
    assert!(matches!(ben.handle.send(leave), Err(Undelivered::Full(_))));
    passes(100).await;
    assert_eq!(scene.registry.live(STAGE).unwrap().listeners, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_still_looked_up_when_the_stage_ends_is_answered() {
    let scene = Scene::new();
    let ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    scene.store.stall();
    scene.store.commits_go_on();
    let (adds, plays) = (ben.queues(SONG), ben.controls(ControlAction::Play));
    passes(10).await;
    ana.handle.command(ana.user.id, Command::End).await.unwrap().unwrap();
    for re in [adds, plays] {
        assert_eq!(ben.refused(re).await, ErrorCode::StageEnded);
    }
}
