//! Two servers never run the same stages: the second is refused, and one that has lost its database to another ends.

#![expect(clippy::disallowed_methods, reason = "a real process, in real time")]
#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod postgres;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use octave_testkit::PATIENCE;
use octave_testkit::api::Api;
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::Socket;
use postgres::Database;
use serde_json::json;
use sqlx::{Connection, PgConnection};

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// What a second server ends with.
const ALREADY_RUNS: Option<i32> = Some(3);

/// What a command says that ends by itself. A second server that is let in would not.
fn octave(data: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(BINARY);
    command.arg("--data").arg(data).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let until = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("{args:?} does not end: {:?}", child.wait_with_output().unwrap());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

#[track_caller]
fn is_refused(second: &Output, on: &str) {
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), ALREADY_RUNS, "{said}");
    let lines: Vec<_> = said.lines().filter(|line| line.starts_with("octave: ")).collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains("another server runs on") && lines[0].contains(on), "{said}");
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
    let serve = ["--listen", "127.0.0.1:0"];
    let process = format!("(process {})", server.pid());
    is_refused(&octave(data.path(), &serve), &process);
    // Nor on its database from another folder.
    let other = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/octave.db", data.path().display());
    let elsewhere = Server::start(Options::new(BINARY, other.path()).arg("--database").arg(&database)).await;
    assert!(elsewhere.is_err(), "two servers on one SQLite file");

    // What is no server works beside it.
    Api::register(server.addr(), "ana").await.unwrap();
    let copy = other.path().join("copy.db");
    for args in [&["user", "list"][..], &["doctor"], &["backup", copy.to_str().unwrap()]] {
        let done = octave(data.path(), args);
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    // A lock ends with its process, however that ends.
    let again = server.kill().await.unwrap();
    let server = Server::start(again).await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_sqlite_file_elsewhere_has_one_server_too() {
    let place = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/music.db", place.path().display());
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = |data: &Path| Options::new(BINARY, data).arg("--database").arg(&database);
    let server = Server::start(options(one.path())).await.unwrap();
    is_refused(&octave(two.path(), &["--listen", "127.0.0.1:0", "--database", &database]), "music.db");
    server.stop().await.unwrap();
    Server::start(options(two.path())).await.unwrap().stop().await.unwrap();
}

/// Ends the session that holds the server's lock.
async fn end_session(conn: &mut PgConnection) {
    sqlx::query(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
         WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.pid <> pg_backend_pid()",
    )
    .execute(conn)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_second_server_on_the_same_postgres_database_is_refused() {
    let database = Database::new().await;
    let url = database.url();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = |data: &Path| Options::new(BINARY, data).arg("--database").arg(&url);
    let server = Server::start(options(one.path())).await.unwrap();
    is_refused(&octave(two.path(), &["--listen", "127.0.0.1:0", "--database", &url]), "PostgreSQL");
    assert!(octave(two.path(), &["--database", &url, "user", "list"]).status.success());

    // The session that holds the lock breaks off: the server takes it again, and its stages go on.
    let mut conn = PgConnection::connect(&url).await.unwrap();
    end_session(&mut conn).await;
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    let stage = ana.api.open_stage(&json!({"name": "Attic"})).await.unwrap();
    let (mut socket, _) = Socket::connect(server.addr(), &ana.token).await.unwrap();
    let until = Instant::now() + PATIENCE;
    while socket.join(stage, None).await.is_err() {
        assert!(Instant::now() < until, "the stage can't be opened any more");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let held = "SELECT COUNT(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.granted";
    while sqlx::query_scalar::<_, i64>(held).fetch_one(&mut conn).await.unwrap() == 0 {
        assert!(Instant::now() < until, "the lock is not taken again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let said = socket.request(json!({"type": "chat", "stage": stage, "text": "still here"})).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");

    // Somebody else is quicker: the server lets go of the stages, and ends.
    while !sqlx::query_scalar::<_, bool>("SELECT pg_try_advisory_lock(1331917921, hashtext(current_schema()))")
        .fetch_one(&mut conn)
        .await
        .unwrap()
    {
        end_session(&mut conn).await;
    }
    assert_eq!(socket.closed().await.unwrap(), 1012);
    assert_eq!(server.ended().await.unwrap(), ALREADY_RUNS);
    drop(conn);
    Server::start(options(two.path())).await.unwrap().stop().await.unwrap();
}

fn signal(server: &Server, name: &str) {
    assert!(Command::new("kill").arg(name).arg(server.pid().to_string()).status().unwrap().success());
}

#[tokio::test]
async fn a_frozen_server_keeps_its_folder_and_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
    signal(&server, "-STOP");
    is_refused(&octave(data.path(), &["--listen", "127.0.0.1:0"]), &format!("(process {})", server.pid()));
    signal(&server, "-CONT");
    Api::register(server.addr(), "ana").await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_was_frozen_while_another_took_its_place_writes_nothing_more() {
    let database = Database::new().await;
    let url = database.url();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = |data: &Path| Options::new(BINARY, data).arg("--database").arg(&url);
    let frozen = Server::start(options(one.path())).await.unwrap();
    let ana = Api::register(frozen.addr(), "ana").await.unwrap();
    let stage = ana.api.open_stage(&json!({"name": "Attic"})).await.unwrap();
    let (mut before, _) = Socket::connect(frozen.addr(), &ana.token).await.unwrap();
    before.join(stage, None).await.unwrap();
    let said = before.request(json!({"type": "chat", "stage": stage, "text": "before"})).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");

    // Frozen it has the lock still, until PostgreSQL ends its session: as it does when the machine is gone.
    signal(&frozen, "-STOP");
    is_refused(&octave(two.path(), &["--listen", "127.0.0.1:0", "--database", &url]), "PostgreSQL");
    let mut conn = PgConnection::connect(&url).await.unwrap();
    end_session(&mut conn).await;
    let server = Server::start(options(two.path())).await.unwrap();
    let (mut socket, _) = Socket::connect(server.addr(), &ana.token).await.unwrap();
    socket.join(stage, None).await.unwrap();
    let said = socket.request(json!({"type": "chat", "stage": stage, "text": "between"})).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");

    // What lay on its doorstep is the first that it sees, before it can know that it has lost its place.
    before.post(json!({"type": "chat", "stage": stage, "text": "stale"})).await.unwrap();
    signal(&frozen, "-CONT");
    while let Ok(frame) = before.next().await {
        assert!(frame["type"] != "ack" && frame["text"] != "stale", "{frame}");
    }
    assert_eq!(before.close_code(), Some(1012));
    assert_eq!(frozen.ended().await.unwrap(), ALREADY_RUNS);
    let said = socket.request(json!({"type": "chat", "stage": stage, "text": "after"})).await.unwrap();
    assert_eq!(said["type"], "ack", "{said}");
    let page = Api::signed_in(server.addr(), &ana.token).get(&format!("/api/v1/stages/{stage}/chats")).await.unwrap();
    let page = page.expect(200).unwrap();
    let texts: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["before", "between", "after"]);
    server.stop().await.unwrap();
}
