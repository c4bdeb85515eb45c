//! Who gets in: REST and the socket give the same answer to everybody, before and after each change of visibility.

use std::process::Command;

use octave_testkit::api::{Account, Api};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};

use crate::room::Room;

/// What a stage is to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Open,
    Banned,
    Hidden,
}

/// Somebody, and what a stage is to them that is public, for friends, by invitation.
struct Case {
    who: &'static str,
    account: Option<Account>,
    is: [Is; 3],
}

const OPEN: [Is; 3] = [Is::Open, Is::Open, Is::Open];
const AS_A_STRANGER: [Is; 3] = [Is::Open, Is::Hidden, Is::Hidden];
const KEPT_OUT: [Is; 3] = [Is::Banned, Is::Hidden, Is::Hidden];

const READS: [&str; 6] = ["", "/chats", "/queue", "/participants", "/log", "/cover"];

/// In the order of [`Case::is`].
const VISIBILITIES: [&str; 3] = ["public", "friends", "invite"];

#[tokio::test]
async fn rest_and_socket_agree_on_who_gets_in() {
    let room = Room::with(json!({ "name": "Attic", "genres": ["Attic music"] })).await;
    let cases = everybody(&room).await;
    let _ana = room.ana().await;
    for visibility in [0, 2, 1, 0, 1, 2, 0] {
        let change = json!({ "visibility": VISIBILITIES[visibility] });
        room.host.api.patch(&path(&room, ""), &change).await.unwrap().expect(200).unwrap();
        for case in &cases {
            let wanted = case.is[visibility];
            let told = format!("{} in a stage that is {}", case.who, VISIBILITIES[visibility]);
            reads(&room, case, wanted, &told).await;
            finds(&room, case, wanted, visibility, &told).await;
            if let Some(account) = &case.account {
                assert_eq!(enters(&room, account).await, wanted, "the socket, to {told}");
            }
        }
    }
}

/// Everybody who can be something to a stage. All but the first have been in it while it was open to them.
async fn everybody(room: &Room) -> Vec<Case> {
    let mut cases = vec![Case { who: "anonymous", account: None, is: AS_A_STRANGER }];
    for (who, is) in [
        ("stranger", AS_A_STRANGER),
        ("friend", [Is::Open, Is::Open, Is::Hidden]),
        ("former-friend", AS_A_STRANGER),
        ("visitor", AS_A_STRANGER),
        ("invited", OPEN),
        ("banned", KEPT_OUT),
        ("banned-dj", KEPT_OUT),
        ("blocked", KEPT_OUT),
        ("blocked-dj", KEPT_OUT),
        ("blocker", AS_A_STRANGER),
        ("one-dj", OPEN),
        ("moderator", OPEN),
        ("former-dj", AS_A_STRANGER),
        ("admin", AS_A_STRANGER),
    ] {
        let account = Api::register(room.server.addr(), who).await.unwrap();
        if who != "stranger" {
            assert_eq!(enters(room, &account).await, Is::Open);
        }
        become_known(room, &account, who).await;
        cases.push(Case { who, account: Some(account), is });
    }
    cases.push(Case { who: "host", account: Some(room.host.clone()), is: OPEN });
    cases
}

/// What the word says of somebody comes about.
async fn become_known(room: &Room, account: &Account, who: &str) {
    let Account { api, .. } = account;
    let host = &room.host.api;
    let befriend = async || {
        host.put(&format!("/api/v1/friends/{who}"), &json!({})).await.unwrap().expect(200).unwrap();
        api.put("/api/v1/friends/ana", &json!({})).await.unwrap().expect(200).unwrap();
    };
    let name = async |role: &str| {
        let path = path(room, &format!("/roles/{who}"));
        host.put(&path, &json!({ "role": role })).await.unwrap().expect(204).unwrap();
    };
    let put = async |api: &Api, path: &str| api.put(path, &json!({})).await.unwrap().expect(204).unwrap();
    match who {
        "friend" => befriend().await,
        "former-friend" => {
            befriend().await;
            host.delete(&format!("/api/v1/friends/{who}")).await.unwrap().expect(204).unwrap();
        }
        "invited" => {
            let made = host.post(&path(room, "/invites"), &json!({ "username": who })).await.unwrap();
            let code = made.expect(201).unwrap()["code"].as_str().unwrap().to_owned();
            api.post(&format!("/api/v1/invites/{code}/accept"), &json!({})).await.unwrap().expect(200).unwrap();
        }
        "one-dj" => name("dj").await,
        "moderator" => name("moderator").await,
        "former-dj" => {
            name("dj").await;
            name("listener").await;
        }
        "banned" | "banned-dj" => {
            if who == "banned-dj" {
                name("dj").await;
            }
            put(host, &path(room, &format!("/bans/{who}"))).await;
        }
        "blocked" | "blocked-dj" => {
            befriend().await;
            if who == "blocked-dj" {
                name("dj").await;
            }
            put(host, &format!("/api/v1/blocks/{who}")).await;
        }
        "blocker" => {
            befriend().await;
            put(api, "/api/v1/blocks/ana").await;
        }
        "admin" => {
            let mut octave = Command::new(env!("CARGO_BIN_EXE_octave"));
            let done = octave.arg("--data").arg(room.server.data()).args(["user", "admin", who]).status();
            assert!(done.unwrap().success());
        }
        _ => {}
    }
}

fn path(room: &Room, rest: &str) -> String {
    format!("/api/v1/stages/{}{rest}", room.stage)
}

fn api(room: &Room, case: &Case) -> Api {
    case.account.as_ref().map_or_else(|| Api::new(room.server.addr()), |account| account.api.clone())
}

/// Every operation that reads the stage answers alike.
async fn reads(room: &Room, case: &Case, wanted: Is, told: &str) {
    for read in READS {
        let reply = api(room, case).get(&path(room, read)).await.unwrap();
        let is = match (reply.status, reply.json()["code"].as_str()) {
            // The log is for who is logged in; the stage has no cover.
            (401, Some("unauthenticated")) if case.account.is_none() && read == "/log" => wanted,
            (200, _) => Is::Open,
            (404, Some("not_found")) if read == "/cover" => Is::Open,
            (403, Some("banned")) => Is::Banned,
            (404, Some("stage_not_found")) => Is::Hidden,
            other => panic!("GET {read}, to {told}: {other:?}"),
        };
        assert_eq!(is, wanted, "GET {read}, to {told}");
    }
}

/// It stands in lists, and where it is counted, for those alone to whom it is open.
async fn finds(room: &Room, case: &Case, wanted: Is, visibility: usize, told: &str) {
    let api = api(room, case);
    let get = async |path: &str| api.get(&format!("/api/v1{path}")).await.unwrap();
    let is_there = |list: &Value| list.as_array().unwrap().iter().any(|s| s == room.stage || s["id"] == room.stage);
    let listed = get("/stages").await.expect(200).unwrap();
    let found = get("/search?kind=stages&q=attic").await.expect(200).unwrap();
    let genre = get("/genres/Attic%20music").await.json();
    let genres = get("/genres").await.expect(200).unwrap();
    let named = genres["items"].as_array().unwrap().iter().find(|g| g["name"] == "Attic music");
    let profile = get("/users/ana").await.expect(200).unwrap();
    let mut places = vec![
        ("the list", is_there(&listed["items"])),
        ("the search", is_there(&found["stages"])),
        ("the genre", genre["live_stages"].is_array() && is_there(&genre["live_stages"])),
        ("the genres", named.is_some_and(|genre| genre["live_stages_count"] == 1)),
    ];
    if visibility == 0 {
        places.push(("the host's profile", profile["stage"]["id"] == room.stage));
    } else {
        assert!(profile["stage"].is_null(), "only a public stage stands in a profile, to {told}");
    }
    if case.who == "friend" {
        let friends = get("/friends").await.expect(200).unwrap();
        places.push(("the friend's presence", friends["items"][0]["stage"] == room.stage));
    }
    for (place, is_there) in places {
        assert_eq!(is_there, wanted == Is::Open, "{place}, to {told}");
    }
}

/// Joins by a connection of its own, and leaves again.
async fn enters(room: &Room, account: &Account) -> Is {
    let (mut socket, _) = Socket::connect(room.server.addr(), &account.token).await.unwrap();
    let answer = socket.request(json!({ "type": "join", "stage": room.stage })).await.unwrap();
    let is = match answer["code"].as_str() {
        None => {
            assert_eq!(answer["type"], "joined", "{answer}");
            socket.request(json!({ "type": "leave", "stage": room.stage })).await.unwrap();
            Is::Open
        }
        Some("banned") => Is::Banned,
        Some("stage_not_found") => Is::Hidden,
        _ => panic!("{answer}"),
    };
    socket.close().await.unwrap();
    is
}

#[tokio::test]
async fn who_is_in_when_a_stage_closes_stays_and_reads_until_they_leave() {
    let room = Room::open().await;
    let mut ben = room.joins("ben").await;
    let chats = path(&room, "/chats");
    room.host.api.patch(&path(&room, ""), &json!({ "visibility": "invite" })).await.unwrap().expect(200).unwrap();
    assert_eq!(ben.hears("stage_updated").await["now"]["visibility"], "invite");
    ben.says("still here").await;
    ben.account.api.get(&chats).await.unwrap().expect(200).unwrap();
    assert_eq!(ben.account.api.get("/api/v1/stages").await.unwrap().json()["items"][0]["id"], room.stage);
    ben.asks(json!({ "type": "leave" })).await;
    assert_eq!(ben.account.api.get(&chats).await.unwrap().status, 404);
    ben.refused(json!({ "type": "join" }), "stage_not_found").await;
}

#[tokio::test]
async fn a_block_reaches_a_running_stage_and_lifting_it_lets_return() {
    let room = Room::open().await;
    let (mut ana, mut ben) = (room.ana().await, room.joins("ben").await);
    let roles = path(&room, "/roles/ben");
    room.host.api.put(&roles, &json!({ "role": "moderator" })).await.unwrap().expect(204).unwrap();
    let link = room.host.api.post(&path(&room, "/invites"), &json!({})).await.unwrap().expect(201).unwrap();
    room.host.api.put("/api/v1/blocks/ben", &json!({})).await.unwrap().expect(204).unwrap();
    for person in [&mut ana, &mut ben] {
        let removed = person.hears("removed").await;
        assert_eq!((&removed["user"], &removed["reason"]), (&json!(ben_id(&room).await), &json!("banned")));
    }
    ben.refused(json!({ "type": "chat", "text": "I am still here" }), "not_joined").await;
    let code = &link["code"];
    ben.refused(json!({ "type": "join", "invite": code }), "banned").await;
    let accept = format!("/api/v1/invites/{}/accept", code.as_str().unwrap());
    assert_eq!(ben.account.api.post(&accept, &json!({})).await.unwrap().status, 403);
    assert_eq!(ben.account.api.get(&path(&room, "/chats")).await.unwrap().status, 403);
    let ban = ben.account.api.put(&path(&room, "/bans/ana"), &json!({})).await.unwrap();
    assert_eq!(ban.status, 403, "a moderator whom the host has blocked is none");

    assert_eq!(room.host.api.delete("/api/v1/blocks/ben").await.unwrap().status, 204);
    let back = ben.asks(json!({ "type": "join" })).await;
    assert_eq!(back["snapshot"]["you"]["role"], "moderator");
}

async fn ben_id(room: &Room) -> Value {
    room.host.api.get("/api/v1/users/ben").await.unwrap().json()["id"].clone()
}
