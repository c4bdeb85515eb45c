//! Taking back what the log tells.
//!
//! What an entry did is undone by a command like any other, given by whoever asks: the stage decides whether they may, and
//! the log, which is only added to, tells that as well.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use octave_protocol::model::{
    Adding, Control, GuestRight, QueueMode, QueueOrder, Role, SharedVolume, Succession, Visibility,
};
use octave_protocol::{Duration, EntryId, ErrorCode, SongId, StageId, UserId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ask, submit};
use crate::base::name::StageName;
use crate::http::kit::extract::{ApiPath, CurrentUser};
use crate::http::kit::patch::Patch;
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::find;
use crate::http::kit::state::AppState;
use crate::stage::handle::{Ask, Command, Refused, SoundChange, StageChange, TurnsChange};
use crate::store::stage_log::{self, LogEntry};
use crate::store::{songs, users};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(undo))
}

/// Undo what an entry of the log did, as far as it can be and I may: songs that were queued are taken out again, one that was
/// removed comes back to its place, one that was moved goes back; modes, roles, bans, mutes and changes of the stage become
/// what they were. The log gets an entry of its own. 409 where there is nothing to undo (any more).
#[utoipa::path(post, path = "/stages/{id}/log/{entry}/undo", tag = "stages",
    params(("id" = i64, Path), ("entry" = i64, Path)),
    responses((status = 204, description = "Undone")), security(("bearer" = []), ("cookie" = [])),
    extensions(("x-problems" = json!(["forbidden", "conflict", "limit_reached", "too_many_waiting", "order_fixed"]))))]
async fn undo(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiPath((id, entry)): ApiPath<(StageId, i64)>,
) -> Result<StatusCode, Problem> {
    find(&state, Some(me.id()), id).await?;
    let entry = stage_log::get(&state.db, id, entry).await?;
    let entry = entry.ok_or_else(|| Problem::not_found("there is no such entry in the log"))?;
    if entry.kind == "queued" {
        return take_out(&state, &me, id, &entry).await;
    }
    let command = reversal(&state, &me, id, &entry).await?;
    submit(&state, id, me.id(), command).await
}

fn nothing() -> Problem {
    Problem::conflict("conflict", "there is nothing to undo")
}

/// A part of what an entry tells; entries from before it was kept lack it.
fn read<T: DeserializeOwned>(entry: &LogEntry, field: &str) -> Result<T, Problem> {
    entry.data.get(field).and_then(|value| T::deserialize(value).ok()).ok_or_else(nothing)
}

async fn take_out(state: &AppState, me: &CurrentUser, id: StageId, entry: &LogEntry) -> Result<StatusCode, Problem> {
    #[derive(Deserialize)]
    struct Queued {
        entry: EntryId,
    }
    let queued: Vec<Queued> = read(entry, "entries")?;
    let mut taken_out = false;
    for Queued { entry } in queued {
        let (by, command) = (me.id(), Command::Remove { entry });
        match ask(state, id, |reply| Ask::Command { by, command, reply }).await? {
            Ok(()) => taken_out = true,
            // Taken out before, by whomever.
            Err(Refused { code: ErrorCode::NotFound, .. }) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    if taken_out { Ok(StatusCode::NO_CONTENT) } else { Err(nothing()) }
}

async fn reversal(state: &AppState, me: &CurrentUser, id: StageId, entry: &LogEntry) -> Result<Command, Problem> {
    let somebody = async || {
        let user: UserId = read(entry, "user")?;
        let account = users::by_id(&state.db, user).await?.ok_or_else(nothing)?;
        Ok::<_, Problem>(Arc::new(account.user()))
    };
    Ok(match entry.kind.as_str() {
        "removed" => {
            let song: SongId = read(entry, "song")?;
            let songs: Vec<_> = songs::for_stage(&state.db, &[song]).await?.into_iter().map(Arc::new).collect();
            if songs.is_empty() {
                return Err(nothing());
            }
            let total = ask(state, id, |reply| Ask::Queue { offset: 0, limit: 1, reply }).await?.total;
            let position = read::<u32>(entry, "index").ok().map(|index| index.min(total));
            Command::Bring { user: Arc::new(me.user()), songs, position }
        }
        "moved" => Command::Move { entry: read(entry, "entry")?, position: read(entry, "from")? },
        "mode" => {
            let QueueMode { repeat, shuffle } = read(entry, "was")?;
            Command::SetMode { repeat: Some(repeat), shuffle: Some(shuffle) }
        }
        "role" => Command::SetRole { role: read::<Role>(entry, "was")?, user: somebody().await? },
        "banned" => Command::Ban { user: somebody().await?, banned: false },
        "unbanned" => Command::Ban { user: somebody().await?, banned: true },
        "muted" => Command::Unmute { user: somebody().await?.id },
        "unmuted" => Command::Mute { user: somebody().await?, until: None },
        "updated" => Command::Update(read::<Was>(entry, "was")?.into()),
        _ => return Err(nothing()),
    })
}

/// What a stage was before it was changed, as far as it was.
#[derive(Debug, Deserialize)]
struct Was {
    name: Option<String>,
    genres: Option<Vec<String>>,
    visibility: Option<Visibility>,
    control: Option<Control>,
    adding: Option<Adding>,
    slow_mode_us: Option<Duration>,
    succession: Option<Succession>,
    crossfade_us: Option<Duration>,
    volume: Option<SharedVolume>,
    guests: Option<Vec<GuestRight>>,
    order: Option<QueueOrder>,
    #[serde(default)]
    max_waiting: Patch<u32>,
}

impl From<Was> for StageChange {
    fn from(was: Was) -> Self {
        let Was {
            name,
            genres,
            visibility,
            control,
            adding,
            slow_mode_us: slow_mode,
            succession,
            crossfade_us,
            volume,
            guests,
            order,
            max_waiting,
        } = was;
        let name = name.and_then(|name| StageName::parse(&name).ok());
        let sound = SoundChange {
            crossfade: crossfade_us,
            together: volume.map(|v| v.together),
            percent: volume.map(|v| v.percent),
        };
        let guests = guests.map(|rights| rights.into_iter().collect());
        let turns = TurnsChange { order, max_waiting: max_waiting.change() };
        Self {
            name,
            genres,
            visibility,
            control,
            adding,
            slow_mode,
            succession,
            sound,
            turns,
            guests,
            ..Self::default()
        }
    }
}
