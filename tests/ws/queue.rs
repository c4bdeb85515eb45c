//! The queue: every change has a number, and all see the same order.

use serde_json::{Value, json};

use crate::room::{Person, Room};

#[tokio::test]
async fn every_change_of_the_queue_is_numbered_and_heard() {
    let room = Room::open().await;
    let song = room.song("One", 60_000).await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let mut rev = ana.joined["snapshot"]["queue"]["rev"].as_i64().unwrap();
    for _ in 0..4 {
        let ok = ana.asks(json!({ "type": "queue", "action": "add", "song": song["id"] })).await;
        rev = rises(&ok, rev);
        let added = ben.hears_that("queue", |q| q["op"] == "add").await;
        assert_eq!((&added["rev"], &added["items"][0]["song"]["id"]), (&json!(rev), &song["id"]));
        assert_eq!(added["items"][0]["added_by"]["username"], "ana");
    }
    let start = entries(&ana, &room).await;
    assert_eq!(start.len(), 4);

    let ok = ana.asks(json!({ "type": "queue", "action": "move", "entry": start[3], "position": 0 })).await;
    rev = rises(&ok, rev);
    let moved = ben.hears_that("queue", |q| q["op"] == "move").await;
    assert_eq!((&moved["entry"], &moved["index"], &moved["rev"]), (&json!(start[3]), &json!(0), &json!(rev)));
    assert_eq!(entries(&ana, &room).await, [start[3], start[0], start[1], start[2]]);

    let ok = ana.asks(json!({ "type": "queue", "action": "remove", "entry": start[1] })).await;
    rev = rises(&ok, rev);
    assert_eq!(ben.hears_that("queue", |q| q["op"] == "remove").await["entries"], json!([start[1]]));
    assert_eq!(entries(&ana, &room).await, [start[3], start[0], start[2]]);

    let mode = json!({ "type": "queue", "action": "mode", "repeat": "all" });
    rev = rises(&ana.asks(mode).await, rev);
    assert_eq!(ben.hears_that("queue", |q| q["op"] == "mode").await["mode"]["repeat"], "all");

    let ok = ana.asks(json!({ "type": "queue", "action": "clear" })).await;
    rises(&ok, rev);
    assert_eq!(ben.hears_that("queue", |q| q["op"] == "clear").await["total"], 0);
    assert_eq!(entries(&ana, &room).await, [0_i64; 0]);
}

#[tokio::test]
async fn the_rest_is_shuffled_behind_what_plays() {
    let room = Room::open().await;
    let song = room.song("One", 60_000).await;
    let mut ana = room.ana().await;
    ana.refused(json!({ "type": "shuffle_rest" }), "not_found").await;
    let current = ana.plays(&song).await["entry"].as_i64().unwrap();
    ana.queues(&song).await;
    let ok = ana.asks(json!({ "type": "shuffle_rest" })).await;
    assert_eq!(ana.hears_that("queue", |q| q["op"] == "shuffle").await["rev"], ok["queue_rev"]);
    assert_eq!(entries(&ana, &room).await[0], current);
}

#[tokio::test]
async fn a_song_may_be_put_anywhere() {
    let room = Room::open().await;
    let (one, two) = (room.song("One", 60_000).await, room.song("Two", 61_000).await);
    let mut ana = room.ana().await;
    let first = ana.queues(&one).await;
    ana.asks(json!({ "type": "queue", "action": "add", "song": two["id"], "position": 0 })).await;
    let added = ana.hears_that("queue", |q| q["op"] == "add").await;
    assert_eq!(added["index"], 0);
    assert_eq!(entries(&ana, &room).await, [added["items"][0]["entry"].as_i64().unwrap(), first]);
}

#[tokio::test]
async fn a_playlist_is_queued_in_its_order() {
    let room = Room::open().await;
    let (one, two) = (room.song("One", 60_000).await, room.song("Two", 61_000).await);
    let playlist = json!({ "name": "Evening" });
    let playlist = room.host.api.post("/api/v1/playlists", &playlist).await.unwrap().expect(201).unwrap();
    for song in [&one, &two, &one] {
        let path = format!("/api/v1/playlists/{}/songs", playlist["id"]);
        assert!(room.host.api.post(&path, &json!({ "song_id": song["id"] })).await.unwrap().status < 300);
    }
    let mut ana = room.ana().await;
    ana.asks(json!({ "type": "queue", "action": "add", "playlist": playlist["id"] })).await;
    let snapshot = ana.looks(&room).await;
    let songs: Vec<_> =
        snapshot["queue"]["items"].as_array().unwrap().iter().map(|i| i["song"]["id"].clone()).collect();
    assert_eq!(songs, [one["id"].clone(), two["id"].clone(), one["id"].clone()]);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_queued_moved_or_removed() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    for request in [
        json!({ "type": "queue", "action": "add", "song": 999_999 }),
        json!({ "type": "queue", "action": "add", "playlist": 999_999 }),
        json!({ "type": "queue", "action": "remove", "entry": 999_999 }),
        json!({ "type": "queue", "action": "move", "entry": 999_999, "position": 0 }),
        json!({ "type": "control", "action": "play", "entry": 999_999 }),
    ] {
        ana.refused(request, "not_found").await;
    }
    ana.refused(json!({ "type": "queue", "action": "add" }), "invalid_field").await;
    ana.hears_no_more("queue").await;
}

/// The new revision of the queue, that must be above the last.
#[track_caller]
fn rises(ok: &Value, last: i64) -> i64 {
    assert_eq!(ok["type"], "ok", "{ok}");
    let rev = ok["queue_rev"].as_i64().unwrap();
    assert!(rev > last, "{rev} after {last}");
    rev
}

async fn entries(person: &Person, room: &Room) -> Vec<i64> {
    let snapshot = person.looks(room).await;
    let items = snapshot["queue"]["items"].as_array().unwrap().clone();
    items.iter().map(|i| i["entry"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_title_corrected_in_the_library_is_corrected_where_it_plays() {
    let room = Room::open().await;
    let song = room.song("Wrong", 60_000).await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let playing = ana.plays(&song).await;
    ana.queues(&song).await;
    let path = format!("/api/v1/songs/{}", song["id"]);
    room.host.api.patch(&path, &json!({ "title": "Corrected", "album": "Live" })).await.unwrap().expect(200).unwrap();
    let told = ben.hears_that("queue", |q| q["op"] == "songs").await;
    assert_eq!((&told["songs"][0]["id"], &told["songs"][0]["title"]), (&song["id"], &json!("Corrected")));
    let timeline = ben.hears_that("timeline", |t| t["song"]["title"] == "Corrected").await;
    for field in ["entry", "at_us", "position_us", "playing"] {
        assert_eq!(timeline[field], playing[field], "nothing but the song has changed: {timeline}");
    }
    let is_corrected = |seen: &Value| {
        assert_eq!(seen["timeline"]["song"]["title"], "Corrected");
        assert_eq!(seen["stage"]["now_playing"]["album"], "Live");
        assert!(seen["queue"]["items"].as_array().unwrap().iter().all(|i| i["song"]["title"] == "Corrected"), "{seen}");
    };
    is_corrected(&ana.looks(&room).await);
    let album = told["songs"][0]["album_id"].clone();
    room.host
        .api
        .patch(&format!("/api/v1/albums/{album}"), &json!({ "title": "Dead" }))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(ben.hears_that("queue", |q| q["op"] == "songs").await["songs"][0]["album"], "Dead");
    room.host.api.delete(&format!("/api/v1/albums/{album}")).await.unwrap().expect(204).unwrap();
    assert_eq!(ben.hears_that("queue", |q| q["op"] == "songs").await["songs"][0]["album"], json!(null));
    // A song that is deleted plays on where it is queued.
    room.host.api.delete(&path).await.unwrap().expect(204).unwrap();
    let seen = ana.looks(&room).await;
    assert_eq!(
        (&seen["timeline"]["song"]["title"], seen["queue"]["items"].as_array().unwrap().len()),
        (&json!("Corrected"), 2)
    );
    let audio = ben.account.api.get(seen["timeline"]["song"]["audio_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(audio.status, 200);
}
