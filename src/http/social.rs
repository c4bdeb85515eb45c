//! Other people: profiles, follows, friends, blocks.

pub mod artist_follows;
pub mod blocks;
pub mod comments;
pub mod friends;
pub mod notifications;
pub mod users;
