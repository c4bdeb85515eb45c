//! Invitations to a stage: for a friend, or as a link.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::{self, Permission, Visibility};
use octave_protocol::{ServerFrame, StageId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{ApiJson, ApiPath, CurrentUser};
use super::problem::Problem;
use super::{AppState, stages as http_stages, users};
use crate::store::invites::{self, Accepted, NewInvite};
use crate::store::{blocks, stages};
use crate::{token, wire};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(invite)).routes(routes!(accept))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Invite)]
struct Whom {
    /// Whom it is for, who is told at once; anybody who has the link when absent.
    username: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Invitation {
    code: String,
    /// The page that accepts it, on this server.
    #[schema(example = "/s/7?invite=dDKpXWcJxEMzJk7b")]
    url: String,
}

/// Invite somebody, or make a link. Into a stage by invitation, its host and its moderators may.
#[utoipa::path(post, path = "/stages/{id}/invites", tag = "stages", params(("id" = i64, Path)), request_body = Whom,
    responses((status = 201, body = Invitation, description = "Made")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn invite(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    ApiJson(whom): ApiJson<Whom>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    let stage = http_stages::find(&state, Some(me.id()), id).await?;
    let standing = stages::standing(&state.db, id, me.id()).await?;
    let may =
        stage.visibility == Visibility::Public || standing.role.may(Permission::Moderate, stage.control, stage.adding);
    if standing.banned || !may {
        return Err(Problem::forbidden("the host and the moderators invite into this stage"));
    }
    let user = match &whom.username {
        None => None,
        Some(username) => {
            let user = users::find(&state, username).await?;
            if blocks::exists(&state.db, user.id, me.id()).await? {
                return Err(Problem::forbidden("this user does not want to hear from you"));
            }
            Some(user.id)
        }
    };
    let code = token::invite();
    let new = NewInvite { code: &code, stage: id, user, by: me.id() };
    invites::create(&state.db, new, state.clock.now()).await?;
    if let Some(user) = user {
        let frame = ServerFrame::Invite { stage: id, name: stage.name, from: me.user(), code: code.clone() };
        state.people.tell(user, &wire::frame::json(&frame));
    }
    let url = format!("/s/{id}?invite={code}");
    Ok((StatusCode::CREATED, Json(Invitation { code, url })))
}

/// Accept an invitation: from now on I may enter.
#[utoipa::path(post, path = "/invites/{code}/accept", tag = "stages", params(("code" = String, Path)),
    responses((status = 200, body = model::Stage, description = "The stage")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["banned"]))))]
async fn accept(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<model::Stage>, Problem> {
    match invites::accept(&state.db, &code, me.id(), state.clock.now()).await? {
        Accepted::Into(id) => {
            let stage = http_stages::find(&state, Some(me.id()), id).await?;
            Ok(Json(http_stages::shape(&state, stage)))
        }
        Accepted::Banned => Err(Problem::new(StatusCode::FORBIDDEN, "banned", "you are banned from this stage")),
        Accepted::Unknown => Err(Problem::not_found("there is no such invitation")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::testing::Api;

    #[tokio::test]
    async fn an_invitation_opens_a_closed_stage_to_whom_it_is_for() {
        let api = Api::new().await;
        let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
        let form = json!({"name": "Kitchen", "visibility": "invite"});
        let id = ana.post("/stages", form).await.ok(201)["id"].clone();
        ben.get(&format!("/stages/{id}")).await.problem(404, "stage_not_found");
        ben.post(&format!("/stages/{id}/invites"), json!({})).await.problem(404, "stage_not_found");
        ana.post(&format!("/stages/{id}/invites"), json!({"username": "nobody"})).await.problem(404, "not_found");
        let made = ana.post(&format!("/stages/{id}/invites"), json!({"username": "Ben"})).await.ok(201);
        let code = made["code"].as_str().unwrap();
        assert_eq!(made["url"], format!("/s/{id}?invite={code}"));
        let accept = format!("/invites/{code}/accept");
        cem.post(&accept, json!({})).await.problem(404, "not_found");
        api.guest().post(&accept, json!({})).await.problem(401, "unauthenticated");
        assert_eq!(ben.post(&accept, json!({})).await.ok(200)["id"], id);
        ben.get(&format!("/stages/{id}")).await.ok(200);
        ben.post(&format!("/stages/{id}/invites"), json!({})).await.problem(403, "forbidden");
        let link = ana.send("POST", &format!("/stages/{id}/invites"), None).await.ok(201);
        cem.post(&format!("/invites/{}/accept", link["code"].as_str().unwrap()), json!({})).await.ok(200);
        cem.post("/invites/nothing/accept", json!({})).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn who_is_blocked_can_not_invite() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        let id = ana.post("/stages", json!({"name": "Kitchen"})).await.ok(201)["id"].clone();
        ben.put("/blocks/ana").await.ok(204);
        ana.post(&format!("/stages/{id}/invites"), json!({"username": "ben"})).await.problem(403, "forbidden");
    }
}
