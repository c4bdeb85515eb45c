//! What people say of songs and albums, told at once to whoever looks at them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::{Comment, NotificationKind};
use octave_protocol::server::CommentChange;
use octave_protocol::{AlbumId, CommentId, Duration, ServerFrame, SongId, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::mentions::excerpt;
use crate::base::text;
use crate::http::kit::extract::{ApiJson, ApiPath, CurrentUser};
use crate::http::kit::notify::EXCERPT_CHARS;
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::{AppState, Limits};
use crate::presence::Subject;
use crate::store::comments::{self, Found, NewComment, Posted};
use crate::store::notifications::{self, Note};
use crate::wire;

/// Longest comment, in characters.
const MAX_CHARS: usize = 2_000;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(of_song, on_song))
        .routes(routes!(of_album, on_album))
        .routes(routes!(edit, delete))
}

/// What to say of a song.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SongComment)]
struct OnSong {
    /// 1 to 2,000 characters.
    body: String,
    /// The moment of the song that is spoken of.
    #[schema(value_type = Option<i64>, minimum = 0)]
    position_us: Option<Duration>,
}

/// What to say of an album, or instead of what was said.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CommentText)]
struct Text {
    /// 1 to 2,000 characters.
    body: String,
}

/// What is said of a song, the latest first.
#[utoipa::path(get, path = "/songs/{id}/comments", tag = "comments", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<Comment>, description = "A piece of the list")))]
async fn of_song(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<SongId>,
    page: Page,
) -> Result<Json<Listed<Comment>>, Problem> {
    list(&state, Subject::Song(id), &page).await
}

/// What is said of an album, the latest first.
#[utoipa::path(get, path = "/albums/{id}/comments", tag = "comments", params(("id" = i64, Path), Page),
    responses((status = 200, body = Listed<Comment>, description = "A piece of the list")))]
async fn of_album(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<AlbumId>,
    page: Page,
) -> Result<Json<Listed<Comment>>, Problem> {
    list(&state, Subject::Album(id), &page).await
}

async fn list(state: &AppState, about: Subject, page: &Page) -> Result<Json<Listed<Comment>>, Problem> {
    let found = comments::list(&state.db, about, page.after()?, page.fetch()).await?;
    if found.is_empty() && !comments::is_there(&state.db, about).await? {
        return Err(missing(about));
    }
    Ok(Json(Listed::new(page, found, |c| c.id, |c| c)))
}

/// Say something of a song. Whom its uploader has blocked is refused.
#[utoipa::path(post, path = "/songs/{id}/comments", tag = "comments", params(("id" = i64, Path)), request_body = OnSong,
    responses((status = 201, body = Comment, description = "Said")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden", "rate_limited"]))))]
async fn on_song(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<SongId>,
    ApiJson(OnSong { body, position_us }): ApiJson<OnSong>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    if position_us.is_some_and(|at| at < Duration::ZERO) {
        return Err(Problem::invalid_field("position_us", "must not be negative"));
    }
    post(&state, &me, Subject::Song(id), &body, position_us).await
}

/// Say something of an album. Whom its owner has blocked is refused.
#[utoipa::path(post, path = "/albums/{id}/comments", tag = "comments", params(("id" = i64, Path)), request_body = Text,
    responses((status = 201, body = Comment, description = "Said")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden", "rate_limited"]))))]
async fn on_album(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<AlbumId>,
    ApiJson(Text { body }): ApiJson<Text>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    post(&state, &me, Subject::Album(id), &body, None).await
}

async fn post(
    state: &AppState,
    me: &CurrentUser,
    about: Subject,
    body: &str,
    position: Option<Duration>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    let body = checked(body)?;
    let now = state.clock.now();
    if state.settings.limits == Limits::On {
        state.throttle.comment(me.id(), now).map_err(Problem::rate_limited)?;
    }
    let new = NewComment { about, author: me.id(), body: &body, position };
    let (id, count, owner) = match comments::post(&state.db, new, now).await? {
        Posted::Done { id, count, owner } => (id, count, owner),
        Posted::Missing => return Err(missing(about)),
        Posted::Blocked => return Err(Problem::forbidden("whose this is does not want to hear from you")),
        Posted::Beyond => return Err(Problem::invalid_field("position_us", "lies behind the song's end")),
    };
    let (song_id, album_id) = match about {
        Subject::Song(id) => (Some(id), None),
        Subject::Album(id) => (None, Some(id)),
    };
    let comment = Comment {
        id,
        song_id,
        album_id,
        author: me.user(),
        body,
        position_us: position,
        created_us: now,
        edited_us: None,
    };
    tell(state, about, CommentChange::Added, count, &comment);
    notify(state, about, owner, &comment).await?;
    Ok((StatusCode::CREATED, Json(comment)))
}

/// Put a comment of mine in other words.
#[utoipa::path(patch, path = "/comments/{id}", tag = "comments", params(("id" = i64, Path)), request_body = Text,
    responses((status = 200, body = Comment, description = "As it is now")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["forbidden"]))))]
async fn edit(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<CommentId>,
    ApiJson(Text { body }): ApiJson<Text>,
) -> Result<Json<Comment>, Problem> {
    let body = checked(&body)?;
    let (found, about) = find(&state, id).await?;
    if found.comment.author.id != me.id() {
        return Err(Problem::forbidden("only who said it may say it otherwise"));
    }
    let now = state.clock.now();
    if !comments::edit(&state.db, id, &body, now).await? {
        return Err(gone());
    }
    let comment = Comment { body, edited_us: Some(now), ..found.comment };
    if let Some(count) = comments::count(&state.db, about).await? {
        tell(&state, about, CommentChange::Edited, count, &comment);
    }
    Ok(Json(comment))
}

/// Take a comment away: its author, the owner of the song or the album, or an administrator.
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments", params(("id" = i64, Path)),
    responses((status = 204, description = "It is gone")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<CommentId>,
) -> Result<StatusCode, Problem> {
    let (Found { comment, owner }, about) = find(&state, id).await?;
    if comment.author.id != me.id() && owner != Some(me.id()) && !me.is_admin() {
        return Err(Problem::forbidden("only who said it, or whose song or album it is, may take it away"));
    }
    let count = comments::delete(&state.db, about, id).await?.ok_or_else(gone)?;
    tell(&state, about, CommentChange::Deleted, count, &comment);
    Ok(StatusCode::NO_CONTENT)
}

async fn find(state: &AppState, id: CommentId) -> Result<(Found, Subject), Problem> {
    let found = comments::get(&state.db, id).await?.ok_or_else(gone)?;
    let about = found.about().ok_or_else(gone)?;
    Ok((found, about))
}

/// To whoever looks at the song or the album.
fn tell(state: &AppState, about: Subject, op: CommentChange, comments_count: i64, comment: &Comment) {
    let frame = ServerFrame::Comment { op, comments_count, comment: comment.clone() };
    state.people.tell_watchers(about, &wire::frame::json(&frame));
}

/// Whose song or album it is, and whom the comment calls by name.
async fn notify(state: &AppState, about: Subject, owner: Option<UserId>, comment: &Comment) -> Result<(), Problem> {
    let mut called = notifications::called(&state.db, std::iter::once(&*comment.body)).await?.by(&comment.body);
    called.retain(|user| Some(*user) != owner);
    let note = Note {
        song: comment.song_id,
        album: comment.album_id,
        comment: Some(comment.id),
        about: notifications::title(&state.db, about).await?.unwrap_or_default(),
        excerpt: Some(excerpt(&comment.body, EXCERPT_CHARS)),
        ..Note::new(NotificationKind::Comment, comment.author.id)
    };
    state.notify(owner.as_slice(), note.clone()).await;
    state.notify(&called, Note { kind: NotificationKind::Mention, ..note }).await;
    Ok(())
}

fn checked(raw: &str) -> Result<String, Problem> {
    if raw.chars().count() > MAX_CHARS {
        return Err(Problem::invalid_field("body", format!("must have at most {MAX_CHARS} characters")));
    }
    let body = text::block(raw, MAX_CHARS);
    if body.is_empty() { Err(Problem::invalid_field("body", "must not be empty")) } else { Ok(body) }
}

fn missing(about: Subject) -> Problem {
    Problem::not_found(match about {
        Subject::Song(_) => "there is no such song",
        Subject::Album(_) => "there is no such album",
    })
}

fn gone() -> Problem {
    Problem::not_found("there is no such comment")
}

#[cfg(test)]
mod tests;
