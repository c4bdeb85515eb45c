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
