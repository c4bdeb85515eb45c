//! Databases for tests: every test of the store runs on both engines.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt;
use octave_protocol::{Instant, UserId};
use sqlx::{AssertSqlSafe, Column, Connection, Executor, PgConnection, SqlSafeStr, Statement};

use super::{Db, on, sessions, users};
use crate::presence::SessionId;

/// A text marked by `sql!`.
#[derive(Debug)]
pub struct Sql {
    pub text: &'static str,
    /// `both`, `sqlite` or `postgres`.
    pub engine: &'static str,
    pub at: &'static str,
}
inventory::collect!(Sql);

/// Runs a test on a fresh SQLite database, then on a fresh PostgreSQL database.
pub async fn both<Fut: Future<Output = ()>>(test: impl Fn(Db) -> Fut) {
    let (_dir, db) = sqlite().await;
    eprintln!("on SQLite:");
    test(db).await;
    eprintln!("on PostgreSQL:");
    on_postgres(test).await;
}

/// A migrated SQLite database that lives as long as its folder.
pub async fn sqlite() -> (tempfile::TempDir, Db) {
    let (dir, db) = empty_sqlite().await;
    db.migrate().await.expect("SQLite migrates");
    (dir, db)
}

async fn empty_sqlite() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let db = Db::open(&format!("sqlite://{}/octave.db", dir.path().display())).await.expect("SQLite opens");
    (dir, db)
}

/// Runs a test on a database of each kind without a schema.
pub async fn both_empty<Fut: Future<Output = ()>>(test: impl Fn(Db) -> Fut) {
    let (_dir, db) = empty_sqlite().await;
    eprintln!("on SQLite:");
    test(db).await;
    eprintln!("on PostgreSQL:");
    on_empty_postgres(test).await;
}

pub async fn on_postgres<Fut: Future<Output = ()>>(test: impl Fn(Db) -> Fut) {
    let test = &test;
    on_empty_postgres(|db| async move {
        db.migrate().await.expect("PostgreSQL migrates");
        test(db).await;
    })
    .await;
}

/// The database of this test alone is dropped after it, also when it panics.
async fn on_empty_postgres<Fut: Future<Output = ()>>(test: impl Fn(Db) -> Fut) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("OCTAVE_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    let name = format!("octave_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = |sql: String| {
        let server = server.clone();
        async move {
            let mut c = PgConnection::connect(&server).await.expect("tests need PostgreSQL: set OCTAVE_TEST_POSTGRES");
            c.execute(AssertSqlSafe(sql)).await.expect("the test user may create databases");
        }
    };
    admin(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    admin(format!("CREATE DATABASE {name}")).await;
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    let db = Db::open(&format!("{base}/{name}")).await.expect("PostgreSQL opens");
    let outcome = AssertUnwindSafe(test(db.clone())).catch_unwind().await;
    db.close().await;
    admin(format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// Prepares a text without running it; its columns. None where PostgreSQL knows the type of a parameter only once it is
/// bound: it says so last, when all else was found right.
pub async fn statement_columns(db: &Db, text: &'static str) -> sqlx::Result<Option<Vec<String>>> {
    let prepared = on!(db, write, c => {
        let statement = c.prepare(text.into_sql_str()).await;
        statement.map(|s| s.columns().iter().map(|c| c.name().to_owned()).collect())
    });
    match prepared {
        Err(sqlx::Error::Database(e)) if e.message().starts_with("could not determine data type of parameter") => {
            Ok(None)
        }
        prepared => prepared.map(Some),
    }
}

/// Accounts without names to remember.
pub async fn crowd(db: &Db, count: usize) -> Vec<UserId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let (username, email) = (format!("p{n}"), format!("p{n}@example.org"));
        let new = users::NewAccount { username: &username, email: &email, password_hash: "", is_admin: false };
        ids.push(users::create(db, new, Instant(1)).await.expect("an account").id);
    }
    ids
}

/// A login of `user`, by a token of this number, that lasts until then.
pub async fn login(db: &Db, user: UserId, token: u8, expires: i64) -> SessionId {
    let new = sessions::NewSession {
        user,
        token: &[token; 32],
        user_agent: "x",
        address: "::1",
        expires: Instant(expires),
        password_hash: "",
    };
    sessions::create(db, new, Instant(1)).await.unwrap().expect("a login")
}

/// As many accounts as are named: ana, ben, cem.
pub async fn people<const N: usize>(db: &Db) -> [UserId; N] {
    let mut ids = [UserId(0); N];
    for (id, username) in ids.iter_mut().zip(["ana", "ben", "cem"]) {
        let email = format!("{username}@example.org");
        let new = users::NewAccount { username, email: &email, password_hash: "", is_admin: false };
        *id = users::create(db, new, Instant(1)).await.expect("an account").id;
    }
    ids
}
