//! A server with a socket in this process, over a database that can be made to fail.

use std::net::SocketAddr;
use std::sync::Arc;

use octave_testkit::socket::Socket;
use serde_json::{Value, json};
use tokio_util::task::TaskTracker;

use super::deeds::Done;
use crate::base::telemetry::Telemetry;
use crate::connection::{Caps, Connections, Pacing};
use crate::http::kit::state::{Limits, Settings};
use crate::http::kit::testing::{Api, Client};
use crate::server::ws::{self, WsState};
use crate::store::{Db, on};

pub(super) struct Scene {
    pub api: Api,
    pub ana: Client,
    /// A stage of ana's in which she is by her socket, and the song that is queued there.
    pub stage: i64,
    pub song: i64,
    pub playlist: i64,
    db: Db,
    addr: SocketAddr,
    socket: Option<Socket>,
    names: u32,
    /// How things stood before what is done now.
    pub before: i64,
    /// A stage that nobody has been in.
    pub unopened: Option<i64>,
    /// Logins of ana's that she was told of.
    pub logins: i64,
}

impl Scene {
    pub(super) async fn new(db: Db) -> Self {
        let settings = Settings { limits: Limits::Off, ..Settings::default() };
        let api = Api::over(db.clone(), tempfile::tempdir().unwrap(), settings);
        let addr = listen(&api).await;
        let ana = api.user("ana").await;
        api.user("ben").await;
        let song = on!(&db, write, c => sqlx::query_scalar(
                "INSERT INTO songs (uploader_id, title, artist, duration_us, sample_rate, channels, file_hash, file_size, \
                 mime, search_key, created_us) VALUES ($1, 'A', 'B', 60000000, 48000, 2, 'abcdef0123', 9, 'audio/flac', 'a', 1) \
                 RETURNING id")
            .bind(ana.id).fetch_one(c).await.unwrap());
        let stage = ana.post("/stages", json!({"name": "Attic", "control": "everyone"})).await.ok(201)["id"].as_i64();
        let playlist = ana.post("/playlists", json!({"name": "Evening"})).await.ok(201)["id"].as_i64();
        let (stage, playlist) = (stage.unwrap(), playlist.unwrap());
        Self { api, ana, stage, song, playlist, db, addr, socket: None, names: 0, before: 0, unopened: None, logins: 1 }
    }

    /// A name that nothing has had.
    pub(super) fn name(&mut self) -> String {
        self.names += 1;
        format!("name{}", self.names)
    }

    /// Whether what was told as done is there, for whoever reads the database.
    pub(super) async fn stands(&self, done: &Done) -> bool {
        let Done { sql, text, number, wanted } = done;
        let count: i64 =
            on!(&self.db, read, c => sqlx::query_scalar(*sql).bind(text).bind(*number).fetch_one(c).await.unwrap());
        wanted.contains(&count)
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        on!(&self.db, read, c => sqlx::query_scalar(sql).bind(self.stage).fetch_one(c).await.unwrap())
    }

    /// ana's socket, in her stage. What goes wrong on the way is a code.
    pub(super) async fn socket(&mut self) -> Result<&mut Socket, String> {
        if self.socket.is_none() {
            let token = self.ana.token.clone().unwrap();
            let bearer = format!("Bearer {token}");
            let mut socket = Socket::dial(self.addr, &[("Authorization", &bearer)]).await.map_err(not_upgraded)?;
            let stage = self.stage;
            let joined = socket.request(json!({"type": "join", "stage": stage})).await;
            code_of(&joined.map_err(closed)?)?;
            self.socket = Some(socket);
        }
        self.socket.as_mut().ok_or_else(closed_code)
    }

    pub(super) fn hang_up(&mut self) {
        self.socket = None;
    }

    /// Asks over the socket; the answer, or the code of what went wrong. A connection that the server has ended is opened
    /// anew the next time.
    pub(super) async fn asks(&mut self, request: Value) -> Result<Value, String> {
        let answer = self.socket().await?.request(request).await;
        match answer {
            Ok(answer) => code_of(&answer).map(|()| answer),
            Err(error) => {
                self.socket = None;
                Err(closed(error))
            }
        }
    }

    pub(super) async fn end(self) {
        self.api.state.registry.stop().await;
    }
}

/// The client tells the status alone.
#[expect(clippy::needless_pass_by_value, reason = "stands in `map_err`")]
fn not_upgraded(refused: anyhow::Error) -> String {
    let text = format!("{refused:#}");
    match ["503", "507"].iter().find(|status| text.contains(**status)) {
        Some(&"503") => "storage_unavailable".to_owned(),
        Some(_) => "storage_full".to_owned(),
        None => text,
    }
}

fn code_of(answer: &Value) -> Result<(), String> {
    match answer["type"].as_str() {
        Some("error") => Err(answer["code"].as_str().unwrap_or_default().to_owned()),
        _ => Ok(()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "stands in `map_err`")]
fn closed(error: anyhow::Error) -> String {
    // Waiting for an answer that never comes is no way to be told.
    let text = format!("{error:#}");
    if text.contains("closed") { closed_code() } else { text }
}

fn closed_code() -> String {
    "closed".to_owned()
}

async fn listen(api: &Api) -> SocketAddr {
    let state = api.state.clone();
    let connections = Arc::new(Connections {
        registry: state.registry.clone(),
        people: state.people.clone(),
        clock: state.clock,
        authenticate: ws::authenticator(state.clone()),
        pacing: Pacing::Unlimited,
        caps: Caps::new(Pacing::Unlimited),
        metrics: Telemetry::new().sockets.clone(),
        heard: tokio::sync::mpsc::channel(1).0,
        node: "test".into(),
        tasks: TaskTracker::new(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let router = ws::routes(WsState { app: state, connections });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    addr
}
