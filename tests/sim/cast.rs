//! Who plays, where, and what: the same in every simulation.

use std::sync::Arc;

use octave::stage::core::About;
use octave_protocol::model::{Adding, Control, Song, StartBarrier, Succession, User, Visibility};
use octave_protocol::{Duration, GuestRights, SongId, StageId, UserId};

use crate::world::START;

pub(crate) fn user(n: usize) -> Arc<User> {
    Arc::new(User {
        id: UserId(i64::try_from(n).unwrap() + 1),
        username: format!("u{n}").into(),
        avatar_url: None,
        guest: false,
    })
}

/// A stage of the first of them, where everybody steers.
pub(crate) fn about(id: StageId) -> About {
    About {
        id,
        name: "Attic".into(),
        host: user(0),
        genres: Vec::new(),
        cover: None,
        visibility: Visibility::Public,
        control: Control::Everyone,
        adding: Adding::default(),
        start: StartBarrier::default(),
        slow_mode: Duration::ZERO,
        succession: Succession::Alone,
        sound: octave::stage::core::Sound::default(),
        guests: GuestRights::ALL,
        turns: octave::stage::core::Turns::default(),
        speaker: None,
        playlists: Vec::new(),
        created: START,
    }
}

pub(crate) fn song(id: SongId, duration_us: Duration) -> Arc<Song> {
    Arc::new(Song {
        id,
        title: format!("Song {id}"),
        artist: "somebody".into(),
        artist_id: None,
        album: None,
        album_id: None,
        duration_us,
        cover_url: None,
        audio_url: format!("/api/v1/songs/{id}/audio"),
        mime: "audio/flac".into(),
        loudness_lufs: None,
    })
}
