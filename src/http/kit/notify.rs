//! Tells people what concerns them: kept in the database, at once on every connection of theirs, and soon on their devices.
//!
//! What it is about has been done by then and stands, so that nobody was told of it is only logged.

use octave_protocol::{Duration, ServerFrame, UserId};

use super::state::AppState;
use crate::push::is_pushed;
use crate::store::Result;
use crate::store::announcements::{self, Announcement, Followed, Next};
use crate::store::notifications::{self, Note, TOGETHER};
use crate::store::upkeep::{self, Chore};
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
            if is_pushed(note.kind) {
                self.pushes.tell(user, id);
            }
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

    /// Tells followers of what is new for them: all that is left to be told, unless another server is at it.
    pub(crate) async fn announce(&self) -> Result<()> {
        let mut our_turn = None;
        while let Some(next) = announcements::next(&self.db, self.clock.now()).await? {
            let Next::Tell(announcement) = next else { continue };
            if our_turn.is_none() {
                let Some(turn) = upkeep::turn(&self.db, Chore::Announcing).await? else { return Ok(()) };
                our_turn = Some(turn);
                // Whose turn it was before may have just told it.
                continue;
            }
            let some = if self.is_too_often(&announcement).await? {
                Vec::new()
            } else {
                let some = announcement.followers(&self.db).await?;
                self.tell_some(&some, &announcement.note).await?;
                some
            };
            announcement.told(&self.db, &some, self.clock.now()).await?;
        }
        match our_turn {
            Some(turn) => turn.end().await,
            None => Ok(()),
        }
    }

    async fn is_too_often(&self, announcement: &Announcement) -> Result<bool> {
        let (Followed::Host(host, _), UserId(0)) = (announcement.followed, announcement.after) else {
            return Ok(false);
        };
        let since = self.clock.now() - OPENING_WITHIN;
        Ok(announcements::stages_since(&self.db, host, since).await? >= MOST_OPENED)
    }
}
