//! All stages, whoever may enter them, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::{StageId, model};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::submit;
use crate::http::kit::admin::only;
use crate::http::kit::extract::{ApiPath, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{missing, shape};
use crate::http::kit::state::AppState;
use crate::stage::handle::Command;
use crate::store::{admin, stages};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(end))
}

/// The stages that have not ended, closed ones too, the latest opened first; for administrators.
#[utoipa::path(get, path = "/admin/stages", tag = "admin", params(Page),
    responses((status = 200, body = Listed<model::Stage>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn all(
    State(state): State<AppState>,
    me: CurrentUser,
    page: Page,
) -> Result<Json<Listed<model::Stage>>, Problem> {
    only(&me)?;
    let rows = stages::all(&state.db, page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |stage| stage.id.0, |stage| shape(&state, stage))))
}

/// End a stage, whoever hosts it; everyone in it is told. For administrators.
#[utoipa::path(delete, path = "/admin/stages/{id}", tag = "admin", params(("id" = i64, Path)),
    responses((status = 204, description = "Ended")), security(("bearer" = []), ("cookie" = [])))]
async fn end(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
) -> Result<StatusCode, Problem> {
    only(&me)?;
    let stage = stages::all(&state.db, Some(id.0 + 1), 1).await?.into_iter().find(|stage| stage.id == id);
    let stage = stage.ok_or_else(missing)?;
    let done = submit(&state, id, me.id(), Command::Close).await?;
    admin::ended(&state.db, me.id(), id, &stage.name, state.clock.now()).await?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::kit::testing::Api;

    #[tokio::test]
    async fn an_administrator_ends_a_stage_that_is_not_theirs() {
        let api = Api::new().await;
        let (root, ben) = (api.user("root").await, api.user("ben").await);
        let form = json!({"name": "Cellar", "visibility": "invite"});
        let id = ben.post("/stages", form).await.ok(201)["id"].clone();
        root.get(&format!("/stages/{id}")).await.problem(404, "stage_not_found");
        assert_eq!(root.get("/admin/stages").await.ok(200)["items"][0]["name"], "Cellar");
        let path = format!("/admin/stages/{id}");
        ben.delete(&path).await.problem(403, "forbidden");
        ben.get("/admin/stages").await.problem(403, "forbidden");
        root.delete(&path).await.ok(204);
        root.delete(&path).await.problem(404, "stage_not_found");
        ben.get(&format!("/stages/{id}")).await.problem(404, "stage_not_found");
        let told = root.get("/admin/moderation").await.ok(200)["items"][0].clone();
        assert_eq!((&told["kind"], &told["about"], &told["stage"]), (&json!("stage_ended"), &json!("Cellar"), &id));
    }
}
