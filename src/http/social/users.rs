//! Profiles as others see them, and follows.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use octave_protocol::UserId;
use octave_protocol::model::{self, User, Visibility};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiPath, CurrentUser, MaybeUser};
use crate::http::kit::files;
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::shape;
use crate::http::kit::state::AppState;
use crate::http::kit::users::{after_name, find, find_other};
use crate::store::friends::{self, Friendship};
use crate::store::stages::Filter;
use crate::store::users::{self, Account};
use crate::store::{blocks, follows};

/// Stages of a host that are looked through for the one to show.
const CONSIDERED: u32 = 20;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(avatar))
        .routes(routes!(follow, unfollow))
        .routes(routes!(followers))
        .routes(routes!(following))
}

/// A profile as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
struct Profile {
    #[serde(flatten)]
    user: User,
    bio: String,
    friends_count: i64,
    followers_count: i64,
    following_count: i64,
    created_us: i64,
    /// The public stage that this user hosts at this moment.
    stage: Option<model::Stage>,
    /// Whether I follow them.
    followed: bool,
    /// What is between us.
    friendship: Option<Friendship>,
    /// Whether I have blocked them.
    blocked: bool,
}

/// A public profile.
#[utoipa::path(get, path = "/users/{username}", tag = "users", params(("username" = String, Path)),
    responses((status = 200, body = Profile, description = "The profile")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn show(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(username): ApiPath<String>,
) -> Result<Json<Profile>, Problem> {
    let account = find(&state, &username).await?;
    let (followed, friendship, blocked) = match viewer.id() {
        Some(me) => (
            follows::exists(&state.db, me, account.id).await?,
            friends::between(&state.db, me, account.id).await?,
            blocks::exists(&state.db, me, account.id).await?,
        ),
        None => (false, None, false),
    };
    Ok(Json(Profile {
        user: account.user(),
        stage: hosted(&state, viewer.id(), account.id).await?,
        bio: account.bio,
        friends_count: account.friends_count,
        followers_count: account.followers_count,
        following_count: account.following_count,
        created_us: account.created_us,
        followed,
        friendship,
        blocked,
    }))
}

/// The latest public stage of a host where somebody is or something plays, if it is open to `viewer`.
async fn hosted(state: &AppState, viewer: Option<UserId>, host: UserId) -> Result<Option<model::Stage>, Problem> {
    let theirs = Filter { viewer: state.viewer(viewer), genre: None, host: Some(host) };
    let open = crate::store::stages::latest(&state.db, &theirs, CONSIDERED).await?;
    let public = open.into_iter().filter(|stage| stage.visibility == Visibility::Public);
    Ok(public.map(|stage| shape(state, stage)).find(|stage| stage.live))
}

/// An avatar.
#[utoipa::path(get, path = "/users/{username}/avatar", tag = "users", params(("username" = String, Path)),
    responses((status = 200, content_type = "image/*", description = "The picture")))]
async fn avatar(
    State(state): State<AppState>,
    ApiPath(username): ApiPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    let name = find(&state, &username).await?.avatar;
    files::image(&state.media, request, name.as_deref(), files::Audience::Public).await
}

/// Follow somebody.
#[utoipa::path(put, path = "/users/{username}/follow", tag = "users", params(("username" = String, Path)),
    responses((status = 204, description = "Followed")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden", "invalid_field"]))))]
async fn follow(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let other = find_other(&state, &me, &username).await?;
    if follows::add(&state.db, me.id(), other.id, state.clock.now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::forbidden("this user does not want to hear from you"))
    }
}

/// Follow somebody no more.
#[utoipa::path(delete, path = "/users/{username}/follow", tag = "users", params(("username" = String, Path)),
    responses((status = 204, description = "Not followed")), security(("bearer" = []), ("cookie" = [])))]
async fn unfollow(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    let other = find(&state, &username).await?;
    follows::remove(&state.db, me.id(), other.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who follows somebody, by name.
#[utoipa::path(get, path = "/users/{username}/followers", tag = "users", params(("username" = String, Path), Page),
    responses((status = 200, body = Listed<User>, description = "A piece of the list")))]
async fn followers(
    State(state): State<AppState>,
    ApiPath(username): ApiPath<String>,
    page: Page,
) -> Result<Json<Listed<User>>, Problem> {
    let user = find(&state, &username).await?;
    let rows = follows::followers(&state.db, &user, &after_name(&page)?, page.fetch()).await?;
    Ok(Json(by_name(&page, rows)))
}

/// Whom somebody follows, by name.
#[utoipa::path(get, path = "/users/{username}/following", tag = "users", params(("username" = String, Path), Page),
    responses((status = 200, body = Listed<User>, description = "A piece of the list")))]
async fn following(
    State(state): State<AppState>,
    ApiPath(username): ApiPath<String>,
    page: Page,
) -> Result<Json<Listed<User>>, Problem> {
    let user = find(&state, &username).await?;
    let rows = follows::following(&state.db, &user, &after_name(&page)?, page.fetch()).await?;
    Ok(Json(by_name(&page, rows)))
}

pub(crate) fn by_name(page: &Page, rows: Vec<Account>) -> Listed<User> {
    Listed::new(page, rows, |row| users::key(&row.username), |row| row.user())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::http::kit::testing::Api;

    #[tokio::test]
    async fn a_profile_shows_what_is_public() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        ana.patch("/me", json!({"bio": "hears"})).await.ok(200);
        let seen = api.guest().get("/users/ANA").await.ok(200);
        assert_eq!((&seen["id"], &seen["username"], &seen["bio"]), (&json!(ana.id), &json!("ana"), &json!("hears")));
        for private in ["email", "password_hash", "is_admin"] {
            assert_eq!(seen.get(private), None, "{private}");
        }
        for count in ["friends_count", "followers_count", "following_count"] {
            assert_eq!(seen[count], 0);
        }
        assert_eq!(seen["stage"], Value::Null);
        api.guest().get("/users/nobody").await.problem(404, "not_found");
        api.guest().get("/users/ana/avatar").await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn following_is_idempotent_and_counted() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        for _ in 0..2 {
            ana.put("/users/ben/follow").await.ok(204);
        }
        let seen = ana.get("/users/ben").await.ok(200);
        assert_eq!((&seen["followers_count"], &seen["followed"]), (&json!(1), &json!(true)));
        assert_eq!(ben.get("/users/ben/followers").await.ok(200)["items"][0]["username"], "ana");
        assert_eq!(ben.get("/users/ana/following").await.ok(200)["items"][0]["username"], "ben");
        ana.delete("/users/ben/follow").await.ok(204);
        ana.delete("/users/ben/follow").await.ok(204);
        assert_eq!(ana.get("/me").await.ok(200)["following_count"], 0);
        ana.put("/users/ana/follow").await.problem(422, "invalid_field");
        ana.put("/users/nobody/follow").await.problem(404, "not_found");
        api.guest().put("/users/ben/follow").await.problem(401, "unauthenticated");
    }

    #[tokio::test]
    async fn a_long_list_comes_in_pieces() {
        let api = Api::new().await;
        api.user("star").await;
        for name in ["Cem", "ana", "ben"] {
            api.user(name).await.put("/users/star/follow").await.ok(204);
        }
        let mut names = Vec::new();
        let mut next = String::new();
        loop {
            let piece = api.guest().get(&format!("/users/star/followers?limit=2{next}")).await.ok(200);
            names.extend(piece["items"].as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap().to_owned()));
            let Some(cursor) = piece["next"].as_str() else { break };
            next = format!("&after={cursor}");
        }
        assert_eq!(names, ["ana", "ben", "Cem"]);
        for bad in ["limit=0", "limit=201", "limit=x", "after=x"] {
            api.guest().get(&format!("/users/star/followers?{bad}")).await.problem(422, "invalid_field");
        }
    }
}
