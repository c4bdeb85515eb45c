//! What a listener has really heard: half of a song, or four minutes, by what their own player tells.
//!
//! A player tells every few seconds whether it sounds. The time between two such words counts for the song that plays
//! then; a longer silence counts for nothing.

use octave_protocol::model::Song;
use octave_protocol::{Duration, Instant, SongId, StageId, UserId};

/// A player that has not told for so long may have stopped.
const MOST_BETWEEN: Duration = Duration::from_secs(15);

/// Whoever has heard so much of a song has heard it, however long it is.
const ENOUGH: Duration = Duration::from_secs(240);

/// Somebody has heard a song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub user: UserId,
    pub song: SongId,
    pub stage: StageId,
    /// So much of it, when it was enough.
    pub heard: Duration,
    pub length: Duration,
    pub at: Instant,
}

/// How much of a song of this length has to be heard.
pub fn enough(length: Duration) -> Duration {
    Duration::from_micros(length.as_micros() / 2).min(ENOUGH)
}

/// What sounds at one connection, in each stage.
#[derive(Debug, Default)]
pub(super) struct Hearing(Vec<Sounding>);

#[derive(Debug)]
struct Sounding {
    stage: StageId,
    song: SongId,
    /// When it was told that it sounds, last.
    last: Option<Instant>,
    heard: Duration,
    is_counted: bool,
}

impl Hearing {
    /// The player tells whether it sounds, while `song` plays. How much of it has been heard, as soon as it is enough.
    pub(super) fn told(&mut self, stage: StageId, song: Option<&Song>, sounds: bool, now: Instant) -> Option<Duration> {
        let Some(song) = song.filter(|_| sounds) else {
            if let Some(silent) = self.0.iter_mut().find(|s| s.stage == stage) {
                silent.last = None;
            }
            return None;
        };
        let at = self.0.iter().position(|s| s.stage == stage).unwrap_or_else(|| {
            let new = Sounding { stage, song: song.id, last: None, heard: Duration::ZERO, is_counted: false };
            self.0.push(new);
            self.0.len() - 1
        });
        let sounding = &mut self.0[at];
        let since = sounding.last.map_or(Duration::ZERO, |last| now - last);
        sounding.last = Some(now);
        if sounding.song != song.id {
            (sounding.song, sounding.heard, sounding.is_counted) = (song.id, Duration::ZERO, false);
        }
        if since <= MOST_BETWEEN {
            sounding.heard += since;
        }
        // It plays again from its beginning.
        if sounding.is_counted && sounding.heard >= song.duration_us {
            (sounding.heard, sounding.is_counted) = (sounding.heard - song.duration_us, false);
        }
        if sounding.is_counted || sounding.heard < enough(song.duration_us) {
            return None;
        }
        sounding.is_counted = true;
        Some(sounding.heard.min(song.duration_us))
    }

    /// The stage was left.
    pub(super) fn left(&mut self, stage: StageId) {
        self.0.retain(|s| s.stage != stage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: StageId = StageId(7);

    fn song(id: i64, seconds: i64) -> Song {
        Song {
            id: SongId(id),
            title: String::new(),
            artist: String::new(),
            artist_id: None,
            album: None,
            album_id: None,
            duration_us: Duration::from_secs(seconds),
            cover_url: None,
            audio_url: String::new(),
            mime: String::new(),
            loudness_lufs: None,
        }
    }

    /// The second at which it was enough, of a player that tells every five.
    fn enough_at(hearing: &mut Hearing, song: &Song, seconds: std::ops::Range<i64>) -> Vec<i64> {
        let told = |s: &i64| hearing.told(STAGE, Some(song), true, Instant(*s * 1_000_000)).is_some();
        seconds.step_by(5).filter(told).collect()
    }

    #[test]
    fn half_of_a_song_or_four_minutes_is_enough_and_counts_once() {
        assert_eq!(enough_at(&mut Hearing::default(), &song(1, 180), 0..180), [90]);
        assert_eq!(enough_at(&mut Hearing::default(), &song(1, 3_600), 0..1_000), [240]);
        assert_eq!(enough_at(&mut Hearing::default(), &song(1, 180), 0..90), [0; 0]);
    }

    #[test]
    fn a_song_that_is_repeated_counts_each_time() {
        assert_eq!(enough_at(&mut Hearing::default(), &song(1, 100), 0..300), [50, 150, 250]);
    }

    #[test]
    fn silence_and_another_song_count_for_nothing() {
        let (mut hearing, one, two) = (Hearing::default(), song(1, 100), song(2, 100));
        assert_eq!(enough_at(&mut hearing, &one, 0..50), [0; 0]);
        assert_eq!(hearing.told(STAGE, Some(&one), false, Instant(46_000_000)), None);
        assert_eq!(hearing.told(STAGE, Some(&one), true, Instant(49_000_000)), None, "45 s, and a pause");
        assert_eq!(hearing.told(STAGE, Some(&one), true, Instant(90_000_000)), None, "the player was away");
        assert!(hearing.told(STAGE, Some(&one), true, Instant(95_000_000)).is_some(), "50 s");
        assert_eq!(enough_at(&mut hearing, &two, 100..150), [145], "5 s of it may be of the one before");
        hearing.left(STAGE);
        assert_eq!(enough_at(&mut hearing, &two, 150..195), [0; 0]);
        assert_eq!(hearing.told(STAGE, None, true, Instant(200_000_000)), None);
    }
}
