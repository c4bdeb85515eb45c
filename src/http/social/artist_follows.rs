//! Following artists.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::ArtistId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::artist_follows;
use crate::store::artists::Artist;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(follow, unfollow)).routes(routes!(mine))
}

/// Follow an artist. Idempotent.
#[utoipa::path(put, path = "/artists/{id}/follow", tag = "artists", params(("id" = i64, Path)),
    responses((status = 204, description = "Followed")), security(("bearer" = []), ("cookie" = [])))]
async fn follow(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<ArtistId>,
) -> Result<StatusCode, Problem> {
    done(artist_follows::add(&state.db, me.id(), id, state.clock.now()).await?)
}

/// Follow an artist no more. Idempotent.
#[utoipa::path(delete, path = "/artists/{id}/follow", tag = "artists", params(("id" = i64, Path)),
    responses((status = 204, description = "Not followed")), security(("bearer" = []), ("cookie" = [])))]
async fn unfollow(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<ArtistId>,
) -> Result<StatusCode, Problem> {
    done(artist_follows::remove(&state.db, me.id(), id).await?)
}

fn done(is_there: bool) -> Result<StatusCode, Problem> {
    is_there.then_some(StatusCode::NO_CONTENT).ok_or_else(|| Problem::not_found("there is no such artist"))
}

/// The artists that I follow, by name.
#[utoipa::path(get, path = "/me/artists", tag = "artists", params(Page),
    responses((status = 200, body = Listed<Artist>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn mine(State(state): State<AppState>, me: CurrentUser, page: Page) -> Result<Json<Listed<Artist>>, Problem> {
    let rows = artist_follows::list(&state.db, me.id(), page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |artist| artist.id, |artist| artist)))
}

#[cfg(test)]
mod tests {
    use octave_protocol::UserId;
    use serde_json::json;

    use crate::http::kit::testing::Api;
    use crate::store::songs::{self, tests::song};

    #[tokio::test]
    async fn an_artist_is_followed_by_who_likes_to() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let song = songs::insert(&api.state.db, &song(UserId(ana.id), "So What", "Miles")).await.unwrap();
        let id = ana.get(&format!("/songs/{song}")).await.ok(200)["artist_id"].clone();
        let (artist, follow) = (format!("/artists/{id}"), format!("/artists/{id}/follow"));
        let seen = ana.get(&artist).await.ok(200);
        assert_eq!((&seen["followers_count"], &seen["followed"]), (&json!(0), &json!(false)));
        for _ in 0..2 {
            ana.put(&follow).await.ok(204);
        }
        let seen = ana.get(&artist).await.ok(200);
        assert_eq!((&seen["followers_count"], &seen["followed"]), (&json!(1), &json!(true)));
        assert_eq!(api.guest().get(&artist).await.ok(200)["followed"], false);
        assert_eq!(ana.get("/me/artists").await.ok(200)["items"][0]["name"], "Miles");
        assert_eq!(ana.get("/artists").await.ok(200)["items"][0]["followers_count"], 1);
        for _ in 0..2 {
            ana.delete(&follow).await.ok(204);
        }
        assert_eq!(ana.get("/me/artists").await.ok(200)["items"], json!([]));
        assert_eq!(ana.get(&artist).await.ok(200)["followers_count"], 0);
        api.guest().put(&follow).await.problem(401, "unauthenticated");
        api.guest().get("/me/artists").await.problem(401, "unauthenticated");
        ana.put("/artists/99/follow").await.problem(404, "not_found");
        ana.delete("/artists/99/follow").await.problem(404, "not_found");
    }
}
