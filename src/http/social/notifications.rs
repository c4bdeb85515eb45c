//! What concerns me.

use axum::Json;
use axum::extract::State;
use octave_protocol::model::{Notification, NotificationKind};
use octave_protocol::{NotificationId, ServerFrame};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiJson, CurrentUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::notifications;
use crate::wire;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(settings, change))
}

/// A piece of what concerns me.
#[derive(Debug, Serialize, ToSchema)]
struct Notifications {
    items: Vec<Notification>,
    /// The `after` of the next piece; absent at the end.
    next: Option<String>,
    /// How many I have not read, in this piece and elsewhere.
    unread: i64,
}

/// What concerns me, the latest first. The latest 300 are kept.
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(Page),
    responses((status = 200, body = Notifications, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(State(state): State<AppState>, me: CurrentUser, page: Page) -> Result<Json<Notifications>, Problem> {
    let rows = notifications::list(&state.db, me.id(), page.after()?, page.fetch()).await?;
    let unread = notifications::unread(&state.db, me.id()).await?;
    let Listed { items, next } = Listed::new(&page, rows, |n| n.id, |n| n);
    Ok(Json(Notifications { items, next, unread }))
}

/// Up to where I have read.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReadUpTo)]
struct UpTo {
    /// The id of the latest one that I have seen: it and all before it are read.
    up_to: NotificationId,
}

/// What is left.
#[derive(Debug, Serialize, ToSchema)]
struct Unread {
    unread: i64,
}

/// I have read these. My other connections hear of it. Idempotent.
#[utoipa::path(post, path = "/notifications/read", tag = "notifications", request_body = UpTo,
    responses((status = 200, body = Unread, description = "Read")), security(("bearer" = []), ("cookie" = [])))]
async fn read(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiJson(UpTo { up_to }): ApiJson<UpTo>,
) -> Result<Json<Unread>, Problem> {
    notifications::read(&state.db, me.id(), up_to, state.clock.now()).await?;
    let unread = notifications::unread(&state.db, me.id()).await?;
    state.people.tell(me.id(), &wire::frame::json(&ServerFrame::NotificationsRead { up_to, unread }));
    Ok(Json(Unread { unread }))
}

/// Of each kind of notification whether I want it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotificationSettings)]
#[expect(clippy::struct_excessive_bools, reason = "one for each kind, as JSON has them")]
struct Settings {
    friend_request: bool,
    friend_accepted: bool,
    invite: bool,
    mention: bool,
    reply: bool,
    comment: bool,
    stage_opened: bool,
    album_added: bool,
}

impl Settings {
    fn but(muted: &[NotificationKind]) -> Self {
        let wanted = |kind| !muted.contains(&kind);
        Self {
            friend_request: wanted(NotificationKind::FriendRequest),
            friend_accepted: wanted(NotificationKind::FriendAccepted),
            invite: wanted(NotificationKind::Invite),
            mention: wanted(NotificationKind::Mention),
            reply: wanted(NotificationKind::Reply),
            comment: wanted(NotificationKind::Comment),
            stage_opened: wanted(NotificationKind::StageOpened),
            album_added: wanted(NotificationKind::AlbumAdded),
        }
    }
}

/// Which notifications I want.
#[utoipa::path(get, path = "/notifications/settings", tag = "notifications",
    responses((status = 200, body = Settings, description = "As they are")), security(("bearer" = []), ("cookie" = [])))]
async fn settings(State(state): State<AppState>, me: CurrentUser) -> Result<Json<Settings>, Problem> {
    Ok(Json(Settings::but(&notifications::muted(&state.db, me.id()).await?)))
}

/// Kinds to change; absent ones stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NotificationChanges)]
struct Change {
    friend_request: Option<bool>,
    friend_accepted: Option<bool>,
    invite: Option<bool>,
    mention: Option<bool>,
    reply: Option<bool>,
    comment: Option<bool>,
    stage_opened: Option<bool>,
    album_added: Option<bool>,
}

impl Change {
    fn muted(&self) -> Vec<(NotificationKind, bool)> {
        let all = [
            (NotificationKind::FriendRequest, self.friend_request),
            (NotificationKind::FriendAccepted, self.friend_accepted),
            (NotificationKind::Invite, self.invite),
            (NotificationKind::Mention, self.mention),
            (NotificationKind::Reply, self.reply),
            (NotificationKind::Comment, self.comment),
            (NotificationKind::StageOpened, self.stage_opened),
            (NotificationKind::AlbumAdded, self.album_added),
        ];
        all.into_iter().filter_map(|(kind, wanted)| Some((kind, !wanted?))).collect()
    }
}

/// Change which notifications I want, by kind: `{"comment": false}`.
#[utoipa::path(patch, path = "/notifications/settings", tag = "notifications", request_body = Change,
    responses((status = 200, body = Settings, description = "After the change")),
    security(("bearer" = []), ("cookie" = [])))]
async fn change(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiJson(form): ApiJson<Change>,
) -> Result<Json<Settings>, Problem> {
    notifications::set_muted(&state.db, me.id(), &form.muted()).await?;
    Ok(Json(Settings::but(&notifications::muted(&state.db, me.id()).await?)))
}

#[cfg(test)]
mod tests;
