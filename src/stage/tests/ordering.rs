//! Everyone sees one order.

use std::sync::Arc;

use octave_protocol::client::{ControlAction, QueueAction};
use octave_protocol::model::Role;
use octave_protocol::{ClientFrame, ErrorCode, Rev, Seq, ServerFrame, SongId, client};

use super::scene::{STAGE, Scene, passes};
use crate::stage::handle::{Ask, Command};
use crate::stage::limits::CHAT;

#[tokio::test(start_paused = true)]
async fn all_hear_the_same_in_the_same_order() {
    let scene = Scene::new();
    let mut everyone = Vec::new();
    for name in ["ana", "ben", "cid", "dan", "eve"] {
        everyone.push(scene.joins(name).await);
    }
    for round in 0..4 {
        for listener in &mut everyone {
            listener.says(&format!("{} {round}", listener.user.username.clone()));
        }
        passes(1).await;
    }
    passes(1_000).await;
    let wanted = everyone[0].texts();
    assert_eq!(wanted.len(), 20);
    let numbers: Vec<Seq> = everyone[0].seqs();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0].next()));
    for listener in &mut everyone {
        assert_eq!(listener.texts(), wanted);
        let mine: Vec<&String> = wanted.iter().filter(|t| t.starts_with(&*listener.user.username)).collect();
        assert!(mine.is_sorted(), "nobody's lines overtake each other");
    }
}

#[tokio::test(start_paused = true)]
async fn queued_songs_keep_their_order_and_revisions() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let asked: Vec<i64> = [1, 2, 3].map(|id| ana.queues(SongId(id))).into();
    for (rev, re) in (1..).zip(asked) {
        let ServerFrame::Ok { queue_rev, .. } = ana.answer(re).await else { panic!() };
        assert_eq!(queue_rev, Some(Rev(rev)));
    }
    let re = ana.queues(SongId(99));
    assert_eq!(ana.refused(re).await, ErrorCode::NotFound);
    let queue = ana.handle.ask(|reply| Ask::Queue { offset: 0, limit: 10, reply }).await.unwrap();
    let songs: Vec<SongId> = queue.items.iter().map(|i| i.song.id).collect();
    assert_eq!(songs, [1, 2, 3].map(SongId));
    let re = ana.sends(|id| {
        let entry = Some(queue.items[2].entry);
        ClientFrame::Queue(client::Queue {
            entry,
            position: Some(0),
            ..client::Queue::new(id, STAGE, QueueAction::Move)
        })
    });
    ana.answer(re).await;
    let queue = ana.handle.ask(|reply| Ask::Queue { offset: 0, limit: 2, reply }).await.unwrap();
    assert_eq!(queue.items[0].song.id, SongId(3));
    assert_eq!((queue.total, queue.items.len()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn one_connection_s_requests_are_done_in_order() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let asked = [ana.queues(SongId(1)), ana.queues(SongId(2)), ana.controls(ControlAction::Play)];
    for re in asked {
        let answer = ana.answer(re).await;
        assert!(matches!(answer, ServerFrame::Ok { .. }), "{answer:?}");
    }
    let timeline = ana.hears(|f| matches!(f, ServerFrame::Timeline { timeline, .. } if timeline.playing)).await;
    let ServerFrame::Timeline { timeline, .. } = timeline else { panic!() };
    assert_eq!(timeline.next.unwrap().song.id, SongId(2));
}

#[tokio::test(start_paused = true)]
async fn chat_is_edited_and_deleted_by_whom_may() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    let mut eve = scene.joins("eve").await;
    let re = ben.says("helo");
    let seq = ben.acked(re).await;
    let edit = |id| ClientFrame::EditChat(client::EditChat { id, stage: STAGE, seq, text: "hello".into() });
    let delete = |id| ClientFrame::DeleteChat(client::DeleteChat { id, stage: STAGE, seq });
    let re = eve.sends(edit);
    assert_eq!(eve.refused(re).await, ErrorCode::Forbidden);
    let re = ben.sends(edit);
    ben.answer(re).await;
    eve.hears(|f| matches!(f, ServerFrame::ChatEdited { chat, text, .. } if *chat == seq && &**text == "hello")).await;
    let re = ana.sends(delete);
    ana.answer(re).await;
    eve.hears(|f| matches!(f, ServerFrame::ChatDeleted { chat, .. } if *chat == seq)).await;
    let re = ben.sends(edit);
    assert_eq!(ben.refused(re).await, ErrorCode::NotFound);
    let mut late = scene.visitor("late").await;
    let line = &late.joins(None).await.snapshot.chats[0];
    assert_eq!((line.deleted, &*line.text, line.seq), (true, "", seq));
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_told_when_to_go_on() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    for n in 0..CHAT.burst {
        let re = ana.says(&n.to_string());
        ana.acked(re).await;
    }
    let mut refused = None;
    for _ in 0..CHAT.burst {
        let re = ana.says("more");
        if let ServerFrame::Error { code, retry_after_us, .. } = ana.answer(re).await {
            refused = Some((code, retry_after_us.unwrap()));
            break;
        }
    }
    let (code, wait) = refused.expect("a flood is refused");
    assert_eq!(code, ErrorCode::RateLimited);
    tokio::time::sleep(wait.to_std()).await;
    let re = ana.says("again");
    ana.acked(re).await;
}

#[tokio::test(start_paused = true)]
async fn http_changes_are_durable_and_shown_before_they_are_answered() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let (by, ben) = (ana.user.id, (*super::scene::user("ben")).clone());
    ana.handle.command(by, Command::SetRole { user: Arc::new(ben), role: Role::Dj }).await.unwrap().unwrap();
    ana.hears(|f| matches!(f, ServerFrame::Role { role: Role::Dj, .. })).await;
    let refused = ana.handle.command(super::scene::user("eve").id, Command::End).await.unwrap();
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    ana.handle.command(by, Command::End).await.unwrap().unwrap();
    ana.hears(|f| matches!(f, ServerFrame::Removed { user: None, .. })).await;
    passes(100).await;
    assert_eq!(scene.registry.find(STAGE).await.unwrap_err(), crate::stage::registry::NoStage::NotFound);
}
