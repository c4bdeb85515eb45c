//! Devices that steer without sound, and the one that sounds for all.

use octave_testkit::socket::Socket;
use serde_json::{Value, json};

use crate::room::{Person, Room};

async fn speaker(room: &Room, who: &Value) -> Value {
    let path = format!("/api/v1/stages/{}", room.stage);
    room.host.api.patch(&path, &json!({ "speaker": who })).await.unwrap().expect(200).unwrap()["speaker"].clone()
}

/// How somebody is told to the others.
async fn told(person: &mut Person, name: &str, is_remote: bool) {
    let is_it = |who: &Value| who["username"] == name && (who["remote"] == true) == is_remote;
    person.hears_that("presence", |p| p["joined"].as_array().unwrap().iter().any(is_it)).await;
}

#[tokio::test]
async fn a_remote_is_told_as_one_and_its_figures_are_nobodys() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let ben = room.joins("ben").await;
    told(&mut ana, "ben", false).await;
    let account = ben.account.clone();
    ben.goes().await;
    let (mut socket, _) = Socket::connect(room.server.addr(), &account.token).await.unwrap();
    let join = json!({ "type": "join", "stage": room.stage, "remote": true });
    assert_eq!(socket.request(join).await.unwrap()["type"], "joined");
    told(&mut ana, "ben", true).await;
    let stat = json!({ "type": "stat", "stage": room.stage, "error_us": 90_000, "offset_sd_us": 9, "rtt_us": 9 });
    socket.send(&stat).await.unwrap();
    // It may steer as before, and sounds when it says so.
    socket.send(&json!({ "type": "device", "stage": room.stage, "remote": false })).await.unwrap();
    told(&mut ana, "ben", false).await;
    let seen = ana.looks(&room).await;
    let them = seen["participants"].as_array().unwrap().iter().find(|p| p["username"] == "ben").unwrap().clone();
    assert_eq!((&them["error_us"], them.get("remote")), (&json!(null), None));
}

#[tokio::test]
async fn one_device_sounds_for_all_over_a_kill_too() {
    let room = Room::open().await;
    let (mut ana, ben) = (room.ana().await, room.joins("ben").await);
    let id = ben.welcome["user"]["id"].clone();
    assert_eq!(speaker(&room, &id).await["username"], "ben");
    assert_eq!(ana.hears_that("stage_updated", |_| true).await["now"]["speaker"]["id"], id);
    let room = room.survives_a_kill().await;
    let mut ana = room.ana().await;
    assert_eq!(ana.joined["snapshot"]["stage"]["speaker"]["id"], id);
    let path = format!("/api/v1/stages/{}", room.stage);
    for nobody in [json!(999_999), id.clone()] {
        // Nobody of that number; and since the kill they are not here.
        let refused = room.host.api.patch(&path, &json!({ "speaker": nobody })).await.unwrap();
        assert_eq!(refused.expect(422).unwrap()["code"], "invalid_field");
    }
    assert_eq!(speaker(&room, &json!(null)).await, json!(null));
    assert_eq!(ana.hears_that("stage_updated", |_| true).await["now"]["speaker"], json!(null));
}
