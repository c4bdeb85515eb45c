//! Other people: profiles, follows, friends, blocks.

pub mod blocks;
pub mod friends;
pub mod users;
