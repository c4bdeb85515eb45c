//! The conversation: one order for all, no line twice, history for who comes later.

use serde_json::{Value, json};

use crate::room::Room;

#[tokio::test]
async fn everyone_hears_every_line_in_one_order() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let mut said = Vec::new();
    for n in 0..20 {
        let speaker = if n % 2 == 0 { &mut ana } else { &mut ben };
        said.push(speaker.says(&format!("line {n}")).await);
    }
    assert!(said.windows(2).all(|w| w[0] < w[1]), "{said:?}");
    for listener in [&mut ana, &mut ben] {
        for (n, seq) in said.iter().enumerate() {
            let line = listener.hears("chat").await;
            assert_eq!((&line["text"], &line["seq"]), (&json!(format!("line {n}")), &json!(seq)));
            let speaker = if n % 2 == 0 { "ana" } else { "ben" };
            assert_eq!(line["from"]["username"], speaker);
            assert!(line["at_us"].is_i64());
        }
    }
}

#[tokio::test]
async fn the_same_nonce_is_the_same_line() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let line = json!({ "type": "chat", "text": "once", "nonce": "n-1" });
    let first = ana.asks(line.clone()).await;
    let again = ana.asks(line.clone()).await;
    assert_eq!(first["seq"], again["seq"]);
    // a nonce is its sender's own
    let other = ben.asks(line).await;
    assert_ne!(first["seq"], other["seq"]);
    let heard = ben.hears("chat").await;
    assert_eq!((&heard["seq"], &heard["nonce"]), (&first["seq"], &json!("n-1")));
    assert_eq!(ben.hears("chat").await["seq"], other["seq"]);
    ben.hears_no_more("chat").await;
}

#[tokio::test]
async fn many_lines_at_once_are_all_acknowledged_in_order() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ids = Vec::new();
    for n in 0..10 {
        let line = json!({ "type": "chat", "stage": room.stage, "text": n.to_string() });
        ids.push(ana.socket.post(line).await.unwrap());
    }
    let mut last = 0;
    for id in ids {
        let ack = ana.socket.answer(id).await.unwrap();
        assert_eq!(ack["type"], "ack", "{ack}");
        assert!(ack["seq"].as_i64().unwrap() > last, "{ack}");
        last = ack["seq"].as_i64().unwrap();
    }
}

#[tokio::test]
async fn who_comes_later_sees_the_last_fifty_lines_and_the_rest_as_history() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    for n in 0..60 {
        ana.says(&format!("line {n}")).await;
    }
    let ben = room.joins("ben").await;
    let shown = texts(&ben.joined["snapshot"]["chats"]);
    assert_eq!(shown.len(), 50);
    assert_eq!((shown[0].as_str(), shown[49].as_str()), ("line 10", "line 59"));

    let first_shown = ben.joined["snapshot"]["chats"][0]["seq"].as_i64().unwrap();
    let path = format!("/api/v1/stages/{}/chats?before={first_shown}&limit=200", room.stage);
    let before = ben.account.api.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(texts(&before["items"]), (0..10).map(|n| format!("line {n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_author_edits_and_a_stranger_may_not() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let mut cleo = room.joins("cleo").await;
    let seq = ben.says("helo").await;
    cleo.refused(json!({ "type": "edit_chat", "seq": seq, "text": "ha" }), "forbidden").await;
    cleo.refused(json!({ "type": "delete_chat", "seq": seq }), "forbidden").await;
    ben.asks(json!({ "type": "edit_chat", "seq": seq, "text": "hello" })).await;
    let edited = ana.hears("chat_edited").await;
    assert_eq!((&edited["chat"], &edited["text"]), (&json!(seq), &json!("hello")));
    // the host moderates
    ana.asks(json!({ "type": "delete_chat", "seq": seq })).await;
    let deleted = ben.hears("chat_deleted").await;
    assert_eq!((&deleted["chat"], &deleted["by"]), (&json!(seq), &json!(room.host.id)));
    let line = ana.looks(&room).await["chats"][0].clone();
    assert_eq!((&line["seq"], &line["text"], &line["deleted"]), (&json!(seq), &json!(""), &json!(true)));
    ben.refused(json!({ "type": "edit_chat", "seq": 999_999, "text": "x" }), "not_found").await;
}

#[tokio::test]
async fn a_line_may_answer_another() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let question = ana.says("who is in?").await;
    ana.asks(json!({ "type": "chat", "text": "me", "reply_to": question })).await;
    ana.hears("chat").await;
    assert_eq!(ana.hears("chat").await["reply_to"], question);
}

fn texts(lines: &Value) -> Vec<String> {
    lines.as_array().unwrap().iter().map(|l| l["text"].as_str().unwrap().to_owned()).collect()
}
