//! A page of the stages: those where somebody is, the fullest first, then the others, the latest first. Who is where only
//! the registry knows, and which stages there are only the database: so the first are asked for by their ids.

use std::cmp::Reverse;

use octave_protocol::{StageId, UserId, model};

use super::{Sort, Wanted};
use crate::base::fold::Query;
use crate::http::kit::problem::Problem;
use crate::http::kit::stages::{holds, shape};
use crate::http::kit::state::AppState;
use crate::stage::handle::Live;
use crate::store::stages::{self, Filter, Which};
use crate::store::users;

/// Stages that are asked for at once by their ids.
const AT_ONCE: u32 = 200;

/// By what a list is sorted, downwards.
pub(super) fn rank(sort: Sort, stage: &model::Stage) -> (u32, StageId) {
    match sort {
        Sort::Listeners => (stage.listeners, stage.id),
        Sort::New => (0, stage.id),
    }
}

pub(super) async fn list(
    state: &AppState,
    viewer: Option<UserId>,
    wanted: &Wanted,
    after: Option<(u32, StageId)>,
    limit: u32,
) -> Result<Vec<model::Stage>, Problem> {
    let host = match wanted.host.as_deref().filter(|h| !h.is_empty()) {
        Some(name) => match users::by_username(&state.db, name).await? {
            Some(account) => Some(account.id),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let genre = wanted.genre.as_deref().filter(|g| !g.is_empty());
    let filter = Filter { viewer: state.viewer(viewer), genre, host };
    let query = wanted.q.as_deref().filter(|q| !q.trim().is_empty()).map(Query::of);
    let live: Vec<(u32, StageId)> = state
        .registry
        .all_live()
        .into_iter()
        .filter(|(_, live)| is_live(live))
        .map(|(id, l)| (l.listeners, id))
        .collect();
    let by_rank = |(listeners, id): (u32, StageId)| match wanted.sort {
        Sort::Listeners => (listeners, id),
        Sort::New => (0, id),
    };
    // Those whose place only the registry knows, and those that the database must leave out.
    let known = |at: &(u32, StageId)| wanted.live == Some(true) || by_rank(*at).0 > 0;
    let mut first: Vec<(u32, StageId)> = match wanted.live {
        Some(false) => Vec::new(),
        _ => live.iter().filter(|at| known(at)).map(|at| by_rank(*at)).collect(),
    };
    let left_out: Vec<StageId> =
        live.iter().filter(|at| known(at) || wanted.live == Some(false)).map(|(_, id)| *id).collect();
    first.retain(|at| after.is_none_or(|after| *at < after));
    first.sort_unstable_by_key(|at| Reverse(*at));

    let mut found = Vec::new();
    for some in first.chunks(AT_ONCE as usize) {
        let ids: Vec<StageId> = some.iter().map(|(_, id)| *id).collect();
        let stages = stages::list(&state.db, &filter, Which::Among(&ids), AT_ONCE).await?;
        let mut shaped: Vec<_> = stages.into_iter().map(|stage| shape(state, stage)).collect();
        shaped.retain(|stage| query.as_ref().is_none_or(|query| holds(stage, query)));
        shaped.sort_by_key(|stage| ids.iter().position(|id| *id == stage.id));
        found.extend(shaped);
        if found.len() >= limit as usize {
            break;
        }
    }
    let room = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
    if room > 0 && wanted.live != Some(true) {
        let below = after.filter(|(listeners, _)| *listeners == 0).map_or(StageId(i64::MAX), |(_, id)| id);
        let rest = stages::list(&state.db, &filter, Which::Below(below, &left_out, query.as_ref()), room).await?;
        found.extend(rest.into_iter().map(|stage| shape(state, stage)));
    }
    found.truncate(limit as usize);
    Ok(found)
}

/// Whether somebody is there, or something plays.
const fn is_live(live: &Live) -> bool {
    live.playing || live.listeners > 0
}
