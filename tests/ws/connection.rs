//! Coming in: who one is, what time it is, and how one is turned away.

use octave_client::api::Api;
use octave_client::socket::Socket;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::room::Room;

#[tokio::test]
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
    let mut octave = std::process::Command::new(env!("CARGO_BIN_EXE_octave"))
        .arg("--data")
        .arg(room.server.data())
        .args(["user", "passwd", "ana"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut octave.stdin.take().unwrap(), b"another long password\n").unwrap();
    assert!(octave.wait().unwrap().success());
    assert_eq!(ana.socket.closed().await.unwrap(), 4409);
    ben.socket.settle().await.unwrap();
}

#[tokio::test]
async fn no_socket_survives_a_logout_that_comes_while_it_is_opened() {
    let room = Room::open().await;
    let login = json!({ "login": "ana", "password": octave_client::api::PASSWORD });
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
    let login = json!({ "login": "ana", "password": octave_client::api::PASSWORD });
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
