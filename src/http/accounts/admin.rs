//! What administrators see of accounts and do to them, and the log of that.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::User;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::ended;
use crate::http::kit::admin::only;
use crate::http::kit::extract::{ApiJson, ApiPath, ApiQuery, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::http::kit::users::{after_name, find};
use crate::store::admin::{self, Deed, Done, Entry, Storage};
use crate::store::removal::{self, Songs};
use crate::store::users::key;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(users))
        .routes(routes!(change, delete))
        .routes(routes!(storage))
        .routes(routes!(log))
}

/// An account, as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
struct AdminUser {
    #[serde(flatten)]
    user: User,
    email: String,
    is_admin: bool,
    /// Nobody may log in by it for now.
    disabled: bool,
    created_us: i64,
    /// Of the logins that are still good; null where there is none.
    last_seen_us: Option<i64>,
    /// That they have added, and what these take up.
    songs: i64,
    bytes: i64,
}

impl From<admin::Listed> for AdminUser {
    fn from(listed: admin::Listed) -> Self {
        let admin::Listed { account, disabled_us, last_seen_us, songs, bytes } = listed;
        Self {
            user: account.user(),
            email: account.email,
            is_admin: account.is_admin,
            disabled: disabled_us.is_some(),
            created_us: account.created_us,
            last_seen_us,
            songs,
            bytes,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What the name or the address must hold.
    #[serde(default)]
    #[param(required = false)]
    q: String,
}

/// All accounts, by name; for administrators.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(Wanted, Page),
    responses((status = 200, body = Listed<AdminUser>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn users(
    State(state): State<AppState>,
    me: CurrentUser,
    page: Page,
    ApiQuery(Wanted { q }): ApiQuery<Wanted>,
) -> Result<Json<Listed<AdminUser>>, Problem> {
    only(&me)?;
    let rows = admin::accounts(&state.db, &q, &after_name(&page)?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |row| key(&row.account.username), AdminUser::from)))
}

/// Fields to change; absent ones stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AdminChanges)]
struct Change {
    is_admin: Option<bool>,
    /// Nobody logs in by it, and who has is out at once; what the account has made stays.
    disabled: Option<bool>,
}

/// Make somebody an administrator or no longer one, disable an account or let it be used again; for administrators. One
/// administrator stays: 409 `last_admin`.
#[utoipa::path(patch, path = "/admin/users/{username}", tag = "admin", params(("username" = String, Path)),
    request_body = Change, responses((status = 200, body = AdminUser, description = "After the change")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["last_admin"]))))]
async fn change(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
    ApiJson(form): ApiJson<Change>,
) -> Result<Json<AdminUser>, Problem> {
    only(&me)?;
    let account = find(&state, &username).await?;
    let deeds = [
        form.is_admin.map(|on| if on { Deed::MakeAdmin } else { Deed::UnmakeAdmin }),
        form.disabled.map(|on| if on { Deed::Disable } else { Deed::Enable }),
    ];
    for deed in deeds.into_iter().flatten() {
        match admin::act(&state.db, Some(me.id()), account.id, deed, state.clock.now()).await? {
            Done::Ended(sessions) => ended(&state, account.id, &sessions),
            Done::LastAdmin => return Err(last_admin()),
            Done::Unknown => return Err(unknown()),
        }
        tracing::info!(by = %me.id(), user = %account.id, ?deed, "an administrator has changed an account");
    }
    let after = admin::listed(&state.db, account.id).await?.ok_or_else(unknown)?;
    Ok(Json(after.into()))
}

/// Delete an account for good, as its owner can: their stages end, their songs stay. For administrators.
#[utoipa::path(delete, path = "/admin/users/{username}", tag = "admin", params(("username" = String, Path)),
    responses((status = 204, description = "It has ended")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["last_admin"]))))]
async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(username): ApiPath<String>,
) -> Result<StatusCode, Problem> {
    only(&me)?;
    let user = find(&state, &username).await?.id;
    let now = state.clock.now();
    let (_, hash) = admin::closes(&state.db, me.id(), user, now).await?.ok_or_else(last_admin)?;
    let closed = removal::close(&state.db, user, &hash, Songs::Stay, now).await?;
    let sessions =
        closed.ok_or_else(|| Problem::conflict("conflict", "the account has changed just now: try again"))?;
    ended(&state, user, &sessions);
    tracing::info!(by = %me.id(), %user, "an administrator has closed an account");
    let erasing = state.clone();
    tokio::spawn(async move { erasing.erase(user).await });
    Ok(StatusCode::NO_CONTENT)
}

fn last_admin() -> Problem {
    Problem::conflict("last_admin", "nobody would be left to administer this server: make another one first")
}

fn unknown() -> Problem {
    Problem::not_found("there is no such user")
}

/// How much there is; for administrators.
#[utoipa::path(get, path = "/admin/storage", tag = "admin",
    responses((status = 200, body = Storage, description = "As it is now")),
    security(("bearer" = []), ("cookie" = [])))]
async fn storage(State(state): State<AppState>, me: CurrentUser) -> Result<Json<Storage>, Problem> {
    only(&me)?;
    Ok(Json(admin::storage(&state.db, state.clock.now()).await?))
}

/// Something that an administrator, or who runs the server, has done.
#[derive(Debug, Serialize, ToSchema)]
struct ModerationEntry {
    id: i64,
    at_us: i64,
    /// Null: on the command line.
    by: Option<User>,
    /// `admin_made`, `admin_unmade`, `disabled`, `enabled`, `deleted`, `stage_ended`.
    kind: String,
    /// To whom, as far as they are there; or to which stage.
    user: Option<User>,
    stage: Option<i64>,
    /// What that was called then.
    about: String,
}

impl From<Entry> for ModerationEntry {
    fn from(Entry { id, at_us, by, kind, user, stage, about }: Entry) -> Self {
        Self { id, at_us, by, kind, user, stage, about }
    }
}

/// What administrators have done, the latest first; for administrators.
#[utoipa::path(get, path = "/admin/moderation", tag = "admin", params(Page),
    responses((status = 200, body = Listed<ModerationEntry>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn log(
    State(state): State<AppState>,
    me: CurrentUser,
    page: Page,
) -> Result<Json<Listed<ModerationEntry>>, Problem> {
    only(&me)?;
    let rows = admin::log(&state.db, page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |entry| entry.id, ModerationEntry::from)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::kit::testing::Api;

    #[tokio::test]
    async fn an_administrator_looks_after_accounts_and_all_of_it_is_told() {
        let api = Api::new().await;
        let (root, ben) = (api.user("root").await, api.user("ben").await);
        ben.get("/admin/users").await.problem(403, "forbidden");
        let listed = root.get("/admin/users?q=BEN").await.ok(200)["items"].clone();
        assert_eq!((&listed[0]["username"], &listed[0]["disabled"]), (&json!("ben"), &json!(false)));
        assert_eq!(listed[0]["email"], "ben@example.org");
        root.patch("/admin/users/root", json!({"is_admin": false})).await.problem(409, "last_admin");
        root.delete("/admin/users/root").await.problem(409, "last_admin");

        let after = root.patch("/admin/users/ben", json!({"disabled": true})).await.ok(200);
        assert_eq!((&after["disabled"], &after["last_seen_us"]), (&json!(true), &json!(null)));
        ben.get("/me").await.problem(401, "unauthenticated");
        let login = json!({"login": "ben", "password": "password of ben"});
        api.guest().post("/auth/login", login.clone()).await.problem(403, "account_disabled");
        let wrong = json!({"login": "ben", "password": "guessed"});
        api.guest().post("/auth/login", wrong).await.problem(401, "bad_credentials");
        root.patch("/admin/users/ben", json!({"disabled": false, "is_admin": true})).await.ok(200);
        let ben = api.guest().post("/auth/login", login).await.ok(200)["token"].as_str().unwrap().to_owned();
        let ben = api.with_token(&ben);
        ben.patch("/admin/users/root", json!({"is_admin": false})).await.ok(200);
        root.get("/admin/users").await.problem(403, "forbidden");
        ben.delete("/admin/users/root").await.ok(204);
        root.get("/me").await.problem(401, "unauthenticated");
        ben.patch("/admin/users/nobody", json!({})).await.problem(404, "not_found");

        let told = ben.get("/admin/moderation").await.ok(200)["items"].clone();
        let told: Vec<_> = told.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(told, ["deleted", "admin_unmade", "enabled", "admin_made", "disabled"]);
        assert_eq!(ben.get("/admin/storage").await.ok(200)["accounts"], 1);
    }
}
