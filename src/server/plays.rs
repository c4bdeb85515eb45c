//! Writes down what listeners have heard, many at once: a hall that hears the same song is a few statements.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::connection::hearing::{Heard, enough};
use crate::store::Db;
use crate::store::plays::{self, NewPlay};

/// How long what was heard is gathered.
const GATHERED: Duration = Duration::from_secs(1);

/// Plays that one transaction writes.
const TOGETHER: usize = 200;

/// Runs as long as the server.
pub(super) async fn keep(db: Db, mut heard: mpsc::Receiver<Heard>) {
    let mut some = Vec::new();
    while heard.recv_many(&mut some, TOGETHER).await > 0 {
        if some.len() < TOGETHER {
            tokio::time::sleep(GATHERED).await;
            while some.len() < TOGETHER
                && let Ok(more) = heard.try_recv()
            {
                some.push(more);
            }
        }
        let new: Vec<NewPlay> = some.drain(..).map(play).collect();
        if let Err(error) = plays::add(&db, &new).await {
            tracing::warn!(%error, plays = new.len(), "what was heard could not be written down");
        }
    }
}

/// Another device of the same person may have come in later and hears the same song to its end: that is less than a
/// song's length after the first one. The same song played anew is a whole length after it.
fn play(heard: Heard) -> NewPlay {
    let half = octave_protocol::Duration::from_micros(enough(heard.length).as_micros() / 2);
    NewPlay {
        user: heard.user,
        song: heard.song,
        stage: heard.stage,
        heard: heard.heard,
        at: heard.at,
        unless_since: heard.at - (heard.length - half),
    }
}
