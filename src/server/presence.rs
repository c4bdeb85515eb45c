//! Tells friends who comes, goes and changes stages.
//!
//! What changes is gathered for a moment: a reload tells nobody anything, and a crowd that comes back costs a few
//! questions to the database. A friend hears of a stage only if they may know of it. Of several nodes each tells those who are
//! connected to it.

use std::collections::HashMap;
use std::time::Duration;

use octave_protocol::{ServerFrame, StageId, UserId};

use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::http::social::friends::stage_of;
use crate::store::friends;
use crate::wire;

/// How long what changes is gathered before it is told.
const GATHERED: Duration = Duration::from_secs(1);

/// Users whose friends are looked for by one question.
const ASKED_TOGETHER: usize = 256;

/// Runs as long as the server.
pub(super) async fn tell_friends(state: AppState) {
    let (comings, moves) = (state.people.changes(), state.registry.moves());
    // Who is online as far as has been told, and in which stage.
    let mut told: HashMap<UserId, Option<StageId>> = HashMap::new();
    loop {
        tokio::select! {
            () = comings.some() => {}
            () = moves.some() => {}
        }
        tokio::time::sleep(GATHERED).await;
        let mut changed = comings.take();
        changed.extend(moves.take());
        changed.retain(|user| {
            let now = state.people.is_online(*user).then(|| state.registry.stages_of(*user).last().copied());
            let before = match now {
                Some(stage) => told.insert(*user, stage),
                None => told.remove(user),
            };
            before != now
        });
        let changed: Vec<UserId> = changed.into_iter().collect();
        for some in changed.chunks(ASKED_TOGETHER) {
            if let Err(problem) = tell(&state, some).await {
                // Nobody is told later: lists that are asked for are right anyway.
                tracing::warn!(?problem, "friends were not told who came and went");
            }
        }
    }
}

async fn tell(state: &AppState, users: &[UserId]) -> Result<(), Problem> {
    for (user, friend) in friends::of(&state.db, users).await? {
        if !state.people.is_here(friend) {
            continue;
        }
        let online = state.people.is_online(user.id);
        let stage = if online { stage_of(state, friend, user.id).await? } else { None };
        let frame = ServerFrame::FriendPresence { user, online, stage };
        state.people.tell_here(friend, &wire::frame::json(&frame));
    }
    Ok(())
}
