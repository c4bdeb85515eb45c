//! Tells the stages that run when the library says something else of a song.
//!
//! Every one is asked, by one message each: it knows best whether it speaks of the song. What it is told is read anew
//! for each round, and rounds follow one another, so that of two changes the later one is told last.

use std::sync::Arc;

use octave_protocol::SongId;
use octave_protocol::model::Song;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use super::{Registry, State};
use crate::bus::{To, Topic};
use crate::stage::handle::{Ask, Message, Refused};
use crate::stage::limits::{BUSY_RETRY, CORRECTED_WITHIN, CORRECTION_TRIES, QUEUE_WINDOW};

/// As it stands among what nodes tell each other.
#[derive(Debug, Serialize)]
struct Changed<'a> {
    songs: &'a [SongId],
}

/// Whether every stage shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    Done,
    /// Somebody was too busy, or is only starting and may have read what was true before.
    Again,
}

impl Registry {
    /// Songs have been changed, durably: returns when all stages show it, or after a second, and goes on behind that.
    pub async fn songs_changed(self: &Arc<Self>, songs: Vec<SongId>) {
        if let Some(bus) = &self.world.bus {
            for some in songs.chunks(QUEUE_WINDOW) {
                bus.send(To::All, Topic::Nodes, &Changed { songs: some }, b"");
            }
        }
        self.songs_changed_here(songs).await;
    }

    /// The same, of stages that run at this node.
    pub async fn songs_changed_here(self: &Arc<Self>, songs: Vec<SongId>) {
        if self.slots.is_empty() {
            return;
        }
        let registry = self.clone();
        let telling = self.actors.spawn(async move {
            for some in songs.chunks(QUEUE_WINDOW) {
                registry.tell(some).await;
            }
        });
        drop(tokio::time::timeout(CORRECTED_WITHIN, telling).await);
    }

    async fn tell(&self, songs: &[SongId]) {
        for _ in 0..CORRECTION_TRIES {
            if self.tell_once(songs).await == Round::Done {
                return;
            }
            tokio::select! {
                () = self.world.stop.cancelled() => return,
                () = tokio::time::sleep(BUSY_RETRY.to_std()) => {}
            }
        }
        tracing::warn!("a running stage could not be told of a change in the library");
    }

    async fn tell_once(&self, songs: &[SongId]) -> Round {
        let (mut round, answers) = {
            let _turn = self.telling.lock().await;
            let Ok(songs) = self.world.store.songs_of(songs).await else { return Round::Again };
            self.ask_all(&songs.into())
        };
        for answer in answers {
            // One that has stopped reads the songs when it is started again.
            if let Ok(Err(_)) = answer.await {
                round = Round::Again;
            }
        }
        round
    }

    fn ask_all(&self, songs: &Arc<[Arc<Song>]>) -> (Round, Vec<oneshot::Receiver<Result<(), Refused>>>) {
        let (mut round, mut answers) = (Round::Done, Vec::new());
        for slot in &self.slots {
            let State::Running { handle, .. } = &slot.state else {
                round = Round::Again;
                continue;
            };
            let (reply, answer) = oneshot::channel();
            let ask = Message::Ask(Ask::Correct { songs: songs.clone(), reply });
            match handle.mailbox.try_send(ask) {
                Ok(()) => answers.push(answer),
                Err(mpsc::error::TrySendError::Full(_)) => round = Round::Again,
                Err(mpsc::error::TrySendError::Closed(_)) => {}
            }
        }
        (round, answers)
    }
}
