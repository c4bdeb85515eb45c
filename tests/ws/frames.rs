//! Frames that are wrong: answered while one can be spoken with, ended with the right code when not.

use octave_testkit::socket::Socket;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::room::Room;

#[tokio::test]
async fn what_cannot_be_read_is_answered_and_the_connection_lives_on() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let cases = [
        ("", "bad_json", None),
        ("{\"type\":\"ping\"", "bad_json", None),
        ("[]", "unknown_type", None),
        ("{}", "unknown_type", None),
        ("{\"type\":\"dance\",\"id\":77}", "unknown_type", Some(77)),
        ("{\"type\":\"chat\",\"id\":78}", "invalid_field", Some(78)),
        ("{\"type\":\"chat\",\"id\":79,\"stage\":1,\"text\":{}}", "invalid_field", Some(79)),
        ("{\"type\":\"join\",\"id\":80,\"stage\":-1}", "stage_not_found", Some(80)),
    ];
    for (text, code, re) in cases {
        ana.socket.send_raw(Message::text(text)).await.unwrap();
        let error = ana.socket.find(|f| f["type"] == "error").await.unwrap();
        assert_eq!(error["code"], code, "{text}: {error}");
        assert_eq!(error.get("re").and_then(serde_json::Value::as_i64), re, "{text}: {error}");
    }
    ana.says("still here").await;
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    ana.asks(json!({ "type": "chat", "text": "hi", "mood": { "deep": [1, 2, 3] } })).await;
}

#[tokio::test]
async fn four_thousand_characters_pass_and_one_more_does_not() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let longest = "ä".repeat(octave_protocol::MAX_CHAT_CHARS);
    ana.says(&longest).await;
    ana.refused(json!({ "type": "chat", "text": format!("{longest}!") }), "too_long").await;
    ana.refused(json!({ "type": "chat", "text": "" }), "invalid_field").await;
    assert_eq!(ana.hears("chat").await["text"], longest);
    ana.hears_no_more("chat").await;
}

#[tokio::test]
async fn a_frame_over_64_kib_ends_with_1009_and_disturbs_nobody() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let huge = "x".repeat(octave_protocol::MAX_FRAME_BYTES + 1);
    ana.socket.send_raw(Message::text(huge)).await.unwrap();
    assert_eq!(ana.socket.closed().await.unwrap(), 1009);
    ben.says("still here").await;
}

#[tokio::test]
async fn a_flood_is_slowed_down_and_then_ended_with_1008() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    // One after the other, so that all of it is surely read: every refusal is an answer.
    let mut limited = 0_u32;
    let code = loop {
        let chat = json!({ "type": "chat", "stage": room.stage, "text": "flood", "id": 1 });
        let mut batch = Vec::new();
        batch.resize(100, chat);
        let mut sent = true;
        for frame in &batch {
            sent &= ana.socket.send(frame).await.is_ok();
        }
        if !sent {
            break ana.socket.closed().await.unwrap();
        }
        match ana.socket.find(|f| f["code"] == "rate_limited").await {
            Ok(error) => {
                assert!(error["retry_after_us"].as_i64().is_some_and(|us| us > 0), "{error}");
                limited += 1;
            }
            Err(_) => break ana.socket.close_code().unwrap(),
        }
        assert!(limited < 10_000, "never ended");
    };
    assert_eq!(code, 1008);
    ben.says("calm here").await;
}

#[tokio::test]
async fn binary_frames_are_not_spoken() {
    let room = Room::open().await;
    let (mut socket, _) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    socket.send_raw(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(socket.closed().await.unwrap(), 4400);
}

#[tokio::test]
async fn a_stage_is_joined_before_one_speaks_there() {
    let room = Room::open().await;
    let (mut socket, _) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    for frame in [
        json!({ "type": "chat", "stage": room.stage, "text": "hi" }),
        json!({ "type": "control", "stage": room.stage, "action": "play" }),
        json!({ "type": "queue", "stage": room.stage, "action": "clear" }),
    ] {
        let answer = socket.request(frame).await.unwrap();
        assert_eq!(answer["code"], "not_joined", "{answer}");
    }
    let answer = socket.request(json!({ "type": "join", "stage": 999_999 })).await.unwrap();
    assert_eq!(answer["code"], "stage_not_found", "{answer}");
}
