//! The order that a stage gives its queue: told, kept over a restart, and bounded per person.

use serde_json::{Value, json};

use crate::room::{Person, Room};

async fn runs(room: &Room, change: Value) -> Value {
    let path = format!("/api/v1/stages/{}", room.stage);
    room.host.api.patch(&path, &change).await.unwrap().expect(200).unwrap()
}

async fn titles(person: &Person, room: &Room) -> Vec<String> {
    let seen = person.looks(room).await;
    let items = seen["queue"]["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["song"]["title"].as_str().unwrap().to_owned()).collect()
}

/// A stage to which everybody adds, and its host and somebody else in it.
async fn scene() -> (Room, Person, Person, Vec<Value>) {
    let room = Room::with(json!({ "name": "Late shift", "adding": "everyone" })).await;
    let mut songs = Vec::new();
    for title in ["A", "B", "C"] {
        songs.push(room.song(title, 60_000).await);
    }
    let ana = room.ana().await;
    let ben = room.joins("ben").await;
    (room, ana, ben, songs)
}

#[tokio::test]
async fn turns_are_told_as_moves_and_are_the_same_after_a_kill() {
    let (room, mut ana, mut ben, songs) = scene().await;
    assert_eq!(runs(&room, json!({ "order": "fair" })).await["order"], "fair");
    assert_eq!(ben.hears_that("stage_updated", |_| true).await["now"]["order"], "fair");
    ana.queues(&songs[0]).await;
    ana.queues(&songs[1]).await;
    ben.queues(&songs[2]).await;
    let moved = ana.hears_that("queue", |q| q["op"] == "move").await;
    let third = moved["entry"].clone();
    assert_eq!(moved["index"], 1);
    assert_eq!(titles(&ana, &room).await, ["A", "C", "B"]);

    let vote = json!({ "type": "queue", "action": "vote", "entry": third, "nonce": "v1" });
    let ok = ana.asks(vote.clone()).await;
    let moved = ben.hears_that("queue", |q| q["op"] == "move" && q["index"] == 0).await;
    assert_eq!(moved["rev"], ok["queue_rev"], "what is answered is the queue with the entry in its place");
    assert_eq!(titles(&ana, &room).await, ["C", "A", "B"]);

    let room = room.survives_a_kill().await;
    let mut ana = room.ana().await;
    assert_eq!(titles(&ana, &room).await, ["C", "A", "B"]);
    assert_eq!(ana.asks(vote).await["queue_rev"], ok["queue_rev"], "under the same nonce nothing is done again");
    let snapshot = &ana.joined["snapshot"];
    assert_eq!((&snapshot["stage"]["order"], &snapshot["stage"]["max_waiting"]), (&json!("fair"), &json!(null)));
    assert_eq!(snapshot["queue"]["rev"], ok["queue_rev"]);
}

#[tokio::test]
async fn what_is_played_out_of_turn_moves_above_what_waits() {
    let (room, mut ana, mut ben, songs) = scene().await;
    runs(&room, json!({ "order": "votes" })).await;
    let mut entries = Vec::new();
    for song in &songs {
        entries.push(ana.queues(song).await);
    }
    ana.asks(json!({ "type": "control", "action": "play" })).await;
    ana.asks(json!({ "type": "control", "action": "play", "entry": entries[2] })).await;
    let moved = ben.hears_that("queue", |q| q["op"] == "move").await;
    assert_eq!((&moved["entry"], &moved["index"]), (&json!(entries[2]), &json!(1)));
    ben.hears_that("timeline", |t| t["entry"] == entries[2] && t["next"]["entry"] == entries[1]).await;
    assert_eq!(titles(&ana, &room).await, ["A", "C", "B"]);
}

#[tokio::test]
async fn an_order_of_the_stages_own_is_not_changed_by_hand() {
    let (room, mut ana, _ben, songs) = scene().await;
    let entry = ana.queues(&songs[0]).await;
    ana.queues(&songs[1]).await;
    runs(&room, json!({ "order": "votes" })).await;
    for request in [
        json!({ "type": "queue", "action": "move", "entry": entry, "position": 1 }),
        json!({ "type": "queue", "action": "shuffle" }),
        json!({ "type": "queue", "action": "mode", "shuffle": true }),
        json!({ "type": "queue", "action": "add", "song": songs[2]["id"], "position": 0 }),
    ] {
        ana.refused(request, "order_fixed").await;
    }
    // Nothing to be moved back by hand either, and what was taken out comes to its turn.
    ana.asks(json!({ "type": "queue", "action": "remove", "entry": entry })).await;
    let log = room.host.api.get(&format!("/api/v1/stages/{}/log", room.stage)).await.unwrap().expect(200).unwrap();
    let removed = log["items"].as_array().unwrap().iter().find(|e| e["kind"] == "removed").unwrap().clone();
    let undo = format!("/api/v1/stages/{}/log/{}/undo", room.stage, removed["id"]);
    room.host.api.post(&undo, &json!({})).await.unwrap().expect(204).unwrap();
    assert_eq!(titles(&ana, &room).await, ["B", "A"]);
}

#[tokio::test]
async fn one_persons_waiting_songs_are_bounded() {
    let (room, mut ana, mut ben, songs) = scene().await;
    assert_eq!(runs(&room, json!({ "max_waiting": 1 })).await["max_waiting"], 1);
    let add = |song: &Value| json!({ "type": "queue", "action": "add", "song": song["id"] });
    ben.queues(&songs[0]).await;
    let refusal = ben.refused(add(&songs[1]), "too_many_waiting").await;
    assert!(refusal["detail"].as_str().unwrap().contains("take one back"), "{refusal}");
    ana.queues(&songs[1]).await;
    ana.queues(&songs[2]).await;
    ana.asks(json!({ "type": "control", "action": "play" })).await;
    ben.queues(&songs[1]).await;
    ben.refused(add(&songs[2]), "too_many_waiting").await;
    for wrong in [json!(0), json!(1_001)] {
        let path = format!("/api/v1/stages/{}", room.stage);
        let problem = room.host.api.patch(&path, &json!({ "max_waiting": wrong })).await.unwrap().expect(422).unwrap();
        assert_eq!(problem["errors"][0]["field"], "max_waiting");
    }
    assert_eq!(runs(&room, json!({ "max_waiting": null })).await["max_waiting"], json!(null));
    ben.queues(&songs[2]).await;
}
