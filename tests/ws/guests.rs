//! People without an account: by a link into one stage, and nowhere else.

use std::time::Duration;

use octave_testkit::api::{Account, Api};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::room::{Person, Room};

impl Room {
    async fn link(&self, form: Value) -> Value {
        let path = format!("/api/v1/stages/{}/guest-links", self.stage);
        self.host.api.post(&path, &form).await.unwrap().expect(201).unwrap()
    }

    /// A guest with these rights, in the stage.
    async fn guest(&self, name: &str, rights: &[&str]) -> Person {
        let link = self.link(json!({ "rights": rights })).await;
        let account = Api::enter(self.server.addr(), link["code"].as_str().unwrap(), name).await.unwrap();
        self.enters(&account).await
    }

    async fn hosts(&self, method: &str, rest: &str, body: Value) {
        let (api, path) = (&self.host.api, format!("/api/v1/stages/{}{rest}", self.stage));
        let reply = match method {
            "PATCH" => api.patch(&path, &body).await,
            _ => api.delete(&path).await,
        };
        assert!(reply.as_ref().unwrap().status < 300, "{method} {path}: {}", reply.unwrap().json());
    }
}

#[tokio::test]
async fn a_guest_hears_chats_and_adds_in_a_closed_stage_and_goes_nowhere_else() {
    let room = Room::with(json!({ "name": "Kitchen", "visibility": "invite" })).await;
    let (song, other) = (room.song("Long", 60_000).await, room.song("Other", 2_000).await);
    let elsewhere = room.host.api.open_stage(&json!({ "name": "Open to all" })).await.unwrap();
    let mut ana = room.ana().await;
    let mut gus = room.guest("Gus", &["listen", "chat", "add", "vote"]).await;
    assert_eq!((&gus.welcome["user"]["guest"], &gus.welcome["user"]["username"]), (&json!(true), &json!("Gus")));
    let you = &gus.joined["snapshot"]["you"];
    let rights = ["listen", "chat", "add", "vote"];
    assert_eq!(
        you,
        &json!({ "role": "listener", "can": ["chat", "react", "queue_add", "suggest", "vote"], "guest": rights })
    );
    let told = ana.hears_that("presence", |f| f["joined"][0]["username"] == "Gus").await;
    assert_eq!(told["joined"][0]["guest"], true, "{told}");
    gus.says("hello").await;
    let line = ana.hears("chat").await;
    assert_eq!((&line["from"]["username"], &line["from"]["guest"]), (&json!("Gus"), &json!(true)));
    gus.queues(&song).await;
    gus.refused(json!({ "type": "control", "action": "play" }), "forbidden").await;
    gus.refused(json!({ "type": "join", "stage": elsewhere }), "forbidden").await;
    gus.refused(json!({ "type": "watch", "song": song["id"] }), "forbidden").await;

    let get = async |path: String| gus.account.api.get(&path).await.unwrap();
    assert_eq!(get(format!("/api/v1/songs/{}/audio", song["id"])).await.status, 200, "it stands in the queue");
    assert_eq!(get(format!("/api/v1/songs/{}/audio", other["id"])).await.status, 403, "it does not");
    assert_eq!(get(format!("/api/v1/stages/{}/chats", room.stage)).await.status, 200);
    for path in ["/friends", "/notifications", "/playlists", "/me/likes", "/auth/sessions"] {
        let refused = get(format!("/api/v1{path}")).await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("forbidden")), "{path}");
    }
    let mine = get("/api/v1/me".into()).await.json();
    assert_eq!((&mine["guest"], &mine["guest_of"]["stage"]), (&json!(true), &json!(room.stage)));
}

#[tokio::test]
async fn guests_who_are_sent_home_are_gone_within_a_second_and_the_link_lets_nobody_in_that_was_called_back() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let link = room.link(json!({ "rights": ["listen", "chat"] })).await;
    let code = link["code"].as_str().unwrap();
    let mut guests = Vec::new();
    for name in ["Gus", "Leo", "Eve"] {
        guests.push(room.enters(&Api::enter(room.server.addr(), code, name).await.unwrap()).await);
    }
    let leo = guests[1].account.clone();
    let begun = Instant::now();
    room.hosts("DELETE", &format!("/guests/{}", leo.id), json!({})).await;
    assert_eq!(guests[1].socket.closed().await.unwrap(), 4409);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(leo.api.get("/api/v1/me").await.unwrap().status, 401);
    let removed = ana.hears("removed").await;
    assert_eq!((&removed["user"], &removed["reason"]), (&json!(leo.id), &json!("kicked")));

    room.hosts("DELETE", &format!("/guest-links/{}", link["id"]), json!({})).await;
    assert!(Api::enter(room.server.addr(), code, "Late").await.is_err(), "called back");
    guests[0].says("who is in stays").await;
    let begun = Instant::now();
    room.hosts("DELETE", "/guests", json!({})).await;
    for at in [0, 2] {
        assert_eq!(guests[at].socket.closed().await.unwrap(), 4409);
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    ana.says("alone again").await;
}

#[tokio::test]
async fn a_host_who_wants_no_guests_is_rid_of_them_at_once() {
    let room = Room::open().await;
    let mut gus = room.guest("Gus", &["listen", "chat"]).await;
    room.hosts("PATCH", "", json!({ "guests": ["listen"] })).await;
    let updated = gus.hears("stage_updated").await;
    assert_eq!(updated["now"]["guests"], json!(["listen"]));
    gus.refused(json!({ "type": "chat", "text": "let me" }), "forbidden").await;
    let link = room.link(json!({})).await;
    room.hosts("PATCH", "", json!({ "guests": [] })).await;
    assert_eq!(gus.socket.closed().await.unwrap(), 4409);
    let door = format!("/api/v1/guest-links/{}", link["code"].as_str().unwrap());
    assert_eq!(Api::new(room.server.addr()).get(&door).await.unwrap().json()["code"], "link_gone");
}

#[tokio::test]
async fn a_guest_is_one_after_a_crash_too() {
    let room = Room::with(json!({ "name": "Kitchen", "visibility": "invite" })).await;
    let song = room.song("Long", 60_000).await;
    let mut gus = room.guest("Gus", &["listen", "chat", "add"]).await;
    gus.says("before").await;
    gus.queues(&song).await;
    let account = gus.account.clone();
    let room = room.survives_a_kill().await;
    let mut gus = room.enters(&again(&room, &account)).await;
    assert_eq!(gus.joined["snapshot"]["you"]["can"], json!(["chat", "react", "queue_add"]));
    assert_eq!(gus.joined["snapshot"]["chats"][0]["from"]["guest"], true);
    assert_eq!(gus.joined["snapshot"]["queue"]["items"][0]["added_by"]["guest"], true);
    gus.says("after").await;
    gus.refused(json!({ "type": "queue", "action": "clear" }), "forbidden").await;
}

#[tokio::test]
async fn who_keeps_the_name_has_an_account_and_is_known_as_the_same() {
    let room = Room::with(json!({ "name": "Kitchen", "visibility": "invite" })).await;
    let mut ana = room.ana().await;
    let mut gus = room.guest("Gus", &["listen"]).await;
    let form = json!({ "username": "gus", "email": "gus@example.org", "password": "a horse and a battery" });
    let kept = gus.account.api.post("/api/v1/me/keep", &form).await.unwrap().expect(201).unwrap();
    assert_eq!((&kept["user"]["id"], &kept["user"]["guest"]), (&json!(gus.account.id), &json!(false)));
    assert_eq!(gus.socket.closed().await.unwrap(), 4409);
    let token = kept["token"].as_str().unwrap();
    let api = Api::signed_in(room.server.addr(), token);
    let account = Account { username: "gus".into(), token: token.into(), api, ..gus.account };
    let mut gus = room.enters(&account).await;
    gus.says("I speak").await;
    let line = ana.hears("chat").await;
    assert_eq!((&line["from"]["username"], &line["from"]["guest"]), (&json!("gus"), &Value::Null));
    gus.account.api.post("/api/v1/stages", &json!({ "name": "Mine" })).await.unwrap().expect(201).unwrap();
}

#[tokio::test]
async fn when_the_stage_ends_a_guest_may_still_keep_the_name() {
    let room = Room::open().await;
    let mut gus = room.guest("Gus", &["listen", "chat"]).await;
    room.hosts("DELETE", "", json!({})).await;
    assert_eq!(gus.hears("removed").await["reason"], "stage_ended");
    gus.refused(json!({ "type": "join" }), "stage_ended").await;
    let form = json!({ "username": "gus", "email": "gus@example.org", "password": "a horse and a battery" });
    gus.account.api.post("/api/v1/me/keep", &form).await.unwrap().expect(201).unwrap();
}

#[tokio::test]
async fn nobody_who_is_muted_or_banned_as_a_guest_is_mistaken_for_an_account() {
    let room = Room::open().await;
    let mut gus = room.guest("Gus", &["listen", "chat"]).await;
    let taken = Api::register(room.server.addr(), "Gus").await;
    assert!(taken.is_err(), "the name is a guest's");
    let path = format!("/api/v1/stages/{}", room.stage);
    room.host.api.put(&format!("{path}/mutes/Gus"), &json!({})).await.unwrap().expect(204).unwrap();
    gus.refused(json!({ "type": "chat", "text": "let me" }), "forbidden").await;
    let role = room.host.api.put(&format!("{path}/roles/Gus"), &json!({ "role": "dj" })).await.unwrap();
    assert_eq!((role.status, role.json()["code"].as_str()), (422, Some("invalid_field")));
    room.host.api.put(&format!("{path}/bans/Gus"), &json!({})).await.unwrap().expect(204).unwrap();
    gus.refused(json!({ "type": "join" }), "banned").await;
}

/// The same login at a server that has another address by now.
fn again(room: &Room, account: &Account) -> Account {
    Account { api: Api::signed_in(room.server.addr(), &account.token), ..account.clone() }
}

#[tokio::test]
async fn a_guest_is_let_in_by_hello_too() {
    let room = Room::open().await;
    let link = room.link(json!({ "rights": ["listen"] })).await;
    let guest = Api::enter(room.server.addr(), link["code"].as_str().unwrap(), "Gus").await.unwrap();
    let mut socket = Socket::dial(room.server.addr(), &[]).await.unwrap();
    socket.send(&json!({ "type": "hello", "token": guest.token })).await.unwrap();
    assert_eq!(socket.event("welcome").await.unwrap()["user"]["guest"], true);
    let chat = json!({ "type": "chat", "stage": room.stage, "text": "well" });
    assert_eq!(socket.request(chat.clone()).await.unwrap()["code"], "not_joined");
    socket.join(room.stage, None).await.unwrap();
    assert_eq!(socket.request(chat).await.unwrap()["code"], "forbidden");
}
