//! Who somebody is: accounts, passwords, the tokens of logins, and what slows down guessing.

pub mod account;
pub mod device;
pub mod guest;
pub mod invitation;
pub mod known_device;
pub mod login_cache;
pub mod password;
pub mod throttle;
pub mod token;
