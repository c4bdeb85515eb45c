//! A page to read the specifications: our own, so that it needs no other host and no inline script.

use std::future::{Ready, ready};

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::http::kit::state::AppState;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/docs", get(|| text("text/html; charset=utf-8", include_str!("docs/page.html"))))
        .route("/docs/page.js", get(|| text("text/javascript; charset=utf-8", include_str!("docs/page.js"))))
        .route("/docs/page.css", get(|| text("text/css; charset=utf-8", include_str!("docs/page.css"))))
}

fn text(kind: &'static str, body: &'static str) -> Ready<Response> {
    let header = HeaderValue::from_static;
    let headers =
        [(CONTENT_TYPE, header(kind)), (CACHE_CONTROL, header("no-cache")), (CONTENT_SECURITY_POLICY, header(POLICY))];
    ready((headers, body).into_response())
}

#[cfg(test)]
mod tests {
    use crate::http::kit::testing::Api;

    #[tokio::test]
    async fn the_page_runs_nothing_but_its_own_script() {
        let api = Api::new().await;
        let page = api.guest().get("/docs").await;
        assert!(page.header("content-security-policy").contains("script-src 'self';"));
        let html = String::from_utf8(page.bytes).unwrap();
        assert!(!html.contains("<style") && !html.contains("onclick") && html.matches("<script").count() == 1);
        for (file, kind) in [("page.js", "text/javascript"), ("page.css", "text/css")] {
            assert!(html.contains(&format!("/api/v1/docs/{file}")), "{file}");
            assert!(api.guest().get(&format!("/docs/{file}")).await.header("content-type").starts_with(kind));
        }
    }

    #[tokio::test]
    async fn the_sockets_document_is_served() {
        let api = Api::new().await;
        let document = api.guest().get("/asyncapi.json").await.ok(200);
        assert!(document["asyncapi"].as_str().unwrap().starts_with("3."));
    }
}
