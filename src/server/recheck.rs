//! Looks again, now and then, whether the logins of open sockets are still good: the command line, another node or an
//! operator's SQL ends them without this process.
//!
//! Few statements for many sockets: the logins of ten thousand are ten, of 4 ms of processor each on SQLite and up to 18 on
//! PostgreSQL (docs/PERFORMANCE.md).

use std::time::Duration;

use octave_protocol::{Instant, UserId};

use crate::http::kit::identity::LIVES;
use crate::http::kit::state::AppState;
use crate::presence::SessionId;
use crate::store::{Result, sessions};

/// A login that has ended elsewhere is found after this, and closes its sockets well within 5 s.
const EVERY: Duration = Duration::from_secs(2);

/// Logins that one statement asks for.
const TOGETHER: usize = 1_000;

/// How old the note of a login's last use may be while a socket uses it: half of what a guest's login lasts.
const TOUCH_EVERY: octave_protocol::Duration = octave_protocol::Duration::from_secs(12 * 3600);

/// Runs as long as the server.
pub(super) async fn logins(state: AppState) {
    loop {
        tokio::time::sleep(EVERY).await;
        let open: Vec<(SessionId, UserId)> = state.people.logins().into_iter().collect();
        for some in open.chunks(TOGETHER) {
            if let Err(error) = check(&state, some, state.clock.now()).await {
                tracing::warn!(%error, "the logins of open sockets could not be looked at again");
                break;
            }
        }
    }
}

async fn check(state: &AppState, open: &[(SessionId, UserId)], now: Instant) -> Result<()> {
    let ids: Vec<SessionId> = open.iter().map(|(id, _)| *id).collect();
    let standing = sessions::standing(&state.db, &ids, now).await?;
    for (id, user) in open {
        match standing.get(id) {
            None => {
                tracing::info!(%user, "a login has ended elsewhere: its sockets close");
                state.logins.forget(*user);
                state.people.revoke(*user, &[*id]);
            }
            // Whoever listens for weeks without a request uses the login too.
            Some(seen) if now - *seen > TOUCH_EVERY => sessions::touch(&state.db, *id, now, LIVES).await?,
            Some(_) => {}
        }
    }
    Ok(())
}
