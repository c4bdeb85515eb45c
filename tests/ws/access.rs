//! Who gets in, told to those who are in already. Everybody else, at every visibility: `tests/authorization`.

use serde_json::{Value, json};

use crate::room::Room;

fn path(room: &Room, rest: &str) -> String {
    format!("/api/v1/stages/{}{rest}", room.stage)
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
