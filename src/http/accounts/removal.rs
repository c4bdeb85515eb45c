//! The end of my account, told in advance.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::ended;
use super::cookies::no_cookie;
use super::me::{prove, wrong_password};
use crate::http::kit::extract::{ApiJson, CurrentUser, Peer};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::removal::{self, Hanging, Songs};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(preview)).routes(routes!(delete))
}

/// What the end of my account would mean.
#[derive(Debug, Serialize, ToSchema)]
struct Preview {
    /// How much there is. Songs and albums stay in the library for others, unless `songs` is `delete`; all else goes.
    #[serde(flatten)]
    hanging: Hanging,
    /// What stays, in plain words.
    stays: [&'static str; 3],
    /// By which name what stays is shown.
    name: String,
}

/// What would go with my account, and what would stay.
#[utoipa::path(get, path = "/me/deletion", tag = "me",
    responses((status = 200, body = Preview, description = "As it is now; nothing is done")),
    security(("bearer" = []), ("cookie" = [])))]
async fn preview(State(state): State<AppState>, me: CurrentUser) -> Result<Json<Preview>, Problem> {
    Ok(Json(Preview {
        hanging: removal::hanging(&state.db, me.id()).await?,
        stays: [
            "songs and albums that you have added, unless you ask for your songs to be deleted",
            "what you have said in stages, without your name",
            "how often songs were heard, without saying by whom",
        ],
        name: format!("deleted {}", me.id()),
    }))
}

/// What is to become of the songs that I have added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MySongs {
    #[default]
    Keep,
    Delete,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = DeleteAccount)]
struct Form {
    #[schema(format = "password")]
    current_password: Option<String>,
    #[serde(default)]
    #[schema(inline)]
    songs: MySongs,
}

/// End my account, for good. All my logins end at once, my stages end, and what hangs on the account goes within moments;
/// `GET /me/deletion` tells what. My name rests for 30 days before anybody else may have it.
#[utoipa::path(delete, path = "/me", tag = "me", request_body = Form,
    responses((status = 204, description = "It has ended")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["wrong_password", "rate_limited"]))))]
async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    peer: Peer,
    ApiJson(form): ApiJson<Form>,
) -> Result<impl IntoResponse, Problem> {
    let proved = prove(&state, &me, &peer, form.current_password).await?;
    let songs = if form.songs == MySongs::Delete { Songs::Go } else { Songs::Stay };
    let closed = removal::close(&state.db, me.id(), &proved, songs, state.clock.now()).await?;
    let sessions = closed.ok_or_else(wrong_password)?;
    ended(&state, me.id(), &sessions);
    tracing::info!(user = %me.id(), "account closed");
    let user = me.id();
    let erasing = state.clone();
    tokio::spawn(async move { erasing.erase(user).await });
    Ok((StatusCode::NO_CONTENT, no_cookie(&state, &peer)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use crate::http::kit::testing::Api;

    #[tokio::test]
    async fn an_account_ends_for_good_and_its_stages_with_it() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        ben.put("/users/ana/follow").await.ok(204);
        let stage = ana.post("/stages", json!({"name": "Attic"})).await.ok(201)["id"].clone();
        let told = ana.get("/me/deletion").await.ok(200);
        assert_eq!((&told["followers"], &told["stages"], &told["sessions"]), (&json!(1), &json!(1), &json!(1)));
        assert_eq!(told["name"], format!("deleted {}", ana.id));
        let delete = async |body| ana.send("DELETE", "/me", Some(body)).await;
        delete(json!({})).await.problem(422, "invalid_field");
        delete(json!({"current_password": "another"})).await.problem(403, "wrong_password");
        delete(json!({"current_password": "password of ana", "songs": "burn"})).await.problem(422, "invalid_field");
        api.guest().get("/me/deletion").await.problem(401, "unauthenticated");
        api.guest().send("DELETE", "/me", None).await.problem(401, "unauthenticated");
        let gone = delete(json!({"current_password": "password of ana"})).await;
        assert!(gone.header("set-cookie").contains("Max-Age=0"), "{gone:?}");
        gone.ok(204);
        ana.get("/me").await.problem(401, "unauthenticated");
        let login = json!({"login": "ana", "password": "password of ana"});
        api.guest().post("/auth/login", login).await.problem(401, "bad_credentials");
        let anew = json!({"username": "ana", "email": "x@example.org", "password": "password of x"});
        api.guest().post("/auth/register", anew).await.problem(409, "username_taken");
        ben.get("/users/ana").await.problem(404, "not_found");
        ben.get(&format!("/users/deleted%20{}", ana.id)).await.problem(404, "not_found");
        for _ in 0..500 {
            if ben.get("/me").await.ok(200)["following_count"] == 0 {
                ben.get(&format!("/stages/{stage}")).await.problem(404, "stage_not_found");
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("what hangs on the account stays");
    }
}
