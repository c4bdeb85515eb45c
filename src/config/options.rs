//! One layer of decisions, all optional.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Limits;
use super::values::BadConfig;
use crate::base::telemetry::LogFormat;
use crate::http::kit::state::Registration;
use crate::push::Reach;

/// What flags and environment, or the configuration file, say.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// A TOML file with these options by their long names, `_` for `-`; flags and environment come before it
    #[arg(long, global = true, env = "OCTAVE_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "OCTAVE_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// Database, uploaded audio, covers [default: ./octave-data]
    #[arg(long, global = true, env = "OCTAVE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// sqlite://… or postgres://… [default: SQLite inside the data directory]
    #[arg(long, global = true, env = "OCTAVE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Where uploaded audio and covers lie: a folder, which servers may share, or a bucket and what stands before its names, s3://… [default: the data
    /// directory]
    #[arg(long, global = true, env = "OCTAVE_FILES", value_name = "PLACE")]
    pub files: Option<String>,
    /// Where a bucket is, if not at Amazon's: http(s)://HOST:PORT
    #[arg(long, global = true, env = "OCTAVE_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<String>,
    /// A bucket's region [default: us-east-1]
    #[arg(long, global = true, env = "OCTAVE_S3_REGION", value_name = "NAME")]
    pub s3_region: Option<String>,
    /// The access key for a bucket
    #[arg(long, global = true, env = "OCTAVE_S3_KEY", value_name = "ID", hide_env_values = true)]
    pub s3_key: Option<String>,
    /// Its secret; better in the environment or the file than on the command line, which others see
    #[arg(long, global = true, env = "OCTAVE_S3_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub s3_secret: Option<String>,
    /// What of a bucket may be kept in the data directory [default: 10737418240]
    #[arg(long, global = true, env = "OCTAVE_CACHE_BYTES", value_name = "BYTES",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub cache_bytes: Option<u64>,
    /// Join a cluster; needs postgres
    #[arg(long, global = true, env = "OCTAVE_NATS", value_name = "URL", hide_env_values = true)]
    pub nats: Option<String>,
    /// Who may make an account: everybody, who has an invitation (`octave invite`), or nobody but `octave user add`
    /// [default: open]
    #[arg(long, global = true, env = "OCTAVE_REGISTRATION", value_enum)]
    pub registration: Option<Registration>,
    /// Which push services may be asked to tell people whose page is closed: those of the Internet, none, or whatever a
    /// browser names, in the own network too [default: public]
    #[arg(long, global = true, env = "OCTAVE_PUSH", value_enum)]
    pub push: Option<Reach>,
    /// Rate limits and caps per user and address; off is for load tests on loopback [default: default]
    #[arg(long, global = true, env = "OCTAVE_LIMITS", value_enum)]
    pub limits: Option<Limits>,
    /// How much a user may ask of the API: points per second, 1 for a read, 5 for a change, 10 for a search, 20 for what
    /// comes to stay; ten seconds' worth can be saved up [default: 100]
    #[arg(long, global = true, env = "OCTAVE_USER_RATE", value_name = "POINTS",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub user_rate: Option<u32>,
    /// The same for an address, or an IPv6 network of 64 bits, with all who are behind it [default: 500]
    #[arg(long, global = true, env = "OCTAVE_ADDRESS_RATE", value_name = "POINTS",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub address_rate: Option<u32>,
    /// Certificate chain in PEM; reloaded when it changes
    #[arg(long, global = true, env = "OCTAVE_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM
    #[arg(long, global = true, env = "OCTAVE_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Another origin whose pages may open a WebSocket with the user's cookie: scheme, host and port
    #[arg(long, global = true, env = "OCTAVE_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allow_origin: Option<Vec<String>>,
    /// Where users reach this server, when it stands behind a proxy; https makes cookies secure
    #[arg(long, global = true, env = "OCTAVE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// A proxy, or a network of proxies: from these peers alone Forwarded and X-Forwarded-For, -Proto and -Host count.
    /// May be given several times [default: none]
    #[arg(long, global = true, env = "OCTAVE_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Option<Vec<String>>,
    /// Where /metrics is answered, instead of where all else is; a second listener, without TLS [default: none]
    #[arg(long, global = true, env = "OCTAVE_METRICS_LISTEN", value_name = "ADDR")]
    pub metrics_listen: Option<String>,
    /// What /metrics must be asked with, as `Authorization: Bearer TOKEN` [default: none]
    #[arg(long, global = true, env = "OCTAVE_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// Largest audio file that may be uploaded [default: 209715200]
    #[arg(long, global = true, env = "OCTAVE_MAX_UPLOAD_BYTES", value_name = "BYTES",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub max_upload_bytes: Option<u64>,
    /// What stands between the artists of one tag, with | between several such marks: "; | / " [default: none]
    #[arg(long, global = true, env = "OCTAVE_ARTIST_SEPARATORS", value_name = "MARKS", value_delimiter = '|')]
    pub artist_separators: Option<Vec<String>>,
    /// What to log: a level, or directives such as octave=debug,sqlx=warn [default: info]
    #[arg(long, global = true, env = "OCTAVE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How to log [default: text]
    #[arg(long, global = true, env = "OCTAVE_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
    /// Seed a demo account, synthesised songs and a playing stage
    #[arg(long, global = true, env = "OCTAVE_DEMO", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL",
          require_equals = true)]
    pub demo: Option<bool>,
}

impl Options {
    /// The configuration file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, BadConfig> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|e| BadConfig::new(format!("--config {shown}: {e}")))?;
        toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            BadConfig::new(format!(
                "--config {shown}, line {line}: {}",
                e.message().lines().collect::<Vec<_>>().join("; ")
            ))
        })
    }

    /// This layer where it says something, `below` where it does not.
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            config: self.config.or(below.config),
            listen: self.listen.or(below.listen),
            data: self.data.or(below.data),
            database: self.database.or(below.database),
            files: self.files.or(below.files),
            s3_endpoint: self.s3_endpoint.or(below.s3_endpoint),
            s3_region: self.s3_region.or(below.s3_region),
            s3_key: self.s3_key.or(below.s3_key),
            s3_secret: self.s3_secret.or(below.s3_secret),
            cache_bytes: self.cache_bytes.or(below.cache_bytes),
            nats: self.nats.or(below.nats),
            registration: self.registration.or(below.registration),
            push: self.push.or(below.push),
            limits: self.limits.or(below.limits),
            user_rate: self.user_rate.or(below.user_rate),
            address_rate: self.address_rate.or(below.address_rate),
            tls_cert: self.tls_cert.or(below.tls_cert),
            tls_key: self.tls_key.or(below.tls_key),
            allow_origin: self.allow_origin.or(below.allow_origin),
            public_url: self.public_url.or(below.public_url),
            trusted_proxy: self.trusted_proxy.or(below.trusted_proxy),
            metrics_listen: self.metrics_listen.or(below.metrics_listen),
            metrics_token: self.metrics_token.or(below.metrics_token),
            max_upload_bytes: self.max_upload_bytes.or(below.max_upload_bytes),
            artist_separators: self.artist_separators.or(below.artist_separators),
            log: self.log.or(below.log),
            log_format: self.log_format.or(below.log_format),
            demo: self.demo.or(below.demo),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::Config;
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn flags_come_before_the_file_and_the_file_before_defaults() {
        let file = file(
            "listen = \"127.0.0.1:1\"\nlimits = \"off\"\ntrusted_proxy = [\"::1\", \"10.0.0.0/8\"]\nallow_origin = [\"https://A.example\"]\n",
        );
        let given =
            Options { config: Some(file.path().into()), listen: Some("127.0.0.1:2".into()), ..Options::default() };
        let config = Config::of(given).unwrap();
        assert_eq!(config.listen, ["127.0.0.1:2".parse().unwrap()]);
        assert_eq!(config.limits, Limits::Off);
        assert_eq!(config.origins, ["https://a.example"]);
        assert!(
            config.proxies.trusts("10.9.9.9".parse().unwrap()) && !config.proxies.trusts("11.0.0.1".parse().unwrap())
        );
        assert_eq!(config.database, "sqlite://octave-data/octave.db");
    }

    fn refused(options: Options) -> String {
        Config::of(options).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_value_is_told_in_one_line_that_names_it() {
        let file = file("limits = \"default\"\nlisten_on = 3\n");
        let line = refused(Options { config: Some(file.path().into()), ..Options::default() });
        assert!(line.contains("line 2: unknown field `listen_on`"), "{line}");
        assert!(!line.contains('\n'), "{line}");

        let listen = Options { listen: Some("nowhere".into()), ..Options::default() };
        assert!(refused(listen).starts_with("--listen \"nowhere\""));
        let cert = Options { tls_cert: Some("cert.pem".into()), ..Options::default() };
        assert_eq!(refused(cert), "--tls-cert and --tls-key need each other");
        let origin = Options { allow_origin: Some(vec!["a.example".into()]), ..Options::default() };
        assert!(refused(origin).starts_with("--allow-origin \"a.example\""));
        let points = Options { user_rate: Some(0), ..Options::default() };
        assert!(refused(points).starts_with("--user-rate 0"));
        let token = refused(Options { metrics_token: Some("a secret".into()), ..Options::default() });
        assert!(token.starts_with("--metrics-token") && !token.contains("a secret"), "{token}");
        let proxy = Options { trusted_proxy: Some(vec!["10.0.0.0/8".into(), "proxy".into()]), ..Options::default() };
        assert!(refused(proxy).starts_with("--trusted-proxy \"proxy\""));
    }

    #[test]
    fn a_cluster_needs_nats_servers_and_postgres() {
        let nats = |url: &str, database: &str| Options {
            nats: Some(url.into()),
            database: Some(database.into()),
            ..Options::default()
        };
        let (sqlite, postgres) = ("sqlite://octave.db", "postgres://db/octave");
        assert!(refused(nats("nats://a:4222", sqlite)).contains("PostgreSQL"));
        let line = refused(nats("nats://ana:secret@a,http://b", postgres));
        assert!(line.starts_with("--nats: expected") && !line.contains("secret"), "{line}");
        let config = Config::of(nats("nats://a:4222,tls://b", postgres)).unwrap();
        assert_eq!(config.nats.as_deref(), Some("nats://a:4222,tls://b"));
    }

    #[test]
    fn a_database_url_is_never_shown() {
        let line = refused(Options { database: Some("mysql://root:secret@host".into()), ..Options::default() });
        assert!(!line.contains("secret"), "{line}");
    }

    #[test]
    fn a_folder_may_be_called_anything() {
        let data = Path::new("/srv/100%41 #1? of ☃");
        let config = Config::of(Options { data: Some(data.into()), ..Options::default() }).unwrap();
        assert_eq!(crate::store::file::of(&config.database).unwrap(), Some(data.join("octave.db")));
    }

    #[test]
    fn an_encrypted_public_address_is_an_origin_of_ours_and_makes_cookies_secure() {
        let options = Options { public_url: Some("https://Music.example:443/".into()), ..Options::default() };
        let config = Config::of(options).unwrap();
        assert!(config.encrypted);
        assert_eq!(config.origins, ["https://music.example"]);
    }
}
