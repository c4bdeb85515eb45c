//! Coming back: exactly what was missed, or an honest fresh start.

use octave_testkit::socket::{Position, Socket};
use serde_json::json;

use crate::room::Room;

#[tokio::test]
async fn who_returns_hears_exactly_what_was_missed() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    ana.says("before").await;
    ben.hears("chat").await;
    let account = ben.account.clone();
    let position = ben.goes().await;
    let mut missed = Vec::new();
    for n in 0..10 {
        missed.push(ana.says(&format!("missed {n}")).await);
    }
    let mut ben = room.returns(&account, Some(position)).await;
    assert_eq!(ben.joined["resumed"], true, "{}", ben.joined);
    assert_eq!(ben.joined["epoch"], position.epoch);
    for seq in missed {
        // the socket itself checks that the first is `position.seq + 1` and none is left out
        assert_eq!(ben.hears("chat").await["seq"], seq);
    }
    let after = ana.says("after").await;
    assert_eq!(ben.hears("chat").await["seq"], after);
    ben.hears_no_more("chat").await;
}

#[tokio::test]
async fn nothing_missed_is_nothing_sent() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    ana.says("before").await;
    ana.hears("chat").await;
    let account = ana.account.clone();
    let position = ana.goes().await;
    let mut ana = room.returns(&account, Some(position)).await;
    assert_eq!(ana.joined["resumed"], true, "{}", ana.joined);
    ana.hears_no_more("chat").await;
}

#[tokio::test]
async fn a_position_that_never_was_is_not_resumed() {
    let room = Room::open().await;
    let ana = room.ana().await;
    let account = ana.account.clone();
    let Position { epoch, seq } = ana.goes().await;
    let foreign = Position { epoch: epoch + 1_000, seq };
    let future = Position { epoch, seq: seq + 1_000 };
    for never in [foreign, future] {
        let back = room.returns(&account, Some(never)).await;
        assert_eq!(back.joined["resumed"], false, "{}", back.joined);
        assert!(back.joined["snapshot"]["stage"].is_object());
    }
}

#[tokio::test]
async fn after_a_crash_nothing_said_is_lost_and_no_number_comes_twice() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let said = ana.says("before").await;
    ana.hears("chat").await;
    let position = ana.socket.position(room.stage).unwrap();
    let room = room.survives_a_kill().await;
    let mut ana = room.returns(&room.host.clone(), Some(position)).await;
    assert_eq!(ana.joined["resumed"], true, "{}", ana.joined);
    assert_ne!(ana.joined["epoch"], position.epoch);
    let chats = &ana.joined["snapshot"]["chats"];
    assert_eq!((&chats[0]["seq"], &chats[0]["text"]), (&json!(said), &json!("before")));
    assert!(ana.says("after").await > position.seq, "a number came again");
}

#[tokio::test]
async fn one_connection_may_be_in_several_stages() {
    let room = Room::open().await;
    let second = room.host.api.open_stage(&json!({ "name": "Other room" })).await.unwrap();
    let (mut socket, _) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    socket.join(room.stage, None).await.unwrap();
    socket.join(second, None).await.unwrap();
    for (stage, text) in [(room.stage, "here"), (second, "there")] {
        socket.request(json!({ "type": "chat", "stage": stage, "text": text })).await.unwrap();
        let line = socket.event("chat").await.unwrap();
        assert_eq!((&line["stage"], &line["text"]), (&json!(stage), &json!(text)));
    }
    let left = socket.request(json!({ "type": "leave", "stage": second })).await.unwrap();
    assert_eq!(left["type"], "ok");
    let refused = socket.request(json!({ "type": "chat", "stage": second, "text": "x" })).await.unwrap();
    assert_eq!(refused["code"], "not_joined");
    socket.request(json!({ "type": "chat", "stage": room.stage, "text": "still here" })).await.unwrap();
}
