//! What an operator decides, asked of the real program as strangers ask it: byte by byte.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;

use octave_testkit::PATIENCE;
use octave_testkit::api::{Api, PASSWORD};
use octave_testkit::server::{Options, Server};
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// Sends bytes and answers all that comes back.
fn ask(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The status of `GET path` with these header lines.
fn status(addr: SocketAddr, path: &str, headers: &str) -> u16 {
    let answer = ask(addr, &format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"));
    answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default()
}

/// The status of an opening handshake.
fn opens(addr: SocketAddr, headers: &str) -> u16 {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let rest = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    write!(stream, "GET /ws HTTP/1.1\r\n{headers}{rest}\r\n").unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_server_that_knows_its_name_answers_to_no_other() {
    let place = tempfile::tempdir().unwrap();
    let options = Options::new(BINARY, place.path()).arg("--public-url").arg("https://music.example.org");
    let server = Server::start(options).await.unwrap();
    let addr = server.addr();
    let (ours, evil) = ("Host: music.example.org\r\n", "Host: evil.example\r\n");
    for path in ["/", "/api/v1/server", "/metrics"] {
        assert_eq!(status(addr, path, ours), 200, "{path}");
        assert_eq!(status(addr, path, &format!("Host: {addr}\r\n")), 200, "{path}");
        assert_eq!(status(addr, path, evil), 421, "{path}");
        assert_eq!(status(addr, path, ""), 400, "{path}");
        assert_eq!(status(addr, path, &format!("{ours}{ours}")), 400, "{path}");
    }
    assert_eq!(status(addr, "/healthz", evil), 200, "whether it lives may be asked under any name");
    assert!(ask(addr, "GET /healthz HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"), "as proxies check by default");
    for (headers, expected) in [(ours, 101), (evil, 421), ("", 400), ("Host: localhost\r\nHost: localhost\r\n", 400)] {
        assert_eq!(opens(addr, headers), expected, "a socket with {headers:?}");
    }
    let answer = ask(addr, "GET /nothing.js HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(answer.contains("application/problem+json") && answer.contains("\"code\":\"misdirected\""), "{answer}");
    let health = Command::new(BINARY).args(["--listen", &addr.to_string(), "health"]).status().unwrap();
    assert!(health.success(), "`octave health` asks by the address");
}

#[tokio::test]
async fn metrics_are_where_and_for_whom_they_are_wanted() {
    let place = tempfile::tempdir().unwrap();
    let token = "a token of the operator's".replace(' ', "-");
    let options = Options::new(BINARY, place.path()).arg("--metrics-token").arg(&token);
    let server = Server::start(options).await.unwrap();
    let host = "Host: localhost\r\n";
    let bearing = |token: &str| format!("{host}Authorization: Bearer {token}\r\n");
    assert_eq!(status(server.addr(), "/metrics", host), 401);
    assert_eq!(status(server.addr(), "/metrics", &bearing("another")), 401);
    assert_eq!(status(server.addr(), "/metrics", &bearing(&token)), 200);
    assert_eq!(status(server.addr(), "/healthz", host), 200);
    server.stop().await.unwrap();

    let apart = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let options = Options::new(BINARY, place.path()).arg("--metrics-listen").arg(apart.to_string());
    let server = Server::start(options.arg("--public-url").arg("https://music.example.org")).await.unwrap();
    assert_eq!(status(server.addr(), "/metrics", host), 404);
    assert_eq!(status(apart, "/metrics", "Host: octave:9100\r\n"), 200, "under whatever name");
    for path in ["/", "/api/v1/server", "/ws"] {
        assert_eq!(status(apart, path, host), 404, "{path}");
    }
    server.stop().await.unwrap();
}

/// The series that a text names.
fn series(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("octave_") || word.starts_with("process_")).map(str::to_owned).collect()
}

#[tokio::test]
async fn alerts_and_dashboard_name_what_there_is() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, place.path())).await.unwrap();
    Api::register(server.addr(), "ana").await.unwrap();
    let shown = ask(server.addr(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let there = series(&shown);
    assert!(
        shown.contains(
            "octave_http_request_seconds_bucket{le=\"0.001\",method=\"POST\",route=\"/api/v1/auth/register\"}"
        )
    );
    assert!(shown.contains("octave_database_connections_max{pool=\"write\"} 1\n"), "{shown}");
    for file in ["alerts.yml", "dashboard.json"] {
        let text = std::fs::read_to_string(Path::new("docs/operating").join(file)).unwrap();
        let named = series(&text);
        assert!(named.len() > 8, "{file}: {named:?}");
        assert_eq!(named.difference(&there).collect::<Vec<_>>(), [""; 0], "{file} names what is not there");
    }
}

#[tokio::test]
async fn an_invitation_from_the_command_line_makes_as_many_accounts_as_it_says() {
    let place = tempfile::tempdir().unwrap();
    let options = Options::new(BINARY, place.path()).arg("--registration").arg("invite");
    let server = Server::start(options).await.unwrap();
    let made = Command::new(BINARY).arg("--data").arg(place.path()).args(["invite", "--uses", "2"]).output().unwrap();
    let link = String::from_utf8(made.stdout).unwrap();
    let code = link.trim().strip_prefix("/sign-in?new&invite=").unwrap();
    let register = async |name: &str, invite: Option<&str>| {
        let email = format!("{name}@example.org");
        let form = json!({"username": name, "email": email, "password": PASSWORD, "invite": invite});
        Api::new(server.addr()).post("/api/v1/auth/register", &form).await.unwrap().status
    };
    assert_eq!(register("ana", None).await, 403);
    assert_eq!(register("ana", Some(code)).await, 201);
    assert_eq!(register("ben", Some(code)).await, 201);
    assert_eq!(register("cem", Some(code)).await, 403);
}
