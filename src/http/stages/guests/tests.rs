use serde_json::{Value, json};

use crate::http::kit::state::{Registration, Settings};
use crate::http::kit::testing::{Api, Client, fields};

async fn stage(host: &Client) -> String {
    let form = json!({"name": "Kitchen", "visibility": "invite", "genres": ["Jazz"]});
    format!("/stages/{}", host.post("/stages", form).await.ok(201)["id"])
}

async fn guest(api: &Api, host: &Client, stage: &str, name: &str) -> (Client, Value) {
    let link = host.post(&format!("{stage}/guest-links"), json!({})).await.ok(201);
    let enter = format!("/guest-links/{}/enter", link["code"].as_str().unwrap());
    let came = api.guest().post(&enter, json!({"name": name})).await.ok(201);
    (api.with_token(came["token"].as_str().unwrap()), came)
}

#[tokio::test]
async fn a_link_is_made_listed_and_called_back_by_those_who_moderate() {
    let api = Api::new().await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let stage = stage(&ana).await;
    let links = format!("{stage}/guest-links");
    ben.post(&links, json!({})).await.problem(404, "stage_not_found");
    ana.patch(&stage, json!({"visibility": "public"})).await.ok(200);
    ben.post(&links, json!({})).await.problem(403, "forbidden");
    ben.get(&links).await.problem(403, "forbidden");
    api.guest().post(&links, json!({})).await.problem(401, "unauthenticated");
    for (form, field) in [
        (json!({"rights": ["chat"]}), "rights"),
        (json!({"rights": ["listen", "rule"]}), "rights[1]"),
        (json!({"max_uses": 0}), "max_uses"),
        (json!({"expires_in_s": 40_000_000}), "expires_in_s"),
    ] {
        assert_eq!(fields(&ana.post(&links, form).await.problem(422, "invalid_field")), [field]);
    }
    let made = ana.post(&links, json!({"rights": ["listen", "add"], "expires_in_s": 60, "max_uses": 3})).await.ok(201);
    let code = made["code"].as_str().unwrap();
    assert_eq!((code.len(), &made["url"]), (22, &json!(format!("/g/{code}"))));
    assert_eq!((&made["max_uses"], &made["uses"]), (&json!(3), &json!(0)));
    ana.put(&format!("{stage}/roles/ben")).await.problem(422, "invalid_field");
    ana.send("PUT", &format!("{stage}/roles/ben"), Some(json!({"role": "moderator"}))).await.ok(204);
    let listed = ben.get(&links).await.ok(200)["items"].clone();
    let link = &listed[0];
    assert_eq!((&link["id"], &link["by"]["username"], &link["good"]), (&made["id"], &json!("ana"), &json!(true)));
    assert_eq!(link["code"], Value::Null, "shown once");
    ben.delete(&format!("{links}/{}", made["id"])).await.ok(204);
    ben.delete(&format!("{links}/{}", made["id"])).await.problem(404, "not_found");
    api.guest().get(&format!("/guest-links/{code}")).await.problem(404, "link_gone");
    api.guest().post(&format!("/guest-links/{code}/enter"), json!({"name": "Gus"})).await.problem(404, "link_gone");
}

#[tokio::test]
async fn the_door_tells_what_one_would_come_into() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let stage = stage(&ana).await;
    let picture = std::fs::read("tests/fixtures/not_audio.jpg").unwrap();
    ana.bytes("PUT", &format!("{stage}/cover"), picture).await.ok(200);
    ana.patch(&stage, json!({"guests": ["listen", "vote"]})).await.ok(200);
    let link = ana.post(&format!("{stage}/guest-links"), json!({"max_uses": 1})).await.ok(201);
    let path = format!("/guest-links/{}", link["code"].as_str().unwrap());
    let door = api.guest().get(&path).await.ok(200);
    assert_eq!((&door["stage"]["name"], &door["host"]["username"]), (&json!("Kitchen"), &json!("ana")));
    assert_eq!((&door["rights"], &door["listeners"]), (&json!(["listen", "vote"]), &json!(0)));
    assert_eq!((&door["names"], &door["now_playing"]), (&json!([]), &Value::Null));
    let cover = door["stage"]["cover_url"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    assert!(api.guest().get(&cover).await.header("content-type").starts_with("image/"));
    for name in ["", " ", &"x".repeat(33)] {
        let wrong = api.guest().post(&format!("{path}/enter"), json!({"name": name})).await;
        assert_eq!(fields(&wrong.problem(422, "invalid_field")), ["name"]);
    }
    ana.post(&format!("{path}/enter"), json!({"name": "Gus"})).await.problem(409, "has_account");
    let came = api.guest().post(&format!("{path}/enter"), json!({"name": "Gus"})).await;
    assert!(came.header("set-cookie").starts_with("octave_session="), "{came:?}");
    let came = came.ok(201);
    assert_eq!((&came["user"]["guest"], &came["user"]["username"]), (&json!(true), &json!("Gus")));
    assert_eq!(came["stage"]["name"], "Kitchen");
    api.guest().get(&path).await.problem(404, "link_gone");
}

#[tokio::test]
async fn what_is_not_for_guests_is_refused_and_says_how_to_go_on() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let stage = stage(&ana).await;
    let (gus, came) = guest(&api, &ana, &stage, "Gus").await;
    assert_eq!(gus.get(&stage).await.ok(200)["name"], "Kitchen");
    assert_eq!(gus.get("/me").await.ok(200)["guest_of"]["rights"], json!(["listen", "chat", "vote"]));
    for (method, path) in [
        ("POST", "/stages"),
        ("PATCH", "/me"),
        ("DELETE", "/me"),
        ("GET", "/friends"),
        ("PUT", "/users/ana/follow"),
        ("POST", "/songs"),
        ("GET", "/me/export"),
        ("GET", &*format!("{stage}/log")),
        ("POST", &*format!("{stage}/guest-links")),
        ("DELETE", &*format!("{stage}/guests")),
    ] {
        let told = gus.send(method, path, None).await.problem(403, "forbidden");
        assert!(told["detail"].as_str().unwrap().contains("/me/keep"), "{method} {path}: {told}");
    }
    ana.get("/users/Gus").await.problem(404, "not_found");
    ana.put("/friends/Gus").await.problem(404, "not_found");
    assert_eq!(ana.get("/search?q=gus&kind=users").await.ok(200)["users"], json!([]));
    let login = json!({"login": "Gus", "password": ""});
    api.guest().post("/auth/login", login).await.problem(401, "bad_credentials");
    ana.delete(&format!("{stage}/guests/{}", ana.id)).await.problem(404, "not_found");
    ana.delete(&format!("{stage}/guests/{}", came["user"]["id"])).await.ok(204);
    gus.get("/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_name_is_kept_by_whoever_may_make_an_account() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let stage = stage(&ana).await;
    let (gus, _) = guest(&api, &ana, &stage, "Gus").await;
    let form = |name: &str| json!({"username": name, "email": "g@example.org", "password": "correct horse"});
    ana.post("/me/keep", form("anna")).await.problem(409, "has_account");
    gus.post("/me/keep", form("a b")).await.problem(422, "invalid_field");
    gus.post("/me/keep", form("Ana")).await.problem(409, "username_taken");
    let api = api.again(Settings { registration: Registration::Closed, ..Settings::default() });
    let gus = api.with_token(gus.token.as_ref().unwrap());
    gus.post("/me/keep", form("gus")).await.problem(403, "registration_closed");
    let api = api.again(Settings::default());
    let gus = api.with_token(gus.token.as_ref().unwrap());
    let kept = gus.post("/me/keep", form("gus")).await.ok(201);
    gus.get("/me").await.problem(401, "unauthenticated");
    let gus = api.with_token(kept["token"].as_str().unwrap());
    assert_eq!(gus.get(&stage).await.ok(200)["name"], "Kitchen", "they came as who was invited");
    assert_eq!(gus.get("/me").await.ok(200)["guest_of"], Value::Null);
}
