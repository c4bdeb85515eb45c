//! The real program as a child process, on a port of its own choice.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::PATIENCE;

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Options {
    pub binary: PathBuf,
    pub data: PathBuf,
    /// Port 0 lets the server pick one.
    pub listen: SocketAddr,
    pub args: Vec<String>,
    pub env: Vec<(&'static str, String)>,
}

impl Options {
    /// The defaults of the program, with its files under `data`.
    pub fn new(binary: impl Into<PathBuf>, data: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            data: data.into(),
            listen: ([127, 0, 0, 1], 0).into(),
            args: Vec::new(),
            env: Vec::new(),
        }
    }

    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    #[must_use]
    pub fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }
}

/// A running server; dropped, it is killed.
#[derive(Debug)]
pub struct Server {
    child: Child,
    addr: SocketAddr,
    options: Options,
}

impl Server {
    /// Starts the program and waits until it says where it listens and answers `/healthz`.
    pub async fn start(options: Options) -> Result<Self> {
        Ok(Self::start_timed(options).await?.0)
    }

    /// As [`Server::start`], with the time from the start of the process to the first healthy answer.
    pub async fn start_timed(options: Options) -> Result<(Self, Duration)> {
        let began = Instant::now();
        let mut child = Command::new(&options.binary)
            .arg("serve")
            .arg("--listen")
            .arg(options.listen.to_string())
            .arg("--data")
            .arg(&options.data)
            .args(&options.args)
            .env("RUST_BACKTRACE", "1")
            .envs(options.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("start {}", options.binary.display()))?;
        let (lines, mut said) = mpsc::unbounded_channel();
        if let Some(out) = child.stdout.take() {
            follow(out, lines.clone());
        }
        if let Some(err) = child.stderr.take() {
            follow(err, lines);
        }
        let addr = tokio::time::timeout(PATIENCE, listening(&mut said)).await.context("the server says nothing")??;
        let server = Self { child, addr, options };
        server.healthy().await?;
        Ok((server, began.elapsed()))
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    pub fn data(&self) -> &Path {
        &self.options.data
    }

    /// Kills the process without any warning and waits until it is gone. What it had handed to the kernel stays: a power cut
    /// takes that too.
    pub async fn kill(mut self) -> Result<Options> {
        self.child.kill().await?;
        Ok(self.again())
    }

    /// Asks the process to stop (SIGTERM) and waits for it; a failing exit is an error.
    pub async fn stop(mut self) -> Result<Options> {
        let asked = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status().await?;
        anyhow::ensure!(asked.success(), "could not signal the server");
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.context("the server does not stop")??;
        anyhow::ensure!(status.success(), "the server ended with {status}");
        Ok(self.again())
    }

    /// Waits until the process ends by itself, and answers its exit code.
    pub async fn ended(mut self) -> Result<Option<i32>> {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.context("the server does not end")??;
        Ok(status.code())
    }

    /// How to start it again at the same place.
    fn again(&self) -> Options {
        Options { listen: self.addr, ..self.options.clone() }
    }

    async fn healthy(&self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            match crate::api::Api::new(self.addr).get("/healthz").await {
                Ok(reply) if reply.status == 200 => return Ok(()),
                Ok(reply) if Instant::now() > until => bail!("/healthz answers {}", reply.status),
                Err(e) if Instant::now() > until => return Err(e.context("/healthz")),
                _ => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
    }
}

/// Passes on what the program prints, so that its pipe never fills; `OCTAVE_TEST_LOG` shows it.
fn follow(stream: impl AsyncRead + Unpin + Send + 'static, lines: mpsc::UnboundedSender<String>) {
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream).lines();
        while let Ok(Some(line)) = stream.next_line().await {
            if std::env::var_os("OCTAVE_TEST_LOG").is_some() {
                eprintln!("octave: {line}");
            }
            let _ = lines.send(line);
        }
    });
}

async fn listening(said: &mut mpsc::UnboundedReceiver<String>) -> Result<SocketAddr> {
    let mut all = String::new();
    while let Some(line) = said.recv().await {
        if let Some(addr) = address_in(&line) {
            return Ok(addr);
        }
        all.push_str(&line);
        all.push('\n');
    }
    bail!("the server ended before it listened:\n{all}")
}

/// The address in `http://127.0.0.1:8080`, wherever it stands in the line.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("://")?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(rest.len());
    rest[..end].parse().ok().filter(|a: &SocketAddr| a.port() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_address_in_a_line() {
        assert_eq!(address_in("Octave listens on http://127.0.0.1:8080/ now"), "127.0.0.1:8080".parse().ok());
        assert_eq!(address_in("\u{1b}[32mINFO\u{1b}[0m url=http://127.0.0.1:41\u{1b}[0m"), "127.0.0.1:41".parse().ok());
        assert_eq!(address_in("database sqlite://./octave-data/octave.db"), None);
        assert_eq!(address_in("nothing here"), None);
    }
}
