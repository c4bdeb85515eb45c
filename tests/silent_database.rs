//! A PostgreSQL that falls silent: whoever asks is answered in time, stages play on, and nothing is lost or doubled.

#![expect(clippy::disallowed_methods, reason = "a real process, in real time")]
#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod postgres;

use std::time::{Duration, Instant};

use octave_testkit::api::{Account, Api};
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::Socket;
use octave_testkit::wire::{self, Carries};
use postgres::Database;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// Two seconds are promised (docs/RELIABILITY.md); a machine that does more than this test gets one more.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);
/// Back within five, and the same for the machine.
const BACK_WITHIN: Duration = Duration::from_secs(6);

/// One way to ask, and how long the answers took.
async fn asks<F: Future<Output = u16>>(times: u32, ask: impl Fn(u32) -> F) -> Vec<(Duration, u16)> {
    let mut took = Vec::new();
    for n in 0..times {
        let began = Instant::now();
        let status = ask(n).await;
        took.push((began.elapsed(), status));
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    took
}

async fn says(socket: &mut Socket, stage: i64, text: &str) -> Value {
    socket.request(json!({ "type": "chat", "stage": stage, "text": text, "nonce": text })).await.unwrap()
}

/// Lines said one after the other: those that were acknowledged, and the longest wait.
async fn talks(socket: &mut Socket, stage: i64, times: u32) -> (Vec<String>, Duration) {
    let (mut acknowledged, mut longest) = (Vec::new(), Duration::ZERO);
    for n in 0..times {
        let (text, began) = (format!("silent {n}"), Instant::now());
        let answer = says(socket, stage, &text).await;
        longest = longest.max(began.elapsed());
        match answer["type"].as_str() {
            Some("ack") => acknowledged.push(text),
            _ => assert_eq!(answer["code"], "storage_unavailable", "{answer}"),
        }
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    (acknowledged, longest)
}

#[tokio::test]
async fn everybody_is_answered_in_time_and_what_was_told_holds() {
    let database = Database::new().await;
    let (port, silent) = wire::lay(database.address()).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let options = Options::new(BINARY, data.path()).arg("--database").arg(database.through(port));
    let server = Server::start(options).await.unwrap();
    let Account { api, token, .. } = Api::register(server.addr(), "ana").await.unwrap();
    let stage = api.open_stage(&json!({ "name": "Attic" })).await.unwrap();
    let (mut socket, _) = Socket::connect(server.addr(), &token).await.unwrap();
    socket.join(stage, None).await.unwrap();
    says(&mut socket, stage, "before").await;

    silent.send_replace(Carries::Nothing);
    let api = &api;
    let playlist = |n| json!({ "name": format!("list {n}") });
    let (me, songs, lists, (acknowledged, longest)) = tokio::join!(
        asks(6, |_| async { api.get("/api/v1/me").await.unwrap().status }),
        asks(6, |_| async { api.get("/api/v1/songs").await.unwrap().status }),
        asks(6, |n| async move { api.post("/api/v1/playlists", &playlist(n)).await.unwrap().status }),
        talks(&mut socket, stage, 5),
    );
    for (what, took) in [("me", &me), ("songs", &songs), ("playlists", &lists)] {
        let slowest = took.iter().max().unwrap();
        println!("{what}: {slowest:?} at most");
        assert!(slowest.0 < ANSWERED_WITHIN, "{what}: {took:?}");
        assert!(took.iter().all(|(_, status)| *status == 503 || *status == 200), "{what}: {took:?}");
    }
    println!("chat: {longest:?} at most");
    assert!(longest < ANSWERED_WITHIN, "a line waited {longest:?}");

    silent.send_replace(Carries::All);
    let thawed = Instant::now();
    // Whoever is sent away because nobody knows what became of a line comes back.
    let mut socket = loop {
        let (mut back, _) = Socket::connect(server.addr(), &token).await.unwrap();
        if back.join(stage, None).await.is_ok_and(|joined| joined["type"] == "joined")
            && says(&mut back, stage, "after").await["type"] == "ack"
        {
            break back;
        }
        assert!(thawed.elapsed() < BACK_WITHIN, "nobody can speak");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    println!("back after {:?}", thawed.elapsed());
    api.post("/api/v1/playlists", &playlist(99)).await.unwrap().expect(201).unwrap();
    // All that was acknowledged is there, and what is said again is there once.
    for n in 0..5 {
        assert_eq!(says(&mut socket, stage, &format!("silent {n}")).await["type"], "ack");
    }
    let page = api.get(&format!("/api/v1/stages/{stage}/chats?limit=100")).await.unwrap().expect(200).unwrap();
    let mut texts: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert!(acknowledged.iter().all(|text| texts.contains(&text.as_str())), "{acknowledged:?} {texts:?}");
    texts.sort_unstable();
    let count = texts.len();
    texts.dedup();
    assert_eq!((texts.len(), count), (7, 7), "{texts:?}");
    server.stop().await.unwrap();
}
