//! Who is in a stage, and what they may do there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::{Participant, Permission, Role, User};
use octave_protocol::{Instant, StageId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::guests::somebody;
use super::{ask, submit};
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser, MaybeUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::find;
use crate::http::kit::state::AppState;
use crate::http::kit::users;
use crate::stage::handle::{Ask, Command};
use crate::store::stages::{self, Ban};
use crate::store::users::key;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(present))
        .routes(routes!(set_role))
        .routes(routes!(kick))
        .routes(routes!(ban, unban))
        .routes(routes!(mute, unmute))
        .routes(routes!(bans))
}

/// Who is there, by role, then by name.
#[utoipa::path(get, path = "/stages/{id}/participants", tag = "stages", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<Participant>, description = "A piece of the list")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn present(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(id): ApiPath<StageId>,
    page: Page,
) -> Result<Json<Listed<Participant>>, Problem> {
    find(&state, viewer.id(), id).await?;
    let after: Option<(u8, String)> = page.after()?;
    if state.registry.live(id).is_none() {
        // A stage that does not run has nobody in it, and need not be started to say so.
        return Ok(Json(Listed::all(Vec::new())));
    }
    let place = |p: &Participant| (u8::MAX - p.role.rank(), p.username.to_string());
    let mut all = ask(&state, id, Ask::Participants).await?;
    all.retain(|p| after.as_ref().is_none_or(|after| place(p) > *after));
    all.sort_by_cached_key(place);
    all.truncate(page.fetch() as usize);
    Ok(Json(Listed::new(&page, all, place, |p| p)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GiveRole)]
struct Given {
    role: Role,
}

/// Give somebody a role. `host` hands the stage over.
#[utoipa::path(put, path = "/stages/{id}/roles/{username}", tag = "stages", request_body = Given,
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Given")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn set_role(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
    ApiJson(Given { role }): ApiJson<Given>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user| Command::SetRole { user, role }).await
}

/// Remove somebody, who may come back: the host and the moderators, those of a lower role. All in the stage hear the
/// event `removed` with the reason `kicked`, they themselves on each of their connections, which are in the stage no more
/// from then on and live on otherwise. Nothing happens to who is not there.
#[utoipa::path(post, path = "/stages/{id}/kicks/{username}", tag = "stages",
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "They are out")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn kick(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user| Command::Kick { user }).await
}

/// Ban somebody: they are removed as by a kick, with the reason `banned`, and can't come back.
#[utoipa::path(put, path = "/stages/{id}/bans/{username}", tag = "stages",
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Banned")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn ban(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user| Command::Ban { user, banned: true }).await
}

/// Lift a ban.
#[utoipa::path(delete, path = "/stages/{id}/bans/{username}", tag = "stages",
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Lifted")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn unban(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user| Command::Ban { user, banned: false }).await
}

/// Until when; absent or null: until it is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MuteUntil)]
struct Until {
    #[schema(value_type = Option<i64>)]
    until_us: Option<Instant>,
}

/// Mute somebody: they hear, and may neither chat nor react nor show that they type. The host and the moderators, those of
/// a lower role. Everybody is told by `presence`, where the participant then says `muted`.
#[utoipa::path(put, path = "/stages/{id}/mutes/{username}", tag = "stages", request_body = Option<Until>,
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Muted")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn mute(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
    ApiJson(Until { until_us: until }): ApiJson<Until>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user| Command::Mute { user, until }).await
}

/// Let somebody speak again.
#[utoipa::path(delete, path = "/stages/{id}/mutes/{username}", tag = "stages",
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Lifted")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn unmute(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user| Command::Unmute { user: user.id }).await
}

/// Somebody who may not enter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ban)]
struct BanItem {
    user: User,
    /// When they were banned, and by whom; absent where that is not known any more.
    at_us: Option<i64>,
    by: Option<User>,
}

impl From<Ban> for BanItem {
    fn from(Ban { user, at, by }: Ban) -> Self {
        Self { user, at_us: at.map(|at| at.0), by }
    }
}

/// Who is banned, by name; for those who may lift a ban.
#[utoipa::path(get, path = "/stages/{id}/bans", tag = "stages", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<BanItem>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn bans(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    page: Page,
) -> Result<Json<Listed<BanItem>>, Problem> {
    let stage = find(&state, Some(me.id()), id).await?;
    let role = stages::standing(&state.db, id, me.id()).await?.role;
    if !role.may(Permission::Moderate, stage.control, stage.adding) {
        return Err(Problem::forbidden("the host and the moderators see who is banned"));
    }
    let rows = stages::bans(&state.db, id, &users::after_name(&page)?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |ban| key(&ban.user.username), BanItem::from)))
}

/// Asks the stage to change what somebody is there.
async fn change(
    state: &AppState,
    me: &CurrentUser,
    id: StageId,
    username: &str,
    command: impl FnOnce(Arc<User>) -> Command,
) -> Result<StatusCode, Problem> {
    find(state, Some(me.id()), id).await?;
    let user = somebody(state, id, username).await?;
    submit(state, id, me.id(), command(Arc::new(user))).await
}
