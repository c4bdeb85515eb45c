//! Who may come in and do what, changed by the host while everybody is there.

use octave_testkit::api::Api;
use octave_testkit::socket::Socket;
use serde_json::json;

use crate::room::Room;

#[tokio::test]
async fn a_dj_may_steer_where_djs_do() {
    let room = Room::with(json!({ "name": "Club", "control": "djs" })).await;
    let song = room.song("Long", 60_000).await;
    let mut ben = room.joins("ben").await;
    ben.refused(json!({ "type": "queue", "action": "add", "song": song["id"] }), "forbidden").await;
    let path = format!("/api/v1/stages/{}/roles/ben", room.stage);
    assert!(room.host.api.put(&path, &json!({ "role": "dj" })).await.unwrap().status < 300);
    let role = ben.hears("role").await;
    assert_eq!((&role["user"]["username"], &role["role"]), (&json!("ben"), &json!("dj")));
    ben.plays(&song).await;
}

#[tokio::test]
async fn who_is_kicked_is_removed_and_may_return() {
    let room = Room::open().await;
    let (mut ana, mut ben, mut eve) = (room.ana().await, room.joins("ben").await, room.joins("eve").await);
    let path = format!("/api/v1/stages/{}/kicks/ben", room.stage);
    assert_eq!(eve.account.api.post(&path, &json!({})).await.unwrap().status, 403);
    room.host.api.post(&path, &json!({})).await.unwrap().expect(204).unwrap();
    let id = json!(ben.account.id);
    for person in [&mut ana, &mut ben, &mut eve] {
        let removed = person.hears("removed").await;
        assert_eq!((&removed["reason"], &removed["user"]), (&json!("kicked"), &id), "{removed}");
    }
    ben.refused(json!({ "type": "chat", "text": "hello?" }), "not_joined").await;
    ben.asks(json!({ "type": "join" })).await;
    ben.says("back again").await;
    room.host.api.post(&path, &json!({})).await.unwrap().expect(204).unwrap();
    let log = room.host.api.get(&format!("/api/v1/stages/{}/log", room.stage)).await.unwrap().json();
    let last = &log["items"][0];
    assert_eq!((&last["kind"], &last["data"]["user"]), (&json!("kicked"), &id), "{log}");
}

#[tokio::test]
async fn who_is_muted_hears_and_does_not_speak() {
    let room = Room::open().await;
    let (mut ana, mut ben) = (room.ana().await, room.joins("ben").await);
    let path = format!("/api/v1/stages/{}/mutes/ben", room.stage);
    assert_eq!(ben.account.api.put(&path, &json!({})).await.unwrap().status, 403);
    room.host.api.put(&path, &json!({ "until_us": 5 })).await.unwrap().expect(422).unwrap();
    room.host.api.put(&path, &json!({})).await.unwrap().expect(204).unwrap();
    let told = ana.hears_that("presence", |f| f["joined"][0]["muted"].is_object()).await;
    assert_eq!(told["joined"][0]["username"], "ben", "{told}");
    ben.refused(json!({ "type": "chat", "text": "let me" }), "forbidden").await;
    ana.says("you hear me").await;
    ben.hears("chat").await;
    room.host.api.delete(&path).await.unwrap().expect(204).unwrap();
    ben.says("thank you").await;
    let log = room.host.api.get(&format!("/api/v1/stages/{}/log", room.stage)).await.unwrap().json();
    assert_eq!((&log["items"][0]["kind"], &log["items"][1]["kind"]), (&json!("unmuted"), &json!("muted")), "{log}");
}

#[tokio::test]
async fn who_is_banned_is_removed_and_stays_out() {
    let room = Room::open().await;
    let mut ana = room.ana().await;
    let mut ben = room.joins("ben").await;
    let path = format!("/api/v1/stages/{}/bans/ben", room.stage);
    assert!(room.host.api.put(&path, &json!({})).await.unwrap().status < 300);
    for person in [&mut ana, &mut ben] {
        let removed = person.hears("removed").await;
        assert_eq!(removed["reason"], "banned", "{removed}");
    }
    ben.refused(json!({ "type": "join" }), "banned").await;
    assert!(room.host.api.delete(&path).await.unwrap().status < 300);
    let (mut again, _) = Socket::connect(room.server.addr(), &ben.account.token).await.unwrap();
    again.join(room.stage, None).await.unwrap();
}

#[tokio::test]
async fn a_stage_by_invitation_opens_to_a_code() {
    let room = Room::with(json!({ "name": "Quiet", "visibility": "invite" })).await;
    let ben = Api::register(room.server.addr(), "ben").await.unwrap();
    let (mut socket, _) = Socket::connect(room.server.addr(), &ben.token).await.unwrap();
    let refused = socket.request(json!({ "type": "join", "stage": room.stage })).await.unwrap();
    assert_eq!(refused["code"], "stage_not_found", "{refused}");
    let path = format!("/api/v1/stages/{}/invites", room.stage);
    let reply = room.host.api.post(&path, &json!({})).await.unwrap();
    assert!(reply.status < 300);
    let code = reply.json()["code"].clone();
    let joined = socket.request(json!({ "type": "join", "stage": room.stage, "invite": code })).await.unwrap();
    assert_eq!(joined["type"], "joined", "{joined}");
}

#[tokio::test]
async fn a_new_name_is_heard_and_an_ended_stage_tells_so() {
    let room = Room::open().await;
    let mut ben = room.joins("ben").await;
    let path = format!("/api/v1/stages/{}", room.stage);
    room.host.api.patch(&path, &json!({ "name": "Early shift" })).await.unwrap().expect(200).unwrap();
    assert_eq!(ben.hears("stage_updated").await["now"]["name"], "Early shift");
    assert_eq!(ben.account.api.delete(&path).await.unwrap().status, 403);
    assert!(room.host.api.delete(&path).await.unwrap().status < 300);
    assert_eq!(ben.hears("removed").await["reason"], "stage_ended");
    ben.refused(json!({ "type": "chat", "text": "still here?" }), "not_joined").await;
    // While it ends, when it has ended, and after a restart: the same.
    ben.refused(json!({ "type": "join" }), "stage_ended").await;
    let (mut late, _) = Socket::connect(room.server.addr(), &ben.account.token).await.unwrap();
    let refused = late.request(json!({ "type": "join", "stage": room.stage })).await.unwrap();
    assert_eq!(refused["code"], "stage_ended", "{refused}");
    let refused = late.request(json!({ "type": "join", "stage": 999 })).await.unwrap();
    assert_eq!(refused["code"], "stage_not_found", "{refused}");
}

#[tokio::test]
async fn that_a_closed_stage_has_ended_is_told_to_those_it_was_for() {
    let room = Room::with(json!({ "name": "Quiet", "visibility": "invite" })).await;
    let mut ana = room.ana().await;
    let path = format!("/api/v1/stages/{}", room.stage);
    room.host.api.delete(&path).await.unwrap().expect(204).unwrap();
    assert_eq!(ana.hears("removed").await["reason"], "stage_ended");
    ana.refused(json!({ "type": "join" }), "stage_ended").await;
    let eve = Api::register(room.server.addr(), "eve").await.unwrap();
    let (mut eve, _) = Socket::connect(room.server.addr(), &eve.token).await.unwrap();
    let refused = eve.request(json!({ "type": "join", "stage": room.stage })).await.unwrap();
    assert_eq!(refused["code"], "stage_not_found", "{refused}");
}

#[tokio::test]
async fn enough_votes_skip_a_song() {
    let room = Room::open().await;
    let song = room.song("Long", 60_000).await;
    let mut ana = room.ana().await;
    let (mut ben, mut cleo) = (room.joins("ben").await, room.joins("cleo").await);
    ana.plays(&song).await;
    let next = ana.queues(&song).await;
    ben.asks(json!({ "type": "skip_vote" })).await;
    let votes = ana.hears("skip_votes").await;
    assert_eq!((&votes["votes"], &votes["needed"]), (&json!(1), &json!(2)));
    cleo.asks(json!({ "type": "skip_vote" })).await;
    ana.hears_that("timeline", |t| t["entry"] == next).await;
}
