//! Tells people of chat lines that call them by name or answer them, wherever they are.
//!
//! Lines come here once they are committed, from the storage of stages; what may wait is bounded, and what is too much is
//! not told.

use octave_protocol::UserId;
use octave_protocol::model::NotificationKind::{Mention, Reply};
use tokio::sync::mpsc;

use crate::base::mentions::excerpt;
use crate::http::kit::notify::EXCERPT_CHARS;
use crate::http::kit::state::AppState;
use crate::store::Result;
use crate::store::access::{Access, access};
use crate::store::notifications::{self, Called, Note};
use crate::store::stage_journal::Said;

/// Runs as long as the server.
pub(super) async fn tell(state: AppState, mut lines: mpsc::Receiver<Said>) {
    let mut some = Vec::new();
    while lines.recv_many(&mut some, LINES_TOGETHER).await > 0 {
        let called = match notifications::called(&state.db, some.iter().map(|said| &*said.text)).await {
            Ok(called) => called,
            Err(error) => {
                tracing::warn!(%error, "nobody was looked up of those who were mentioned");
                Called::default()
            }
        };
        for said in some.drain(..) {
            if let Err(error) = tell_of(&state, &said, called.by(&said.text)).await {
                tracing::warn!(%error, stage = %said.stage, "people were not told that they were mentioned");
            }
        }
    }
}

/// Lines whose names are looked up at once: a flood of them costs one question, not as many.
const LINES_TOGETHER: usize = 256;

async fn tell_of(state: &AppState, said: &Said, mut called: Vec<UserId>) -> Result<()> {
    let answered = match said.reply_to {
        Some(line) => notifications::answered(&state.db, said.stage, line).await?,
        None => None,
    };
    called.retain(|user| Some(*user) != answered);
    if called.is_empty() && answered.is_none() {
        return Ok(());
    }
    let Some(about) = notifications::stage_name(&state.db, said.stage).await? else { return Ok(()) };
    let note = |kind| Note {
        stage: Some(said.stage),
        chat: Some(said.seq),
        about: about.clone(),
        excerpt: Some(excerpt(&said.text, EXCERPT_CHARS)),
        ..Note::new(kind, said.from)
    };
    for (kind, people) in [(Reply, answered.into_iter().collect()), (Mention, called)] {
        let people = who_may_know(state, said, people).await?;
        state.notify(&people, note(kind)).await;
    }
    Ok(())
}

/// Those of them to whom the stage is open.
async fn who_may_know(state: &AppState, said: &Said, people: Vec<UserId>) -> Result<Vec<UserId>> {
    let mut some = Vec::new();
    for user in people {
        if access(&state.db, &state.viewer(Some(user)), said.stage).await? == Access::Open {
            some.push(user);
        }
    }
    Ok(some)
}
