//! What I have heard.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::Song;
use octave_protocol::{Duration, Instant, StageId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::CurrentUser;
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::plays::{self, Play};

/// Plays that one statement forgets.
const FORGOTTEN_AT_ONCE: u32 = 500;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, forget))
}

/// A song that I have heard: half of it, or four minutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeardSong)]
struct Item {
    song: Song,
    /// Where; absent if that stage is no more.
    #[schema(value_type = Option<i64>)]
    stage: Option<StageId>,
    /// How much of it, when it was enough to count.
    #[schema(value_type = i64)]
    heard_us: Duration,
    #[schema(value_type = i64)]
    at_us: Instant,
}

impl From<Play> for Item {
    fn from(play: Play) -> Self {
        Self { song: play.song, stage: play.stage, heard_us: play.heard, at_us: play.at }
    }
}

/// What I have heard, the latest first. A song counts when half of it or four minutes have sounded, by what my own player
/// told.
#[utoipa::path(get, path = "/me/history", tag = "me", params(Page),
    responses((status = 200, body = Listed<Item>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(State(state): State<AppState>, me: CurrentUser, page: Page) -> Result<Json<Listed<Item>>, Problem> {
    let rows = plays::list(&state.db, me.id(), page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |play| play.id, Item::from)))
}

/// Forget what I have heard. How often songs were heard stays.
#[utoipa::path(delete, path = "/me/history", tag = "me",
    responses((status = 204, description = "Forgotten")), security(("bearer" = []), ("cookie" = [])))]
async fn forget(State(state): State<AppState>, me: CurrentUser) -> Result<StatusCode, Problem> {
    while plays::forget(&state.db, me.id(), FORGOTTEN_AT_ONCE).await? {}
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use octave_protocol::{Duration, Instant, StageId, UserId};
    use serde_json::json;

    use crate::http::kit::testing::Api;
    use crate::store::plays::{self, NewPlay};
    use crate::store::songs::{self, tests::song};

    #[tokio::test]
    async fn my_history_is_mine_and_can_be_forgotten() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        let id = songs::insert(&api.state.db, &song(UserId(ana.id), "So What", "Miles")).await.unwrap();
        let stage = StageId(ana.post("/stages", json!({"name": "Attic"})).await.ok(201)["id"].as_i64().unwrap());
        let heard = Duration::from_secs(1);
        let play = |at| NewPlay {
            user: UserId(ana.id),
            song: id,
            stage,
            heard,
            at: Instant(at),
            unless_since: Instant(at - 1),
        };
        for at in [10, 20] {
            plays::add(&api.state.db, &[play(at)]).await.unwrap();
        }
        let list = ana.get("/me/history?limit=1").await.ok(200);
        let item = &list["items"][0];
        assert_eq!((&item["song"]["title"], &item["stage"]), (&json!("So What"), &json!(stage)));
        assert_eq!((&item["heard_us"], &item["at_us"]), (&json!(1_000_000), &json!(20)));
        let next = list["next"].as_str().unwrap();
        assert_eq!(ana.get(&format!("/me/history?after={next}")).await.ok(200)["items"][0]["at_us"], 10);
        assert_eq!(ben.get("/me/history").await.ok(200)["items"], json!([]));
        api.guest().get("/me/history").await.problem(401, "unauthenticated");
        assert_eq!(ben.get(&format!("/songs/{id}")).await.ok(200)["plays_count"], 2);
        ana.delete("/me/history").await.ok(204);
        assert_eq!(ana.get("/me/history").await.ok(200)["items"], json!([]));
        assert_eq!(ben.get(&format!("/songs/{id}")).await.ok(200)["plays_count"], 2);
    }
}
