use octave_protocol::UserId;
use serde_json::{Value, json};

use crate::http::kit::testing::{Api, Client};
use crate::store::songs::{self, tests::song};

async fn notified(who: &Client) -> Vec<(String, String)> {
    let list = who.get("/notifications").await.ok(200);
    let one = |n: &Value| (n["kind"].as_str().unwrap().to_owned(), n["text"].as_str().unwrap().to_owned());
    list["items"].as_array().unwrap().iter().map(one).collect()
}

/// The latest, once followers were told of what is new.
async fn announced(api: &Api, who: &Client) -> Value {
    api.state.announce().await.unwrap();
    who.get("/notifications").await.ok(200)["items"][0].clone()
}

#[tokio::test]
async fn friends_and_invitations_are_told_and_read() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    for _ in 0..2 {
        ana.put("/friends/ben").await.ok(200);
    }
    ben.put("/friends/ana").await.ok(200);
    let stage = ben.post("/stages", json!({"name": "Attic"})).await.ok(201)["id"].clone();
    let code = ben.post(&format!("/stages/{stage}/invites"), json!({"username": "ana"})).await.ok(201)["code"].clone();
    assert_eq!(notified(&ben).await, [("friend_request".into(), "ana would like to be friends".into())]);
    let told = ana.get("/notifications?limit=1").await.ok(200);
    let invite = &told["items"][0];
    assert_eq!((&told["unread"], &invite["kind"], &invite["stage"]), (&json!(2), &json!("invite"), &stage));
    assert_eq!(
        (&invite["code"], &invite["from"]["username"], &invite["about"]),
        (&code, &json!("ben"), &json!("Attic"))
    );
    let next = told["next"].as_str().unwrap();
    let rest = ana.get(&format!("/notifications?after={next}")).await.ok(200);
    assert_eq!((&rest["items"][0]["kind"], &rest["next"]), (&json!("friend_accepted"), &Value::Null));
    let up_to = |id: &Value| json!({ "up_to": id });
    assert_eq!(ana.post("/notifications/read", up_to(&rest["items"][0]["id"])).await.ok(200), json!({"unread": 1}));
    assert_eq!(ana.post("/notifications/read", up_to(&invite["id"])).await.ok(200), json!({"unread": 0}));
    assert_eq!(ana.get("/notifications").await.ok(200)["items"][1]["read"], true);
    assert_eq!(ben.get("/notifications").await.ok(200)["unread"], 1, "ana reads her own");
    ana.post("/notifications/read", json!({})).await.problem(422, "invalid_field");
    api.guest().get("/notifications").await.problem(401, "unauthenticated");
    api.guest().post("/notifications/read", json!({"up_to": 1})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_request_that_is_taken_back_is_not_told_any_more() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    ana.put("/friends/ben").await.ok(200);
    assert_eq!(notified(&ben).await.len(), 1);
    ana.delete("/friends/ben").await.ok(204);
    assert_eq!(notified(&ben).await, []);
}

#[tokio::test]
async fn a_comment_is_told_to_whose_song_it_is_and_to_whom_it_calls() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
    let id = songs::insert(&api.state.db, &song(UserId(ana.id), "So What", "Miles")).await.unwrap();
    let path = format!("/songs/{id}/comments");
    let said = ben.post(&path, json!({"body": "hear this, @ana and @cem; @ben @nobody"})).await.ok(201);
    assert_eq!(notified(&ana).await, [("comment".into(), "ben commented on So What".into())]);
    assert_eq!(notified(&cem).await, [("mention".into(), "ben mentioned you in So What".into())]);
    assert_eq!(notified(&ben).await, []);
    let told = &cem.get("/notifications").await.ok(200)["items"][0];
    assert_eq!((&told["song"], &told["comment"]), (&json!(id), &said["id"]));
    assert_eq!(told["excerpt"], "hear this, @ana and @cem; @ben @nobody");
    ana.post(&path, json!({"body": "mine"})).await.ok(201);
    assert_eq!(notified(&ana).await.len(), 1, "not of her own");
    ben.delete(&format!("/comments/{}", said["id"])).await.ok(204);
    assert_eq!(notified(&cem).await, [], "what is gone is not spoken of");
}

#[tokio::test]
async fn the_blocked_tell_nobody_and_a_muted_kind_is_not_told() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
    let id = songs::insert(&api.state.db, &song(UserId(ana.id), "So What", "Miles")).await.unwrap();
    let path = format!("/songs/{id}/comments");
    cem.put("/blocks/ben").await.ok(204);
    ben.post(&path, json!({"body": "@cem"})).await.ok(201);
    assert_eq!(notified(&cem).await, []);
    let all = ana.get("/notifications/settings").await.ok(200);
    assert_eq!((all.as_object().unwrap().len(), &all["comment"]), (8, &json!(true)));
    let changed = ana.patch("/notifications/settings", json!({"comment": false, "mention": true})).await.ok(200);
    assert_eq!((&changed["comment"], &changed["mention"]), (&json!(false), &json!(true)));
    ben.post(&path, json!({"body": "again"})).await.ok(201);
    assert_eq!(notified(&ana).await.len(), 1);
    ana.patch("/notifications/settings", json!({"comment": 7})).await.problem(422, "invalid_field");
    api.guest().get("/notifications/settings").await.problem(401, "unauthenticated");
    api.guest().patch("/notifications/settings", json!({})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn followers_hear_of_a_stage_that_is_opened_to_them_and_of_a_new_album() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
    for follower in [&ben, &cem] {
        follower.put("/users/ana/follow").await.ok(204);
    }
    ben.put("/friends/ana").await.ok(200);
    ana.put("/friends/ben").await.ok(200);
    let hidden = ana.post("/stages", json!({"name": "Hidden", "visibility": "invite"})).await.ok(201)["id"].clone();
    ana.post("/stages", json!({"name": "Kitchen", "visibility": "friends"})).await.ok(201);
    assert_eq!(announced(&api, &ben).await["text"], "ana opened Kitchen");
    ana.post("/stages", json!({"name": "Attic"})).await.ok(201);
    assert_eq!(announced(&api, &cem).await["text"], "ana opened Attic");
    assert_eq!(notified(&cem).await.len(), 1, "she is no friend");
    for visibility in ["public", "invite", "public"] {
        ana.patch(&format!("/stages/{hidden}"), json!({"visibility": visibility})).await.ok(200);
        assert_eq!(announced(&api, &cem).await["text"], "ana opened Hidden", "once, when it was opened");
    }
    assert_eq!(notified(&cem).await.len(), 2);

    let song = songs::insert(&api.state.db, &song(UserId(ana.id), "So What", "Miles")).await.unwrap();
    let artist = ana.get(&format!("/songs/{song}")).await.ok(200)["artist_id"].clone();
    cem.put(&format!("/artists/{artist}/follow")).await.ok(204);
    let album = ana.post("/albums", json!({"title": "Blue", "artist": "Miles"})).await.ok(201);
    let told = announced(&api, &cem).await;
    assert_eq!((&told["album"], &told["about"]), (&album["id"], &json!("Blue, Miles")));
}

#[tokio::test]
async fn who_opens_stages_over_and_over_is_announced_so_often() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    ben.put("/users/ana/follow").await.ok(204);
    for n in 0..12 {
        ana.post("/stages", json!({"name": format!("Room {n}")})).await.ok(201);
    }
    assert_eq!(announced(&api, &ben).await["text"], "ana opened Room 9");
    assert_eq!(notified(&ben).await.len(), 10);
}
