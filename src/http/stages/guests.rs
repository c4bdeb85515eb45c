//! Guests of a stage: the links that let them in, the door that they find, and how they are sent home.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use octave_protocol::model::{GuestRight, Permission, Song, User};
use octave_protocol::{Duration, GuestRights, StageId, UserId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::invites::{DoorStage, within};
use super::submit;
use crate::accounts::{guest, token};
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser};
use crate::http::kit::files::{self, Audience};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{find, link_gone};
use crate::http::kit::state::{AppState, Limits};
use crate::stage::handle::{Ask, Command};
use crate::store::guests::links::{Link, LinkId, NewLink};
use crate::store::guests::{self, links};
use crate::store::stages::{self, Stage};

/// How long a link lets people in when nothing else is said: a day.
const SECONDS: i64 = 24 * 3600;
const MAX_SECONDS: i64 = 365 * 24 * 3600;
const MAX_USES: i64 = 10_000;
/// Links into one stage that have not expired.
const MOST_OF_STAGE: i64 = 200;
/// Names of listeners that the door tells.
const NAMED: usize = 3;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(make, list))
        .routes(routes!(revoke))
        .routes(routes!(door))
        .routes(routes!(cover))
        .routes(routes!(send_all_home))
        .routes(routes!(send_home))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MakeGuestLink)]
struct Make {
    /// What it lets guests do, as far as the stage does; `listen` among it. To listen, chat and vote when absent.
    rights: Option<Vec<GuestRight>>,
    /// After so many seconds it lets nobody in any more, 1 to a year; a day when absent.
    #[schema(minimum = 1, maximum = 31_536_000)]
    expires_in_s: Option<i64>,
    /// How many guests it lets in, 1 to 10,000; as many as come when absent.
    #[schema(minimum = 1, maximum = 10_000)]
    max_uses: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct GuestLink {
    id: i64,
    /// Shown this once: only its hash is kept.
    code: String,
    /// The door, on this server.
    #[schema(example = "/g/dDKpXWcJxEMzJk7bQ0lPvg")]
    url: String,
    rights: Vec<GuestRight>,
    expires_us: i64,
    max_uses: Option<i64>,
    uses: i64,
}

/// A link that can be called back.
#[derive(Debug, Serialize, ToSchema)]
struct GuestLinkItem {
    id: i64,
    by: User,
    rights: Vec<GuestRight>,
    created_us: i64,
    expires_us: i64,
    max_uses: Option<i64>,
    /// How many guests it has let in.
    uses: i64,
    /// Whether it lets in: neither expired nor used up, by somebody who may hand it out, into a stage that takes guests.
    good: bool,
}

impl From<Link> for GuestLinkItem {
    fn from(link: Link) -> Self {
        Self {
            id: link.id.0,
            by: link.by,
            rights: link.rights.list(),
            created_us: link.created.0,
            expires_us: link.expires.0,
            max_uses: link.max_uses,
            uses: link.uses,
            good: link.good,
        }
    }
}

/// Make a link by which people without an account come into the stage: the host and the moderators. It is good as long as
/// who made it may hand it out.
#[utoipa::path(post, path = "/stages/{id}/guest-links", tag = "guests", params(("id" = i64, Path)), request_body = Make,
    responses((status = 201, body = GuestLink, description = "Made")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["limit_reached"]))))]
async fn make(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    ApiJson(form): ApiJson<Make>,
) -> Result<(StatusCode, Json<GuestLink>), Problem> {
    moderated(&state, &me, id).await?;
    let rights = match form.rights {
        Some(rights) => rights.into_iter().collect(),
        None => [GuestRight::Listen, GuestRight::Chat, GuestRight::Vote].into_iter().collect::<GuestRights>(),
    };
    if !rights.has(GuestRight::Listen) {
        return Err(Problem::invalid_field("rights", "must hold `listen`: nobody comes to a stage without"));
    }
    let seconds = within("expires_in_s", form.expires_in_s, MAX_SECONDS)?.unwrap_or(SECONDS);
    let max_uses = within("max_uses", form.max_uses, MAX_USES)?;
    let now = state.clock.now();
    let (code, expires) = (token::guest_link(), now + Duration::from_secs(seconds));
    let new = NewLink { code: &code, stage: id, by: me.id(), rights, expires, max_uses };
    let most = (state.settings.limits == Limits::On).then_some(MOST_OF_STAGE);
    let Some(LinkId(made)) = links::create(&state.db, new, most, now).await? else {
        let detail = format!("call some of the {MOST_OF_STAGE} guest links into this stage back first");
        return Err(Problem::conflict("limit_reached", detail));
    };
    let url = format!("/g/{code}");
    let (rights, expires_us) = (rights.list(), expires.0);
    Ok((StatusCode::CREATED, Json(GuestLink { id: made, code, url, rights, expires_us, max_uses, uses: 0 })))
}

/// The links for guests into a stage, the latest first: for its host and its moderators.
#[utoipa::path(get, path = "/stages/{id}/guest-links", tag = "guests", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<GuestLinkItem>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    page: Page,
) -> Result<Json<Listed<GuestLinkItem>>, Problem> {
    moderated(&state, &me, id).await?;
    let rows = links::list(&state.db, id, page.after()?, page.fetch(), state.clock.now()).await?;
    Ok(Json(Listed::new(&page, rows, |link| link.id.0, GuestLinkItem::from)))
}

/// Call a link back: nobody comes in by it any more. Who came by it stays.
#[utoipa::path(delete, path = "/stages/{id}/guest-links/{link_id}", tag = "guests",
    params(("id" = i64, Path), ("link_id" = i64, Path)),
    responses((status = 204, description = "Called back")), security(("bearer" = []), ("cookie" = [])))]
async fn revoke(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, link)): ApiPath<(StageId, i64)>,
) -> Result<StatusCode, Problem> {
    moderated(&state, &me, id).await?;
    if !links::revoke(&state.db, id, LinkId(link)).await? {
        return Err(Problem::not_found("there is no such link"));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Only to the host and the moderators.
async fn moderated(state: &AppState, me: &CurrentUser, id: StageId) -> Result<Stage, Problem> {
    let stage = find(state, Some(me.id()), id).await?;
    let role = stages::standing(&state.db, id, me.id()).await?.role;
    if role.may(Permission::Moderate, stage.control, stage.adding) {
        return Ok(stage);
    }
    Err(Problem::forbidden("the host and the moderators look after guests"))
}

/// What somebody finds at the door before they come in.
#[derive(Debug, Serialize, ToSchema)]
struct GuestDoor {
    stage: DoorStage,
    host: User,
    now_playing: Option<Song>,
    /// Distinct people.
    listeners: u32,
    /// The first of them.
    names: Vec<String>,
    /// What who comes in may do.
    rights: Vec<GuestRight>,
}

/// The door of a stage, to whoever has a link for guests: what they would come into. Nothing is used by it.
#[utoipa::path(get, path = "/guest-links/{code}", tag = "guests", params(("code" = String, Path)),
    responses((status = 200, body = GuestDoor, description = "Where it leads")),
    extensions(("x-problems" = json!(["link_gone"]))))]
async fn door(State(state): State<AppState>, ApiPath(code): ApiPath<String>) -> Result<Json<GuestDoor>, Problem> {
    let (stage, rights) = opened_by(&state, &code).await?;
    let live = state.registry.live(stage.id).unwrap_or_default();
    let version = stage.cover.as_deref().map(|file| file.get(..8).unwrap_or(file));
    let escaped = utf8_percent_encode(&code, NON_ALPHANUMERIC);
    let cover_url = version.map(|version| format!("/api/v1/guest-links/{escaped}/cover?v={version}"));
    Ok(Json(GuestDoor {
        names: names(&state, stage.id, live.listeners).await?,
        stage: DoorStage { id: stage.id, name: stage.name, genres: stage.genres, cover_url },
        host: stage.host,
        now_playing: live.now_playing.filter(|_| live.playing).map(|song| Song::clone(&song)),
        listeners: live.listeners,
        rights: rights.list(),
    }))
}

/// A stage in which nobody is need not be asked, nor started.
async fn names(state: &AppState, id: StageId, listeners: u32) -> Result<Vec<String>, Problem> {
    if listeners == 0 {
        return Ok(Vec::new());
    }
    let all = super::ask(state, id, Ask::Participants).await?;
    Ok(all.into_iter().take(NAMED).map(|p| p.username.to_string()).collect())
}

/// The cover of the stage that a link for guests leads to.
#[utoipa::path(get, path = "/guest-links/{code}/cover", tag = "guests", params(("code" = String, Path)),
    responses((status = 200, content_type = "image/*", description = "The picture")),
    extensions(("x-problems" = json!(["link_gone"]))))]
async fn cover(
    State(state): State<AppState>,
    ApiPath(code): ApiPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    let cover = opened_by(&state, &code).await?.0.cover;
    files::image(&state.media, request, cover.as_deref(), Audience::Asker).await
}

async fn opened_by(state: &AppState, code: &str) -> Result<(Stage, GuestRights), Problem> {
    links::door(&state.db, code, state.clock.now()).await?.ok_or_else(link_gone)
}

/// Send all guests home: the host and the moderators. Their logins end, and with them their connections, with 4409. Who
/// has a link that is still good may come in by it again.
#[utoipa::path(delete, path = "/stages/{id}/guests", tag = "guests", params(("id" = i64, Path)),
    responses((status = 204, description = "No guest is there")), security(("bearer" = []), ("cookie" = [])))]
async fn send_all_home(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
) -> Result<StatusCode, Problem> {
    moderated(&state, &me, id).await?;
    submit(&state, id, me.id(), Command::SendGuestsHome).await?;
    go_home(&state, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send one guest home.
#[utoipa::path(delete, path = "/stages/{id}/guests/{user_id}", tag = "guests",
    params(("id" = i64, Path), ("user_id" = i64, Path)),
    responses((status = 204, description = "They are gone")), security(("bearer" = []), ("cookie" = [])))]
async fn send_home(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, guest)): ApiPath<(StageId, i64)>,
) -> Result<StatusCode, Problem> {
    moderated(&state, &me, id).await?;
    let found = guests::get(&state.db, id, UserId(guest)).await?;
    let guest = found.ok_or_else(|| Problem::not_found("there is no such guest"))?;
    submit(&state, id, me.id(), Command::Kick { user: std::sync::Arc::new(guest.user()) }).await?;
    go_home(&state, id, Some(guest.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the logins of one guest or of all, and the connections with them.
pub(super) async fn go_home(state: &AppState, id: StageId, guest: Option<UserId>) -> Result<(), Problem> {
    for (user, session) in guests::send_home(&state.db, id, guest).await? {
        state.logins.forget(user);
        state.people.revoke(user, &[session]);
    }
    Ok(())
}

/// Somebody whom something is done to in a stage: a guest of it, or who has an account of this name.
pub(super) async fn somebody(state: &AppState, id: StageId, username: &str) -> Result<User, Problem> {
    let guest = guests::by_name(&state.db, id, &guest::named(username)).await?;
    match guest {
        Some(guest) => Ok(guest.user()),
        None => Ok(crate::http::kit::users::find(state, username).await?.user()),
    }
}

#[cfg(test)]
mod tests;
