//! Who is there, and the small signs they give.

use serde_json::{Value, json};

use crate::room::Room;

#[tokio::test]
async fn people_come_and_go_visibly() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let ben = room.joins("ben").await;
    let id = ben.account.id;
    let snapshot = &ben.joined["snapshot"];
    assert_eq!(snapshot["listeners"], 2);
    assert_eq!(names(&snapshot["participants"]), ["ana", "ben"]);
    ana.hears_that("presence", |p| names(&p["joined"]).contains(&"ben".to_owned()) && p["listeners"] == 2).await;
    ben.goes().await;
    ana.hears_that("presence", |p| p["left"].as_array().unwrap().contains(&json!(id)) && p["listeners"] == 1).await;
}

#[tokio::test]
async fn a_second_connection_of_the_same_person_is_no_second_person() {
    let room = Room::open().await;
    let ana = room.ana().await;
    let again = room.enters(&ana.account).await;
    assert_eq!(again.joined["snapshot"]["listeners"], 1);
    assert_eq!(names(&again.joined["snapshot"]["participants"]), ["ana"]);
}

#[tokio::test]
async fn leaving_is_heard_and_ends_the_events() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    assert_eq!(ben.asks(json!({ "type": "leave" })).await["type"], "ok");
    ana.hears_that("presence", |p| p["left"].as_array().unwrap().contains(&json!(ben.account.id))).await;
    ana.says("gone?").await;
    ben.hears_no_more("chat").await;
}

#[tokio::test]
async fn reactions_and_typing_reach_the_others() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    ben.tells(json!({ "type": "react", "emoji": "🔥" })).await;
    let reaction = ana.hears("reaction").await;
    assert_eq!((&reaction["emoji"], &reaction["from"]["username"]), (&json!("🔥"), &json!("ben")));
    assert!(reaction.get("seq").is_none(), "{reaction}");
    ben.tells(json!({ "type": "typing" })).await;
    let typing = ana.hears("typing").await;
    assert_eq!(names(&typing["users"]), ["ben"]);
}

#[tokio::test]
async fn friends_see_in_which_stage_somebody_is_if_they_may() {
    let room = Room::open().await;
    let mut ben = room.joins("ben").await;
    let eve = room.joins("eve").await;
    room.host.api.put("/api/v1/friends/ben", &json!({})).await.unwrap().expect(200).unwrap();
    ben.account.api.put("/api/v1/friends/ana", &json!({})).await.unwrap().expect(200).unwrap();
    let stage = async |person: &octave_testkit::api::Account| {
        let friends = person.api.get("/api/v1/friends").await.unwrap().expect(200).unwrap();
        (friends["items"][0]["online"].clone(), friends["items"][0]["stage"].clone())
    };
    assert_eq!(stage(&room.host).await, (json!(true), json!(room.stage)));
    // Ana is nowhere; and who is no friend sees nothing.
    assert_eq!(stage(&ben.account).await, (json!(false), json!(null)));
    let friends = eve.account.api.get("/api/v1/friends").await.unwrap().expect(200).unwrap();
    assert_eq!(friends["items"], json!([]));

    // Ben goes on to a stage of his own that only the invited may know of.
    let hidden = ben.account.api.open_stage(&json!({ "name": "Nook", "visibility": "invite" })).await.unwrap();
    let (mut second, _) =
        octave_testkit::socket::Socket::connect(room.server.addr(), &ben.account.token).await.unwrap();
    second.join(hidden, None).await.unwrap();
    assert_eq!(stage(&room.host).await.1, json!(room.stage));
    assert_eq!(ben.asks(json!({ "type": "leave" })).await["type"], "ok");
    let _ana = room.ana().await;
    assert_eq!(stage(&room.host).await, (json!(true), json!(null)));
    assert_eq!(stage(&ben.account).await, (json!(true), json!(room.stage)));
}

#[tokio::test]
async fn friends_hear_who_comes_where_and_goes() {
    let room = Room::open().await;
    let mut eve = room.joins("eve").await;
    let mut cid = room.joins("cid").await;
    for (person, other) in [(&room.host, "eve"), (&eve.account, "ana")] {
        person.api.put(&format!("/api/v1/friends/{other}"), &json!({})).await.unwrap().expect(200).unwrap();
    }
    let ana = room.ana().await;
    eve.hears_of_friend("ana", json!(true), json!(room.stage)).await;
    ana.goes().await;
    eve.hears_of_friend("ana", json!(false), json!(null)).await;
    let (mut back, _) = octave_testkit::socket::Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    eve.hears_of_friend("ana", json!(true), json!(null)).await;
    // A stage that Eve may not know of is none for her; and who is no friend hears nothing.
    let hidden = room.host.api.open_stage(&json!({ "name": "Nook", "visibility": "invite" })).await.unwrap();
    back.join(hidden, None).await.unwrap();
    eve.hears_of_friend("ana", json!(true), json!(null)).await;
    cid.hears_no_more("friend_presence").await;
}

#[tokio::test]
async fn how_well_somebody_is_in_sync_is_told_when_it_changes() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let stat = |error: i64| json!({ "type": "stat", "error_us": error, "offset_sd_us": 100, "rtt_us": 900 });
    // A first word without sound says nothing of it; a second one that means the same is not repeated.
    ben.tells(json!({ "type": "stat", "offset_sd_us": 100, "rtt_us": 900, "rtt_p95_us": 2_000 })).await;
    ben.tells(stat(-300)).await;
    let first = ana.hears("sync_quality").await;
    assert_eq!(first["listeners"], json!([{ "id": ben.account.id, "error_us": -300 }]));
    ben.tells(stat(4_000)).await;
    ben.tells(stat(60_000)).await;
    let second = ana.hears("sync_quality").await;
    assert_eq!(second["listeners"], json!([{ "id": ben.account.id, "error_us": 60_000 }]));
    let metrics = octave_testkit::api::Api::new(room.server.addr()).get("/metrics").await.unwrap();
    let metrics = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(metrics.contains("octave_stage_sync_error_seconds_count 3"), "{metrics}");
    assert!(metrics.contains("octave_stage_round_trip_seconds_count 4"), "{metrics}");
}

#[tokio::test]
async fn the_same_people_are_seen_over_http() {
    let room = Room::open().await;
    let ana = room.ana().await;
    let _ben = room.joins("ben").await;
    let path = format!("/api/v1/stages/{}/participants", room.stage);
    let there = ana.account.api.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(names(&there["items"]), ["ana", "ben"]);
}

/// Sorted.
fn names(people: &Value) -> Vec<String> {
    let mut names: Vec<_> =
        people.as_array().unwrap().iter().map(|p| p["username"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}
