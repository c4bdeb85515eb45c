//! Whom I don't want to hear from: they can't befriend, follow or invite me, and are out of my stages.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::User;
use octave_protocol::{StageId, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::users::by_name;
use crate::http::kit::extract::{ApiPath, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::http::kit::users::{after_name, find, find_other};
use crate::stage::handle::Ask;
use crate::store::{blocks, stages};

/// How often, and after what pause each time, a stage is asked again that could not read the blocks.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_secs(1);

pub(crate) fn routes() -> OpenApiRouter<AppState> {
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

/// Block somebody; a friendship ends, and they are out of the stages that I host. Idempotent.
#[utoipa::path(put, path = "/blocks/{username}", tag = "friends", params(("username" = String, Path)),
    responses((status = 204, description = "Blocked")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["invalid_field"]))))]
async fn block(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let other = find_other(&state, &me, &username).await?;
    let by = me.id();
    to_the_end(async move {
        blocks::add(&state.db, by, other.id, state.clock.now()).await?;
        changed(&state, by).await
    })
    .await?;
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
    let by = me.id();
    to_the_end(async move {
        blocks::remove(&state.db, by, other.id).await?;
        changed(&state, by).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells the running stages of `host`. What rests reads it when it opens.
async fn changed(state: &AppState, host: UserId) -> Result<(), Problem> {
    for id in stages::hosted(&state.db, host).await? {
        let Some(stage) = state.registry.running(id).await else { continue };
        if !matches!(stage.ask(Ask::Blocks).await, Ok(Ok(()))) {
            let state = state.clone();
            // The block stands; the stage learns of it as soon as it can read it.
            tokio::spawn(async move { insist(&state, id).await });
        }
    }
    Ok(())
}

async fn insist(state: &AppState, id: StageId) {
    for _ in 0..TRIES {
        tokio::time::sleep(PAUSE).await;
        let Some(stage) = state.registry.running(id).await else { return };
        if let Ok(Ok(())) = stage.ask(Ask::Blocks).await {
            return;
        }
    }
    tracing::error!(stage = %id, "a stage was not told of its host's blocks: they hold when it is opened next");
}

/// Runs it to its end even if the client hangs up in between.
async fn to_the_end(work: impl Future<Output = Result<(), Problem>> + Send + 'static) -> Result<(), Problem> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(Problem::internal()))
}
