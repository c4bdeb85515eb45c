//! By what a song is sorted and found.

use crate::base::fold;

/// The folded forms of a song.
pub(in crate::store) struct Keys {
    pub title: String,
    /// The artist, a separator, and the title.
    pub artist: String,
    /// Its words.
    pub search: String,
}

impl Keys {
    pub(in crate::store) fn of(title: &str, artist: &str, album: Option<&str>) -> Self {
        let title_key = fold::plain(title);
        Self {
            search: fold::document(title, artist, &[album.unwrap_or_default()]),
            artist: format!("{}\u{1}{title_key}", fold::plain(artist)),
            title: title_key,
        }
    }
}
