//! What every handler can reach, and what an operator decided of it.

use std::sync::Arc;

use crate::accounts::login_cache::Logins;
use crate::accounts::throttle::Throttle;
use octave_protocol::UserId;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::accounts::password::Passwords;
use crate::base::clock::Clock;
use crate::http::kit::allowance::{Allowance, Points};
use crate::http::kit::forwarded::Proxies;
use crate::library::media::Media;
use crate::presence::People;
use crate::push::{Pushes, Reach};
use crate::stage::Registry;
use crate::store::Db;
use crate::store::access::Viewer;

/// What every handler can reach; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    pub db: Db,
    pub registry: Arc<Registry>,
    pub people: Arc<People>,
    pub media: Arc<Media>,
    pub passwords: Arc<Passwords>,
    pub throttle: Arc<Throttle>,
    pub allowance: Arc<Allowance>,
    pub logins: Logins,
    pub clock: Clock,
    /// Told when followers are to hear of something.
    pub news: Arc<Notify>,
    /// Takes what devices are to be told.
    pub pushes: Pushes,
    pub settings: Arc<Settings>,
}

impl AppState {
    /// Who looks at stages, with where they are.
    pub fn viewer(&self, user: Option<UserId>) -> Viewer {
        user.map_or_else(Viewer::default, |user| Viewer::inside(user, self.registry.stages_of(user)))
    }
}

/// What an operator decided, as far as HTTP has to know.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub transport: Transport,
    pub limits: Limits,
    /// How much may be asked while limits are on.
    pub points: Points,
    /// Further origins whose pages may act for a logged-in user, such as `https://radio.example.org`.
    pub origins: Vec<String>,
    /// Where users reach this server: `https://host[:port]`.
    pub public_url: Option<String>,
    /// Whose word counts on who asks.
    pub proxies: Proxies,
    pub registration: Registration,
    /// Which push services are asked to tell people.
    pub push: Reach,
    /// On a server that was started with `--demo`.
    pub demo: Option<DemoLogin>,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everybody.
    #[default]
    Open,
    /// Who has an invitation by an administrator.
    Invite,
    /// Nobody: accounts are made on the command line.
    Closed,
}

/// How to log in to the demo account: everybody may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DemoLogin {
    #[schema(example = "demo")]
    pub username: &'static str,
    pub password: &'static str,
}

/// How clients reach this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    #[default]
    Plain,
    /// Cookies are `Secure`.
    Tls,
}

/// Whether rates and counts per user and address are bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Limits {
    #[default]
    On,
    /// For load tests on loopback.
    Off,
}
