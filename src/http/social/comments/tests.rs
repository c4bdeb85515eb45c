use octave_protocol::{SongId, UserId};
use serde_json::{Value, json};

use crate::http::kit::state::{Limits, Settings};
use crate::http::kit::testing::{Api, Client, fields};
use crate::store::admin;
use crate::store::songs::{self, tests::song};

async fn upload(api: &Api, by: &Client) -> SongId {
    songs::insert(&api.state.db, &song(UserId(by.id), "So What", "Miles")).await.unwrap()
}

#[tokio::test]
async fn a_song_is_spoken_of_at_a_moment_and_edited_by_who_spoke() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let id = upload(&api, &ana).await;
    let path = format!("/songs/{id}/comments");
    let first = ben.post(&path, json!({"body": " the trumpet ", "position_us": 1_500_000})).await.ok(201);
    assert_eq!((&first["body"], &first["position_us"]), (&json!("the trumpet"), &json!(1_500_000)));
    assert_eq!((&first["author"]["username"], &first["song_id"]), (&json!("ben"), &json!(id)));
    assert_eq!(first["edited_us"], Value::Null);
    let second = ana.post(&path, json!({"body": "yes"})).await.ok(201);
    let list = api.guest().get(&format!("{path}?limit=1")).await.ok(200);
    assert_eq!(list["items"], json!([second]));
    let next = list["next"].as_str().unwrap();
    assert_eq!(api.guest().get(&format!("{path}?after={next}")).await.ok(200)["items"], json!([first]));
    assert_eq!(api.guest().get(&format!("/songs/{id}")).await.ok(200)["comments_count"], 2);

    let one = format!("/comments/{}", first["id"]);
    let edited = ben.patch(&one, json!({"body": "the muted trumpet"})).await.ok(200);
    assert_eq!(edited["body"], "the muted trumpet");
    assert!(edited["edited_us"].as_i64().unwrap() >= first["created_us"].as_i64().unwrap());
    assert_eq!(api.guest().get(&path).await.ok(200)["items"][1], edited);
    ana.patch(&one, json!({"body": "mine"})).await.problem(403, "forbidden");
    api.guest().patch(&one, json!({"body": "mine"})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn who_said_it_who_owns_it_and_an_administrator_take_it_away() {
    let api = Api::new().await;
    let (ana, ben, cem, root) =
        (api.user("ana").await, api.user("ben").await, api.user("cem").await, api.user("root").await);
    let made = admin::act(&api.state.db, None, UserId(root.id), admin::Deed::MakeAdmin, api.state.clock.now());
    made.await.unwrap();
    api.state.logins.forget(UserId(root.id));
    let song = upload(&api, &ana).await;
    let album = ana.post("/albums", json!({"title": "Blue", "artist": "Miles"})).await.ok(201)["id"].clone();
    for path in [format!("/songs/{song}"), format!("/albums/{album}")] {
        for remover in [&ben, &ana, &root] {
            let said = ben.post(&format!("{path}/comments"), json!({"body": "x"})).await.ok(201);
            let one = format!("/comments/{}", said["id"]);
            cem.delete(&one).await.problem(403, "forbidden");
            api.guest().delete(&one).await.problem(401, "unauthenticated");
            assert_eq!(ana.get(&path).await.ok(200)["comments_count"], 1);
            remover.delete(&one).await.ok(204);
            remover.delete(&one).await.problem(404, "not_found");
            assert_eq!(ana.get(&path).await.ok(200)["comments_count"], 0);
        }
    }
}

#[tokio::test]
async fn what_makes_no_comment_is_refused() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let path = format!("/songs/{}/comments", upload(&api, &ana).await);
    let album = ana.post("/albums", json!({"title": "Blue", "artist": "Miles"})).await.ok(201)["id"].clone();
    for (body, field) in [
        (json!({"body": " \n"}), "body"),
        (json!({"body": "x".repeat(2_001)}), "body"),
        (json!({"position_us": 1}), "body"),
        (json!({"body": "x", "position_us": -1}), "position_us"),
        (json!({"body": "x", "position_us": 2_000_001}), "position_us"),
    ] {
        assert_eq!(fields(&ben.post(&path, body).await.problem(422, "invalid_field")), [field]);
    }
    ben.post(&path, json!({"body": "\0"})).await.problem(400, "bad_text");
    api.guest().post(&path, json!({"body": "x"})).await.problem(401, "unauthenticated");
    for nowhere in ["/songs/99/comments", "/albums/99/comments"] {
        ben.get(nowhere).await.problem(404, "not_found");
        ben.post(nowhere, json!({"body": "x"})).await.problem(404, "not_found");
    }
    ana.put("/blocks/ben").await.ok(204);
    ben.post(&path, json!({"body": "x"})).await.problem(403, "forbidden");
    ben.post(&format!("/albums/{album}/comments"), json!({"body": "x"})).await.problem(403, "forbidden");
    assert_eq!(ben.get(&path).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn nobody_floods_a_song_unless_limits_are_off() {
    for (limits, refused) in [(Limits::On, true), (Limits::Off, false)] {
        let api = Api::with(Settings { limits, ..Settings::default() }).await;
        let ana = api.user("ana").await;
        let path = format!("/songs/{}/comments", upload(&api, &ana).await);
        let mut last = 0;
        for _ in 0..40 {
            last = ana.post(&path, json!({"body": "x"})).await.status;
        }
        assert_eq!(last == 429, refused, "{last}");
        assert_eq!(api.user("ben").await.post(&path, json!({"body": "x"})).await.status, 201, "others go on");
    }
}
