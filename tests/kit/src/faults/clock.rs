//! A process that stands still, and a wall clock that somebody sets: songs stay where they are, logins stay good.
//!
//! The wall clock of the process alone is moved, by libfaketime.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{Figure, position_at, run as program, says};
use crate::api::{Account, Api};
use crate::audio::wav;
use crate::server::{Options, Server};
use crate::socket::Socket;

/// How long the process stands still.
const FROZEN: Duration = Duration::from_secs(10);

/// Where a song may be off after all that, by what can be seen over a socket.
const OFF_MS: f64 = 50.0;

/// A stage in which a song plays.
struct Evening {
    server: Server,
    ana: Account,
    stage: i64,
    timeline: Value,
    /// The server's time less ours, in microseconds, and ours.
    offset_us: i64,
    began: Instant,
}

impl Evening {
    async fn begins(options: Options) -> Result<Self> {
        let server = Server::start(options).await?;
        let ana = Api::register(server.addr(), "ana").await?;
        let song = ana.api.upload("Long", &wav(440, 300_000)).await?;
        let stage = ana.api.open_stage(&json!({ "name": "Clock" })).await?;
        let (mut socket, _) = Socket::connect(server.addr(), &ana.token).await?;
        socket.join(stage, None).await?;
        socket.request(json!({ "type": "queue", "stage": stage, "action": "add", "song": song["id"] })).await?;
        let played = socket.request(json!({ "type": "control", "stage": stage, "action": "play" })).await?;
        ensure!(played["type"] == "ok", "nothing plays: {played}");
        let timeline = loop {
            let timeline = socket.event("timeline").await?;
            if timeline["playing"] == true {
                break timeline;
            }
        };
        let began = Instant::now();
        let offset_us = server_time(&mut socket).await? - micros(began)?;
        Ok(Self { server, ana, stage, timeline, offset_us, began })
    }

    /// What is asked after each thing that happens: the song's place as a newcomer is told it, by how much it is off in
    /// milliseconds, and whether the old login still speaks.
    async fn off(&self) -> Result<f64> {
        let me = self.ana.api.get("/api/v1/me").await?;
        ensure!(me.status == 200, "the login is over: {}", me.status);
        let (mut socket, _) = Socket::connect(self.server.addr(), &self.ana.token).await?;
        let joined = socket.join(self.stage, None).await?;
        let text = format!("after {:?}", self.began.elapsed());
        ensure!(says(&mut socket, self.stage, &text).await?, "nobody can speak");
        let (now, ours) = (server_time(&mut socket).await?, micros(self.began)?);
        let told = position_at(&joined["snapshot"]["timeline"], now)?;
        let by_us = position_at(&self.timeline, ours + self.offset_us)?;
        #[expect(clippy::cast_precision_loss, reason = "minutes, in microseconds")]
        Ok((told - by_us).abs() as f64 / 1_000.0)
    }
}

/// The process is stopped for ten seconds while a song plays.
pub async fn frozen(options: Options) -> Result<Vec<Figure>> {
    let evening = Evening::begins(options).await?;
    let pid = evening.server.pid().to_string();
    program("kill", &["-STOP", &pid]).await?;
    tokio::time::sleep(FROZEN).await;
    program("kill", &["-CONT", &pid]).await?;
    let off = evening.off().await?;
    evening.server.stop().await?;
    Ok(vec![Figure::at_most("song off after 10 s of standing still", off, "ms", OFF_MS)])
}

/// The wall clock is set an hour on, and two hours back, under a song; and once more while the server is down.
pub async fn set(options: Options, within: &Path) -> Result<Vec<Figure>> {
    let moved = within.join("clock");
    let by = |what: &str| std::fs::write(&moved, what);
    by("+0")?;
    let options = options
        .env("LD_PRELOAD", faketime()?.display().to_string())
        .env("FAKETIME_TIMESTAMP_FILE", moved.display().to_string())
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let mut evening = Evening::begins(options).await?;
    let mut figures = Vec::new();
    for (shift, what) in [("+3600", "an hour on"), ("-3600", "two hours back")] {
        by(shift)?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        figures.push(Figure::at_most(format!("song off, wall clock {what}"), evening.off().await?, "ms", OFF_MS));
    }
    evening.server = Server::start(evening.server.stop().await?).await?;
    figures.push(Figure::said("the same after a restart under that clock", evening.off().await?, "ms"));
    evening.server.stop().await?;
    Ok(figures)
}

/// The library that moves a process's wall clock.
pub fn faketime() -> Result<PathBuf> {
    let found = ["x86_64", "aarch64"]
        .map(|kind| PathBuf::from(format!("/usr/lib/{kind}-linux-gnu/faketime/libfaketime.so.1")))
        .into_iter()
        .find(|path| path.exists());
    found.context("libfaketime is missing; scripts/figures installs it")
}

async fn server_time(socket: &mut Socket) -> Result<i64> {
    let pong = socket.request(json!({ "type": "ping" })).await?;
    pong["t2_us"].as_i64().context("a pong without a time")
}

fn micros(since: Instant) -> Result<i64> {
    Ok(i64::try_from(since.elapsed().as_micros())?)
}
