//! Invitations to make an account, where not everybody may: made, listed and called back by administrators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::accounts::invitation::{self, MAX_SECONDS, MAX_USES};
use crate::accounts::token;
use crate::http::kit::admin::only;
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::account_invites::{self, Invite, NewInvite};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(invite, list)).routes(routes!(revoke))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AccountInvite)]
struct Bounds {
    /// After so many seconds it lets nobody in any more, 1 to a year; a week when absent.
    #[schema(minimum = 1, maximum = 31_536_000)]
    expires_in_s: Option<i64>,
    /// How many accounts it makes, 1 to 10,000; one when absent.
    #[schema(minimum = 1, maximum = 10_000)]
    max_uses: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AccountInvitation {
    id: i64,
    /// Shown this once: only its hash is kept.
    code: String,
    /// The page that makes an account by it, on this server.
    #[schema(example = "/sign-in?new&invite=dDKpXWcJxEMzJk7b")]
    url: String,
    expires_us: i64,
}

/// An invitation that can be called back.
#[derive(Debug, Serialize, ToSchema)]
struct AccountInviteItem {
    id: i64,
    /// Who made it; `null` for the command line.
    by: Option<String>,
    created_us: i64,
    expires_us: i64,
    max_uses: i64,
    /// How many accounts it has made.
    uses: i64,
}

impl From<Invite> for AccountInviteItem {
    fn from(invite: Invite) -> Self {
        let Invite { id, username: by, created_us, expires_us, max_uses, uses } = invite;
        Self { id, by, created_us, expires_us, max_uses, uses }
    }
}

/// Invite people to make an account; for administrators.
#[utoipa::path(post, path = "/admin/invites", tag = "admin", request_body = Bounds,
    responses((status = 201, body = AccountInvitation, description = "Made")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["forbidden"]))))]
async fn invite(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiJson(bounds): ApiJson<Bounds>,
) -> Result<(StatusCode, Json<AccountInvitation>), Problem> {
    only(&me)?;
    let seconds = within("expires_in_s", bounds.expires_in_s, invitation::SECONDS, MAX_SECONDS)?;
    let max_uses = within("max_uses", bounds.max_uses, 1, MAX_USES)?;
    let now = state.clock.now();
    let (code, expires) = (token::invite(), now + Duration::from_secs(seconds));
    let new = NewInvite { code: &code, by: Some(me.id()), expires, max_uses };
    let id = account_invites::create(&state.db, new, now).await?;
    let url = invitation::path(&code);
    Ok((StatusCode::CREATED, Json(AccountInvitation { id, code, url, expires_us: expires.0 })))
}

fn within(field: &'static str, value: Option<i64>, default: i64, most: i64) -> Result<i64, Problem> {
    let value = value.unwrap_or(default);
    if (1..=most).contains(&value) {
        return Ok(value);
    }
    Err(Problem::invalid_field(field, format!("must be 1 to {most}")))
}

/// The invitations that still let somebody in, the latest first; for administrators.
#[utoipa::path(get, path = "/admin/invites", tag = "admin", params(Page),
    responses((status = 200, body = Listed<AccountInviteItem>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["forbidden"]))))]
async fn list(
    State(state): State<AppState>,
    me: CurrentUser,
    page: Page,
) -> Result<Json<Listed<AccountInviteItem>>, Problem> {
    only(&me)?;
    let rows = account_invites::list(&state.db, page.after()?, page.fetch(), state.clock.now()).await?;
    Ok(Json(Listed::new(&page, rows, |invite| invite.id, AccountInviteItem::from)))
}

/// Call an invitation back: it lets nobody in any more. For administrators.
#[utoipa::path(delete, path = "/admin/invites/{id}", tag = "admin", params(("id" = i64, Path)),
    responses((status = 204, description = "Called back")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["forbidden"]))))]
async fn revoke(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<i64>,
) -> Result<StatusCode, Problem> {
    only(&me)?;
    if !account_invites::revoke(&state.db, id).await? {
        return Err(Problem::not_found("there is no such invitation"));
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::http::kit::state::{Registration, Settings};
    use crate::http::kit::testing::{Api, fields};
    use crate::store::admin;

    fn form(name: &str, invite: Option<&str>) -> serde_json::Value {
        let email = format!("{name}@example.org");
        json!({"username": name, "email": email, "password": "correct horse", "invite": invite})
    }

    #[tokio::test]
    async fn where_not_everybody_may_make_an_account_the_invited_may() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        let ana_id = octave_protocol::UserId(ana.id);
        admin::act(&api.state.db, None, ana_id, admin::Deed::MakeAdmin, api.state.clock.now()).await.unwrap();
        api.state.logins.forget(octave_protocol::UserId(ana.id));
        let api = api.again(Settings { registration: Registration::Invite, ..Settings::default() });
        let guest = api.guest();
        guest.post("/auth/register", form("cem", None)).await.problem(403, "invite_required");
        guest.post("/auth/register", form("cem", Some("made up"))).await.problem(403, "invite_required");

        for (method, path) in [("POST", "/admin/invites"), ("GET", "/admin/invites"), ("DELETE", "/admin/invites/1")] {
            ben.send(method, path, None).await.problem(403, "forbidden");
            guest.send(method, path, None).await.problem(401, "unauthenticated");
        }
        let wrong = ana.post("/admin/invites", json!({"max_uses": 0})).await.problem(422, "invalid_field");
        assert_eq!(fields(&wrong), ["max_uses"]);
        let made = ana.post("/admin/invites", json!({})).await.ok(201);
        let code = made["code"].as_str().unwrap();
        assert_eq!(made["url"], format!("/sign-in?new&invite={code}"));
        guest.post("/auth/register", form("ana", Some(code))).await.problem(409, "username_taken");
        guest.post("/auth/register", form("cem", Some(code))).await.ok(201);
        guest.post("/auth/register", form("dan", Some(code))).await.problem(403, "invite_required");

        let made = ana.post("/admin/invites", json!({"expires_in_s": 60, "max_uses": 5})).await.ok(201);
        let listed = ana.get("/admin/invites").await.ok(200)["items"].clone();
        assert_eq!(
            (&listed[0]["id"], &listed[0]["by"], &listed[0]["max_uses"]),
            (&made["id"], &json!("ana"), &json!(5))
        );
        assert_eq!(listed[1], json!(null), "what is used up is not listed");
        let path = format!("/admin/invites/{}", made["id"]);
        ana.delete(&path).await.ok(204);
        ana.delete(&path).await.problem(404, "not_found");
        let code = made["code"].as_str();
        guest.post("/auth/register", form("dan", code)).await.problem(403, "invite_required");
    }

    #[tokio::test]
    async fn a_closed_server_makes_no_account() {
        let api = Api::with(Settings { registration: Registration::Closed, ..Settings::default() }).await;
        let refused = api.guest().post("/auth/register", form("ana", None)).await;
        refused.problem(403, "registration_closed");
    }
}
