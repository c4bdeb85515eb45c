//! What a page needs to know before anybody has logged in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::accounts::account::{self, Me};
use crate::http::kit::extract::MaybeUser;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::{AppState, DemoLogin, Registration};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(about))
}

/// This server, and who asks it.
#[derive(Serialize, ToSchema)]
#[schema(as = ServerInfo)]
struct Server {
    /// What the product is called.
    #[schema(example = "Octave")]
    name: &'static str,
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Who may make an account.
    registration: Registration,
    /// How to log in to the demo account, on a server that has one.
    demo: Option<DemoLogin>,
    /// Where users reach this server, if its operator has said so.
    #[schema(example = "https://music.example.org")]
    public_url: Option<String>,
    /// My account; `null` for who is not logged in.
    user: Option<Me>,
}

/// This server, and my account if I am logged in. Never 401 for a page: a cookie that has ended is nobody's. A token that
/// has ended still is 401.
#[utoipa::path(get, path = "/server", tag = "server",
    responses((status = 200, body = Server, description = "This server")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn about(State(state): State<AppState>, viewer: MaybeUser) -> Result<Json<Server>, Problem> {
    let user = match viewer.id() {
        Some(id) => account::find(&state, id).await?,
        None => None,
    };
    let settings = &state.settings;
    Ok(Json(Server {
        name: "Octave",
        version: env!("CARGO_PKG_VERSION"),
        registration: settings.registration,
        demo: settings.demo,
        public_url: settings.public_url.clone(),
        user,
    }))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::COOKIE;
    use serde_json::{Value, json};

    use crate::http::kit::state::{DemoLogin, Settings};
    use crate::http::kit::testing::Api;
    use crate::server::demo;

    #[tokio::test]
    async fn a_page_learns_who_looks_at_it_without_a_401() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let nobody = api.guest().get("/server").await.ok(200);
        let wanted = json!({
            "name": "Octave", "version": env!("CARGO_PKG_VERSION"), "registration": "open",
            "demo": null, "public_url": null, "user": null,
        });
        assert_eq!(nobody, wanted);
        let me = ana.get("/me").await.ok(200);
        assert_eq!(ana.get("/server").await.ok(200)["user"], me);
        let by_cookie = async |token: &str| {
            let request = Request::get("/api/v1/server").header(COOKIE, format!("octave_session={token}"));
            api.guest().raw(request.body(Body::empty()).unwrap()).await.ok(200)["user"].clone()
        };
        assert_eq!(by_cookie(ana.token.as_deref().unwrap()).await, me);
        assert_eq!(by_cookie("ended").await, Value::Null, "a page whose login has ended is nobody's");
        api.with_token("ended").get("/server").await.problem(401, "unauthenticated");
    }

    #[tokio::test]
    async fn the_demo_says_how_to_log_in_to_it() {
        let login = DemoLogin { username: demo::USERNAME, password: demo::PASSWORD };
        let settings =
            Settings { demo: Some(login), public_url: Some("https://music.example.org".into()), ..Settings::default() };
        let server = Api::with(settings).await.guest().get("/server").await.ok(200);
        assert_eq!(server["demo"], json!({"username": "demo", "password": "demo-demo"}));
        assert_eq!(server["public_url"], "https://music.example.org");
    }
}
