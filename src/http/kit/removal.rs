//! What goes with a closed account.

use octave_protocol::{StageId, UserId};

use super::state::AppState;
use crate::stage::handle::Command;
use crate::stage::registry::NoStage;
use crate::store::{StoreError, removal, stages};

/// Why something hangs on a closed account still; at the next start it is tried anew.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("stage {0} could not be ended")]
    Stage(StageId),
}

impl AppState {
    /// Ends the stages of a closed account and takes away what hangs on it. What fails is done at the next start.
    pub(crate) async fn erase(&self, user: UserId) {
        if let Err(error) = self.try_to_erase(user).await {
            tracing::warn!(%error, %user, "a closed account is not erased yet");
        }
    }

    async fn try_to_erase(&self, user: UserId) -> Result<(), Unfinished> {
        for id in stages::hosted(&self.db, user).await? {
            let stage = match self.registry.find(id).await {
                Ok(stage) => stage,
                Err(NoStage::NotFound) => continue,
                Err(NoStage::Unavailable | NoStage::Full) => return Err(Unfinished::Stage(id)),
            };
            if !matches!(stage.command(user, Command::End).await, Ok(Ok(()))) {
                return Err(Unfinished::Stage(id));
            }
        }
        Ok(removal::erase(&self.db, user, self.clock.now()).await?)
    }

    /// Takes up what a server has left that stopped.
    pub(crate) async fn finish_erasing(&self) {
        match removal::unfinished(&self.db).await {
            Ok(users) => {
                for user in users {
                    self.erase(user).await;
                }
            }
            Err(error) => tracing::warn!(%error, "closed accounts can't be looked for"),
        }
    }
}
