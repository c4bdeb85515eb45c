//! The program as an operator meets it: options, exit codes, what it prints, how it starts and stops.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod place;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use octave_testkit::api::{Api, PASSWORD};
use octave_testkit::audio::wav;
use octave_testkit::server::{Options, Server};
use place::Place;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, SqliteConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

fn octave(data: &Path, args: &[&str]) -> Output {
    Command::new(BINARY).arg("--data").arg(data).args(args).env_remove("OCTAVE_LISTEN").output().unwrap()
}

#[test]
fn a_bad_value_ends_with_2_and_one_line_and_nothing_touched() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for args in [
        &["--listen", "nowhere"][..],
        &["--database", "mysql://root:secret@host/x"],
        &["--tls-cert", "only-one.pem"],
        &["--tls-cert", "/no/such/cert.pem", "--tls-key", "/no/such/key.pem"],
        &["--limits", "some"],
        &["--no-such-option"],
        &["--config", "/no/such/file.toml"],
        &["dance"],
    ] {
        let output = octave(&data, args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(!said.trim().is_empty(), "{args:?} says nothing");
        assert!(!said.contains("secret"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(!data.exists(), "{args:?} touched the data folder");
    }
}

#[test]
fn an_import_for_nobody_leaves_no_data_folder() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for (folder, told) in
        [("tests/fixtures/audio", "there is no account named eve"), ("no/such/folder", "is no folder")]
    {
        let out = octave(&data, &["import", folder, "--user", "eve"]);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && said.contains(told), "{said}");
        assert!(!data.exists(), "{told}");
    }
}

#[test]
fn what_can_not_be_done_leaves_no_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let nowhere = ["--database", "postgres://octave@127.0.0.1:1/octave"];
    for args in [
        &["user", "list"][..],
        &["user", "admin", "ana"],
        &[nowhere[0], nowhere[1], "--listen", "127.0.0.1:0"],
        &["user", "list", nowhere[0], nowhere[1]],
        &["migrate", nowhere[0], nowhere[1]],
    ] {
        let output = octave(&data, args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!data.exists(), "{args:?} touched the data folder");
    }
}

#[test]
fn the_specifications_are_printed_as_json() {
    let folder = tempfile::tempdir().unwrap();
    for (command, version) in [("openapi", "openapi"), ("asyncapi", "asyncapi")] {
        let output = octave(&folder.path().join("data"), &[command]);
        assert!(output.status.success());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(document[version].as_str().unwrap().starts_with('3'), "{command}");
        assert!(!folder.path().join("data").exists(), "{command} touched the data folder");
    }
}

#[test]
fn the_help_names_every_option_of_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let output = octave(folder.path(), &["--help"]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    let options =
        ["--listen", "--data", "--database", "--nats", "--limits", "--tls-cert", "--tls-key", "--demo", "--config"];
    for option in options {
        assert!(help.contains(option), "no {option} in\n{help}");
    }
}

#[tokio::test]
async fn a_running_server_tells_how_it_is() {
    let place = Place::of_round().await;
    let server = Server::start(place.options()).await.unwrap();
    let api = Api::new(server.addr());
    for path in ["/healthz", "/readyz"] {
        assert_eq!(api.get(path).await.unwrap().status, 200, "{path}");
    }
    let metrics = api.get("/metrics").await.unwrap();
    assert_eq!(metrics.status, 200);
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(text.contains("# TYPE octave_"), "{text}");
    for path in ["/api/v1/openapi.json", "/api/v1/asyncapi.json"] {
        let document = api.get(path).await.unwrap().expect(200).unwrap();
        assert!(document["info"]["title"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let place = Place::of_round().await;
    let server = Server::start(place.options()).await.unwrap();
    let reply = Api::new(server.addr()).get("/api/v1/no-such-thing").await.unwrap();
    assert_eq!(reply.status, 404);
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    let problem = reply.json();
    assert_eq!((&problem["status"], problem["code"].is_string()), (&json!(404), true), "{problem}");
}

#[tokio::test]
async fn accounts_and_stages_are_there_after_a_stop() {
    let place = Place::of_round().await;
    let server = Server::start(place.options()).await.unwrap();
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    let stage = ana.api.open_stage(&json!({ "name": "Late shift", "genres": ["Ambient"] })).await.unwrap();
    // a stop ends with 0, or this fails
    let server = Server::start(server.stop().await.unwrap()).await.unwrap();
    let again = Api::signed_in(server.addr(), &ana.token);
    let shown = again.get(&format!("/api/v1/stages/{stage}")).await.unwrap().expect(200).unwrap();
    assert_eq!((&shown["name"], &shown["host"]["username"]), (&json!("Late shift"), &json!("ana")));
    let login = json!({ "login": "ANA@example.org", "password": PASSWORD });
    let login = Api::new(server.addr()).post("/api/v1/auth/login", &login).await.unwrap().expect(200).unwrap();
    assert_eq!(login["user"]["id"], ana.id);
}

#[tokio::test]
async fn a_second_server_on_the_same_port_says_so() {
    let (place, other) = (Place::of_round().await, tempfile::tempdir().unwrap());
    let server = Server::start(place.options()).await.unwrap();
    let output = octave(other.path(), &["--listen", &server.addr().to_string()]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&server.addr().to_string()), "{said}");
}

/// The files of one part of the library.
fn files_of(data: &Path, part: &str) -> Vec<PathBuf> {
    let shards = std::fs::read_dir(data.join(part)).unwrap().map(|shard| shard.unwrap().path());
    shards.flat_map(|shard| std::fs::read_dir(shard).unwrap().map(|file| file.unwrap().path())).collect()
}

fn doctor(place: &Place, args: &[&str]) -> (Option<i32>, String) {
    let output = place.octave(&[&["doctor"], args].concat()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

async fn change_rows(place: &Place, sql: &'static str) {
    let url = place.url();
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(&url).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
}

#[tokio::test]
async fn the_doctor_misses_files_and_removes_what_the_server_would() {
    let place = Place::of_round().await;
    let data = place.data();
    let server = Server::start(place.options()).await.unwrap();
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    ana.api.upload("tone", &std::fs::read("tests/fixtures/audio/tone.flac").unwrap()).await.unwrap();
    server.stop().await.unwrap();
    let (code, said) = doctor(&place, &[]);
    assert_eq!(code, Some(0), "{said}");
    for fine in [
        "every file holds the bytes that it was kept with",
        "every song has its file",
        "every cover and avatar has its file",
        "every file is needed",
    ] {
        assert!(said.contains(&format!("ok       {fine}")), "{said}");
    }
    for (part, missing) in [("audio", "1 songs have no file"), ("covers", "1 covers and avatars have no file")] {
        let [file] = &files_of(data, part)[..] else { panic!("not one file in {part}") };
        let away = data.join("away");
        std::fs::rename(file, &away).unwrap();
        let (code, said) = doctor(&place, &["--fix"]);
        assert!(code == Some(1) && said.contains(&format!("problem  {missing}")), "{said}");
        std::fs::rename(&away, file).unwrap();
    }

    // A picture that nothing shows any more, and a login that has expired.
    let cover = files_of(data, "covers").remove(0);
    let name = format!("{}.{}", "0".repeat(64), cover.extension().unwrap().display());
    let stray = data.join("covers").join("00").join(name);
    std::fs::create_dir_all(stray.parent().unwrap()).unwrap();
    std::fs::copy(&cover, &stray).unwrap();
    std::fs::File::open(&stray).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    let (code, said) = doctor(&place, &[]);
    assert!(code == Some(0) && said.contains("1 files are needed no more"), "{said}");
    let (_, said) = doctor(&place, &["--fix"]);
    assert!(said.contains("0 expired logins and 0 files") && stray.exists(), "two days from now: {said}");
    change_rows(&place, "UPDATE unnamed_files SET since_us = 1").await;
    change_rows(&place, "UPDATE sessions SET expires_us = 1").await;
    assert!(doctor(&place, &[]).0 == Some(0) && stray.exists(), "who only looks changes nothing");
    let (code, said) = doctor(&place, &["--fix"]);
    assert!(code == Some(0) && said.contains("1 expired logins and 1 files that nothing needs are removed"), "{said}");
    assert!(!stray.exists() && cover.exists());
}

#[tokio::test]
async fn the_doctor_finds_a_changed_byte_and_what_is_not_octaves_and_brings_back_what_a_copy_has() {
    let (place, elsewhere) = (Place::of_round().await, tempfile::tempdir().unwrap());
    let (data, copy) = (place.data(), elsewhere.path().join("copy"));
    let server = Server::start(place.options()).await.unwrap();
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    ana.api.upload("tone", &std::fs::read("tests/fixtures/audio/tone.flac").unwrap()).await.unwrap();
    server.stop().await.unwrap();
    let copied = Command::new("cp").arg("-r").arg(data).arg(&copy).status().unwrap();
    assert!(copied.success());
    for part in ["audio", "covers"] {
        let file = files_of(data, part).remove(0);
        let whole = std::fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        bytes[whole.len() / 2] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let (code, said) = doctor(&place, &[]);
        assert!(code == Some(1) && said.contains("problem  1 files are damaged"), "{said}");
        assert!(said.contains(file.to_str().unwrap()), "it is named: {said}");
        assert_eq!(doctor(&place, &["--quick"]).0, Some(0), "for that every byte has to be read");
        let (code, said) = doctor(&place, &["--fix"]);
        assert!(code == Some(1) && said.contains("was damaged, and is") && !file.exists(), "{said}");
        let (code, said) = doctor(&place, &["--fix", "--from", copy.to_str().unwrap()]);
        assert!(code == Some(0) && said.contains("is there again"), "{said}");
        assert_eq!(std::fs::read(&file).unwrap(), whole);
    }
    let stranger = data.join("audio").join("notes.txt");
    std::fs::write(&stranger, "of mine").unwrap();
    let (code, said) = doctor(&place, &["--fix"]);
    assert!(code == Some(1) && said.contains(stranger.to_str().unwrap()) && stranger.exists(), "{said}");
}

#[tokio::test]
async fn the_doctor_brings_the_schema_up_to_date() {
    let place = Place::of_round().await;
    assert!(place.octave(&["migrate"]).status().unwrap().success());
    // As a version left it that did not know the last change of the schema.
    change_rows(&place, "ALTER TABLE stages DROP COLUMN current_song").await;
    change_rows(&place, "DELETE FROM _sqlx_migrations WHERE version = 15").await;
    let (code, said) = doctor(&place, &[]);
    assert!(code == Some(1) && said.contains("1 migrations are missing"), "{said}");
    let (code, said) = doctor(&place, &["--fix"]);
    assert!(code == Some(0) && said.contains("ok       the schema is up to date"), "{said}");
}

/// Asks for a song and has read nothing yet.
async fn asks_for(server: &Server, song: &Value, token: &str) -> TcpStream {
    let path = song["audio_url"].as_str().unwrap();
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n",
        server.addr()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn downloads_that_nobody_reads_are_cut_and_slow_listeners_hear_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, folder.path())).await.unwrap();
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    let song = ana.api.upload("Long", &wav(440, 240_000)).await.unwrap();
    let size = 44 + 8_000 * 240 * 2;

    let mut deaf = Vec::new();
    for _ in 0..8 {
        deaf.push(asks_for(&server, &song, &ana.token).await);
    }
    // As fast as music at 64 kbit/s is played.
    let mut slow = asks_for(&server, &song, &ana.token).await;
    let mut heard = vec![0; 8 * 1024 * 36];
    for second in heard.chunks_mut(8 * 1024) {
        slow.read_exact(second).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    for mut stream in deaf {
        let mut got = Vec::new();
        let end = stream.read_to_end(&mut got).await.map_err(|error| error.kind());
        assert_eq!(end, Err(std::io::ErrorKind::ConnectionReset), "{} bytes came", got.len());
        assert!(got.len() < size / 2);
    }
    slow.read_to_end(&mut heard).await.unwrap();
    let head = heard.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(heard.len() - head, size);
    server.stop().await.unwrap();
}
