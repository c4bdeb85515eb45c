//! The server alone moves on at a song's end, exactly when it was announced.

use serde_json::json;

use crate::room::Room;

#[tokio::test]
async fn at_a_songs_end_the_next_one_starts_when_it_was_announced() {
    let room = Room::open().await;
    let song = room.song("Short", 1_500).await;
    let mut ana = room.ana().await;
    let (first, second) = (ana.queues(&song).await, ana.queues(&song).await);
    ana.asks(json!({ "type": "control", "action": "play" })).await;
    let playing = ana.hears_that("timeline", |t| t["playing"] == true && t["entry"] == first).await;
    let ends = playing["at_us"].as_i64().unwrap() + 1_500_000;
    assert_eq!(playing["next"]["entry"], second);
    assert_eq!(playing["next"]["at_us"], ends);

    let next = ana.hears_that("timeline", |t| t["entry"] == second).await;
    assert_eq!((&next["at_us"], &next["position_us"], &next["playing"]), (&json!(ends), &json!(0), &json!(true)));
    assert_eq!(next["next"], json!(null));

    let over = ana.hears_that("timeline", |t| t["playing"] == false).await;
    assert!(over["rev"].as_i64() > next["rev"].as_i64());
}

#[tokio::test]
async fn it_moves_on_while_the_host_is_away() {
    let room = Room::open().await;
    let (short, long) = (room.song("Short", 1_000).await, room.song("Long", 60_000).await);
    let mut ben = room.joins("ben").await;
    let mut ana = room.ana().await;
    ana.queues(&short).await;
    ana.queues(&long).await;
    ana.asks(json!({ "type": "control", "action": "play" })).await;
    ana.goes().await;
    let next = ben.hears_that("timeline", |t| t["song"]["id"] == long["id"]).await;
    assert_eq!(next["playing"], true);
}

#[tokio::test]
async fn repeat_goes_round() {
    let room = Room::open().await;
    let song = room.song("Short", 1_000).await;
    let mut ana = room.ana().await;
    ana.asks(json!({ "type": "queue", "action": "mode", "repeat": "one" })).await;
    let playing = ana.plays(&song).await;
    let again =
        ana.hears_that("timeline", |t| t["rev"].as_i64() > playing["rev"].as_i64() && t["playing"] == true).await;
    assert_eq!(again["entry"], playing["entry"]);
    assert_eq!(again["at_us"].as_i64().unwrap(), playing["at_us"].as_i64().unwrap() + 1_000_000);
}

#[tokio::test]
async fn a_stage_waits_as_long_as_its_host_says() {
    let room =
        Room::with(json!({ "name": "Quick", "start": { "quorum_percent": 100, "patience_us": 10_000_000 } })).await;
    let song = room.song("Long", 60_000).await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    for person in [&mut ana, &mut ben] {
        person.tells(json!({ "type": "buffering", "timeline_rev": 0 })).await;
        person.socket.settle().await.unwrap();
    }
    ana.queues(&song).await;
    ana.asks(json!({ "type": "control", "action": "play" })).await;
    let waiting = ana.hears_that("timeline", |t| t["song"]["id"] == song["id"]).await;
    assert_eq!((&waiting["playing"], &waiting["waiting"]), (&json!(false), &json!(true)), "{waiting}");
    // All are ready long before the patience is over, and it begins.
    for person in [&mut ana, &mut ben] {
        person.tells(json!({ "type": "ready", "timeline_rev": waiting["rev"] })).await;
    }
    let begun = ana.hears_that("timeline", |t| t["playing"] == true).await;
    assert!(begun.get("waiting").is_none(), "{begun}");

    let path = format!("/api/v1/stages/{}", room.stage);
    let wish = json!({ "start": { "quorum_percent": 50, "patience_us": 0 } });
    let after = room.host.api.patch(&path, &wish).await.unwrap().expect(200).unwrap();
    assert_eq!(after["start"], wish["start"]);
    assert_eq!(ana.hears("stage_updated").await["now"]["start"], wish["start"]);
    for bad in
        [json!({ "quorum_percent": 0, "patience_us": 0 }), json!({ "quorum_percent": 80, "patience_us": 11_000_000 })]
    {
        room.host.api.patch(&path, &json!({ "start": bad })).await.unwrap().expect(422).unwrap();
    }
    // Kept, and over a crash too.
    let room = room.survives_a_kill().await;
    assert_eq!(room.host.api.get(&path).await.unwrap().expect(200).unwrap()["start"], wish["start"]);
}

#[tokio::test]
async fn a_start_lies_a_little_in_the_future() {
    let room = Room::open().await;
    let song = room.song("Long", 60_000).await;
    let mut ana = room.ana().await;
    let playing = ana.plays(&song).await;
    let pong = ana.socket.request(json!({ "type": "ping" })).await.unwrap();
    let ahead = playing["at_us"].as_i64().unwrap() - pong["t1_us"].as_i64().unwrap();
    assert!(ahead < 5_000_000, "starts {ahead} µs from now");
}
