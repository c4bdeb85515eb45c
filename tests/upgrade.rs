//! An upgrade from the very first schema that is killed again and again: the start after it goes on where it was.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod postgres;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use octave_testkit::api::Api;
use octave_testkit::server::{Options, Server};
use postgres::Database;
use sqlx::migrate::{Migrate, Migrator};
use sqlx::{Connection, PgConnection, Row, SqliteConnection};

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// Enough that no step is over in an instant.
const FILLED: [&str; 5] = [
    "INSERT INTO users (username, username_key, email, email_key, password_hash, created_us)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
     SELECT 'user' || i, 'user' || i, 'u' || i || '@example.org', 'u' || i || '@example.org', '', i FROM n",
    "INSERT INTO artists (name, name_key, created_us)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
     SELECT 'Artist ' || i, 'artist ' || i, i FROM n",
    "INSERT INTO songs (uploader_id, title, artist, artist_id, duration_us, sample_rate, channels, file_hash, file_size,
                        mime, search_key, created_us)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
     SELECT 1 + i % 200, 'Song ' || i, 'Artist ' || (1 + i % 300), 1 + i % 300, 180000000, 44100, 2, 'hash' || i, 9,
            'audio/flac', 'song ' || i, i FROM n",
    "INSERT INTO stages (name, host_id, visibility, control, created_us, seq_limit)
     VALUES ('Attic', 1, 'public', 'host', 1, 20001)",
    "INSERT INTO chats (stage_id, seq, sender_id, message, nonce, at_us)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
     SELECT 1, i, 1 + i % 200, 'line number ' || i, 'n' || i, i FROM n",
];

/// What must be the same in an upgraded database as in a new one.
const SQLITE_SCHEMA: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";
const POSTGRES_SCHEMA: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
     || ' ' || coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public' \
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
     UNION ALL SELECT event_object_table || ' ' || trigger_name || ' ' || event_manipulation FROM information_schema.triggers \
     ORDER BY 1";

/// `octave migrate`, killed after a while that grows with each try, until one is left in peace. How many steps were
/// done at each end.
async fn interrupted(args: &[&str], mut steps_done: impl AsyncFnMut() -> i64) -> BTreeSet<i64> {
    let mut seen = BTreeSet::new();
    for tries in 1.. {
        let mut child = Command::new(BINARY)
            .args(args)
            .arg("migrate")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(20 * tries)).await;
        child.kill().unwrap();
        let end = child.wait_with_output().unwrap();
        seen.insert(steps_done().await);
        if end.status.success() {
            break;
        }
        // Killed, and not given up by itself.
        assert_eq!(end.status.code(), None, "{}", String::from_utf8_lossy(&end.stderr));
    }
    println!("steps done at each end: {seen:?}");
    seen
}

/// What stood in the old database can be read through the new one.
async fn holds_everything(options: Options) {
    let server = Server::start(options).await.unwrap();
    let ana = Api::register(server.addr(), "newcomer").await.unwrap();
    let lines = ana.api.get("/api/v1/stages/1/chats?limit=1").await.unwrap().expect(200).unwrap();
    assert_eq!(lines["items"][0]["text"], "line number 6000", "{lines}");
    let found = ana.api.get("/api/v1/stages/1/chats?q=4711").await.unwrap().expect(200).unwrap();
    assert_eq!(found["items"][0]["text"], "line number 4711", "{found}");
    let songs = ana.api.get("/api/v1/songs?q=song%202999").await.unwrap().expect(200).unwrap();
    assert_eq!(songs["items"][0]["title"], "Song 2999", "{songs}");
    server.stop().await.unwrap();
}

async fn sqlite_schema(data: &Path) -> Vec<String> {
    let mut conn = SqliteConnection::connect(&data.join("octave.db").display().to_string()).await.unwrap();
    sqlx::query_scalar(SQLITE_SCHEMA).fetch_all(&mut conn).await.unwrap()
}

#[tokio::test]
async fn an_upgrade_of_sqlite_survives_being_killed() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = old.path().join("octave.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    Migrator::new(Path::new("migrations/sqlite")).await.unwrap().run_to(1, &mut conn).await.unwrap();
    for text in FILLED {
        sqlx::query(text).execute(&mut conn).await.unwrap();
    }
    let done = async || {
        let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
        i64::try_from(conn.list_applied_migrations("_sqlx_migrations").await.unwrap().len()).unwrap()
    };
    conn.close().await.unwrap();
    let seen = interrupted(&["--data", old.path().to_str().unwrap()], done).await;
    assert!(seen.len() > 3, "killed before and after the upgrade, and not in it: {seen:?}");
    Server::start(Options::new(BINARY, new.path())).await.unwrap().stop().await.unwrap();
    assert_eq!(sqlite_schema(old.path()).await, sqlite_schema(new.path()).await);
    holds_everything(Options::new(BINARY, old.path())).await;
}

async fn postgres_schema(database: &Database) -> Vec<String> {
    let mut conn = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::query_scalar(POSTGRES_SCHEMA).fetch_all(&mut conn).await.unwrap()
}

#[tokio::test]
async fn an_upgrade_of_postgres_survives_being_killed() {
    let (old, new) = (Database::new().await, Database::new().await);
    let data = tempfile::tempdir().unwrap();
    let mut conn = PgConnection::connect(&old.url()).await.unwrap();
    Migrator::new(Path::new("migrations/postgres")).await.unwrap().run_to(1, &mut conn).await.unwrap();
    for text in FILLED {
        sqlx::query(text).execute(&mut conn).await.unwrap();
    }
    let done = async || {
        let row = sqlx::query("SELECT count(*) FROM _sqlx_migrations").fetch_one(&mut conn).await.unwrap();
        row.get::<i64, _>(0)
    };
    let url = old.url();
    let seen = interrupted(&["--data", data.path().to_str().unwrap(), "--database", &url], done).await;
    assert!(seen.len() > 3, "killed before and after the upgrade, and not in it: {seen:?}");
    let options = |database: &Database| Options::new(BINARY, data.path()).arg("--database").arg(database.url());
    Server::start(options(&new)).await.unwrap().stop().await.unwrap();
    assert_eq!(postgres_schema(&old).await, postgres_schema(&new).await);
    holds_everything(options(&old)).await;
}
