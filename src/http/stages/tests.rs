use serde_json::{Value, json};

use crate::http::kit::testing::{Api, fields};

#[tokio::test]
async fn an_opened_stage_is_shown_to_all() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let form = json!({"name": "  Late \u{202e} Kitchen ", "genres": ["Jazz", "jazz", "Ambient"], "control": "djs"});
    let reply = ana.post("/stages", form).await;
    let location = reply.header("location").to_owned();
    let stage = reply.ok(201);
    assert_eq!(location, format!("/api/v1/stages/{}", stage["id"]));
    let wanted = json!({
        "id": stage["id"], "name": "Late Kitchen", "genres": ["Ambient", "Jazz"], "cover_url": null,
        "host": {"id": ana.id, "username": "ana", "avatar_url": null},
        "visibility": "public", "control": "djs", "adding": "control", "order": "added", "max_waiting": null,
        "start": {"quorum_percent": 80, "patience_us": 1_500_000}, "slow_mode_s": 0, "succession": "people",
        "crossfade_us": 0, "volume": {"together": false, "percent": 100}, "speaker": null,
        "guests": ["listen", "chat", "add", "vote"], "listeners": 0, "now_playing": null, "live": false,
        "playlists": [], "created_us": stage["created_us"],
    });
    assert_eq!(stage, wanted);
    assert_eq!(api.guest().get(&format!("/stages/{}", stage["id"])).await.ok(200), stage);
    assert_eq!(api.guest().get("/stages").await.ok(200), json!({"items": [stage], "next": null}));
}

#[tokio::test]
async fn a_list_is_narrowed_down_and_comes_in_pieces() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    ana.post("/stages", json!({"name": "Blue Hour", "genres": ["Jazz"]})).await.ok(201);
    ben.post("/stages", json!({"name": "Rainy Café", "genres": ["Ambient"]})).await.ok(201);
    ana.post("/stages", json!({"name": "Deep Blue", "genres": ["Techno"]})).await.ok(201);
    let names = async |query: &str| {
        let list = api.guest().get(&format!("/stages?{query}")).await.ok(200);
        let items = list["items"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap().to_owned());
        (items.collect::<Vec<_>>(), list["next"].as_str().map(str::to_owned))
    };
    assert_eq!(names("sort=new&genre=&q=").await.0, ["Deep Blue", "Rainy Café", "Blue Hour"]);
    assert_eq!(names("q=blu").await.0, ["Deep Blue", "Blue Hour"]);
    assert_eq!(names("q=cafe").await.0, ["Rainy Café"]);
    assert_eq!(names("q=blue+deep").await.0, ["Deep Blue"]);
    assert_eq!(names("genre=JAZZ").await.0, ["Blue Hour"]);
    assert_eq!(names("host=Ben").await.0, ["Rainy Café"]);
    assert_eq!(names("live=true").await.0, [""; 0]);
    assert_eq!(names("live=false&sort=listeners").await.0.len(), 3);
    let (first, next) = names("limit=2").await;
    let (second, end) = names(&format!("limit=2&after={}", next.unwrap())).await;
    assert_eq!((first.len(), second, end), (2, vec!["Blue Hour".to_owned()], None));
    for (bad, field) in [("sort=best", "sort"), ("live=maybe", "live"), ("limit=500", "limit"), ("after=x", "after")] {
        let problem = api.guest().get(&format!("/stages?{bad}")).await.problem(422, "invalid_field");
        assert_eq!(fields(&problem), [field]);
    }
}

#[tokio::test]
async fn what_can_not_be_a_stage_is_refused() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    for (form, field) in [
        (json!({}), "name"),
        (json!({"name": " \u{202e} "}), "name"),
        (json!({"name": "x".repeat(101)}), "name"),
        (json!({"name": "x", "genres": ["y".repeat(51)]}), "genres"),
        (json!({"name": "x", "genres": vec!["y"; 51]}), "genres"),
        (json!({"name": "x", "genres": [5]}), "genres[0]"),
        (json!({"name": "x", "visibility": "secret"}), "visibility"),
        (json!({"name": "x", "control": true}), "control"),
        (json!({"name": "x", "adding": "nobody"}), "adding"),
        (json!({"name": "x", "slow_mode_s": 21_601}), "slow_mode_s"),
        (json!({"name": "x", "succession": "nobody"}), "succession"),
        (json!({"name": "x", "crossfade_us": 12_000_001}), "crossfade_us"),
        (json!({"name": "x", "crossfade_us": -1}), "crossfade_us"),
    ] {
        let problem = ana.post("/stages", form.clone()).await.problem(422, "invalid_field");
        assert_eq!(fields(&problem), [field], "{form}");
    }
    assert_eq!(ana.get("/stages").await.ok(200)["items"], json!([]));
    api.guest().post("/stages", json!({"name": "x"})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_hidden_stage_is_not_there_for_others_in_any_operation() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let hidden = ana.post("/stages", json!({"name": "x", "visibility": "friends"})).await.ok(201)["id"].clone();
    for id in [hidden.to_string(), "999".into(), "0".into(), "-1".into(), "9007199254740993".into()] {
        for (method, path, body) in operations() {
            let reply = ben.send(method, &format!("/stages/{id}{path}"), body).await;
            reply.problem(404, "stage_not_found");
        }
    }
    ben.get("/stages/x").await.problem(404, "not_found");
    ben.get("/stages/99999999999999999999").await.problem(404, "not_found");
    ana.put("/friends/ben").await.ok(200);
    ben.get(&format!("/stages/{hidden}")).await.problem(404, "stage_not_found");
    ben.put("/friends/ana").await.ok(200);
    ben.get(&format!("/stages/{hidden}")).await.ok(200);
}

#[tokio::test]
async fn without_a_login_nothing_is_changed() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let id = ana.post("/stages", json!({"name": "x"})).await.ok(201)["id"].clone();
    for (method, path, body) in operations().into_iter().filter(|(method, ..)| *method != "GET") {
        api.guest().send(method, &format!("/stages/{id}{path}"), body).await.problem(401, "unauthenticated");
    }
    api.guest().get(&format!("/stages/{id}/log")).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn who_may_lift_a_ban_sees_who_is_banned() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
    let dan = api.user("Dan").await;
    let id = ana.post("/stages", json!({"name": "x"})).await.ok(201)["id"].clone();
    let bans = format!("/stages/{id}/bans");
    assert_eq!(ana.get(&bans).await.ok(200), json!({"items": [], "next": null}));
    ana.send("PUT", &format!("/stages/{id}/roles/ben"), Some(json!({"role": "moderator"}))).await.ok(204);
    ben.put(&format!("{bans}/dan")).await.ok(204);
    ana.put(&format!("{bans}/cem")).await.ok(204);
    let all = ben.get(&bans).await.ok(200);
    let seen = |n: usize| (all["items"][n]["user"]["id"].clone(), all["items"][n]["by"]["username"].clone());
    assert_eq!(seen(0), (json!(cem.id), json!("ana")));
    assert_eq!(seen(1), (json!(dan.id), json!("ben")));
    assert!(all["items"][0]["at_us"].as_i64().unwrap() > 1_700_000_000_000_000);
    let first = ana.get(&format!("{bans}?limit=1")).await.ok(200);
    let second = ana.get(&format!("{bans}?limit=1&after={}", first["next"].as_str().unwrap())).await.ok(200);
    assert_eq!((&second["items"][0]["user"]["username"], &second["next"]), (&json!("Dan"), &Value::Null));
    dan.get(&bans).await.problem(403, "banned");
    ana.delete(&format!("{bans}/cem")).await.ok(204);
    cem.get(&bans).await.problem(403, "forbidden");
    assert_eq!(ana.get(&bans).await.ok(200)["items"].as_array().unwrap().len(), 1);
}

/// Every operation on a stage.
fn operations() -> Vec<(&'static str, &'static str, Option<Value>)> {
    vec![
        ("GET", "", None),
        ("PATCH", "", Some(json!({"name": "y"}))),
        ("DELETE", "", None),
        ("GET", "/cover", None),
        ("PUT", "/cover", None),
        ("GET", "/chats", None),
        ("GET", "/log", None),
        ("GET", "/queue", None),
        ("GET", "/participants", None),
        ("PUT", "/playlists/1", None),
        ("DELETE", "/playlists/1", None),
        ("POST", "/invites", Some(json!({}))),
        ("PUT", "/roles/ana", Some(json!({"role": "dj"}))),
        ("POST", "/kicks/ana", None),
        ("GET", "/bans", None),
        ("PUT", "/bans/ana", None),
        ("DELETE", "/bans/ana", None),
    ]
}

#[tokio::test]
async fn a_host_changes_the_stage_and_nobody_else_does() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let id = ana.post("/stages", json!({"name": "Kitchen", "genres": ["Jazz"]})).await.ok(201)["id"].clone();
    let stage = format!("/stages/{id}");
    let after = ana.patch(&stage, json!({"name": "Garden", "control": "everyone"})).await.ok(200);
    assert_eq!(
        (&after["name"], &after["control"], &after["genres"]),
        (&json!("Garden"), &json!("everyone"), &json!(["Jazz"]))
    );
    assert_eq!(api.guest().get(&stage).await.ok(200), after);
    ben.patch(&stage, json!({"name": "Mine"})).await.problem(403, "forbidden");
    ben.delete(&stage).await.problem(403, "forbidden");
    ben.put(&format!("{stage}/cover")).await.problem(403, "forbidden");
    ben.put(&format!("{stage}/playlists/1")).await.problem(403, "forbidden");
    ben.put(&format!("{stage}/bans/ana")).await.problem(403, "forbidden");
    ana.put(&format!("{stage}/playlists/1")).await.problem(404, "not_found");
    ana.put(&format!("{stage}/bans/ben")).await.ok(204);
    ana.delete(&format!("{stage}/bans/ben")).await.ok(204);
    let role = json!({"role": "moderator"});
    ana.send("PUT", &format!("{stage}/roles/ben"), Some(role.clone())).await.ok(204);
    ana.send("PUT", &format!("{stage}/roles/nobody"), Some(role)).await.problem(404, "not_found");
    ana.send("PUT", &format!("{stage}/roles/ben"), Some(json!({"role": "king"}))).await.problem(422, "invalid_field");
    let queue = api.guest().get(&format!("{stage}/queue")).await.ok(200);
    assert_eq!((&queue["items"], &queue["total"]), (&json!([]), &json!(0)));
    assert_eq!(api.guest().get(&format!("{stage}/participants")).await.ok(200)["items"], json!([]));
    let log = ben.get(&format!("{stage}/log")).await.ok(200);
    assert_eq!((&log["items"][0]["kind"], &log["items"][0]["user"]["username"]), (&json!("role"), &json!("ana")));
    ana.delete(&stage).await.ok(204);
    ana.get(&stage).await.problem(404, "stage_not_found");
    assert_eq!(ana.get("/stages").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn a_cover_is_for_who_may_know_of_the_stage() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let id = ana.post("/stages", json!({"name": "x"})).await.ok(201)["id"].clone();
    let picture = std::fs::read("tests/fixtures/not_audio.jpg").unwrap();
    let stage = ana.bytes("PUT", &format!("/stages/{id}/cover"), picture).await.ok(200);
    let cover = stage["cover_url"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let open = api.guest().get(&cover).await;
    assert_eq!((open.status, open.header("cache-control")), (200, "private, max-age=31536000, immutable"));
    ana.patch(&format!("/stages/{id}"), json!({"visibility": "friends"})).await.ok(200);
    assert_eq!(ana.get(&cover).await.status, 200);
    for stranger in [api.guest(), ben.clone()] {
        let refused = stranger.get(&cover).await;
        assert_eq!(refused.header("cache-control"), "no-store");
        refused.problem(404, "stage_not_found");
    }
    ana.put("/friends/ben").await.ok(200);
    ben.put("/friends/ana").await.ok(200);
    assert_eq!(ben.get(&cover).await.status, 200);
}

#[tokio::test]
async fn what_the_log_tells_can_be_undone() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let stage = ana.post("/stages", json!({"name": "Attic", "control": "host"})).await.ok(201);
    let path = format!("/stages/{}", stage["id"]);
    let newest = async || {
        let log = ana.get(&format!("{path}/log")).await.ok(200);
        (
            log["items"][0]["kind"].as_str().unwrap_or_default().to_owned(),
            format!("{path}/log/{}/undo", log["items"][0]["id"]),
        )
    };
    let none = json!({});
    ana.patch(&path, json!({"name": "Roof", "slow_mode_s": 30})).await.ok(200);
    let (kind, undo) = newest().await;
    assert_eq!(kind, "updated");
    ben.post(&undo, none.clone()).await.problem(403, "forbidden");
    ana.post(&undo, none.clone()).await.ok(204);
    let now = ana.get(&path).await.ok(200);
    assert_eq!((now["name"].as_str(), now["slow_mode_s"].as_i64()), (Some("Attic"), Some(0)));
    ana.send("PUT", &format!("{path}/roles/ben"), Some(json!({"role": "dj"}))).await.ok(204);
    ana.send("PUT", &format!("{path}/roles/ben"), Some(json!({"role": "moderator"}))).await.ok(204);
    let log = ana.get(&format!("{path}/log")).await.ok(200);
    assert_eq!((&log["items"][0]["whom"]["username"], &log["items"][0]["song"]), (&json!("ben"), &Value::Null));
    let (_, undo) = newest().await;
    ana.post(&undo, none.clone()).await.ok(204);
    let (kind, _) = newest().await;
    assert_eq!(kind, "role");
    ana.put(&format!("{path}/bans/ben")).await.ok(204);
    let (kind, undo) = newest().await;
    assert_eq!(kind, "banned");
    ana.post(&undo, none.clone()).await.ok(204);
    assert_eq!(ana.get(&format!("{path}/bans")).await.ok(200)["items"], json!([]));
    ana.post(&format!("{path}/log/999999/undo"), none.clone()).await.problem(404, "not_found");
    ana.post(&format!("{path}/kicks/ben"), none.clone()).await.ok(204);
}

#[tokio::test]
async fn how_a_stage_sounds_is_set_by_its_host_and_told_to_all() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let stage = ana.post("/stages", json!({"name": "Attic", "crossfade_us": 4_000_000})).await.ok(201);
    let path = format!("/stages/{}", stage["id"]);
    let sound = async || {
        let now = api.guest().get(&path).await.ok(200);
        (now["crossfade_us"].clone(), now["volume"].clone())
    };
    assert_eq!(sound().await, (json!(4_000_000), json!({"together": false, "percent": 100})));
    ana.patch(&path, json!({"volume": {"together": true}})).await.ok(200);
    let changed = ana.patch(&path, json!({"volume": {"percent": 0}, "crossfade_us": 12_000_000})).await.ok(200);
    assert_eq!(changed["volume"], json!({"together": true, "percent": 0}));
    // Where the host's slider stands is told, not logged.
    ana.patch(&path, json!({"volume": {"percent": 5}})).await.ok(200);
    ana.patch(&path, json!({"volume": {"percent": 0}})).await.ok(200);
    // What is not named stays.
    ana.patch(&path, json!({"name": "Roof"})).await.ok(200);
    assert_eq!(sound().await, (json!(12_000_000), json!({"together": true, "percent": 0})));
    ben.patch(&path, json!({"crossfade_us": 0})).await.problem(403, "forbidden");
    ben.patch(&path, json!({"volume": {"percent": 50}})).await.problem(403, "forbidden");
    for (form, field) in [
        (json!({"crossfade_us": 12_000_001}), "crossfade_us"),
        (json!({"crossfade_us": -1}), "crossfade_us"),
        (json!({"volume": {"percent": 101}}), "volume.percent"),
    ] {
        let problem = ana.patch(&path, form.clone()).await.problem(422, "invalid_field");
        assert_eq!(fields(&problem), [field], "{form}");
    }
    let log = ana.get(&format!("{path}/log")).await.ok(200);
    assert_eq!(log["items"][1]["data"]["was"]["crossfade_us"], json!(4_000_000));
    ana.post(&format!("{path}/log/{}/undo", log["items"][1]["id"]), json!({})).await.ok(204);
    assert_eq!(sound().await, (json!(4_000_000), json!({"together": true, "percent": 100})));
}
