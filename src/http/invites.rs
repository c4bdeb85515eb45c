//! Invitations to a stage: for a friend, or as a link.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use octave_protocol::model::{self, Permission, User, Visibility};
use octave_protocol::{ServerFrame, StageId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{ApiJson, ApiPath, CurrentUser, MaybeUser};
use super::files::{self, Audience};
use super::problem::Problem;
use super::{AppState, stages as http_stages, users};
use crate::store::invites::{self, Accepted, Door, NewInvite};
use crate::store::{blocks, stages};
use crate::{token, wire};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(invite)).routes(routes!(door)).routes(routes!(cover)).routes(routes!(accept))
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

/// What an invitation leads to.
#[derive(Debug, Serialize, ToSchema)]
struct InviteDoor {
    stage: DoorStage,
    host: User,
    /// Who invites.
    by: User,
}

/// A stage as its door shows it.
#[derive(Debug, Serialize, ToSchema)]
struct DoorStage {
    #[schema(value_type = i64)]
    id: StageId,
    name: String,
    genres: Vec<String>,
    /// For whoever has the code.
    #[schema(example = "/api/v1/invites/dDKpXWcJxEMzJk7b/cover?v=9f86d081")]
    cover_url: Option<String>,
}

/// The door of a stage, to whoever has an invitation, logged in or not: what it is called and who invites. Nothing is
/// accepted by it.
#[utoipa::path(get, path = "/invites/{code}", tag = "stages", params(("code" = String, Path)),
    responses((status = 200, body = InviteDoor, description = "Where it leads")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn door(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<InviteDoor>, Problem> {
    let Door { stage, by } = find(&state, &viewer, &code).await?;
    let version = stage.cover.as_deref().map(|file| file.get(..8).unwrap_or(file));
    let code = utf8_percent_encode(&code, NON_ALPHANUMERIC);
    let cover_url = version.map(|version| format!("/api/v1/invites/{code}/cover?v={version}"));
    let stage_ = DoorStage { id: stage.id, name: stage.name, genres: stage.genres, cover_url };
    Ok(Json(InviteDoor { stage: stage_, host: stage.host, by }))
}

/// The cover of the stage that an invitation leads to.
#[utoipa::path(get, path = "/invites/{code}/cover", tag = "stages", params(("code" = String, Path)),
    responses((status = 200, content_type = "image/*", description = "The picture")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn cover(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(code): ApiPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    let cover = find(&state, &viewer, &code).await?.stage.cover;
    files::image(&state.media, request, cover.as_deref(), Audience::Asker).await
}

async fn find(state: &AppState, viewer: &MaybeUser, code: &str) -> Result<Door, Problem> {
    invites::door(&state.db, code, viewer.id()).await?.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("there is no such invitation")
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
        Accepted::Unknown => Err(unknown()),
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
    async fn who_has_an_invitation_sees_the_door_before_they_log_in() {
        let api = Api::new().await;
        let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
        let form = json!({"name": "Kitchen", "visibility": "invite", "genres": ["Jazz"]});
        let id = ana.post("/stages", form).await.ok(201)["id"].clone();
        let invites = format!("/stages/{id}/invites");
        let link = ana.post(&invites, json!({})).await.ok(201)["code"].as_str().unwrap().to_owned();
        let host = json!({"id": ana.id, "username": "ana", "avatar_url": null});
        let wanted = json!({
            "stage": {"id": id, "name": "Kitchen", "genres": ["Jazz"], "cover_url": null}, "host": host, "by": host,
        });
        assert_eq!(api.guest().get(&format!("/invites/{link}")).await.ok(200), wanted);
        ben.get(&format!("/stages/{id}")).await.problem(404, "stage_not_found");
        api.guest().get(&format!("/invites/{link}/cover")).await.problem(404, "not_found");
        let picture = std::fs::read("tests/fixtures/not_audio.jpg").unwrap();
        ana.bytes("PUT", &format!("/stages/{id}/cover"), picture).await.ok(200);
        let cover = api.guest().get(&format!("/invites/{link}")).await.ok(200)["stage"]["cover_url"].clone();
        let cover = cover.as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
        assert!(api.guest().get(&cover).await.header("content-type").starts_with("image/"));

        let for_ben = ana.post(&invites, json!({"username": "ben"})).await.ok(201)["code"].as_str().unwrap().to_owned();
        ben.get(&format!("/invites/{for_ben}")).await.ok(200);
        cem.get(&format!("/invites/{for_ben}")).await.problem(404, "not_found");
        api.guest().get("/invites/nothing").await.problem(404, "not_found");
        ana.delete(&format!("/stages/{id}")).await.ok(204);
        api.guest().get(&format!("/invites/{link}")).await.problem(404, "not_found");
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
