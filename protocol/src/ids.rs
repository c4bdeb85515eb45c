//! Ids are positive integers below 2^53, so that they are exact as JSON numbers everywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub i64);

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// An account.
    UserId
);
id!(
    /// A room in which all hear the same.
    StageId
);
id!(
    /// An uploaded song.
    SongId
);
id!(ArtistId);
id!(AlbumId);
id!(PlaylistId);
id!(
    /// What somebody said of a song or an album.
    CommentId
);
id!(
    /// Something that somebody was told; the later one is the higher.
    NotificationId
);
id!(
    /// One place in a queue or a playlist; a song may stand in several.
    EntryId
);
id!(
    /// The place of a sequenced event in its stage; rises by exactly one within an epoch and never repeats.
    Seq
);
id!(
    /// Names a stretch of a stage's life over which `seq` is gapless.
    Epoch
);
id!(
    /// The number of a full statement (timeline, queue); the highest wins.
    Rev
);

impl Seq {
    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Rev {
    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
