//! Coming in: who one is, what time it is, and how one is turned away.

use std::time::Duration;

use octave_testkit::api::Api;
use octave_testkit::socket::Socket;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::room::Room;

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the wall clock is what is told")]
async fn the_first_frame_says_who_one_is_and_what_time_it_is() {
    let room = Room::open().await;
    let (_, welcome) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
    assert_eq!(welcome["user"]["id"], room.host.id);
    assert_eq!(welcome["user"]["username"], "ana");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    let told = u128::from(welcome["server_time_us"].as_u64().unwrap());
    assert!(told.abs_diff(now) < 60_000_000, "{welcome}");
    assert!(welcome["heartbeat_us"].as_i64().unwrap() > 0, "{welcome}");
    assert!(welcome["node"].is_string(), "{welcome}");
}

#[tokio::test]
async fn hello_as_the_first_frame_signs_in() {
    let room = Room::open().await;
    let mut socket = Socket::dial(room.server.addr(), &[]).await.unwrap();
    socket.send(&json!({ "type": "hello", "token": room.host.token })).await.unwrap();
    let welcome = socket.next().await.unwrap();
    assert_eq!((&welcome["type"], &welcome["user"]["username"]), (&json!("welcome"), &json!("ana")));
}

#[tokio::test]
async fn a_bad_token_ends_with_4401() {
    let room = Room::open().await;
    let mut socket = Socket::dial(room.server.addr(), &[]).await.unwrap();
    socket.send(&json!({ "type": "hello", "token": "not-a-token" })).await.unwrap();
    assert_eq!(socket.closed().await.unwrap(), 4401);
}

#[tokio::test]
async fn anything_but_hello_from_a_stranger_ends_with_4401() {
    let room = Room::open().await;
    let mut socket = Socket::dial(room.server.addr(), &[]).await.unwrap();
    socket.send(&json!({ "type": "join", "id": 1, "stage": room.stage })).await.unwrap();
    assert_eq!(socket.closed().await.unwrap(), 4401);
}

#[tokio::test]
async fn the_cookie_signs_in_from_ones_own_pages_only() {
    let room = Room::open().await;
    let own = format!("http://{}", room.server.addr());
    let cookie = format!("octave_session={}", room.host.token);
    let mut socket = Socket::dial(room.server.addr(), &[("Cookie", &cookie), ("Origin", &own)]).await.unwrap();
    assert_eq!(socket.next().await.unwrap()["user"]["username"], "ana");

    let foreign = [("Cookie", cookie.as_str()), ("Origin", "https://elsewhere.example")];
    match Socket::dial(room.server.addr(), &foreign).await {
        Ok(mut socket) => assert_eq!(socket.closed().await.unwrap(), 1008),
        Err(refused) => assert!(refused.to_string().contains("403"), "{refused}"),
    }
}

#[tokio::test]
async fn a_ping_comes_back_with_two_stamps() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    for t0 in [json!(1_234.5), json!("any"), json!({ "deep": [1, null] }), Value::Null] {
        let before = ana.welcome["server_time_us"].as_i64().unwrap();
        let pong = ana.socket.request(json!({ "type": "ping", "t0": t0 })).await.unwrap();
        assert_eq!((&pong["type"], &pong["t0"]), (&json!("pong"), &t0));
        let (t1, t2) = (pong["t1_us"].as_i64().unwrap(), pong["t2_us"].as_i64().unwrap());
        assert!(before <= t1 && t1 <= t2, "{pong}");
    }
}

#[tokio::test]
async fn a_websocket_ping_is_answered_by_a_pong() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    ana.socket.send_raw(Message::Ping("are you there".into())).await.unwrap();
    // tungstenite hides the pong from us; that the connection goes on is what can be seen
    ana.socket.settle().await.unwrap();
}

#[tokio::test]
async fn logging_out_ends_its_connections_with_4409() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    room.host.api.post("/api/v1/auth/logout", &json!({})).await.unwrap();
    assert_eq!(ana.socket.closed().await.unwrap(), 4409);
    ben.socket.settle().await.unwrap();
    let after = Socket::connect(room.server.addr(), &room.host.token).await;
    assert!(after.is_err(), "the token still works");
}

#[tokio::test]
async fn a_password_that_the_operator_sets_ends_the_connections_of_a_running_server_with_4409() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let mut octave = room.place.octave(&["user", "passwd", "ana"]);
    let mut octave = octave.stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut octave.stdin.take().unwrap(), b"another long password\n").unwrap();
    assert!(octave.wait().unwrap().success());
    assert_eq!(ana.socket.closed().await.unwrap(), 4409);
    ben.socket.settle().await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_the_connections_of_all_other_logins_with_4409() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let login = json!({ "login": "ana", "password": octave_testkit::api::PASSWORD });
    let second = Api::new(room.server.addr()).post("/api/v1/auth/login", &login).await.unwrap().expect(200).unwrap();
    let (mut elsewhere, _) = Socket::connect(room.server.addr(), second["token"].as_str().unwrap()).await.unwrap();
    let new = json!({ "password": "another long password", "current_password": octave_testkit::api::PASSWORD });
    room.host.api.patch("/api/v1/me", &new).await.unwrap().expect(200).unwrap();
    assert_eq!(elsewhere.closed().await.unwrap(), 4409);
    ana.says("mine goes on").await;
}

#[tokio::test]
async fn no_socket_survives_a_logout_that_comes_while_it_is_opened() {
    let room = Room::open().await;
    let login = json!({ "login": "ana", "password": octave_testkit::api::PASSWORD });
    for _ in 0..20 {
        let begun = Api::new(room.server.addr()).post("/api/v1/auth/login", &login).await.unwrap().expect(200).unwrap();
        let token = begun["token"].as_str().unwrap();
        let api = Api::signed_in(room.server.addr(), token);
        let none = json!({});
        let (opened, ended) =
            tokio::join!(Socket::connect(room.server.addr(), token), api.post("/api/v1/auth/logout", &none));
        assert_eq!(ended.unwrap().status, 204);
        if let Ok((mut socket, _)) = opened {
            assert_eq!(socket.closed().await.unwrap(), 4409);
        }
    }
}

#[tokio::test]
async fn a_revoked_login_ends_its_connections_with_4409_and_no_others() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let login = json!({ "login": "ana", "password": octave_testkit::api::PASSWORD });
    let second = Api::new(room.server.addr()).post("/api/v1/auth/login", &login).await.unwrap().expect(200).unwrap();
    let token = second["token"].as_str().unwrap();
    let (mut elsewhere, _) = Socket::connect(room.server.addr(), token).await.unwrap();
    let sessions = room.host.api.get("/api/v1/auth/sessions").await.unwrap().expect(200).unwrap();
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{sessions}");
    let other = items.iter().find(|s| s["current"] == false).unwrap();
    let path = format!("/api/v1/auth/sessions/{}", other["id"]);
    assert!(room.host.api.delete(&path).await.unwrap().status < 300);
    assert_eq!(elsewhere.closed().await.unwrap(), 4409);
    ana.socket.settle().await.unwrap();
}

/// The server gives a client two seconds to answer its close frame. One that answers does not wait for them to pass.
async fn ends_at_once(mut socket: Socket, code: u16) {
    assert_eq!(socket.closed().await.unwrap(), code);
    let answered = tokio::time::timeout(Duration::from_millis(1_500), socket.ended()).await;
    assert!(answered.is_ok(), "{code} lingers");
}

#[tokio::test]
async fn a_close_that_the_server_begins_ends_when_it_is_answered() {
    let room = Room::open().await;
    let connect = async || Socket::connect(room.server.addr(), &room.host.token).await.unwrap().0;
    let mut stranger = Socket::dial(room.server.addr(), &[]).await.unwrap();
    stranger.send(&json!({ "type": "hello", "token": "not-a-token" })).await.unwrap();
    ends_at_once(stranger, 4401).await;

    let mut flood = connect().await;
    flood.send_together(&vec![json!({}); 401]).await.unwrap();
    ends_at_once(flood, 1008).await;

    // What these send can't be understood, their answer to the close frame neither.
    let mut binary = connect().await;
    binary.send_raw(Message::binary(vec![1])).await.unwrap();
    ends_at_once(binary, 4400).await;
    let mut huge = connect().await;
    huge.send_raw(Message::text("x".repeat(octave_protocol::MAX_FRAME_BYTES + 1))).await.unwrap();
    ends_at_once(huge, 1009).await;

    let revoked = connect().await;
    room.host.api.post("/api/v1/auth/logout", &json!({})).await.unwrap();
    ends_at_once(revoked, 4409).await;
}

#[tokio::test]
async fn a_join_and_a_flood_in_one_write_leave_nothing_behind() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut frames = vec![json!({ "type": "join", "id": 1, "stage": room.stage })];
    frames.resize(402, json!({}));
    for _ in 0..10 {
        let (mut socket, _) = Socket::connect(room.server.addr(), &room.host.token).await.unwrap();
        socket.send_together(&frames).await.unwrap();
        assert_eq!(socket.closed().await.unwrap(), 1008);
    }
    ana.says("still here").await;
}

#[tokio::test]
async fn a_line_and_a_leave_in_one_write_are_both_answered() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    for round in 0..5 {
        let (line, leave, join) = (round * 3 + 101, round * 3 + 102, round * 3 + 103);
        let stage = room.stage;
        let frames = [
            json!({ "type": "chat", "id": line, "stage": stage, "text": "bye" }),
            json!({ "type": "leave", "id": leave, "stage": stage }),
            json!({ "type": "join", "id": join, "stage": stage }),
        ];
        ben.socket.send_together(&frames).await.unwrap();
        for (re, kind) in [(line, "ack"), (leave, "ok"), (join, "joined")] {
            assert_eq!(ben.socket.answer(re).await.unwrap()["type"], kind);
        }
        ana.hears("chat").await;
    }
}
