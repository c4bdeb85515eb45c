//! The library: songs, albums, artists, genres, playlists, and their search.

pub mod albums;
pub mod artists;
pub mod genres;
pub mod playlists;
pub mod search;
pub mod songs;
