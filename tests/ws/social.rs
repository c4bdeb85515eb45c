//! What people tell one another beside the stages, live.

use octave_client::socket::Socket;
use serde_json::{Value, json};

use crate::room::Room;

#[tokio::test]
async fn who_watches_a_song_hears_what_is_said_of_it() {
    let room = Room::open().await;
    let song = room.song("So What", 1_000).await["id"].clone();
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let path = format!("/api/v1/songs/{song}/comments");
    let say = async |body: &str| {
        let new = json!({ "body": body, "position_us": 500_000 });
        ben.account.api.post(&path, &new).await.unwrap().expect(201).unwrap()
    };
    say("unheard").await;
    assert_eq!(ana.socket.request(json!({ "type": "watch", "song": song })).await.unwrap()["type"], "ok");
    let said = say("the trumpet").await;
    let event = ana.socket.event("comment").await.unwrap();
    assert_eq!((&event["op"], &event["comments_count"], &event["comment"]), (&json!("added"), &json!(2), &said));
    assert!(event.get("seq").is_none(), "{event}");

    let one = format!("/api/v1/comments/{}", said["id"]);
    ben.account.api.patch(&one, &json!({ "body": "the horn" })).await.unwrap().expect(200).unwrap();
    let event = ana.socket.event("comment").await.unwrap();
    assert_eq!((&event["op"], &event["comment"]["body"]), (&json!("edited"), &json!("the horn")));
    room.host.api.delete(&one).await.unwrap().expect(204).unwrap();
    let event = ana.socket.event("comment").await.unwrap();
    assert_eq!((&event["op"], &event["comments_count"]), (&json!("deleted"), &json!(1)));

    assert_eq!(ana.socket.request(json!({ "type": "unwatch", "song": song })).await.unwrap()["type"], "ok");
    say("unheard again").await;
    ana.hears_no_more("comment").await;
    ben.hears_no_more("comment").await;
}

#[tokio::test]
async fn a_connection_watches_so_much_and_no_more() {
    let room = Room::open().await;
    let (mut socket, _) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    let mut watch = async |what: Value| {
        let mut request = what;
        request["type"] = "watch".into();
        let answer = socket.request(request).await.unwrap();
        answer["code"].as_str().map_or_else(|| answer["type"].to_string(), str::to_owned)
    };
    assert_eq!(watch(json!({})).await, "invalid_field");
    assert_eq!(watch(json!({ "song": 1, "album": 1 })).await, "invalid_field");
    for album in 1..=16 {
        assert_eq!(watch(json!({ "album": album })).await, "\"ok\"");
    }
    assert_eq!(watch(json!({ "song": 1 })).await, "limit_reached");
    assert_eq!(watch(json!({ "album": 16 })).await, "\"ok\"");
}
