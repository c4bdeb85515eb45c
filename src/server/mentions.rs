//! Tells people of chat lines that call them by name or answer them, wherever they are.
//!
//! Lines come here once they are committed, from the storage of stages; what may wait is bounded, and what is too much is
//! not told.

use octave_protocol::UserId;
use octave_protocol::model::NotificationKind::{Mention, Reply};
use tokio::sync::mpsc;

use crate::base::mentions::{excerpt, names};
use crate::http::kit::notify::EXCERPT_CHARS;
use crate::http::kit::state::AppState;
use crate::store::Result;
use crate::store::access::{Access, access};
use crate::store::notifications::{self, Note};
use crate::store::stage_journal::Said;

/// Runs as long as the server.
pub(super) async fn tell(state: AppState, mut lines: mpsc::Receiver<Said>) {
    while let Some(said) = lines.recv().await {
        if let Err(error) = tell_of(&state, &said).await {
            tracing::warn!(%error, stage = %said.stage, "people were not told that they were mentioned");
        }
    }
}

async fn tell_of(state: &AppState, said: &Said) -> Result<()> {
    let answered = match said.reply_to {
        Some(line) => notifications::answered(&state.db, said.stage, line).await?,
        None => None,
    };
    let mut called = notifications::called(&state.db, &names(&said.text)).await?;
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
