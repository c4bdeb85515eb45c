//! A PostgreSQL database for a test that starts a server on it.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A PostgreSQL database of this test's own.
#[derive(Debug)]
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("OCTAVE_TEST_POSTGRES")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        let name = format!("octave_own_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server, name };
        database.admin("CREATE DATABASE").await;
        database
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name)
    }

    pub(crate) async fn admin(&self, what: &str) {
        let mut conn =
            PgConnection::connect(&self.server).await.expect("tests need PostgreSQL: set OCTAVE_TEST_POSTGRES");
        let options = if what.starts_with("DROP") { " WITH (FORCE)" } else { "" };
        conn.execute(AssertSqlSafe(format!("{what} {}{options}", self.name))).await.unwrap();
    }

    /// Where the server listens, as `host:port`.
    #[allow(dead_code, reason = "for those who put something between")]
    pub(crate) fn address(&self) -> String {
        let rest = self.server.split_once("://").unwrap().1.rsplit_once('/').unwrap().0;
        let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
        if address.contains(':') { address.to_owned() } else { format!("{address}:5432") }
    }

    /// The same database through a port of this machine.
    #[allow(dead_code, reason = "for those who put something between")]
    pub(crate) fn through(&self, port: u16) -> String {
        self.url().replacen(&self.address(), &format!("127.0.0.1:{port}"), 1)
    }
}
