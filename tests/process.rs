//! The program as an operator meets it: options, exit codes, what it prints, how it starts and stops.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::path::Path;
use std::process::{Command, Output};

use octave_client::api::{Api, PASSWORD};
use octave_client::server::{Options, Server};
use serde_json::{Value, json};

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
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
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
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
    let reply = Api::new(server.addr()).get("/api/v1/no-such-thing").await.unwrap();
    assert_eq!(reply.status, 404);
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    let problem = reply.json();
    assert_eq!((&problem["status"], problem["code"].is_string()), (&json!(404), true), "{problem}");
}

#[tokio::test]
async fn accounts_and_stages_are_there_after_a_stop() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
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
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
    let output = octave(other.path(), &["--listen", &server.addr().to_string()]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&server.addr().to_string()), "{said}");
}
