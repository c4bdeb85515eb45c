//! How much may be asked of the API in a while: by one address, and by one user wherever they are.
//!
//! A request costs points by what it costs the server. What is left comes back at an even pace, and what is saved up
//! lasts for a page that asks for a hundred covers at once. Sockets have limits of their own.

use std::net::IpAddr;

use axum::http::{Method, Uri};
use octave_protocol::{Duration, Instant, UserId};

use crate::accounts::throttle::network;
use crate::base::rate::{Buckets, Rate};

/// Points that come back in a second: of a user, and of an address, behind which a household or a small hall is.
pub const USER_POINTS: u32 = 100;
pub const ADDRESS_POINTS: u32 = 500;

/// What can be saved up, in seconds' worth of points.
const SAVED_SECONDS: i64 = 10;

/// What is asked costs, in points: a read of rows or of a file that is there, a change.
const READ: i64 = 1;
const CHANGE: i64 = 5;
/// A search looks through much to show little.
const SEARCH: i64 = 10;
/// What comes to stay, or has to be decoded.
const MAKE: i64 = 20;

/// What is made by `POST`.
const MAKES: [&str; 9] = [
    "/api/v1/stages/{id}/guest-links",
    "/api/v1/guest-links/{code}/enter",
    "/api/v1/songs",
    "/api/v1/albums",
    "/api/v1/playlists",
    "/api/v1/playlists/import",
    "/api/v1/stages",
    "/api/v1/stages/{id}/invites",
    "/api/v1/stages/{id}/log/playlist",
];

/// Points that come back each second.
#[derive(Debug, Clone, Copy)]
pub struct Points {
    pub user: u32,
    pub address: u32,
}

impl Default for Points {
    fn default() -> Self {
        Self { user: USER_POINTS, address: ADDRESS_POINTS }
    }
}

/// What users and addresses have left.
#[derive(Debug)]
pub struct Allowance {
    users: Buckets<UserId>,
    addresses: Buckets<IpAddr>,
}

impl Allowance {
    pub fn new(points: Points) -> Self {
        let rate = |each_second: u32| {
            let each_second = i64::from(each_second.max(1));
            // Whatever there is can be paid for.
            Rate::per_second(each_second, (each_second * SAVED_SECONDS).max(MAKE))
        };
        Self { users: Buckets::new(rate(points.user)), addresses: Buckets::new(rate(points.address)) }
    }

    /// Takes from what an address has left; else how long to wait.
    pub fn address(&self, address: IpAddr, cost: i64, now: Instant) -> Result<(), Duration> {
        self.addresses.take_many(network(address), cost, now)
    }

    /// Takes from what a user has left; else how long to wait.
    pub fn user(&self, user: UserId, cost: i64, now: Instant) -> Result<(), Duration> {
        self.users.take_many(user, cost, now)
    }
}

/// What a request costs, by the pattern of its path.
pub fn cost(method: &Method, route: &str, uri: &Uri) -> i64 {
    let query = uri.query().unwrap_or_default().as_bytes();
    let searches = || form_urlencoded::parse(query).any(|(name, value)| name == "q" && !value.is_empty());
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS if searches() => SEARCH,
        Method::GET | Method::HEAD | Method::OPTIONS => READ,
        Method::POST if MAKES.contains(&route) => MAKE,
        // A picture is the body.
        Method::PUT if route.ends_with("/cover") || route.ends_with("/avatar") => MAKE,
        _ => CHANGE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_cost_what_they_cost_the_server() {
        let cost = |method: Method, route: &str, uri: &str| super::cost(&method, route, &uri.parse().unwrap());
        assert_eq!(cost(Method::GET, "/api/v1/songs", "/api/v1/songs?q=&sort=new"), READ);
        assert_eq!(cost(Method::GET, "/api/v1/songs", "/api/v1/songs?limit=9&q=so"), SEARCH);
        assert_eq!(cost(Method::GET, "/api/v1/search", "/api/v1/search?%71=so"), SEARCH);
        assert_eq!(cost(Method::POST, "/api/v1/playlists", "/api/v1/playlists"), MAKE);
        assert_eq!(cost(Method::PUT, "/api/v1/me/avatar", "/api/v1/me/avatar"), MAKE);
        assert_eq!(cost(Method::PUT, "/api/v1/songs/{id}/like", "/api/v1/songs/7/like"), CHANGE);
        let document = serde_json::to_value(crate::http::document()).unwrap();
        for made in MAKES {
            assert!(document["paths"][made]["post"].is_object(), "{made} is no operation");
        }
    }
}
