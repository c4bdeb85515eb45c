//! Other people: profiles, follows, friends, blocks; what concerns one, and where one is told of it.

pub mod artist_follows;
pub mod blocks;
pub mod comments;
pub mod friends;
pub mod notifications;
pub mod push;
pub mod users;
