//! A PostgreSQL database for a test that starts a server on it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A PostgreSQL database of this test's own.
#[derive(Debug)]
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    #[allow(dead_code, reason = "for those who begin with nothing")]
    pub(crate) async fn new() -> Self {
        let database = Self::unmade();
        database.admin(format!("CREATE DATABASE {}", database.name)).await;
        database
    }

    fn unmade() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("OCTAVE_TEST_POSTGRES")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        let name = format!("octave_own_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { server, name }
    }

    /// One with today's schema, copied from one that the first test of all has made.
    #[allow(dead_code, reason = "for those who look at no migration")]
    pub(crate) async fn migrated() -> Self {
        let database = Self::unmade();
        let template = format!("octave_template_{:016x}", of_migrations());
        let mut conn = database.connect().await;
        // Until this connection ends nobody else makes it.
        conn.execute("SELECT pg_advisory_lock(817790)").await.unwrap();
        let known = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&template);
        if known.fetch_optional(&mut conn).await.unwrap().is_none() {
            let maker = Self { server: database.server.clone(), name: format!("{template}_made") };
            maker.admin(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", maker.name)).await;
            maker.admin(format!("CREATE DATABASE {}", maker.name)).await;
            let data = tempfile::tempdir().unwrap();
            let mut octave = Command::new(env!("CARGO_BIN_EXE_octave"));
            octave.args(["migrate", "--database"]).arg(maker.url()).arg("--data").arg(data.path());
            assert!(octave.status().unwrap().success());
            // Its connections may take a moment to be gone.
            let renamed = format!("ALTER DATABASE {} RENAME TO {template}", maker.name);
            while conn.execute(AssertSqlSafe(renamed.clone())).await.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {} TEMPLATE {template}", database.name))).await.unwrap();
        conn.close().await.unwrap();
        database
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name)
    }

    /// Tells the server to do this.
    async fn admin(&self, what: String) {
        self.connect().await.execute(AssertSqlSafe(what)).await.unwrap();
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.server).await.expect("tests need PostgreSQL: set OCTAVE_TEST_POSTGRES")
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

/// It ends with the test, however that ends.
impl Drop for Database {
    fn drop(&mut self) {
        let ended = std::thread::scope(|scope| {
            let drop = || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(self.admin(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)));
            };
            scope.spawn(drop).join()
        });
        // What stays is the smaller harm, where a test has failed.
        let _ = ended;
    }
}

/// Another where the migrations are others.
fn of_migrations() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}
