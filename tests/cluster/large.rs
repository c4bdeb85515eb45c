//! What is larger than NATS takes in one message.

use octave_testkit::audio;
use serde_json::json;

use crate::nodes::{Nodes, chat};

/// NATS takes a mebibyte, unless it is told otherwise.
const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_of_more_than_a_mebibyte_reaches_who_joins_elsewhere() {
    let nodes = Nodes::start(2).await;
    let (ana, ben) = (nodes.register("ana").await, nodes.register("ben").await);
    let stage = ana.api.open_stage(&json!({ "name": "Attic", "control": "everyone" })).await.unwrap();
    let mut here = nodes.enters(0, &ana, stage).await;
    let song = ana.api.upload(&"\u{1f3b5}".repeat(200), &audio::wav(440, 1_000)).await.unwrap();
    let path = format!("/api/v1/songs/{}", song["id"]);
    ana.api.patch(&path, &json!({ "artist": "\u{1f3b8}".repeat(200) })).await.unwrap().expect(200).unwrap();
    for _ in 0..200 {
        let add = json!({ "type": "queue", "stage": stage, "action": "add", "song": song["id"] });
        let added = here.request(add).await.unwrap();
        assert_eq!(added["type"], "ok", "{added}");
    }
    let long = "\u{1f44f}".repeat(3_990);
    for n in 0..50 {
        let said = here.request(chat(stage, &format!("{n} {long}"))).await.unwrap();
        assert_eq!(said["type"], "ack", "{said}");
    }
    let (mut there, _) = octave_testkit::socket::Socket::connect(nodes.addr(1), &ben.token).await.unwrap();
    let joined = there.join(stage, None).await.unwrap();
    let snapshot = &joined["snapshot"];
    assert!(joined.to_string().len() > MEBIBYTE, "{} bytes", joined.to_string().len());
    assert_eq!(snapshot["chats"].as_array().unwrap().len(), 50);
    assert_eq!(snapshot["queue"]["items"].as_array().unwrap().len(), 200);
    // Its seat is behind it, with nothing missing between.
    here.request(chat(stage, "there you are")).await.unwrap();
    assert_eq!(there.event("chat").await.unwrap()["text"], "there you are");
    // And over HTTP.
    let path = format!("/api/v1/stages/{stage}/chats?limit=50");
    let other = octave_testkit::api::Api::signed_in(nodes.addr(1), &ben.token);
    assert_eq!(other.get(&path).await.unwrap().expect(200).unwrap()["items"].as_array().unwrap().len(), 50);
}
