//! Songs that people wish for: told to all, decided by whoever may, kept over a restart.

use serde_json::{Value, json};

use crate::room::{Person, Room};

fn suggest(song: &Value) -> Value {
    json!({ "type": "queue", "action": "suggest", "song": song["id"] })
}

fn settle(action: &str, entry: &Value) -> Value {
    json!({ "type": "queue", "action": action, "entry": entry })
}

async fn told(person: &mut Person, count: usize) -> Vec<Value> {
    let event = person.hears_that("suggestions", |s| s["items"].as_array().unwrap().len() == count).await;
    event["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_suggested_is_told_and_goes_to_the_queue_when_it_is_accepted() {
    let room = Room::open().await;
    let (one, two) = (room.song("One", 60_000).await, room.song("Two", 61_000).await);
    let (mut ana, mut ben) = (room.ana().await, room.joins("ben").await);
    let can = &ben.joined["snapshot"]["you"]["can"];
    assert!(can.as_array().unwrap().contains(&json!("suggest")) && !can.as_array().unwrap().contains(&json!("accept")));
    ben.refused(json!({ "type": "queue", "action": "add", "song": one["id"] }), "forbidden").await;
    ben.refused(json!({ "type": "queue", "action": "suggest" }), "invalid_field").await;
    ben.refused(json!({ "type": "queue", "action": "suggest", "song": 999_999 }), "not_found").await;
    ben.asks(suggest(&one)).await;
    ben.asks(suggest(&two)).await;
    let items = told(&mut ana, 2).await;
    assert_eq!((&items[0]["song"]["title"], &items[0]["by"]["username"]), (&json!("One"), &json!("ben")));

    let room = room.survives_a_kill().await;
    let (mut ana, mut ben) = (room.ana().await, room.enters(&ben.account).await);
    assert_eq!(ben.joined["snapshot"]["suggestions"], json!(items), "the same wishes under the same numbers");
    ben.refused(settle("accept", &items[0]["entry"]), "forbidden").await;
    ana.asks(settle("accept", &items[0]["entry"])).await;
    let added = ben.hears_that("queue", |q| q["op"] == "add").await;
    assert_eq!(added["items"][0]["entry"], items[0]["entry"]);
    assert_eq!(added["items"][0]["added_by"]["username"], "ben");
    told(&mut ben, 1).await;
    ana.refused(settle("accept", &items[0]["entry"]), "not_found").await;
    ana.asks(settle("decline", &items[1]["entry"])).await;
    told(&mut ben, 0).await;

    let log = room.host.api.get(&format!("/api/v1/stages/{}/log", room.stage)).await.unwrap().expect(200).unwrap();
    let kinds: Vec<_> =
        log["items"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap().to_owned()).collect();
    for kind in ["accepted", "declined", "queued"] {
        assert!(kinds.iter().any(|k| k == kind), "{kind} is told by the log: {kinds:?}");
    }
    let room = room.survives_a_kill().await;
    let seen = room.ana().await.joined["snapshot"].clone();
    assert_eq!((&seen["suggestions"], seen["queue"]["items"].as_array().unwrap().len()), (&json!([]), 1));
}

#[tokio::test]
async fn who_is_banned_takes_their_wishes_along_for_good() {
    let room = Room::open().await;
    let song = room.song("One", 60_000).await;
    let (mut ana, mut ben) = (room.ana().await, room.joins("ben").await);
    ben.asks(suggest(&song)).await;
    told(&mut ana, 1).await;
    let path = format!("/api/v1/stages/{}/bans/ben", room.stage);
    room.host.api.put(&path, &json!({})).await.unwrap().expect(204).unwrap();
    told(&mut ana, 0).await;
    let room = room.survives_a_kill().await;
    assert_eq!(room.ana().await.joined["snapshot"]["suggestions"], json!([]));
}

#[tokio::test]
async fn of_one_person_three_wait_at_most() {
    let room = Room::open().await;
    let mut ben = room.joins("ben").await;
    for n in 0..4 {
        let song = room.song(&format!("Song {n}"), 1_000 + n).await;
        match n {
            3 => drop(ben.refused(suggest(&song), "limit_reached").await),
            _ => drop(ben.asks(suggest(&song)).await),
        }
    }
    told(&mut ben, 3).await;
}
