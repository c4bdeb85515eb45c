//! The server goes and comes back: clients are told, and the song is where it would be.

use serde_json::json;

use crate::room::{Room, position_at};

#[tokio::test]
async fn a_stopping_server_tells_its_clients_to_come_back() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let (_stopped, code) = tokio::join!(room.stops(), ana.socket.closed());
    assert_eq!(code.unwrap(), 1012);
}

#[tokio::test]
async fn after_a_stop_the_song_is_where_it_would_be() {
    let room = Room::open().await;
    let song = room.song("Long", 60_000).await;
    let mut ana = room.ana().await;
    let before = ana.plays(&song).await;
    let room = room.stops().await.starts().await;
    goes_on(&room, &before).await;
}

#[tokio::test]
async fn after_a_crash_the_song_is_where_it_would_be() {
    let room = Room::open().await;
    let song = room.song("Long", 60_000).await;
    let mut ana = room.ana().await;
    let before = ana.plays(&song).await;
    let room = room.survives_a_kill().await;
    goes_on(&room, &before).await;
}

#[tokio::test]
async fn queue_and_mode_survive_a_crash() {
    let room = Room::open().await;
    let song = room.song("Long", 60_000).await;
    let mut ana = room.ana().await;
    for _ in 0..3 {
        ana.queues(&song).await;
    }
    ana.asks(json!({ "type": "queue", "action": "mode", "repeat": "all" })).await;
    let before = ana.looks(&room).await["queue"].clone();
    let room = room.survives_a_kill().await;
    assert_eq!(room.ana().await.joined["snapshot"]["queue"], before);
}

#[tokio::test]
async fn what_was_answered_right_before_a_crash_is_remembered() {
    let mut room = Room::open().await;
    let song = room.song("Long", 60_000).await;
    room.ana().await.queues(&song).await;
    for n in 1..=5 {
        let (action, position) = (if n % 2 == 0 { "pause" } else { "play" }, n * 2_000_000);
        let mut ana = room.ana().await;
        ana.asks(json!({ "type": "control", "action": action })).await;
        ana.asks(json!({ "type": "control", "action": "seek", "position_us": position })).await;
        room = room.survives_a_kill().await;
        let timeline = room.ana().await.joined["snapshot"]["timeline"].clone();
        assert_eq!(timeline["playing"], action == "play", "{action}: {timeline}");
        assert!(timeline["position_us"].as_i64().unwrap() >= position, "{action}: {timeline}");
    }
}

/// The stage plays the same entry, at the place where it would be without the interruption.
async fn goes_on(room: &Room, before: &serde_json::Value) {
    let ana = room.ana().await;
    let now = ana.welcome["server_time_us"].as_i64().unwrap();
    let after = &ana.joined["snapshot"]["timeline"];
    assert_eq!((&after["playing"], &after["entry"]), (&json!(true), &before["entry"]));
    let off = position_at(after, now) - position_at(before, now);
    // The only slack: the wall clock is read anew by the new process.
    assert!(off.abs() < 50_000, "off by {off} µs: {before} became {after}");
}
