//! Listening to songs that were taken in before anybody had heard them through: their loudness and their outline.
//!
//! Whose turn it is goes round by user, and nobody has two songs listened to at once, so that a slow file holds up
//! whoever brought it. What is to be done stands in the database: a server that was killed goes on where it was.

use std::sync::Arc;

use octave_protocol::{SongId, UserId};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::library::media::{AudioName, Media};
use crate::store::songs::{self, Listened, Waiting};
use crate::store::{Db, StoreError};

/// How many songs are listened to at once: more would only take the processors from playing stages.
const AT_ONCE: usize = 2;

/// After a failing database it is tried again.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

/// Goes on until it is dropped; `heard` is told of every song that was listened to.
pub async fn run(db: Db, media: Arc<Media>, heard: impl AsyncFn(SongId)) {
    loop {
        if let Err(error) = pass(&db, &media, &heard).await {
            tracing::warn!(%error, "songs could not be listened to; that is tried again");
            tokio::time::sleep(PAUSE).await;
        } else {
            media.new_songs().await;
        }
    }
}

/// Listens to all songs that wait, and to those that come meanwhile.
pub async fn pass(db: &Db, media: &Arc<Media>, heard: &impl AsyncFn(SongId)) -> Result<(), StoreError> {
    let mut work = JoinSet::new();
    let mut busy: Vec<UserId> = Vec::new();
    let mut last = UserId(0);
    loop {
        while busy.len() < AT_ONCE
            && let Some(next) = songs::next_to_analyse(db, last, &busy).await?
        {
            last = UserId(next.uploader_id);
            busy.push(last);
            let span = tracing::info_span!("listen", song = next.id);
            work.spawn(one(db.clone(), media.clone(), next).instrument(span));
        }
        let joined = if busy.len() < AT_ONCE {
            tokio::select! {
                joined = work.join_next() => joined,
                () = media.new_songs(), if !busy.is_empty() => continue,
            }
        } else {
            work.join_next().await
        };
        match joined {
            Some(Ok((of, song))) => {
                busy.retain(|user| *user != of);
                heard(song?).await;
            }
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => return Ok(()),
        }
    }
}

async fn one(db: Db, media: Arc<Media>, next: Waiting) -> (UserId, Result<SongId, StoreError>) {
    let (song, of) = (SongId(next.id), UserId(next.uploader_id));
    let sound = match AudioName::parse(&next.file_hash, &next.mime) {
        Some(name) => media.listen(&name).await.inspect_err(|error| tracing::warn!(%error, "a song can't be heard")),
        None => return (of, songs::analysed(&db, song, None).await.map(|()| song)),
    };
    let listened = sound.ok().map(|sound| Listened {
        loudness_mlufs: sound.loudness_mlufs,
        true_peak_mdb: sound.true_peak_mdb,
        waveform: sound.waveform,
    });
    (of, songs::analysed(&db, song, listened.as_ref()).await.map(|()| song))
}

#[cfg(test)]
mod tests;
