//! Listening to songs that were taken in before anybody had heard them through: their loudness and their outline.
//!
//! Whose turn it is goes round by user, and nobody has two songs listened to at once, so that a slow file holds up
//! whoever brought it. What is to be done stands in the database: a server that was killed goes on where it was. Of several
//! servers one at a time listens to what somebody has brought.

use std::sync::Arc;

use octave_protocol::{SongId, UserId};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::library::media::{AudioName, Media};
use crate::store::songs::{self, Listened, Waiting};
use crate::store::upkeep::{self, Chore, Turn};
use crate::store::{Db, StoreError};

/// How many songs are listened to at once: more would only take the processors from playing stages.
const AT_ONCE: usize = 2;

/// Users whose songs other servers are at, and who are passed over; where there are more, they wait.
const PASSED_OVER: usize = 2;

/// After a failing database it is tried again; and it is looked whether others have done what they were at.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

/// What is left when nothing more can be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Nothing,
    /// Songs that other servers are at.
    ToOthers,
}

/// Goes on until it is dropped; `heard` is told of every song that was listened to.
pub async fn run(db: Db, media: Arc<Media>, heard: impl AsyncFn(SongId)) {
    loop {
        match pass(&db, &media, &heard).await {
            Ok(Left::Nothing) => media.new_songs().await,
            Ok(Left::ToOthers) => drop(tokio::time::timeout(PAUSE, media.new_songs()).await),
            Err(error) => {
                tracing::warn!(%error, "songs could not be listened to; that is tried again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Listens to all songs that wait, and to those that come meanwhile.
pub async fn pass(db: &Db, media: &Arc<Media>, heard: &impl AsyncFn(SongId)) -> Result<Left, StoreError> {
    let mut work = JoinSet::new();
    let mut whose = Whose::default();
    loop {
        while whose.busy.len() < AT_ONCE
            && let Some((next, turn)) = whose.next(db).await?
        {
            let span = tracing::info_span!("listen", song = next.id);
            work.spawn(one(db.clone(), media.clone(), next, turn).instrument(span));
        }
        let joined = if whose.busy.len() < AT_ONCE {
            tokio::select! {
                joined = work.join_next() => joined,
                () = media.new_songs(), if !whose.busy.is_empty() => continue,
            }
        } else {
            work.join_next().await
        };
        match joined {
            Some(Ok((of, song))) => {
                whose.busy.retain(|user| *user != of);
                heard(song?).await;
            }
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None if whose.elsewhere.is_empty() => return Ok(Left::Nothing),
            None => return Ok(Left::ToOthers),
        }
    }
}

/// Whose turn it is.
#[derive(Debug, Default)]
struct Whose {
    last: UserId,
    /// Whose songs are listened to here, and at other servers as far as was found out.
    busy: Vec<UserId>,
    elsewhere: Vec<UserId>,
}

impl Whose {
    /// The next song, if its turn is to be had.
    async fn next(&mut self, db: &Db) -> Result<Option<(Waiting, Turn)>, StoreError> {
        while self.elsewhere.len() < PASSED_OVER {
            let passed: Vec<UserId> = self.busy.iter().chain(&self.elsewhere).copied().collect();
            let Some(found) = songs::next_to_analyse(db, self.last, &passed).await? else { return Ok(None) };
            let user = UserId(found.uploader_id);
            let Some(turn) = upkeep::turn(db, Chore::Listening(user)).await? else {
                self.elsewhere.push(user);
                continue;
            };
            // Who had the turn before may have just listened to it.
            match songs::next_to_analyse(db, UserId(user.0 - 1), &passed).await? {
                Some(next) if next.uploader_id == user.0 => {
                    self.last = user;
                    self.busy.push(user);
                    return Ok(Some((next, turn)));
                }
                _ => turn.end().await?,
            }
        }
        Ok(None)
    }
}

async fn one(db: Db, media: Arc<Media>, next: Waiting, turn: Turn) -> (UserId, Result<SongId, StoreError>) {
    let (song, of) = (SongId(next.id), UserId(next.uploader_id));
    let done = listen(&db, &media, &next, song).await;
    let done = match turn.end().await {
        Ok(()) => done,
        Err(error) => done.and(Err(error)),
    };
    (of, done.map(|()| song))
}

async fn listen(db: &Db, media: &Media, next: &Waiting, song: SongId) -> Result<(), StoreError> {
    let sound = match AudioName::parse(&next.file_hash, &next.mime) {
        Some(name) => media.listen(&name).await.inspect_err(|error| tracing::warn!(%error, "a song can't be heard")),
        None => return songs::analysed(db, song, None).await,
    };
    let listened = sound.ok().map(|sound| Listened {
        loudness_mlufs: sound.loudness_mlufs,
        true_peak_mdb: sound.true_peak_mdb,
        waveform: sound.waveform,
    });
    songs::analysed(db, song, listened.as_ref()).await
}

#[cfg(test)]
mod tests;
