use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::http::kit::testing::{Api, fields};

#[tokio::test]
async fn a_profile_changes_where_it_is_told() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let me = ana.patch("/me", json!({"bio": "hears\u{202e} things", "unknown": 1})).await.ok(200);
    assert_eq!((me["bio"].as_str(), me["username"].as_str()), (Some("hears things"), Some("ana")));
    let mine = "password of ana";
    let new = json!({"username": "anna", "email": "anna@example.org", "current_password": mine});
    let me = ana.patch("/me", new).await.ok(200);
    assert_eq!((&me["username"], &me["email"]), (&json!("anna"), &json!("anna@example.org")));
    assert_eq!(ana.get("/me").await.ok(200), me);
    let unchanged = json!({"username": "anna", "email": "anna@example.org", "bio": "hears more"});
    assert_eq!(ana.patch("/me", unchanged).await.ok(200)["bio"], "hears more");
    let ben = api.user("ben").await;
    let named = |name: &str| json!({"username": name, "current_password": mine});
    ana.patch("/me", named("BEN")).await.problem(409, "username_taken");
    ana.patch("/me", json!({"email": "Ben@example.org", "current_password": mine})).await.problem(409, "email_taken");
    let freed = json!({"username": "ana", "current_password": "password of ben"});
    ben.patch("/me", freed).await.problem(409, "username_taken");
    let form = json!({"username": "Ana", "email": "new@example.org", "password": "long enough"});
    api.guest().post("/auth/register", form).await.problem(409, "username_taken");
    ana.patch("/me", named("ana")).await.ok(200);
    let problem = ana.patch("/me", json!({"bio": "x".repeat(2001)})).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["bio"]);
    api.guest().patch("/me", json!({})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn what_is_the_login_changes_with_the_password_alone_and_guessing_is_throttled() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    for change in [json!({"username": "mine"}), json!({"email": "me@example.org"}), json!({"password": "new password"})]
    {
        let problem = ana.patch("/me", change.clone()).await.problem(422, "invalid_field");
        assert_eq!(fields(&problem), ["current_password"], "{change}");
    }
    let with = |guess: &str| json!({"username": "mine", "current_password": guess});
    for _ in 0..10 {
        ana.patch("/me", with("a guess")).await.problem(403, "wrong_password");
    }
    assert!(!ana.patch("/me", with("password of ana")).await.header("retry-after").is_empty());
    ana.patch("/me", with("password of ana")).await.problem(429, "rate_limited");
    assert_eq!(ana.get("/me").await.ok(200)["username"], "ana");
    ana.patch("/me", json!({"bio": "hears"})).await.ok(200);
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_other_logins() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let guest = api.guest();
    let log_in = |password: &str| guest.post("/auth/login", json!({"login": "ana", "password": password}));
    let other = log_in("password of ana").await.ok(200);
    let other = api.with_token(other["token"].as_str().unwrap());
    let new = "a new password";
    let problem = ana.patch("/me", json!({"password": new})).await.problem(422, "invalid_field");
    assert_eq!(fields(&problem), ["current_password"]);
    ana.patch("/me", json!({"password": new, "current_password": "wrong"})).await.problem(403, "wrong_password");
    other.get("/me").await.ok(200);
    ana.patch("/me", json!({"password": new, "current_password": "password of ana"})).await.ok(200);
    ana.get("/me").await.ok(200);
    other.get("/me").await.problem(401, "unauthenticated");
    log_in("password of ana").await.problem(401, "bad_credentials");
    log_in(new).await.ok(200);
}

#[tokio::test]
async fn an_avatar_is_re_encoded_and_shown_to_all() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    let bearer = format!("Bearer {}", ana.token.as_ref().unwrap());
    let put = async |bytes: Vec<u8>| {
        let request = Request::put("/api/v1/me/avatar").header("authorization", &bearer);
        api.guest().raw(request.body(Body::from(bytes)).unwrap()).await
    };
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(600, 300).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let url = put(png.into_inner()).await.ok(200)["avatar_url"].as_str().unwrap().to_owned();
    let picture = api.guest().raw(Request::get(&url).body(Body::empty()).unwrap()).await;
    assert!(picture.header("content-type").starts_with("image/"), "{picture:?}");
    let shown = image::load_from_memory(&picture.bytes).unwrap();
    assert!(shown.width() <= 256 && shown.height() <= 256);
    assert_eq!(api.guest().get("/users/ana").await.ok(200)["avatar_url"], url);
    put(b"<svg/>".to_vec()).await.problem(415, "unsupported_image");
    assert_eq!(ana.get("/me").await.ok(200)["avatar_url"], url);
}
