//! Tells people what concerns them: kept in the database, and at once on every connection of theirs.
//!
//! What it is about has been done by then and stands, so that nobody was told of it is only logged.

use octave_protocol::model::{NotificationKind, Visibility};
use octave_protocol::{Duration, Instant, ServerFrame, UserId};

use super::state::AppState;
use crate::store::Result;
use crate::store::albums::{self, Album};
use crate::store::notifications::{self, Followers, Note, TOGETHER};
use crate::store::songs::Song;
use crate::store::stages::Stage;
use crate::wire;

/// Characters of what was said that a notification shows.
pub(crate) const EXCERPT_CHARS: usize = 140;

/// Who opens stages over and over is announced so often within this time, and no more.
const OPENING_WITHIN: Duration = Duration::from_secs(3600);
const MOST_OPENED: i64 = 10;

impl AppState {
    /// Tells these people; who must not or does not want to be told is left out.
    pub(crate) async fn notify(&self, to: &[UserId], note: Note) {
        for some in to.chunks(TOGETHER as usize) {
            if let Err(error) = self.tell_some(some, &note).await {
                tracing::warn!(%error, kind = ?note.kind, "people were not notified");
                return;
            }
        }
    }

    async fn tell_some(&self, to: &[UserId], note: &Note) -> Result<()> {
        for (user, id) in notifications::add(&self.db, to, note, self.clock.now()).await? {
            if !self.people.is_online(user) {
                continue;
            }
            if let Some(notification) = notifications::get(&self.db, user, id).await? {
                let unread = notifications::unread(&self.db, user).await?;
                let frame = ServerFrame::Notification { unread, notification };
                self.people.tell(user, &wire::frame::json(&frame));
            }
        }
        Ok(())
    }

    /// Tells who follows its host of a new stage that is open to them, in pieces and without holding anybody up.
    pub(crate) fn announce_stage(&self, stage: &Stage) {
        let which = match stage.visibility {
            Visibility::Public => Followers::All,
            Visibility::Friends => Followers::Friends,
            Visibility::Invite => return,
        };
        let note = Note {
            stage: Some(stage.id),
            about: stage.name.clone(),
            ..Note::new(NotificationKind::StageOpened, stage.host.id)
        };
        let state = self.clone();
        tokio::spawn(async move {
            let since = state.clock.now() - OPENING_WITHIN;
            if notifications::opened_since(&state.db, note.from, since).await.is_ok_and(|opened| opened > MOST_OPENED) {
                return;
            }
            let mut after = UserId(0);
            loop {
                let some = notifications::followers(&state.db, note.from, which, after).await;
                let Some(last) = state.tell_piece(some, &note).await else { return };
                after = last;
            }
        });
    }

    /// Tells who follows its artist of a new album.
    pub(crate) fn announce_album(&self, album: &Album, by: UserId) {
        let artist = album.artist_id;
        let note = Note {
            album: Some(album.id),
            about: format!("{}, {}", album.title, album.artist),
            ..Note::new(NotificationKind::AlbumAdded, by)
        };
        let state = self.clone();
        tokio::spawn(async move {
            let mut after = UserId(0);
            loop {
                let some = notifications::fans(&state.db, artist, after).await;
                let Some(last) = state.tell_piece(some, &note).await else { return };
                after = last;
            }
        });
    }

    /// Tells of the album that a song has brought with it, if it came after `since`.
    pub(crate) async fn announce_album_of(&self, song: &Song, since: Instant) {
        let Some(id) = song.song.album_id.filter(|_| song.created_us >= since) else { return };
        match albums::get(&self.db, id).await {
            Ok(Some(album)) if album.created_us == song.created_us => self.announce_album(&album, song.uploader.id),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, album = %id, "whether an album is new is not known"),
        }
    }

    /// The last of a piece, if there may be more behind it.
    async fn tell_piece(&self, some: Result<Vec<UserId>>, note: &Note) -> Option<UserId> {
        let told = match some {
            Ok(some) => self.tell_some(&some, note).await.map(|()| some),
            Err(error) => Err(error),
        };
        match told {
            Ok(some) => some.last().copied(),
            Err(error) => {
                tracing::warn!(%error, kind = ?note.kind, "some followers were not notified");
                None
            }
        }
    }
}
