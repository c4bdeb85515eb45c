//! Invitations to a stage: for a friend, or as a link.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use octave_protocol::model::{self, NotificationKind, Permission, User, Visibility};
use octave_protocol::{Duration, ServerFrame, StageId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::accounts::token;
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser, MaybeUser};
use crate::http::kit::files::{self, Audience};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{banned, find, shape};
use crate::http::kit::state::{AppState, Limits};
use crate::http::kit::users;
use crate::store::blocks;
use crate::store::guests::links;
use crate::store::invites::{self, Accepted, Door, Invite, InviteId, NewInvite};
use crate::store::notifications::Note;
use crate::store::stages::{self, Stage};
use crate::wire;

/// Longest life of an invitation, in seconds.
const MAX_SECONDS: i64 = 365 * 24 * 3600;
const MAX_USES: i64 = 10_000;
/// Invitations into one stage by one person that have not expired.
const MOST_BY_ONE: i64 = 200;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(invite, list))
        .routes(routes!(revoke))
        .routes(routes!(door))
        .routes(routes!(cover))
        .routes(routes!(accept))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Invite)]
struct Whom {
    /// Whom it is for, who is told at once; anybody who has the link when absent.
    username: Option<String>,
    /// After so many seconds it lets nobody in any more, 1 to a year; it does not end by itself when absent.
    #[schema(minimum = 1, maximum = 31_536_000)]
    expires_in_s: Option<i64>,
    /// How many people it lets in, 1 to 10,000; as many as come when absent. Who came may use it again.
    #[schema(minimum = 1, maximum = 10_000)]
    max_uses: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Invitation {
    id: i64,
    /// Shown this once: only its hash is kept.
    code: String,
    /// The page that accepts it, on this server.
    #[schema(example = "/s/7?invite=dDKpXWcJxEMzJk7b")]
    url: String,
    expires_us: Option<i64>,
}

/// An invitation that can be called back.
#[derive(Debug, Serialize, ToSchema)]
struct InviteItem {
    id: i64,
    /// Whom it is for; anybody who has the link when absent.
    user: Option<User>,
    by: User,
    created_us: i64,
    expires_us: Option<i64>,
    max_uses: Option<i64>,
    /// How many people it has let in.
    uses: i64,
    /// Whether it lets in: it is not expired nor used up, and who made it may invite into this stage.
    good: bool,
}

impl From<Invite> for InviteItem {
    fn from(invite: Invite) -> Self {
        Self {
            id: invite.id.0,
            user: invite.user,
            by: invite.by,
            created_us: invite.created.0,
            expires_us: invite.expires.map(|at| at.0),
            max_uses: invite.max_uses,
            uses: invite.uses,
            good: invite.good,
        }
    }
}

/// Invite somebody, or make a link. Into a public stage anybody may, else its host and its moderators; it is good as long
/// as who made it may.
#[utoipa::path(post, path = "/stages/{id}/invites", tag = "stages", params(("id" = i64, Path)), request_body = Whom,
    responses((status = 201, body = Invitation, description = "Made")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden", "limit_reached"]))))]
async fn invite(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    ApiJson(whom): ApiJson<Whom>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    let stage = find(&state, Some(me.id()), id).await?;
    let moderates = moderates(&state, &me, &stage).await?;
    if stage.visibility != Visibility::Public && !moderates {
        return Err(Problem::forbidden("the host and the moderators invite into this stage"));
    }
    let seconds = within("expires_in_s", whom.expires_in_s, MAX_SECONDS)?;
    let max_uses = within("max_uses", whom.max_uses, MAX_USES)?;
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
    let now = state.clock.now();
    if state.settings.limits == Limits::On && invites::count(&state.db, id, me.id(), now).await? >= MOST_BY_ONE {
        let detail = format!("call some of your {MOST_BY_ONE} invitations into this stage back first");
        return Err(Problem::conflict("limit_reached", detail));
    }
    let code = token::invite();
    let expires = seconds.map(|seconds| now + Duration::from_secs(seconds));
    let new = NewInvite { code: &code, stage: id, user, by: me.id(), expires, max_uses };
    let made = invites::create(&state.db, new, now).await?;
    if let Some(user) = user {
        let note = Note {
            stage: Some(id),
            code: Some(code.clone()),
            about: stage.name.clone(),
            ..Note::new(NotificationKind::Invite, me.id())
        };
        let frame = ServerFrame::Invite { stage: id, name: stage.name, from: me.user(), code: code.clone() };
        state.people.tell(user, &wire::frame::json(&frame));
        state.notify(&[user], note).await;
    }
    let url = format!("/s/{id}?invite={code}");
    let expires_us = expires.map(|at| at.0);
    Ok((StatusCode::CREATED, Json(Invitation { id: made.0, code, url, expires_us })))
}

pub(super) fn within(field: &'static str, value: Option<i64>, most: i64) -> Result<Option<i64>, Problem> {
    match value {
        Some(value) if !(1..=most).contains(&value) => {
            Err(Problem::invalid_field(field, format!("must be 1 to {most}")))
        }
        value => Ok(value),
    }
}

/// Whether I see and call back the invitations of others.
async fn moderates(state: &AppState, me: &CurrentUser, stage: &Stage) -> Result<bool, Problem> {
    let role = stages::standing(&state.db, stage.id, me.id()).await?.role;
    Ok(role.may(Permission::Moderate, stage.control, stage.adding))
}

/// Invitations into a stage, the latest first: all of them for its host and its moderators, for others their own.
#[utoipa::path(get, path = "/stages/{id}/invites", tag = "stages", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<InviteItem>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    page: Page,
) -> Result<Json<Listed<InviteItem>>, Problem> {
    let stage = find(&state, Some(me.id()), id).await?;
    let by = (!moderates(&state, &me, &stage).await?).then(|| me.id());
    let rows = invites::list(&state.db, id, by, page.after()?, page.fetch(), state.clock.now()).await?;
    Ok(Json(Listed::new(&page, rows, |invite| invite.id.0, InviteItem::from)))
}

/// Call an invitation back: its code lets nobody in any more. Who came by it stays.
#[utoipa::path(delete, path = "/stages/{id}/invites/{invite_id}", tag = "stages",
    params(("id" = i64, Path), ("invite_id" = i64, Path)),
    responses((status = 204, description = "Called back")), security(("bearer" = []), ("cookie" = [])))]
async fn revoke(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, invite)): ApiPath<(StageId, i64)>,
) -> Result<StatusCode, Problem> {
    let stage = find(&state, Some(me.id()), id).await?;
    let by = (!moderates(&state, &me, &stage).await?).then(|| me.id());
    if !invites::revoke(&state.db, id, InviteId(invite), by).await? {
        return Err(unknown());
    }
    Ok(StatusCode::NO_CONTENT)
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
pub(super) struct DoorStage {
    #[schema(value_type = i64)]
    pub(super) id: StageId,
    pub(super) name: String,
    pub(super) genres: Vec<String>,
    /// For whoever has the code.
    #[schema(example = "/api/v1/invites/dDKpXWcJxEMzJk7b/cover?v=9f86d081")]
    pub(super) cover_url: Option<String>,
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
    let Door { stage, by } = opened_by(&state, &viewer, &code).await?;
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
    let cover = opened_by(&state, &viewer, &code).await?.stage.cover;
    files::image(&state.media, request, cover.as_deref(), Audience::Asker).await
}

async fn opened_by(state: &AppState, viewer: &MaybeUser, code: &str) -> Result<Door, Problem> {
    invites::door(&state.db, code, viewer.id(), state.clock.now()).await?.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("there is no such invitation")
}

/// Accept an invitation, or a link for guests by somebody with an account: from now on I may enter.
#[utoipa::path(post, path = "/invites/{code}/accept", tag = "stages", params(("code" = String, Path)),
    responses((status = 200, body = model::Stage, description = "The stage")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["banned"]))))]
async fn accept(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<model::Stage>, Problem> {
    match links::accept(&state.db, &code, None, me.id(), state.clock.now()).await? {
        Accepted::Into(id) => {
            let stage = find(&state, Some(me.id()), id).await?;
            Ok(Json(shape(&state, stage)))
        }
        Accepted::Banned => Err(banned()),
        Accepted::Unknown => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::kit::testing::Api;

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
    async fn invitations_are_listed_bounded_and_called_back() {
        let api = Api::new().await;
        let (ana, ben, cem) = (api.user("ana").await, api.user("ben").await, api.user("cem").await);
        let id = ana.post("/stages", json!({"name": "Kitchen"})).await.ok(201)["id"].clone();
        let invites = format!("/stages/{id}/invites");
        let accept = |made: &serde_json::Value| format!("/invites/{}/accept", made["code"].as_str().unwrap());
        for (form, field) in [
            (json!({"expires_in_s": 0}), "expires_in_s"),
            (json!({"expires_in_s": 31_536_001}), "expires_in_s"),
            (json!({"max_uses": 0}), "max_uses"),
            (json!({"max_uses": "many"}), "max_uses"),
        ] {
            let problem = ana.post(&invites, form).await.problem(422, "invalid_field");
            assert_eq!(crate::http::kit::testing::fields(&problem), [field]);
        }
        let bens = ben.post(&invites, json!({})).await.ok(201);
        assert_eq!(bens["expires_us"], serde_json::Value::Null);
        let once = ana.post(&invites, json!({"max_uses": 1, "expires_in_s": 60})).await.ok(201);
        assert!(once["expires_us"].as_i64().unwrap() > 1_700_000_000_000_000);
        ana.patch(&format!("/stages/{id}"), json!({"visibility": "invite"})).await.ok(200);
        ben.get(&invites).await.problem(404, "stage_not_found");
        cem.post(&accept(&bens), json!({})).await.problem(404, "not_found");
        cem.post(&accept(&once), json!({})).await.ok(200);
        cem.post(&accept(&once), json!({})).await.ok(200);
        ben.post(&accept(&once), json!({})).await.problem(404, "not_found");

        let list = ana.get(&format!("{invites}?limit=1")).await.ok(200);
        let item = &list["items"][0];
        assert_eq!(
            (&item["id"], &item["uses"], &item["max_uses"], &item["good"]),
            (&once["id"], &json!(1), &json!(1), &json!(false))
        );
        assert_eq!((&item["by"]["username"], item.get("code")), (&json!("ana"), None));
        let rest = ana.get(&format!("{invites}?after={}", list["next"].as_str().unwrap())).await.ok(200);
        assert_eq!((&rest["items"][0]["id"], &rest["items"][0]["good"]), (&bens["id"], &json!(false)));
        assert_eq!(cem.get(&invites).await.ok(200)["items"], json!([]), "of others they see none");

        let of = |made: &serde_json::Value| format!("{invites}/{}", made["id"]);
        cem.delete(&of(&once)).await.problem(404, "not_found");
        ana.delete(&of(&once)).await.ok(204);
        ana.delete(&of(&once)).await.problem(404, "not_found");
        cem.get(&format!("/stages/{id}")).await.ok(200);
        let link = ana.post(&invites, json!({})).await.ok(201);
        ana.delete(&of(&link)).await.ok(204);
        ben.post(&accept(&link), json!({})).await.problem(404, "not_found");
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
