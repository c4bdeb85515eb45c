//! What the log of a stage tells can be taken back, and kept.

use serde_json::json;

use crate::room::Room;

/// The newest entry of the log, if it is of this kind; where it is undone.
async fn newest(room: &Room, kind: &str) -> String {
    let log = room.host.api.get(&format!("/api/v1/stages/{}/log", room.stage)).await.unwrap().json();
    assert_eq!(log["items"][0]["kind"], kind, "{log}");
    format!("/api/v1/stages/{}/log/{}/undo", room.stage, log["items"][0]["id"])
}

#[tokio::test]
async fn changes_of_the_queue_are_undone_by_the_log() {
    let room = Room::open().await;
    let (one, two) = (room.song("One", 60_000).await, room.song("Two", 60_000).await);
    let mut ana = room.ana().await;
    let (first, second) = (ana.queues(&one).await, ana.queues(&two).await);
    let titles = async || {
        let queue = room.host.api.get(&format!("/api/v1/stages/{}/queue", room.stage)).await.unwrap().json();
        let items = queue["items"].as_array().unwrap().iter();
        items.map(|item| item["song"]["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let undo = async |path: &str, status: u16| {
        room.host.api.post(path, &json!({})).await.unwrap().expect(status).unwrap();
    };
    let log = room.host.api.get(&format!("/api/v1/stages/{}/log", room.stage)).await.unwrap().json();
    assert_eq!((&log["items"][0]["song"]["title"], &log["items"][0]["whom"]), (&json!("Two"), &json!(null)), "{log}");
    ana.asks(json!({ "type": "queue", "action": "move", "entry": second, "position": 0 })).await;
    undo(&newest(&room, "moved").await, 204).await;
    assert_eq!(titles().await, ["One", "Two"]);
    ana.asks(json!({ "type": "queue", "action": "remove", "entry": first })).await;
    let removed = newest(&room, "removed").await;
    assert_eq!(titles().await, ["Two"]);
    undo(&removed, 204).await;
    assert_eq!(titles().await, ["One", "Two"], "it is back in its place");
    let queued = newest(&room, "queued").await;
    undo(&queued, 204).await;
    assert_eq!(titles().await, ["Two"]);
    undo(&queued, 409).await;
    ana.asks(json!({ "type": "queue", "action": "clear" })).await;
    undo(&newest(&room, "cleared").await, 409).await;
}

#[tokio::test]
async fn an_evening_is_kept_as_a_playlist() {
    let room = Room::open().await;
    let path = format!("/api/v1/stages/{}/log/playlist", room.stage);
    let keep = json!({ "name": "That evening" });
    room.host.api.post(&path, &keep).await.unwrap().expect(409).unwrap();
    let (one, two) = (room.song("One", 60_000).await, room.song("Two", 60_000).await);
    let mut ana = room.ana().await;
    ana.plays(&one).await;
    ana.queues(&two).await;
    for action in ["pause", "play", "skip"] {
        ana.asks(json!({ "type": "control", "action": action })).await;
    }
    let until = tokio::time::Instant::now() + octave_testkit::PATIENCE;
    loop {
        // What plays is saved within a second.
        let kept = room.host.api.post(&path, &keep).await.unwrap();
        let kept = if kept.status == 409 { json!({ "songs_count": 0 }) } else { kept.expect(201).unwrap() };
        if kept["songs_count"] == 2 {
            let list = room.host.api.get(&format!("/api/v1/playlists/{}", kept["id"])).await.unwrap().json();
            let titles: Vec<_> = list["items"].as_array().unwrap().iter().map(|e| e["song"]["title"].clone()).collect();
            return assert_eq!((titles, &kept["name"]), (vec![json!("One"), json!("Two")], &json!("That evening")));
        }
        assert!(tokio::time::Instant::now() < until, "{kept}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}
