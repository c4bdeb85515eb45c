//! Friendships: asked, accepted, ended.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::{NotificationKind, User};
use octave_protocol::{ServerFrame, StageId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, ApiQuery, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::http::kit::users::{after_name, find, find_other};
use crate::store::access::{Access, access};
use crate::store::blocks::Block;
use crate::store::friends::{self, Friendship, Offered};
use crate::store::notifications::Note;
use crate::store::users;
use crate::wire;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(offer, remove))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `accepted` when absent.
    #[param(inline)]
    status: Option<Friendship>,
}

/// Somebody with whom I am, or may become, friends.
#[derive(Debug, Serialize, ToSchema)]
struct Friend {
    #[serde(flatten)]
    user: User,
    status: Friendship,
    /// Of friends alone: whether they have a connection.
    online: bool,
    /// Of friends alone: the stage they are in, if I may know of it.
    stage: Option<StageId>,
}

/// My friendships, by name.
#[utoipa::path(get, path = "/friends", tag = "friends", params(Which, Page),
    responses((status = 200, body = Listed<Friend>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(
    State(state): State<AppState>,
    me: CurrentUser,
    page: Page,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<Listed<Friend>>, Problem> {
    let status = which.status.unwrap_or(Friendship::Accepted);
    let rows = friends::list(&state.db, me.id(), status, &after_name(&page)?, page.fetch()).await?;
    let mut stages = HashMap::new();
    for row in rows.iter().filter(|_| status == Friendship::Accepted) {
        if let Some(stage) = stage_of(&state, me.id(), row.id).await? {
            stages.insert(row.id, stage);
        }
    }
    let friend = |row: users::Account| Friend {
        user: row.user(),
        status,
        online: status == Friendship::Accepted && state.people.is_online(row.id),
        stage: stages.get(&row.id).copied(),
    };
    Ok(Json(Listed::new(&page, rows, |row| users::key(&row.username), friend)))
}

/// The stage that a friend has entered last, of those that `viewer` may know of.
pub async fn stage_of(state: &AppState, viewer: UserId, friend: UserId) -> Result<Option<StageId>, Problem> {
    for stage in state.registry.stages_of(friend).into_iter().rev() {
        if access(&state.db, &state.viewer(Some(viewer)), stage).await? == Access::Open {
            return Ok(Some(stage));
        }
    }
    Ok(None)
}

/// How we stand now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FriendshipState)]
struct Standing {
    status: Friendship,
}

/// Ask somebody to be friends, or accept when they asked me. Idempotent.
#[utoipa::path(put, path = "/friends/{username}", tag = "friends", params(("username" = String, Path)),
    responses((status = 200, body = Standing, description = "`outgoing` when asked, `accepted` when accepted")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden", "blocked", "invalid_field"]))))]
async fn offer(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<Json<Standing>, Problem> {
    let other = find_other(&state, &me, &username).await?;
    let tell = |frame| state.people.tell(other.id, &wire::frame::json(&frame));
    let status = match friends::offer(&state.db, me.id(), other.id, state.clock.now()).await? {
        Offered::Asked => {
            tell(ServerFrame::FriendRequest { user: me.user() });
            state.notify(&[other.id], Note::new(NotificationKind::FriendRequest, me.id())).await;
            Friendship::Outgoing
        }
        Offered::Accepted => {
            tell(ServerFrame::FriendAccepted { user: me.user() });
            state.notify(&[other.id], Note::new(NotificationKind::FriendAccepted, me.id())).await;
            Friendship::Accepted
        }
        Offered::Unchanged(status) => status,
        Offered::Blocked(Block::Theirs) => return Err(Problem::forbidden("this user does not want to hear from you")),
        Offered::Blocked(Block::Mine) => return Err(Problem::conflict("blocked", "you have blocked this user")),
    };
    Ok(Json(Standing { status }))
}

/// Decline, cancel or unfriend. Idempotent.
#[utoipa::path(delete, path = "/friends/{username}", tag = "friends", params(("username" = String, Path)),
    responses((status = 204, description = "Nothing is between us")), security(("bearer" = []), ("cookie" = [])))]
async fn remove(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let other = find(&state, &username).await?;
    friends::remove(&state.db, me.id(), other.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::kit::testing::{Api, Client};

    async fn names(client: &Client, status: &str) -> Vec<String> {
        let list = client.get(&format!("/friends?status={status}")).await.ok(200);
        let items = list["items"].as_array().unwrap();
        assert!(items.iter().all(|f| f["status"] == status && f["online"] == false && f["stage"].is_null()));
        items.iter().map(|f| f["username"].as_str().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn asked_accepted_and_ended() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        assert_eq!(ana.put("/friends/ben").await.ok(200), json!({"status": "outgoing"}));
        assert_eq!(ana.put("/friends/ben").await.ok(200), json!({"status": "outgoing"}));
        assert_eq!(
            (names(&ana, "outgoing").await, names(&ben, "incoming").await),
            (vec!["ben".into()], vec!["ana".into()])
        );
        assert_eq!(ben.put("/friends/ana").await.ok(200), json!({"status": "accepted"}));
        assert_eq!(names(&ana, "accepted").await, ["ben"]);
        assert_eq!(ana.get("/friends").await.ok(200)["items"][0]["id"], ben.id);
        assert_eq!(ana.get("/me").await.ok(200)["friends_count"], 1);
        assert_eq!(ana.get("/users/ben").await.ok(200)["friendship"], "accepted");
        ben.delete("/friends/ana").await.ok(204);
        ben.delete("/friends/ana").await.ok(204);
        assert_eq!(names(&ana, "accepted").await, [""; 0]);
        assert_eq!(ana.get("/me").await.ok(200)["friends_count"], 0);
    }

    #[tokio::test]
    async fn what_makes_no_sense_is_refused() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        ana.put("/friends/ana").await.problem(422, "invalid_field");
        ana.put("/friends/nobody").await.problem(404, "not_found");
        ana.get("/friends?status=best").await.problem(422, "invalid_field");
        api.guest().get("/friends").await.problem(401, "unauthenticated");
        api.guest().put("/friends/ana").await.problem(401, "unauthenticated");
    }

    #[tokio::test]
    async fn a_block_ends_what_was_and_keeps_it_ended() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        ana.put("/friends/ben").await.ok(200);
        ben.put("/friends/ana").await.ok(200);
        ben.put("/users/ana/follow").await.ok(204);
        for _ in 0..2 {
            ana.put("/blocks/ben").await.ok(204);
        }
        let me = ana.get("/me").await.ok(200);
        assert_eq!((&me["friends_count"], &me["followers_count"]), (&json!(0), &json!(0)));
        assert_eq!(ana.get("/blocks").await.ok(200)["items"][0]["username"], "ben");
        ben.put("/friends/ana").await.problem(403, "forbidden");
        ben.put("/users/ana/follow").await.problem(403, "forbidden");
        ana.put("/friends/ben").await.problem(409, "blocked");
        ana.put("/blocks/ana").await.problem(422, "invalid_field");
        ana.delete("/blocks/ben").await.ok(204);
        assert_eq!(ben.put("/friends/ana").await.ok(200), json!({"status": "outgoing"}));
    }
}
