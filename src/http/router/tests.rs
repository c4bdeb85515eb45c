use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::http::kit::testing::Api;

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let api = Api::new().await;
    let problem = api.guest().get("/nothing").await.problem(404, "not_found");
    assert_eq!(problem["detail"], "there is nothing at /api/v1/nothing");
    let reply = api.guest().put("/me").await;
    assert!(reply.header("allow").contains("PATCH"), "{:?}", reply.headers);
    reply.problem(405, "method_not_allowed");
    let elsewhere = Request::get("/api/v2/me").body(Body::empty()).unwrap();
    api.guest().raw(elsewhere).await.problem(404, "not_found");
}

#[tokio::test]
async fn replies_can_not_be_sniffed_framed_or_kept() {
    let api = Api::new().await;
    let reply = api.guest().get("/openapi.json").await;
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
    let reply = api.user("ana").await.get("/me").await;
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_document_names_every_operation_with_its_problem() {
    let api = Api::new().await;
    let document = api.guest().get("/openapi.json").await.ok(200);
    assert_eq!(document["openapi"], "3.1.0");
    let login = &document["paths"]["/api/v1/auth/login"]["post"];
    let problem = &login["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
    assert_eq!(problem, "#/components/schemas/Problem");
    assert_eq!(document["components"]["schemas"]["Problem"]["properties"]["code"]["type"], "string");
    assert_eq!(document, serde_json::to_value(crate::http::document()).unwrap());
    assert_eq!(document["components"]["securitySchemes"]["bearer"], json!({"type": "http", "scheme": "bearer"}));
}

/// PostgreSQL keeps no NUL: one is refused wherever it comes in, whichever the database is.
#[tokio::test]
async fn a_nul_is_refused_at_the_door() {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    ana.patch("/me", json!({"bio": "a\0b"})).await.problem(400, "bad_text");
    ana.post("/playlists", json!({"name": "\0"})).await.problem(400, "bad_text");
    ana.get("/search?q=a%00b").await.problem(400, "bad_text");
    ana.get("/users/an%00a").await.problem(400, "bad_text");
    ana.put("/users/%00/follow").await.problem(400, "bad_text");
    ana.patch("/me", json!({"bio": r"no NUL: \u0000"})).await.ok(200);
    ana.get("/search?q=%2500").await.ok(200);
}
