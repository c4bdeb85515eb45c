//! Stages: opened, found, shown, changed, ended.
//!
//! What rests is read from the store and what lives from the registry; a change is asked of the stage's actor, which
//! makes it durable, tells everyone in the stage, and only then answers.

mod admin;
mod evening;
mod guests;
mod history;
pub mod invites;
mod list;
mod manage;
mod past;
mod people;
#[cfg(test)]
mod tests;
mod undo;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use octave_protocol::model::{self, Adding, Control, GuestRight, QueueOrder, StartBarrier, Succession, Visibility};
use octave_protocol::{Duration, StageId, UserId};
use serde::Deserialize;
use tokio::sync::oneshot;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::name::{StageGenre, StageName};
use crate::base::text;
use crate::http::kit::extract::{ApiJson, ApiPath, ApiQuery, CurrentUser, MaybeUser};
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::patch::Patch;
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{find, shape};
use crate::http::kit::state::{AppState, Limits};
use crate::stage::handle::{Ask, Command, SoundChange, StageChange, StartChange, Turns, TurnsChange};
use crate::stage::limits::{BARRIER_PATIENCE_MAX, CROSSFADE_MAX, MAX_WAITING_MOST, SLOW_MODE_MAX, STAGE_TAGS};
use crate::store::stages::{self, Filter, NewStage};
use crate::store::users;

/// Open stages of one host.
const MAX_PER_HOST: u32 = 100;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(show, change, end))
        .merge(history::routes())
        .merge(undo::routes())
        .merge(evening::routes())
        .merge(past::routes())
        .merge(manage::routes())
        .merge(people::routes())
        .merge(guests::routes())
        .merge(admin::routes())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StageOrder)]
enum Sort {
    /// Where most people are first.
    #[default]
    Listeners,
    /// The latest opened first.
    New,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `true`: where somebody is or something plays; `false`: the others.
    live: Option<bool>,
    genre: Option<String>,
    /// Words that the name, the host or a genre must hold.
    q: Option<String>,
    /// A username: stages of this host.
    host: Option<String>,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
}

/// Stages that I may know of.
#[utoipa::path(get, path = "/stages", tag = "stages", params(Wanted, Page),
    responses((status = 200, body = Listed<model::Stage>, description = "A piece of the list")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn list(
    State(state): State<AppState>,
    viewer: MaybeUser,
    page: Page,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> Result<Json<Listed<model::Stage>>, Problem> {
    let found = list::list(&state, viewer.id(), &wanted, page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, found, |s| list::rank(wanted.sort, s), |s| s)))
}

/// Asks a stage's actor and waits for its answer.
async fn ask<T>(state: &AppState, id: StageId, question: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Result<T, Problem> {
    let handle = state.registry.find(id).await?;
    // A stage that stops in between drops the question: asked again, it is started again.
    handle.ask(question).await.map_err(|_| Problem::busy())
}

/// Gives a command; there is no more to answer than that it was done.
async fn submit(state: &AppState, id: StageId, by: UserId, command: Command) -> Result<StatusCode, Problem> {
    ask(state, id, |reply| Ask::Command { by, command, reply }).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a change; the stage after it.
async fn update(state: &AppState, by: UserId, id: StageId, change: StageChange) -> Result<model::Stage, Problem> {
    ask(state, id, |reply| Ask::Update { by, change, reply }).await?.map_err(Problem::from)
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OpenStage)]
struct Open {
    /// At most 100 characters.
    name: String,
    #[serde(default)]
    genres: Vec<String>,
    /// `public` when absent.
    visibility: Option<Visibility>,
    /// `host` when absent.
    control: Option<Control>,
    /// `control` when absent: those who steer.
    adding: Option<Adding>,
    /// 80 % and 1.5 s when absent.
    start: Option<StartBarrier>,
    /// Seconds between two lines of one who does not moderate, 0 to 21,600; 0 when absent.
    slow_mode_s: Option<u32>,
    /// `people` when absent.
    succession: Option<Succession>,
    /// 0 to 12 seconds; 0 when absent: without a gap.
    #[schema(value_type = Option<i64>)]
    crossfade_us: Option<Duration>,
    /// `added` when absent.
    order: Option<QueueOrder>,
    /// 1 to 1,000; as many as they like when absent.
    max_waiting: Option<u32>,
}

/// Open a stage; I am its host.
#[utoipa::path(post, path = "/stages", tag = "stages", request_body = Open,
    responses((status = 201, body = model::Stage, description = "Open")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["limit_reached"]))))]
async fn open(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiJson(form): ApiJson<Open>,
) -> Result<(StatusCode, [(axum::http::HeaderName, String); 1], Json<model::Stage>), Problem> {
    let name = name(&form.name)?;
    let genres = genres(&form.genres)?;
    if state.settings.limits == Limits::On {
        let own = Filter { viewer: Some(me.id()).into(), host: Some(me.id()), genre: None };
        if stages::latest(&state.db, &own, MAX_PER_HOST).await?.len() >= MAX_PER_HOST as usize {
            return Err(Problem::conflict("limit_reached", format!("end some of your {MAX_PER_HOST} stages first")));
        }
    }
    let new = NewStage {
        name: &name,
        host: me.id(),
        genres: &genres,
        visibility: form.visibility.unwrap_or(Visibility::Public),
        control: form.control.unwrap_or(Control::Host),
        adding: form.adding.unwrap_or_default(),
        start: barrier(form.start)?.unwrap_or_default(),
        slow_mode: form.slow_mode_s.map(slow_mode).transpose()?.unwrap_or_default(),
        succession: form.succession.unwrap_or_default(),
        crossfade: form.crossfade_us.map(crossfade).transpose()?.unwrap_or_default(),
        turns: Turns {
            order: form.order.unwrap_or_default(),
            max_waiting: form.max_waiting.map(max_waiting).transpose()?,
        },
    };
    let id = stages::create(&state.db, new, state.clock.now()).await?;
    let stage = find(&state, Some(me.id()), id).await?;
    state.news.notify_one();
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/stages/{id}"))], Json(shape(&state, stage))))
}

fn name(raw: &str) -> Result<StageName, Problem> {
    StageName::parse(raw).map_err(|why| Problem::no_name("name", why))
}

fn barrier(wanted: Option<StartBarrier>) -> Result<Option<StartBarrier>, Problem> {
    let Some(StartBarrier { quorum_percent, patience_us }) = wanted else { return Ok(None) };
    Ok(Some(StartBarrier { quorum_percent: quorum(quorum_percent)?, patience_us: patience(patience_us)? }))
}

fn quorum(percent: u8) -> Result<u8, Problem> {
    let fits = (1..=100).contains(&percent);
    fits.then_some(percent).ok_or_else(|| Problem::invalid_field("start.quorum_percent", "must be 1 to 100"))
}

fn patience(wait: Duration) -> Result<Duration, Problem> {
    let fits = (Duration::ZERO..=BARRIER_PATIENCE_MAX).contains(&wait);
    fits.then_some(wait).ok_or_else(|| Problem::invalid_field("start.patience_us", "must be 0 to 10 seconds"))
}

fn slow_mode(seconds: u32) -> Result<Duration, Problem> {
    let pause = Duration::from_secs(seconds.into());
    let fits = pause <= SLOW_MODE_MAX;
    fits.then_some(pause).ok_or_else(|| Problem::invalid_field("slow_mode_s", "must be 0 to 21,600"))
}

fn crossfade(length: Duration) -> Result<Duration, Problem> {
    let fits = (Duration::ZERO..=CROSSFADE_MAX).contains(&length);
    fits.then_some(length).ok_or_else(|| Problem::invalid_field("crossfade_us", "must be 0 to 12 seconds"))
}

fn max_waiting(most: u32) -> Result<u32, Problem> {
    let fits = (1..=MAX_WAITING_MOST).contains(&most);
    fits.then_some(most).ok_or_else(|| Problem::invalid_field("max_waiting", "must be 1 to 1,000, or empty"))
}

async fn speaker(state: &AppState, wanted: Patch<UserId>) -> Result<Option<Option<Arc<model::User>>>, Problem> {
    let id = match wanted {
        Patch::Keep => return Ok(None),
        Patch::Clear => return Ok(Some(None)),
        Patch::Set(id) => id,
    };
    let account = users::by_id(&state.db, id).await?;
    let account = account.ok_or_else(|| Problem::invalid_field("speaker", "must be somebody who is in the stage"))?;
    Ok(Some(Some(Arc::new(account.user()))))
}

fn percent(percent: u8) -> Result<u8, Problem> {
    (percent <= 100).then_some(percent).ok_or_else(|| Problem::invalid_field("volume.percent", "must be 0 to 100"))
}

fn genres(raw: &[String]) -> Result<Vec<String>, Problem> {
    if raw.len() > STAGE_TAGS {
        return Err(Problem::invalid_field("genres", format!("must be at most {STAGE_TAGS}")));
    }
    let genre = |raw: &String| StageGenre::parse(raw).map(String::from);
    let mut genres: Vec<String> =
        raw.iter().map(genre).collect::<Result<_, _>>().map_err(|why| Problem::no_name("genres", why))?;
    let mut seen = std::collections::HashSet::new();
    genres.retain(|genre| seen.insert(text::key(genre)));
    Ok(genres)
}

/// One stage.
#[utoipa::path(get, path = "/stages/{id}", tag = "stages", params(("id" = i64, Path)),
    responses((status = 200, body = model::Stage, description = "As it is now")),
    security((), ("bearer" = []), ("cookie" = [])))]
async fn show(
    State(state): State<AppState>,
    viewer: MaybeUser,
    ApiPath(id): ApiPath<StageId>,
) -> Result<Json<model::Stage>, Problem> {
    let stage = find(&state, viewer.id(), id).await?;
    Ok(Json(shape(&state, stage)))
}

/// Fields to change; absent ones stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StageChanges)]
struct Change {
    name: Option<String>,
    genres: Option<Vec<String>>,
    visibility: Option<Visibility>,
    control: Option<Control>,
    adding: Option<Adding>,
    start: Option<StartEdit>,
    /// 0 to 21,600.
    slow_mode_s: Option<u32>,
    succession: Option<Succession>,
    /// 0 to 12 seconds; 0 plays one song after the other without a gap.
    #[schema(value_type = Option<i64>)]
    crossfade_us: Option<Duration>,
    volume: Option<VolumeEdit>,
    /// What waits is put in this order at once; with `votes` and `fair` nobody moves entries by hand any more.
    order: Option<QueueOrder>,
    /// 1 to 1,000, or `null` to lift the limit. What waits already stays.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    max_waiting: Patch<u32>,
    /// The id of somebody who is in the stage: their devices alone sound, but for their remotes. `null`: everybody's do.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    speaker: Patch<UserId>,
    /// What guests may do at most. Without `listen` those who are here go home, and none comes in.
    guests: Option<Vec<GuestRight>>,
}

/// Fields of the suggested loudness to change; absent ones stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct VolumeEdit {
    together: Option<bool>,
    /// 0 to 100.
    percent: Option<u8>,
}

/// Fields of the start barrier to change; absent ones stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct StartEdit {
    /// 1 to 100.
    quorum_percent: Option<u8>,
    /// 0 to 10 seconds; 0 waits for nobody.
    #[schema(value_type = Option<i64>)]
    patience_us: Option<Duration>,
}

/// Change a stage that I host.
#[utoipa::path(patch, path = "/stages/{id}", tag = "stages", params(("id" = i64, Path)), request_body = Change,
    responses((status = 200, body = model::Stage, description = "After the change")),
    security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn change(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
    ApiJson(form): ApiJson<Change>,
) -> Result<Json<model::Stage>, Problem> {
    find(&state, Some(me.id()), id).await?;
    let start = form.start.unwrap_or_default();
    let volume = form.volume.unwrap_or_default();
    let change = StageChange {
        name: form.name.as_deref().map(name).transpose()?,
        genres: form.genres.as_deref().map(genres).transpose()?,
        visibility: form.visibility,
        control: form.control,
        adding: form.adding,
        start: StartChange {
            quorum_percent: start.quorum_percent.map(quorum).transpose()?,
            patience: start.patience_us.map(patience).transpose()?,
        },
        slow_mode: form.slow_mode_s.map(slow_mode).transpose()?,
        succession: form.succession,
        sound: SoundChange {
            crossfade: form.crossfade_us.map(crossfade).transpose()?,
            together: volume.together,
            percent: volume.percent.map(percent).transpose()?,
        },
        turns: TurnsChange { order: form.order, max_waiting: form.max_waiting.check(max_waiting)?.change() },
        guests: form.guests.map(|rights| rights.into_iter().collect()),
        speaker: speaker(&state, form.speaker).await?,
        ..StageChange::default()
    };
    let welcome = change.guests.is_none_or(|rights| rights.has(GuestRight::Listen));
    let changed = update(&state, me.id(), id, change).await?;
    if !welcome {
        guests::go_home(&state, id, None).await?;
    }
    if form.visibility.is_some() {
        state.news.notify_one();
    }
    Ok(Json(changed))
}

/// End a stage that I host; everyone in it is told.
#[utoipa::path(delete, path = "/stages/{id}", tag = "stages", params(("id" = i64, Path)),
    responses((status = 204, description = "Ended")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden"]))))]
async fn end(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath(id): ApiPath<StageId>,
) -> Result<StatusCode, Problem> {
    find(&state, Some(me.id()), id).await?;
    submit(&state, id, me.id(), Command::End).await
}
