//! A disk that is full, one that fails, and one that is slow: nobody is told what does not last, the rest goes on, and all
//! works again by itself. The full disk wants root; calls are made to fail by strace.

use std::collections::{BTreeSet, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::process::{Child, Command};

use super::{Figure, MountPoint, run as program};
use crate::PATIENCE;
use crate::api::{Account, Api};
use crate::figures::quantile;
use crate::kill::history;
use crate::server::{Options, Server};
use crate::socket::Socket;

/// How long the disk is out of order.
const FAULT: Duration = Duration::from_secs(6);

/// Somebody who writes in every way, and remembers what was told as done.
struct Writer {
    ana: Account,
    stage: i64,
    socket: Socket,
    /// Playlists that were told as made.
    lists: Vec<i64>,
    /// Lines that were acknowledged.
    lines: Vec<String>,
    asked: usize,
    refused: Vec<String>,
}

impl Writer {
    async fn new(server: &Server) -> Result<Self> {
        let ana = Api::register(server.addr(), "ana").await?;
        let stage = ana.api.open_stage(&json!({ "name": "Disk" })).await?;
        let mut socket = Socket::connect(server.addr(), &ana.token).await?.0;
        socket.join(stage, None).await?;
        Ok(Self { ana, stage, socket, lists: Vec::new(), lines: Vec::new(), asked: 0, refused: Vec::new() })
    }

    /// Writes once in each way; answers whether all of it was done.
    async fn writes(&mut self) -> Result<bool> {
        let before = self.refused.len();
        let n = self.asked;
        let name = format!("list {n}");
        let made = self.ana.api.post("/api/v1/playlists", &json!({ "name": name })).await?;
        self.takes(made.status == 201, made.json()["code"].as_str());
        self.lists.extend(made.json()["id"].as_i64());
        let me = self.ana.api.patch("/api/v1/me", &json!({ "display_name": format!("Ana {n}") })).await?;
        self.takes(me.status == 200, me.json()["code"].as_str());
        let text = format!("line {n}");
        let request = json!({ "type": "chat", "stage": self.stage, "text": text, "nonce": text });
        if let Ok(answer) = self.socket.request(request).await {
            self.takes(answer["type"] == "ack", answer["code"].as_str());
            if answer["type"] == "ack" {
                self.lines.push(text);
            }
        } else {
            // Nobody knows what became of the line: whoever said it is sent away, and asks again.
            self.takes(false, Some("sent away"));
            self.returns().await?;
        }
        Ok(self.refused.len() == before)
    }

    async fn returns(&mut self) -> Result<()> {
        let addr = self.ana.api.addr();
        self.socket = Socket::connect(addr, &self.ana.token).await?.0;
        // The stage can't open before its database can be written.
        let _ = self.socket.join(self.stage, None).await;
        Ok(())
    }

    fn takes(&mut self, done: bool, code: Option<&str>) {
        self.asked += 1;
        if !done {
            self.refused.push(code.unwrap_or("no code").to_owned());
        }
    }

    /// How much was told as done and is not there, and how much is there twice.
    async fn lost_and_doubled(&self) -> Result<(usize, usize)> {
        let mut lost = 0;
        for list in &self.lists {
            lost += usize::from(self.ana.api.get(&format!("/api/v1/playlists/{list}")).await?.status != 200);
        }
        let lines: Vec<String> = history(&self.ana.api, self.stage).await?.into_iter().map(|(text, _)| text).collect();
        lost += self.lines.iter().filter(|line| !lines.contains(line)).count();
        let apart: HashSet<&String> = lines.iter().collect();
        Ok((lost, lines.len() - apart.len()))
    }
}

/// Something that happens to the disk under a server.
trait Fault {
    const NAME: &str;
    async fn begins(&mut self, server: &Server) -> Result<()>;
    async fn ends(&mut self) -> Result<()>;
}

/// Writes while the disk is out of order, then until all is well again, then kills the server and looks what is there.
async fn exercise<F: Fault>(server: Server, mut fault: F) -> Result<Vec<Figure>> {
    let mut writer = Writer::new(&server).await?;
    for _ in 0..20 {
        ensure!(writer.writes().await?, "refused before there was a fault: {:?}", writer.refused);
    }
    fault.begins(&server).await?;
    let (before, began, mut unread) = (writer.asked, Instant::now(), 0);
    while began.elapsed() < FAULT {
        writer.writes().await?;
        unread += usize::from(writer.ana.api.get("/api/v1/songs").await?.status != 200);
    }
    let (asked, refused) = (writer.asked - before, std::mem::take(&mut writer.refused));
    fault.ends().await?;
    let mended = Instant::now();
    while !writer.writes().await? {
        ensure!(mended.elapsed() < PATIENCE, "nobody can write any more: {:?}", writer.refused.last());
    }
    let back = mended.elapsed();
    let server = Server::start(server.kill().await?).await?;
    let (lost, doubled) = writer.lost_and_doubled().await?;
    server.stop().await?;
    let codes: BTreeSet<&String> = refused.iter().collect();
    let row = |what: &str| format!("{}: {what}", F::NAME);
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    Ok(vec![
        Figure::said(row("writes asked for"), asked as f64, ""),
        Figure::said(row(&format!("of these refused {codes:?}")), refused.len() as f64, ""),
        Figure::exactly(row("reads refused meanwhile"), unread, 0),
        Figure::at_most(row("all writes work again after"), back.as_secs_f64(), "s", 5.0),
        Figure::exactly(row("told as done and lost after `kill -9`"), lost, 0),
        Figure::exactly(row("doubled"), doubled, 0),
    ])
}

async fn start(options: Options) -> Result<Server> {
    Server::start(options.arg("--limits").arg("off")).await
}

/// A file system that is filled to its last byte.
pub async fn full(options: Options, within: &Path) -> Result<Vec<Figure>> {
    let small = MountPoint::new(within.join("small"))?;
    small.mount(&["-t", "tmpfs", "-o", "size=32m", "none"]).await?;
    let options = Options { data: small.0.join("data"), ..options };
    exercise(start(options).await?, Full(small.0.join("filling"))).await
}

/// Every call that brings data to the disk fails.
pub async fn failing(options: Options) -> Result<Vec<Figure>> {
    exercise(start(options).await?, Failing(None)).await
}

/// Every call that brings data to the disk takes half a second: what needs no disk keeps its pace.
pub async fn slow(options: Options) -> Result<Vec<Figure>> {
    let server = start(options).await?;
    let mut writer = Writer::new(&server).await?;
    let (mut probe, _) = Socket::connect(server.addr(), &writer.ana.token).await?;
    let usual = probes(&mut probe).await?;
    let tracer = Tracer::attach(server.pid(), "delay_enter=500000").await?;
    let (during, written) = tokio::join!(probes(&mut probe), writer.writes());
    ensure!(written?, "refused because it was slow: {:?}", writer.refused);
    tracer.detach().await?;
    server.stop().await?;
    Ok(vec![
        Figure::said("fsync slow: sync probe before, p99", usual, "ms"),
        Figure::at_most("fsync slow: sync probe during it, p99", during?, "ms", 50.0),
    ])
}

/// The round trips of a hundred sync probes within two seconds: the 99th percentile, in milliseconds.
async fn probes(socket: &mut Socket) -> Result<f64> {
    let mut took = Vec::new();
    for _ in 0..100 {
        let began = Instant::now();
        socket.request(json!({ "type": "ping" })).await?;
        took.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    took.sort_unstable();
    Ok(quantile(&took, 0.99).unwrap_or_default().as_secs_f64() * 1_000.0)
}

/// Fills the file system that holds this file.
struct Full(PathBuf);

impl Fault for Full {
    const NAME: &str = "disk full";

    async fn begins(&mut self, _: &Server) -> Result<()> {
        let mut file = std::fs::File::create(&self.0)?;
        while file.write_all(&[0; 4096]).is_ok() {}
        Ok(())
    }

    async fn ends(&mut self) -> Result<()> {
        Ok(std::fs::remove_file(&self.0)?)
    }
}

struct Failing(Option<Tracer>);

impl Fault for Failing {
    const NAME: &str = "fsync fails";

    async fn begins(&mut self, server: &Server) -> Result<()> {
        self.0 = Some(Tracer::attach(server.pid(), "error=EIO").await?);
        Ok(())
    }

    async fn ends(&mut self) -> Result<()> {
        self.0.take().context("never began")?.detach().await
    }
}

/// strace, which changes what a process's calls that flush to the disk do.
struct Tracer(Child);

impl Tracer {
    async fn attach(pid: u32, change: &str) -> Result<Self> {
        let calls = "fsync,fdatasync";
        let strace = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:{change}"), "-p", &pid.to_string()])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("strace can't be run; scripts/figures installs it")?;
        let until = Instant::now() + PATIENCE;
        while !traced(pid)? {
            ensure!(Instant::now() < until, "strace does not get hold of the server");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(Self(strace))
    }

    async fn detach(mut self) -> Result<()> {
        program("kill", &["-INT", &self.0.id().context("strace has ended")?.to_string()]).await?;
        self.0.wait().await?;
        Ok(())
    }
}

/// Whether every thread of a process is traced.
fn traced(pid: u32) -> Result<bool> {
    for thread in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end meanwhile.
        let Ok(status) = std::fs::read_to_string(thread?.path().join("status")) else { continue };
        if status.lines().any(|line| line == "TracerPid:\t0") {
            return Ok(false);
        }
    }
    Ok(true)
}
