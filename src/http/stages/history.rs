//! What was said and done in a stage, and what will be played.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use octave_protocol::model::{self, ChatLine};
use octave_protocol::{Seq, SongId, StageId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask;
use crate::http::kit::extract::{ApiPath, ApiQuery, CurrentUser, MaybeUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{find, find_log};
use crate::http::kit::state::AppState;
use crate::stage::handle::Ask;
use crate::store::chats::{self, Span};
use crate::store::stage_log::{self, LogEntry};
use crate::store::{songs, users};

const MAX_LIMIT: u32 = 200;
const DEFAULT_LIMIT: u32 = 50;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(said)).routes(routes!(done)).routes(routes!(queued))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Stretch {
    /// The last lines before this `seq`.
    before: Option<i64>,
    /// The first lines after this `seq`.
    after: Option<i64>,
    /// At most so many, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Lines that contain this.
    q: Option<String>,
}

fn limit(wanted: Option<u32>) -> Result<u32, Problem> {
    let limit = wanted.unwrap_or(DEFAULT_LIMIT);
    let fits = (1..=MAX_LIMIT).contains(&limit);
    if fits { Ok(limit) } else { Err(Problem::invalid_field("limit", format!("must be 1 to {MAX_LIMIT}"))) }
}

/// The conversation, newest last. `next` goes on in the same direction: it is the next `before`, or the next `after`.
#[utoipa::path(get, path = "/stages/{id}/chats", tag = "stages", params(("id" = i64, Path), Stretch),
    responses((status = 200, body = Listed<ChatLine>, description = "A stretch of it")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn said(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(id): ApiPath<StageId>,
    ApiQuery(stretch): ApiQuery<Stretch>,
) -> Result<Json<Listed<ChatLine>>, Problem> {
    find(&state, viewer.id(), id).await?;
    let limit = limit(stretch.limit)?;
    let span = match (stretch.before, stretch.after) {
        (Some(_), Some(_)) => return Err(Problem::invalid_field("after", "can't stand together with `before`")),
        (before, None) => Span::Before(Seq(before.unwrap_or(i64::MAX))),
        (None, Some(after)) => Span::After(Seq(after)),
    };
    let q = stretch.q.as_deref().filter(|q| !q.is_empty());
    let mut items = chats::history(&state.db, id, span, q, limit + 1).await?;
    let more = items.len() > limit as usize;
    let edge = match span {
        Span::Before(_) => {
            items.drain(..usize::from(more));
            items.first()
        }
        Span::After(_) => {
            items.truncate(limit as usize);
            items.last()
        }
    };
    let next = edge.filter(|_| more).map(|line| line.seq.to_string());
    Ok(Json(Listed { items, next }))
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogEntry)]
struct LogItem {
    id: i64,
    /// Who did it; the server itself when absent.
    user: Option<model::User>,
    /// Such as `queued`, `skipped`, `banned`.
    kind: String,
    data: serde_json::Value,
    /// The song that it is about, the first if there are several.
    song: Option<model::Song>,
    /// Whom it is about, such as who was banned.
    whom: Option<model::User>,
    at_us: i64,
}

/// Who queued, skipped, removed, when; newest first. Once a stage has ended its host and those who were there read it.
#[utoipa::path(get, path = "/stages/{id}/log", tag = "stages", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<LogItem>, description = "A piece of it")),
    security(("bearer" = []), ("cookie" = [])))]
async fn done(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    page: Page,
) -> Result<Json<Listed<LogItem>>, Problem> {
    find_log(&state, me.id(), id).await?;
    let rows = stage_log::list(&state.db, id, page.after()?, page.fetch()).await?;
    let named: Vec<SongId> = rows.iter().filter_map(song_of).collect();
    let mut songs = HashMap::new();
    songs.extend(songs::for_stage(&state.db, &named).await?.into_iter().map(|song| (song.id, song)));
    let named: Vec<UserId> = rows.iter().filter_map(whom_of).collect();
    let mut people = HashMap::new();
    people.extend(users::named(&state.db, &named).await?.into_iter().map(|user| (user.id, user)));
    let item = |row: LogEntry| LogItem {
        song: song_of(&row).and_then(|id| songs.get(&id).cloned()),
        whom: whom_of(&row).and_then(|id| people.get(&id).cloned()),
        id: row.id,
        user: row.user,
        kind: row.kind,
        data: row.data,
        at_us: row.at_us,
    };
    Ok(Json(Listed::new(&page, rows, |row| row.id, item)))
}

/// The song that an entry of the log names, the first of several.
fn song_of(entry: &LogEntry) -> Option<SongId> {
    let of_many = || entry.data.get("entries")?.get(0)?.get("song");
    SongId::deserialize(entry.data.get("song").or_else(of_many)?).ok()
}

fn whom_of(entry: &LogEntry) -> Option<UserId> {
    UserId::deserialize(entry.data.get("user")?).ok()
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Window {
    /// Index of the first entry.
    #[serde(default)]
    offset: u32,
    /// At most so many, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A window of the queue.
#[utoipa::path(get, path = "/stages/{id}/queue", tag = "stages", params(("id" = i64, Path), Window),
    responses((status = 200, body = model::Queue, description = "The entries from `offset` on")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn queued(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(id): ApiPath<StageId>,
    ApiQuery(window): ApiQuery<Window>,
) -> Result<Json<model::Queue>, Problem> {
    find(&state, viewer.id(), id).await?;
    let limit = limit(window.limit)?;
    let offset = window.offset;
    Ok(Json(ask(&state, id, |reply| Ask::Queue { offset, limit, reply }).await?))
}
