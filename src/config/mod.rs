//! What the operator decides: flag > environment (`OCTAVE_…`) > TOML file (`--config`) > default.
//!
//! [`Options`] is one layer of it, all optional; [`Config::of`] lays the layers over one another and checks what comes
//! out before anything is touched.

mod options;
mod place;
mod values;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

pub use options::Options;
pub use values::BadConfig;

use crate::base::telemetry::LogFormat;
use crate::http::kit::allowance::Points;
use crate::http::kit::forwarded::Proxies;
use crate::http::kit::state::Registration;
use crate::library::media::{DEFAULT_MAX_AUDIO_BYTES, Place};
use crate::push::Reach;

/// What is logged unless configured otherwise; sqlx tells every slow statement as a warning of its own.
const DEFAULT_LOG: &str = "info,sqlx=warn";

/// Everything that the operator decides, checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: Vec<SocketAddr>,
    /// Database, and uploaded audio and covers unless they are elsewhere.
    pub data: PathBuf,
    /// Where audio and covers are.
    pub files: Place,
    /// What of a bucket may be kept in the data folder.
    pub cache_bytes: u64,
    /// `sqlite://…` or `postgres://…`.
    pub database: String,
    /// Where the other nodes of a cluster are met: `nats://…`, several with commas.
    pub nats: Option<String>,
    pub tls: Option<TlsFiles>,
    pub limits: Limits,
    pub points: Points,
    pub metrics: MetricsAccess,
    /// Who may make an account.
    pub registration: Registration,
    /// Which push services are asked to tell people.
    pub push: Reach,
    /// Origins beside the server's own whose pages may act for a logged-in user: `https://host[:port]`.
    pub origins: Vec<String>,
    /// Where users reach this server, of [`origins`](Self::origins).
    pub public_url: Option<String>,
    /// Proxies whose word counts on who asks and how.
    pub proxies: Proxies,
    /// Users reach this server over TLS, its own or a proxy's.
    pub encrypted: bool,
    /// Most bytes of an uploaded audio file.
    pub max_upload_bytes: u64,
    /// What stands between several artists of one tag.
    pub artist_separators: Vec<String>,
    pub demo: bool,
    pub log: Logging,
}

/// Whether rate limits and caps per user and address apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    #[default]
    Default,
    /// For load tests on loopback.
    Off,
}

/// From where and by whom `/metrics` may be asked.
#[derive(Clone, Default)]
pub struct MetricsAccess {
    /// Where it is answered instead of where all else is; everywhere if there are none.
    pub listen: Vec<SocketAddr>,
    /// What it must be asked with, if anything.
    pub token: Option<String>,
}

impl MetricsAccess {
    fn of(listen: Option<&str>, token: Option<String>) -> Result<Self, BadConfig> {
        let listen = listen.map(|text| values::addresses("--metrics-listen", text)).transpose()?;
        let token = token.map(values::metrics_token).transpose()?;
        Ok(Self { listen: listen.unwrap_or_default(), token })
    }
}

/// Without the token.
impl fmt::Debug for MetricsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsAccess").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// PEM files.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl TlsFiles {
    fn of(cert: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<Self>, BadConfig> {
        match (cert, key) {
            (Some(cert), Some(key)) => {
                values::readable("--tls-cert", &cert)?;
                values::readable("--tls-key", &key)?;
                Ok(Some(Self { cert, key }))
            }
            (None, None) => Ok(None),
            _ => Err(BadConfig::new("--tls-cert and --tls-key need each other")),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Logging {
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub filter: String,
    pub format: LogFormat,
}

impl Config {
    /// The decision of `given` (flags and environment) over that of its configuration file over the defaults.
    ///
    /// Reads the configuration file and changes nothing.
    pub fn of(given: Options) -> Result<Self, BadConfig> {
        let file = given.config.as_deref().map(Options::read).transpose()?.unwrap_or_default();
        let options = given.over(file);

        let max_upload_bytes = options.max_upload_bytes.unwrap_or(DEFAULT_MAX_AUDIO_BYTES);
        let (files, cache_bytes) = place::of(&options, max_upload_bytes)?;
        let data = options.data.unwrap_or_else(|| PathBuf::from("octave-data"));
        let database = match options.database {
            Some(url) => values::database_url(url)?,
            None => values::sqlite_url(&data.join("octave.db")),
        };
        let tls = TlsFiles::of(options.tls_cert, options.tls_key)?;
        let nats = options.nats.map(|url| values::nats_url(url, &database)).transpose()?;
        let mut origins = options
            .allow_origin
            .unwrap_or_default()
            .iter()
            .map(|o| values::origin(o))
            .collect::<Result<Vec<_>, _>>()?;
        let public = options.public_url.map(|url| values::public_origin(&url)).transpose()?;
        let encrypted = tls.is_some() || public.as_deref().is_some_and(|origin| origin.starts_with("https://"));
        origins.extend(public.clone());
        Ok(Self {
            listen: values::addresses("--listen", options.listen.as_deref().unwrap_or("127.0.0.1:8080"))?,
            data,
            files,
            cache_bytes,
            database,
            nats,
            tls,
            limits: options.limits.unwrap_or_default(),
            points: values::points(options.user_rate, options.address_rate)?,
            metrics: MetricsAccess::of(options.metrics_listen.as_deref(), options.metrics_token)?,
            registration: options.registration.unwrap_or_default(),
            push: options.push.unwrap_or_default(),
            origins,
            public_url: public,
            proxies: values::proxies(&options.trusted_proxy.unwrap_or_default())?,
            encrypted,
            max_upload_bytes,
            artist_separators: options.artist_separators.unwrap_or_default(),
            demo: options.demo.unwrap_or(false),
            log: Logging {
                filter: values::log_filter(options.log.unwrap_or_else(|| DEFAULT_LOG.into()))?,
                format: options.log_format.unwrap_or_default(),
            },
        })
    }
}
