//! What plays since when.
//!
//! A timeline is one full [`Statement`]; the position is a pure function of it and the server's time. A statement may
//! begin in the future: until then the one before it holds for the listeners, and the stage plans from the new one.

use std::sync::Arc;

use octave_protocol::model::Song;
use octave_protocol::{Duration, EntryId, Instant, Rev};

use super::queue::Following;
use crate::stage::limits::CROSSFADE_LEAST;

/// The song that the timeline is at. Kept apart from the queue: an entry that is removed plays to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    pub entry: EntryId,
    pub song: Arc<Song>,
    /// The place in the queue from which the next one is found: the entry's, or what was that before it was taken out.
    pub ord: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Stopped,
    Playing,
    /// Plays as soon as the listeners have loaded the song.
    Waiting {
        since: Instant,
    },
    /// Played to the end of the queue: goes on with what is added.
    Dry,
}

/// At `at` the position is `position`; while playing it advances with time.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub motion: Motion,
    pub track: Option<Track>,
    pub position: Duration,
    pub at: Instant,
    /// What goes on under the track's beginning.
    pub ending: Option<Ending>,
}

/// A song that fades out: from the statement's instant on, for `lasts`.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    pub track: Track,
    /// At the statement's instant.
    pub position: Duration,
    pub lasts: Duration,
}

impl Statement {
    pub fn position_at(&self, t: Instant) -> Duration {
        let passed = match self.motion {
            Motion::Playing => (t - self.at).max(Duration::ZERO),
            _ => Duration::ZERO,
        };
        (self.position + passed).min(self.duration())
    }

    /// When the song is over, while it plays.
    pub fn end(&self) -> Option<Instant> {
        (self.motion == Motion::Playing).then(|| self.at + self.rest())
    }

    /// How much of the song is left from the statement's instant on.
    pub fn rest(&self) -> Duration {
        self.duration() - self.position
    }

    fn duration(&self) -> Duration {
        self.track.as_ref().map_or(Duration::ZERO, |t| t.song.duration_us)
    }
}

#[derive(Debug, Clone)]
pub struct Timeline {
    pub(super) rev: Rev,
    /// The number of the last statement that changed more than what comes next.
    pub(super) moved: Rev,
    /// The number of the statement that brought the present song: who was ready for it since then still is.
    pub(super) song_since: Rev,
    pub(super) said: Statement,
    /// The sort key of what plays or played last.
    pub(super) cursor: Option<i64>,
    /// What the last statement announced.
    pub(super) announced: Option<Following>,
    /// How long before this song's end that one begins.
    pub(super) overlap: Duration,
    /// A song was told in it as it is told no more.
    pub(super) untrue: bool,
}

impl Default for Timeline {
    fn default() -> Self {
        let said =
            Statement { motion: Motion::Stopped, track: None, position: Duration::ZERO, at: Instant(0), ending: None };
        Self {
            rev: Rev(0),
            moved: Rev(0),
            song_since: Rev(0),
            said,
            cursor: None,
            announced: None,
            overlap: Duration::ZERO,
            untrue: false,
        }
    }
}

impl Timeline {
    pub fn rev(&self) -> Rev {
        self.rev
    }

    pub fn said(&self) -> &Statement {
        &self.said
    }

    pub fn track(&self) -> Option<&Track> {
        self.said.track.as_ref()
    }

    pub fn entry(&self) -> Option<EntryId> {
        self.track().map(|t| t.entry)
    }

    /// The sort key of what plays or played last: from there the queue goes on.
    pub fn cursor(&self) -> Option<i64> {
        self.cursor
    }

    pub fn is_playing(&self) -> bool {
        matches!(self.said.motion, Motion::Playing | Motion::Waiting { .. })
    }

    /// Whether a command that had seen `rev` still means what it meant: only the announced next song may have changed.
    pub fn is_as_seen(&self, rev: Rev) -> bool {
        rev >= self.moved && rev <= self.rev
    }
}

/// How long the last `rest` of a song sounds together with the beginning of the next one: as long as is wished for, but of
/// neither more than half, so that never more than two sound at once.
pub(super) fn overlap(wished: Duration, rest: Duration, next: Duration) -> Duration {
    let half = Duration(rest.0.min(next.0) / 2);
    let overlap = wished.min(half);
    if overlap < CROSSFADE_LEAST { Duration::ZERO } else { overlap }
}
