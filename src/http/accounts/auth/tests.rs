use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use super::*;
use std::net::IpAddr;

use axum::http::header::COOKIE;

use crate::http::kit::forwarded::Client;
use crate::http::kit::state::{Settings, Transport};
use crate::http::kit::testing::{Api, Reply, fields};

fn ana() -> serde_json::Value {
    json!({"username": "Ana", "email": "ana@example.org", "password": "correct horse"})
}

#[tokio::test]
async fn registering_logs_in_by_token_and_cookie() {
    let api = Api::new().await;
    let reply = api.guest().post("/auth/register", ana()).await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=5184000"), "{cookie}");
    let body = reply.ok(201);
    assert_eq!(body["user"]["username"], "Ana");
    assert_eq!(body["user"]["email"], "ana@example.org");
    assert_eq!(body["user"]["is_admin"], true, "the first one");
    let next = json!({"username": "Ben", "email": "b@example.org", "password": "correct horse"});
    assert_eq!(api.guest().post("/auth/register", next).await.ok(201)["user"]["is_admin"], false);
    assert!(body["user"].get("password_hash").is_none());
    let me = api.with_token(body["token"].as_str().unwrap()).get("/me").await.ok(200);
    assert_eq!(me, body["user"]);
    let pair = cookie.split(';').next().unwrap();
    let by_cookie = Request::get("/api/v1/me").header("cookie", pair).body(Body::empty()).unwrap();
    assert_eq!(api.guest().raw(by_cookie).await.ok(200), me);
}

#[tokio::test]
async fn names_and_addresses_are_taken_once() {
    let api = Api::new().await;
    api.guest().post("/auth/register", ana()).await.ok(201);
    let same_name = json!({"username": "ANA", "email": "b@example.org", "password": "correct horse"});
    api.guest().post("/auth/register", same_name).await.problem(409, "username_taken");
    let same_address = json!({"username": "ben", "email": "ANA@example.org", "password": "correct horse"});
    api.guest().post("/auth/register", same_address).await.problem(409, "email_taken");
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let api = Api::new().await;
    let wrong = json!({"username": "a b", "email": "nowhere", "password": "short"});
    let problem = api.guest().post("/auth/register", wrong).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["username", "email", "password"]);
    let missing = json!({"username": "ana", "email": "ana@example.org"});
    let problem = api.guest().post("/auth/register", missing).await.problem(422, "invalid_field");
    assert_eq!(problem["errors"], json!([{"field": "password", "message": "is missing"}]));
    let common = json!({"username": "ana", "email": "ana@example.org", "password": "Password1"});
    let problem = api.guest().post("/auth/register", common).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["password"]);
    let kind = json!({"username": 5, "email": "ana@example.org", "password": "correct horse"});
    let problem = api.guest().post("/auth/register", kind).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["username"]);
}

#[tokio::test]
async fn what_is_no_json_is_told() {
    let api = Api::new().await;
    let post = |kind: &str, body: &'static str| {
        Request::post("/api/v1/auth/login").header("content-type", kind).body(Body::from(body)).unwrap()
    };
    api.guest().raw(post("application/json", "{\"login\":")).await.problem(400, "bad_json");
    api.guest().raw(post("application/json", "{} {}")).await.problem(400, "bad_json");
    api.guest().raw(post("text/plain", "{}")).await.problem(415, "unsupported_media_type");
    api.guest().raw(post("application/json", "[1]")).await.problem(422, "invalid_field");
    let large = Request::post("/api/v1/auth/login").header("content-type", "application/json");
    api.guest().raw(large.body(Body::from(vec![b' '; 300_000])).unwrap()).await.problem(413, "too_large");
}

#[tokio::test]
async fn one_logs_in_by_name_or_address_and_nobody_learns_which_names_exist() {
    let api = Api::new().await;
    api.guest().post("/auth/register", ana()).await.ok(201);
    for login in ["ana", "ANA", "Ana@Example.org"] {
        let form = json!({"login": login, "password": "correct horse"});
        let body = api.guest().post("/auth/login", form).await.ok(200);
        assert_eq!(body["user"]["username"], "Ana");
    }
    let guest = api.guest();
    let wrong = |login: &str| guest.post("/auth/login", json!({"login": login, "password": "battery staple"}));
    let known = wrong("ana").await.problem(401, "bad_credentials");
    let unknown = wrong("nobody").await.problem(401, "bad_credentials");
    assert_eq!(known, unknown);
}

#[tokio::test]
async fn guessing_is_throttled_and_says_when_to_return() {
    let api = Api::new().await;
    let guess = json!({"login": "ana", "password": "battery staple"});
    for _ in 0..10 {
        api.guest().post("/auth/login", guess.clone()).await.problem(401, "bad_credentials");
    }
    let reply = api.guest().post("/auth/login", guess.clone()).await;
    assert!((1..=10).contains(&reply.header("retry-after").parse::<u32>().unwrap()));
    reply.problem(429, "rate_limited");
    let free = Api::with(Settings { limits: Limits::Off, ..Settings::default() }).await;
    for _ in 0..20 {
        free.guest().post("/auth/login", guess.clone()).await.problem(401, "bad_credentials");
    }
}

#[tokio::test]
async fn a_login_ends_by_logout_or_from_another_login() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let again = json!({"login": "ana", "password": "password of ana"});
    let other = api.guest().post("/auth/login", again).await.ok(200);
    let other = api.with_token(other["token"].as_str().unwrap());
    let list = ana.get("/auth/sessions").await.ok(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let of_other = items.iter().find(|s| s["current"] == false).unwrap()["id"].as_i64().unwrap();
    let ben = api.user("ben").await;
    ben.delete(&format!("/auth/sessions/{of_other}")).await.problem(404, "not_found");
    other.get("/me").await.ok(200);
    ana.delete(&format!("/auth/sessions/{of_other}")).await.ok(204);
    other.get("/me").await.problem(401, "unauthenticated");
    let reply = ana.post("/auth/logout", json!({})).await;
    assert_eq!(reply.header("set-cookie"), "octave_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    reply.ok(204);
    ana.get("/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn without_a_good_token_nobody_is_anybody() {
    let api = Api::new().await;
    for token in ["", "x", "Bearer", "a b"] {
        api.with_token(token).get("/me").await.problem(401, "unauthenticated");
    }
    let reply = api.guest().get("/me").await;
    assert_eq!(reply.header("www-authenticate"), "Bearer");
    reply.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_foreign_page_can_not_use_the_cookie() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let cookie = format!("octave_session={}", ana.token.unwrap());
    let logout = |site: &str| {
        let request = Request::post("/api/v1/auth/logout").header("cookie", &cookie).header("host", "here");
        request.header("sec-fetch-site", site).body(Body::empty()).unwrap()
    };
    api.guest().raw(logout("cross-site")).await.problem(403, "foreign_origin");
    api.guest().raw(logout("same-origin")).await.ok(204);
}

#[tokio::test]
async fn under_tls_the_cookie_is_secure() {
    let api = Api::with(Settings { transport: Transport::Tls, ..Settings::default() }).await;
    let reply = api.guest().post("/auth/register", ana()).await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=5184000"), "{cookie}");
}

/// The cookies that a reply sets, as a browser sends them back.
fn cookies(reply: &Reply) -> String {
    let set = reply.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().split(';').next().unwrap());
    set.collect::<Vec<_>>().join("; ")
}

/// Logs in from an address, with cookies.
async fn logs_in(api: &Api, address: [u8; 4], cookies: &str, login: &str, password: &str) -> Reply {
    let body = json!({"login": login, "password": password}).to_string();
    let request =
        Request::post("/api/v1/auth/login").header("content-type", "application/json").header(COOKIE, cookies);
    let mut request = request.body(Body::from(body)).unwrap();
    request.extensions_mut().insert(Client { address: IpAddr::from(address), proto: None, host: None });
    api.guest().raw(request).await
}

#[tokio::test]
async fn guesses_from_everywhere_end_and_who_was_there_before_gets_in() {
    let api = Api::new().await;
    let registered = api.guest().post("/auth/register", ana()).await;
    let theirs = cookies(&registered);
    let other = json!({"username": "ben", "email": "ben@example.org", "password": "correct horse"});
    let bens = cookies(&api.guest().post("/auth/register", other).await);
    let token = registered.ok(201)["token"].as_str().unwrap().to_owned();
    let gone = api.with_token(&token).post("/auth/logout", json!({})).await;
    let kept = gone.headers.get_all("set-cookie").iter().all(|v| v.to_str().unwrap().starts_with("octave_session="));
    assert!(kept, "the device stays known: {gone:?}");

    // Whatever the account is called by, its guesses are counted together.
    let mut weighed = 0;
    for n in 0..200_u8 {
        let login = ["ana", "ANA", "ana@example.org"][usize::from(n % 3)];
        let reply = logs_in(&api, [192, 0, 2, n % 40], "", login, "battery staple").await;
        weighed += u32::from(reply.status == 401);
        assert!([401, 429].contains(&reply.status), "{reply:?}");
    }
    assert_eq!(weighed, 40);
    logs_in(&api, [192, 0, 2, 99], "", "ana", "correct horse").await.problem(429, "rate_limited");
    logs_in(&api, [192, 0, 2, 99], &bens, "ana", "correct horse").await.problem(429, "rate_limited");
    let back = logs_in(&api, [192, 0, 2, 99], &theirs, "ana@example.org", "correct horse").await;
    let again = cookies(&back);
    let known = |cookies: &str| cookies.split("; ").find(|c| c.starts_with("octave_known_")).unwrap().to_owned();
    assert_eq!(known(&again), known(&theirs), "it is the same device");
    let token = back.ok(200)["token"].as_str().unwrap().to_owned();

    // It may not guess for ever either, and with the password it is forgotten.
    for _ in 0..10 {
        logs_in(&api, [192, 0, 2, 99], &theirs, "ana", "battery staple").await.problem(401, "bad_credentials");
    }
    logs_in(&api, [192, 0, 2, 99], &theirs, "ana", "correct horse").await.problem(429, "rate_limited");
    let change = json!({"password": "a new password", "current_password": "correct horse"});
    let changed = api.with_token(&token).patch("/me", change).await;
    let new = cookies(&changed);
    changed.ok(200);
    logs_in(&api, [192, 0, 2, 9], &theirs, "ana", "a new password").await.problem(429, "rate_limited");
    logs_in(&api, [192, 0, 2, 9], &new, "ana", "a new password").await.ok(200);
}

#[tokio::test]
async fn who_knows_the_password_is_never_kept_waiting() {
    let api = Api::new().await;
    let registered = api.guest().post("/auth/register", ana()).await;
    let theirs = cookies(&registered);
    let me = api.with_token(registered.ok(201)["token"].as_str().unwrap());
    for _ in 0..15 {
        logs_in(&api, [192, 0, 2, 1], "", "ana", "correct horse").await.ok(200);
        logs_in(&api, [192, 0, 2, 1], &theirs, "ana", "correct horse").await.ok(200);
        me.patch("/me", json!({"username": "Anna", "current_password": "correct horse"})).await.ok(200);
        me.patch("/me", json!({"username": "Ana", "current_password": "correct horse"})).await.ok(200);
    }
}

#[tokio::test]
async fn one_address_makes_so_many_accounts_and_no_more() {
    let api = Api::new().await;
    let register = async |address: [u8; 4], n: u32| {
        let body = json!({"username": format!("guest{n}"), "email": format!("guest{n}@example.org"), "password": "correct horse"});
        let request = Request::post("/api/v1/auth/register").header("content-type", "application/json");
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        request.extensions_mut().insert(Client { address: IpAddr::from(address), proto: None, host: None });
        api.guest().raw(request).await
    };
    for n in 0..50 {
        register([192, 0, 2, 1], n).await.ok(201);
    }
    let refused = register([192, 0, 2, 1], 50).await;
    assert!((1..=120).contains(&refused.header("retry-after").parse::<u32>().unwrap()), "{refused:?}");
    refused.problem(429, "rate_limited");
    register([192, 0, 2, 2], 51).await.ok(201);
}
