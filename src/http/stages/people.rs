//! Who is in a stage, and what they may do there.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::StageId;
use octave_protocol::model::{Participant, Role, User};
use serde::Deserialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ask, find};
use crate::http::AppState;
use crate::http::extract::{ApiJson, ApiPath, CurrentUser, Listed, MaybeUser, Page};
use crate::http::problem::Problem;
use crate::http::users;
use crate::stage::handle::{Ask, Refused};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(present)).routes(routes!(set_role)).routes(routes!(ban, unban))
}

/// Who is there, by role, then by name.
#[utoipa::path(get, path = "/stages/{id}/participants", tag = "stages", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<Participant>, description = "A piece of the list")))]
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
struct Given {
    role: Role,
}

/// Give somebody a role. `host` hands the stage over.
#[utoipa::path(put, path = "/stages/{id}/roles/{username}", tag = "stages", request_body = Given,
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Given")), security(("bearer" = []), ("cookie" = [])))]
async fn set_role(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
    ApiJson(Given { role }): ApiJson<Given>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user, reply| Ask::SetRole { by: me.id(), user, role, reply }).await
}

/// Ban somebody: they are removed, and their connections to the stage end.
#[utoipa::path(put, path = "/stages/{id}/bans/{username}", tag = "stages",
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Banned")), security(("bearer" = []), ("cookie" = [])))]
async fn ban(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user, reply| Ask::Ban { by: me.id(), user, banned: true, reply }).await
}

/// Lift a ban.
#[utoipa::path(delete, path = "/stages/{id}/bans/{username}", tag = "stages",
    params(("id" = i64, Path), ("username" = String, Path)),
    responses((status = 204, description = "Lifted")), security(("bearer" = []), ("cookie" = [])))]
async fn unban(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, username)): ApiPath<(StageId, String)>,
) -> Result<StatusCode, Problem> {
    change(&state, &me, id, &username, |user, reply| Ask::Ban { by: me.id(), user, banned: false, reply }).await
}

/// Asks the stage to change what somebody is there.
async fn change(
    state: &AppState,
    me: &CurrentUser,
    id: StageId,
    username: &str,
    wanted: impl FnOnce(User, oneshot::Sender<Result<(), Refused>>) -> Ask,
) -> Result<StatusCode, Problem> {
    find(state, Some(me.id()), id).await?;
    let user = users::find(state, username).await?.user();
    ask(state, id, |reply| wanted(user, reply)).await??;
    Ok(StatusCode::NO_CONTENT)
}
