//! How people treat each other: pauses between lines, and who follows a host that is gone.

use std::time::Duration as StdDuration;

use octave_protocol::model::{Role, Succession};
use octave_protocol::{Duration, ErrorCode, ServerFrame};

use super::scene::{Listener, STAGE, Scene, about, user};
use crate::base::clock::Clock;
use crate::stage::core::About;
use crate::stage::handle::{Ask, Command, StageChange};
use crate::stage::limits::{HOST_AWAY_AT_MOST, HOST_EXPECTED_WITHIN};
use crate::stage::memory::MemoryStore;

fn house() -> Scene {
    let store = MemoryStore::default();
    store.add_stage(About { succession: Succession::People, ..about() });
    Scene::over(store, Clock::start())
}

async fn host(scene: &Scene) -> String {
    scene.handle().await.ask(Ask::Describe).await.unwrap().host.username.to_string()
}

/// Lets time pass in which these read what they are sent: who does not is given up.
async fn sleeps(length: Duration, listeners: &mut [&mut Listener]) {
    for _ in 0..=length.0 / 1_000_000 {
        tokio::time::sleep(StdDuration::from_secs(1)).await;
        for listener in listeners.iter_mut() {
            listener.listen();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_who_stays_away_is_followed_and_one_who_reloads_is_not() {
    let scene = house();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    ana.leaves();
    sleeps(HOST_AWAY_AT_MOST - Duration::from_secs(3), &mut [&mut ben]).await;
    let mut back = scene.joins("ana").await;
    sleeps(HOST_AWAY_AT_MOST + HOST_AWAY_AT_MOST, &mut [&mut ben, &mut back]).await;
    assert_eq!(host(&scene).await, "ana");
    back.leaves();
    sleeps(HOST_AWAY_AT_MOST, &mut [&mut ben]).await;
    assert_eq!(host(&scene).await, "ben");
    ben.hears(|frame| role(frame) == Some(("ana".to_owned(), Role::Moderator))).await;
    let roles: Vec<(String, Role)> = ben.heard.iter().filter_map(role).collect();
    assert_eq!(roles, [("ben".to_owned(), Role::Host), ("ana".to_owned(), Role::Moderator)]);
    assert!(scene.store.log(STAGE).contains(&"role"), "{:?}", scene.store.log(STAGE));
}

fn role(frame: &ServerFrame) -> Option<(String, Role)> {
    match frame {
        ServerFrame::Role { user, role, .. } => Some((user.username.to_string(), *role)),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_who_has_not_come_yet_has_longer() {
    let scene = house();
    let mut ben = scene.joins("ben").await;
    sleeps(HOST_AWAY_AT_MOST + HOST_AWAY_AT_MOST, &mut [&mut ben]).await;
    assert_eq!(host(&scene).await, "ana");
    sleeps(HOST_EXPECTED_WITHIN, &mut [&mut ben]).await;
    assert_eq!(host(&scene).await, "ben");
}

#[tokio::test(start_paused = true)]
async fn slow_mode_holds_back_all_but_those_who_moderate() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    let mut ben = scene.joins("ben").await;
    let by = user("ana").id;
    let change = StageChange { slow_mode: Some(Duration::from_secs(10)), ..StageChange::default() };
    ana.handle.command(by, Command::Update(change)).await.unwrap().unwrap();
    let first = ben.says_with("one", Some("n1"));
    ben.acked(first).await;
    let again = ben.says_with("one", Some("n1"));
    ben.acked(again).await;
    let second = ben.says("two");
    match ben.answer(second).await {
        ServerFrame::Error { code: ErrorCode::RateLimited, retry_after_us: Some(wait), .. } => {
            assert!(wait > Duration::from_secs(9), "{wait:?}");
            sleeps(wait, &mut [&mut ana, &mut ben]).await;
        }
        other => panic!("{other:?}"),
    }
    let third = ben.says("three");
    ben.acked(third).await;
    for text in ["as", "I", "like"] {
        let re = ana.says(text);
        ana.acked(re).await;
    }
}
