//! Steering: who may, and that two clicks never count twice.

use serde_json::{Value, json};

use crate::room::{Room, position_at};

#[tokio::test]
async fn play_pause_and_seek_are_heard_by_all_as_full_statements() {
    let room = Room::open().await;
    let song = room.song("Long one", 60_000).await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let playing = ana.plays(&song).await;
    assert_eq!(
        (&playing["song"]["id"], &playing["rate"], &playing["position_us"]),
        (&song["id"], &json!(1.0), &json!(0))
    );
    assert_eq!(playing["song"]["duration_us"], 60_000_000);
    assert_eq!(ben.hears_that("timeline", |t| t["playing"] == true).await["rev"], playing["rev"]);

    ana.asks(json!({ "type": "control", "action": "pause" })).await;
    let paused = ben.hears_that("timeline", |t| t["playing"] == false && t["rev"] != playing["rev"]).await;
    assert!(paused["rev"].as_i64() > playing["rev"].as_i64());

    ana.asks(json!({ "type": "control", "action": "seek", "position_us": 30_000_000 })).await;
    let sought = ben.hears_that("timeline", |t| t["rev"].as_i64() > paused["rev"].as_i64()).await;
    assert_eq!((&sought["position_us"], &sought["playing"]), (&json!(30_000_000), &json!(false)));

    ana.asks(json!({ "type": "control", "action": "play" })).await;
    let on = ben.hears_that("timeline", |t| t["playing"] == true && t["rev"].as_i64() > sought["rev"].as_i64()).await;
    let pong = ben.socket.request(json!({ "type": "ping" })).await.unwrap();
    let now = position_at(&on, pong["t1_us"].as_i64().unwrap());
    assert!((30_000_000..35_000_000).contains(&now), "{now}");
}

#[tokio::test]
async fn a_newcomer_sees_the_same_timeline_as_those_who_were_there() {
    let room = Room::open().await;
    let song = room.song("Long one", 60_000).await;
    let mut ana = room.ana().await;
    let playing = ana.plays(&song).await;
    let ben = room.joins("ben").await;
    let shown = &ben.joined["snapshot"]["timeline"];
    for field in ["rev", "playing", "entry", "position_us", "at_us", "rate"] {
        assert_eq!(shown[field], playing[field], "{field}");
    }
}

#[tokio::test]
async fn listeners_may_not_steer_where_the_host_does() {
    let room = Room::open().await;
    let song = room.song("Long one", 60_000).await;
    let mut ana = room.ana().await;
    ana.plays(&song).await;
    let mut ben = room.joins("ben").await;
    assert_eq!(ben.joined["snapshot"]["you"]["role"], "listener");
    assert!(!ben.joined["snapshot"]["you"]["can"].as_array().unwrap().contains(&json!("control")));
    for action in ["play", "pause", "skip", "previous"] {
        ben.refused(json!({ "type": "control", "action": action }), "forbidden").await;
    }
    ben.refused(json!({ "type": "control", "action": "seek", "position_us": 1 }), "forbidden").await;
    ben.refused(json!({ "type": "queue", "action": "add", "song": song["id"] }), "forbidden").await;
    ben.hears_no_more("timeline").await;
}

#[tokio::test]
async fn everybody_may_add_songs_to_what_the_host_alone_steers() {
    let room = Room::with(json!({ "name": "Wishes", "control": "host", "adding": "everyone" })).await;
    let song = room.song("Long one", 60_000).await;
    let mut ben = room.joins("ben").await;
    let can = |you: &Value| you["can"].as_array().unwrap().clone();
    let you = ben.joined["snapshot"]["you"].clone();
    assert!(can(&you).contains(&json!("queue_add")) && !can(&you).contains(&json!("control")), "{you}");
    ben.queues(&song).await;
    ben.refused(json!({ "type": "control", "action": "play" }), "forbidden").await;
    let path = format!("/api/v1/stages/{}", room.stage);
    room.host.api.patch(&path, &json!({ "adding": "control" })).await.unwrap().expect(200).unwrap();
    assert_eq!(ben.hears("stage_updated").await["now"]["adding"], "control");
    ben.refused(json!({ "type": "queue", "action": "add", "song": song["id"] }), "forbidden").await;
    assert!(!can(&ben.looks(&room).await["you"]).contains(&json!("queue_add")));
}

#[tokio::test]
async fn everybody_steers_where_everybody_may() {
    let room = Room::with(json!({ "name": "Open house", "control": "everyone" })).await;
    let song = room.song("Long one", 60_000).await;
    let mut ben = room.joins("ben").await;
    assert!(ben.joined["snapshot"]["you"]["can"].as_array().unwrap().contains(&json!("control")));
    ben.plays(&song).await;
}

#[tokio::test]
async fn two_clicks_on_skip_skip_once() {
    let room = Room::with(json!({ "name": "Open house", "control": "everyone" })).await;
    let song = room.song("Long one", 60_000).await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let playing = ana.plays(&song).await;
    let second = ana.queues(&song).await;
    ana.queues(&song).await;
    let click = json!({ "type": "control", "action": "skip", "expect_rev": playing["rev"] });
    ana.asks(click.clone()).await;
    ben.refused(click, "conflict").await;
    let now = ana.looks(&room).await["timeline"].clone();
    assert_eq!(now["entry"], second, "{now}");
}

#[tokio::test]
async fn a_place_beyond_the_song_is_refused_or_moves_on() {
    let room = Room::open().await;
    let song = room.song("Long one", 60_000).await;
    let mut ana = room.ana().await;
    ana.plays(&song).await;
    ana.refused(json!({ "type": "control", "action": "seek", "position_us": -1 }), "invalid_field").await;
    ana.refused(json!({ "type": "control", "action": "seek" }), "invalid_field").await;
}
