//! Whom I don't want to hear from: they can't befriend, follow or invite me.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::User;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::AppState;
use super::extract::{ApiPath, CurrentUser, Listed, Page};
use super::problem::Problem;
use super::users::{after_name, by_name, find, find_other};
use crate::store::blocks;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(block, unblock))
}

/// Whom I have blocked, by name.
#[utoipa::path(get, path = "/blocks", tag = "friends", params(Page),
    responses((status = 200, body = Listed<User>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(State(state): State<AppState>, me: CurrentUser, page: Page) -> Result<Json<Listed<User>>, Problem> {
    let rows = blocks::list(&state.db, me.id(), &after_name(&page)?, page.fetch()).await?;
    Ok(Json(by_name(&page, rows)))
}

/// Block somebody; a friendship ends. Idempotent.
#[utoipa::path(put, path = "/blocks/{username}", tag = "friends", params(("username" = String, Path)),
    responses((status = 204, description = "Blocked")), security(("bearer" = []), ("cookie" = [])))]
async fn block(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let other = find_other(&state, &me, &username).await?;
    blocks::add(&state.db, me.id(), other.id, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lift a block. Idempotent.
#[utoipa::path(delete, path = "/blocks/{username}", tag = "friends", params(("username" = String, Path)),
    responses((status = 204, description = "Not blocked")), security(("bearer" = []), ("cookie" = [])))]
async fn unblock(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let other = find(&state, &username).await?;
    blocks::remove(&state.db, me.id(), other.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
