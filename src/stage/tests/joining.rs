//! Joining is one turn, and who comes back gets exactly what was missed.

use std::sync::Arc;

use octave_protocol::client::Resume;
use octave_protocol::model::{Role, Visibility};
use octave_protocol::server::RemovedReason;
use octave_protocol::{Epoch, ErrorCode, ServerFrame};

use super::scene::{SONG, STAGE, Scene, about, passes, seq, user};
use crate::stage::core::About;
use crate::stage::handle::{Ask, Command};
use crate::stage::memory::MemoryStore;
use crate::stage::storage::Fault;
use crate::stage::{Member, Request};

#[tokio::test(start_paused = true)]
async fn a_newcomer_sees_all_there_is() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    ana.starts([SONG]).await;
    let re = ana.says("hello");
    ana.acked(re).await;
    let mut ben = scene.visitor("ben").await;
    let welcome = ben.joins(None).await;
    let snapshot = welcome.snapshot;
    assert!(!welcome.resumed);
    assert_eq!(Some(welcome.seq), ana.seqs().last().copied());
    assert_eq!(snapshot.stage.id, STAGE);
    assert_eq!(snapshot.queue.items.len(), 1);
    assert_eq!(snapshot.chats.len(), 1);
    assert_eq!(snapshot.participants.len(), 2);
    assert_eq!(snapshot.listeners, 2);
    assert!(snapshot.timeline.playing);
    assert_eq!(snapshot.you.role, Role::Listener);
    let presence = ana
        .hears(|f| matches!(f, ServerFrame::Presence { joined, .. } if joined.iter().any(|p| p.id == user("ben").id)));
    let ServerFrame::Presence { listeners, .. } = presence.await else { panic!() };
    assert_eq!(listeners, 2);
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_gets_exactly_what_was_missed() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.visitor("ben").await;
    let welcome = ben.joins(None).await;
    for n in 0..4 {
        let re = ana.says(&format!("before {n}"));
        ana.acked(re).await;
    }
    let last = *ben.seqs().last().unwrap();
    ben.handle.send(Request::Gone { conn: ben.conn }).unwrap();
    for n in 0..4 {
        let re = ana.says(&format!("missed {n}"));
        ana.acked(re).await;
    }
    let mut back = scene.visitor("ben").await;
    let resumed = back.joins(Some(Resume { epoch: welcome.epoch, seq: last })).await;
    assert!(resumed.resumed);
    let re = ana.says("after");
    ana.acked(re).await;
    back.hears(|f| matches!(f, ServerFrame::Chat { line, .. } if &*line.text == "after")).await;
    let missed: Vec<ServerFrame> = ana.heard.iter().filter(|f| seq(f).is_some_and(|s| s > last)).cloned().collect();
    let got: Vec<ServerFrame> = back.heard.iter().filter(|f| seq(f).is_some()).cloned().collect();
    assert_eq!(got, missed, "the same events, from the first missed one on");

    for resume in [
        Resume { epoch: Epoch(welcome.epoch.0 - 1), seq: last },
        Resume { epoch: welcome.epoch, seq: resumed.seq.next().next() },
    ] {
        let mut other = scene.visitor("ben").await;
        assert!(!other.joins(Some(resume)).await.resumed, "{resume:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn joining_amid_a_storm_leaves_no_gap() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    for round in 0..20 {
        for n in 0..3 {
            ana.says(&format!("{round} {n}"));
        }
        let mut late = scene.visitor("late").await;
        let welcome = late.joins(None).await;
        passes(2_000).await;
        let seqs = late.seqs();
        let wanted: Vec<_> = (1..).map(|n| octave_protocol::Seq(welcome.seq.0 + n)).take(seqs.len()).collect();
        assert_eq!(seqs, wanted);
        late.handle.send(Request::Gone { conn: late.conn }).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn the_door_is_looked_at() {
    let store = MemoryStore::default();
    store.add_stage(About { visibility: Visibility::Invite, ..about() });
    store.add_invite("open-sesame", STAGE);
    let scene = Scene::over(store, crate::base::clock::Clock::start());
    scene.joins("ana").await;
    let mut ben = scene.visitor("ben").await;
    let member = |l: &super::scene::Listener| Member {
        conn: l.conn,
        user: l.user.clone(),
        guest: None,
        way: l.outbox.clone().into(),
    };
    for (invite, admitted) in [(None, false), (Some("wrong"), false), (Some("open-sesame"), true)] {
        let (member, invite) = (member(&ben), invite.map(str::to_owned));
        let re = ben.ask(|_, re| Request::Join { member, re, resume: None, invite });
        if admitted {
            assert!(matches!(ben.answer(re).await, ServerFrame::Joined { .. }));
        } else {
            assert_eq!(ben.refused(re).await, ErrorCode::StageNotFound);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_kicked_is_told_everywhere_and_may_come_back() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let (mut eve, mut phone) = (scene.joins("eve").await, scene.joins("eve").await);
    let (by, kicked, id) = (ana.user.id, (*eve.user).clone(), eve.user.id);
    ana.handle.command(by, Command::Kick { user: Arc::new(kicked) }).await.unwrap().unwrap();
    for who in [&mut ana, &mut eve, &mut phone] {
        let removed = who.hears(|f| matches!(f, ServerFrame::Removed { .. })).await;
        let ServerFrame::Removed { user, reason, .. } = removed else { unreachable!() };
        assert_eq!((user, reason), (Some(id), RemovedReason::Kicked));
    }
    let re = eve.says("but");
    assert_eq!(eve.refused(re).await, ErrorCode::NotJoined);
    assert_eq!(scene.registry.stages_of(eve.user.id), []);
    let re = ana.says("peace");
    ana.acked(re).await;
    assert!(phone.texts().is_empty());
    eve.joins(None).await;
    let re = eve.says("sorry");
    eve.acked(re).await;
    assert!(scene.store.log(STAGE).contains(&"kicked"));
}

#[tokio::test(start_paused = true)]
async fn who_is_banned_is_told_and_out() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut eve = scene.joins("eve").await;
    let by = ana.user.id;
    let banned = (*eve.user).clone();
    ana.handle.command(by, Command::Ban { user: Arc::new(banned), banned: true }).await.unwrap().unwrap();
    eve.hears(|f| matches!(f, ServerFrame::Removed { .. })).await;
    let re = eve.says("but");
    assert_eq!(eve.refused(re).await, ErrorCode::NotJoined);
    let member = Member { conn: eve.conn, user: eve.user.clone(), guest: None, way: Arc::clone(&eve.outbox).into() };
    let re = eve.ask(|_, re| Request::Join { member, re, resume: None, invite: None });
    assert_eq!(eve.refused(re).await, ErrorCode::Banned);
    let re = ana.says("peace");
    ana.acked(re).await;
    assert!(eve.texts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn whom_the_host_blocks_is_out_and_may_return_when_it_is_lifted() {
    let scene = Scene::new();
    let (mut ana, mut ben) = (scene.joins("ana").await, scene.joins("ben").await);
    scene.store.block(user("ana").id, user("ben").id);
    ana.handle.ask(Ask::Blocks).await.unwrap().unwrap();
    for person in [&mut ana, &mut ben] {
        person.hears(|f| matches!(f, ServerFrame::Removed { user: Some(id), .. } if *id == user("ben").id)).await;
    }
    let re = ben.says("still here?");
    assert_eq!(ben.refused(re).await, ErrorCode::NotJoined);
    let join = |ben: &super::scene::Listener| Member {
        conn: ben.conn,
        user: ben.user.clone(),
        guest: None,
        way: ben.outbox.clone().into(),
    };
    let member = join(&ben);
    let re = ben.ask(|_, re| Request::Join { member, re, resume: None, invite: None });
    assert_eq!(ben.refused(re).await, ErrorCode::Banned);
    scene.store.unblock(user("ana").id, user("ben").id);
    ana.handle.ask(Ask::Blocks).await.unwrap().unwrap();
    ben.joins(None).await;
}

#[tokio::test(start_paused = true)]
async fn whom_the_host_has_blocked_is_out_even_when_storage_fails_for_a_while() {
    let scene = Scene::new();
    let (ana, mut ben) = (scene.joins("ana").await, scene.joins("ben").await);
    passes(1_000).await;
    scene.store.block(user("ana").id, user("ben").id);
    scene.store.stall();
    ana.handle.ask(Ask::Blocks).await.unwrap().unwrap();
    // The host has been told that they are blocked.
    let re = ben.says("one more thing");
    assert_eq!(ben.refused(re).await, ErrorCode::NotJoined);
    scene.store.fail_with(Some(Fault::Unavailable("a test".into())));
    scene.store.go_on();
    passes(3_000).await;
    scene.store.fail_with(None);
    ben.hears(|f| matches!(f, ServerFrame::Removed { .. })).await;
    let re = ben.says("still here?");
    assert_eq!(ben.refused(re).await, ErrorCode::NotJoined);
}

#[tokio::test(start_paused = true)]
async fn the_blocks_of_a_new_host_count() {
    let scene = Scene::new();
    let (ana, mut ben) = (scene.joins("ana").await, scene.joins("ben").await);
    scene.store.block(user("cem").id, user("ben").id);
    let cem = (*user("cem")).clone();
    let by = user("ana").id;
    ana.handle.command(by, Command::SetRole { user: Arc::new(cem), role: Role::Host }).await.unwrap().unwrap();
    ben.hears(|f| matches!(f, ServerFrame::Removed { .. })).await;
}
