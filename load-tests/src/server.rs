//! The server under test: started on a core of its own, found on its port, stopped at the end.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::probe;

/// The core of the server; the client takes [`CLIENT_CORE`].
pub const SERVER_CORE: usize = 0;
pub const CLIENT_CORE: usize = 1;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same where a large database may have to be brought up to date.
const PATIENCE_WITH_DATA: Duration = Duration::from_mins(20);

#[derive(Debug)]
pub struct Server {
    child: Child,
    pub addr: SocketAddr,
    /// Program and arguments of a server that says itself where it listens.
    command: Vec<String>,
    /// Removed when the server has stopped.
    _data: Option<tempfile::TempDir>,
}

impl Server {
    /// Starts Octave with limits off on an empty data directory, or on `database` when given.
    pub fn octave(program: &str, data_in: Option<&str>, database: Option<&str>) -> Result<Self> {
        let data = match data_in {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let folder = data.path().to_owned();
        Self::start(program, &folder, database, None, PATIENCE, Some(data))
    }

    /// Starts a node of a cluster, the same otherwise.
    pub fn node(program: &str, database: &str, nats: &str) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let folder = data.path().to_owned();
        Self::start(program, &folder, Some(database), Some(nats), PATIENCE, Some(data))
    }

    /// Starts Octave on data that stays: in `folder`, or in `database` when given. What it has to put in order first may
    /// take its time.
    pub fn octave_in(program: &str, folder: &Path, database: Option<&str>) -> Result<Self> {
        Self::start(program, folder, database, None, PATIENCE_WITH_DATA, None)
    }

    fn start(
        program: &str,
        folder: &Path,
        database: Option<&str>,
        nats: Option<&str>,
        patience: Duration,
        data: Option<tempfile::TempDir>,
    ) -> Result<Self> {
        let folder = folder.to_str().context("a path that is no text")?;
        let mut command: Vec<String> =
            [program, "serve", "--limits", "off", "--listen", "127.0.0.1:0", "--data", folder]
                .map(str::to_owned)
                .into();
        if let Some(url) = database {
            command.extend(["--database".to_owned(), url.to_owned()]);
        }
        if let Some(url) = nats {
            command.extend(["--nats".to_owned(), url.to_owned()]);
        }
        let (child, addr) = launch(&command, patience)?;
        let server = Self { child, addr, command, _data: data };
        server.wait_until_listening()?;
        Ok(server)
    }

    /// Kills the server and starts it again on the same data, at another address.
    pub fn restart(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        (self.child, self.addr) = launch(&self.command, PATIENCE)?;
        self.wait_until_listening()
    }

    /// Starts a peer whose arguments may hold `{port}`; a free one is put there.
    pub fn peer(arguments: &[String]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let with_port: Vec<String> = arguments.iter().map(|a| a.replace("{port}", &port.to_string())).collect();
        let (program, rest) = with_port.split_first().context("a peer without a command")?;
        let child = on_core(program).args(rest).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { child, addr: SocketAddr::from(([127, 0, 0, 1], port)), command: Vec::new(), _data: None };
        server.wait_until_listening().with_context(|| with_port.join(" "))?;
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn cpu(&self) -> Result<Duration> {
        probe::cpu(self.pid())
    }

    pub fn resident(&self) -> Result<u64> {
        probe::resident(self.pid())
    }

    fn wait_until_listening(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect_timeout(&self.addr, Duration::from_secs(1)).is_err() {
            ensure!(Instant::now() < deadline, "nobody listens at {}", self.addr);
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its data goes with it, so there is nothing to finish politely.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server that prints its address.
fn launch(command: &[String], patience: Duration) -> Result<(Child, SocketAddr)> {
    let (program, arguments) = command.split_first().context("a server without a command")?;
    let mut child = on_core(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| program.clone())?;
    let addr = announced(&mut child, patience)?;
    Ok((child, addr))
}

/// `taskset` replaces itself by the program, so the child's pid is the server's.
fn on_core(program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &SERVER_CORE.to_string(), program]).stdin(Stdio::null());
    command
}

/// The address that the server prints or logs; its output is read to the end so that it never blocks on a full pipe.
fn announced(child: &mut Child, patience: Duration) -> Result<SocketAddr> {
    let (tell, told) = mpsc::channel();
    let outputs: [Option<Box<dyn std::io::Read + Send>>; 2] =
        [child.stdout.take().map(|o| Box::new(o) as _), child.stderr.take().map(|e| Box::new(e) as _)];
    for output in outputs.into_iter().flatten() {
        let tell = tell.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
    }
    drop(tell);
    let deadline = Instant::now() + patience;
    let mut said = Vec::new();
    loop {
        match told.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                if let Some(addr) = address_in(&line) {
                    return Ok(addr);
                }
                said.push(line);
            }
            Err(_) => bail!("the server did not say where it listens:\n{}", said.join("\n")),
        }
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let at = line.find("127.0.0.1:")?;
    let rest = &line[at..];
    let end = rest.char_indices().find(|(_, c)| !matches!(c, '0'..='9' | '.' | ':')).map_or(rest.len(), |(i, _)| i);
    rest[..end].trim_end_matches([':', '.']).parse().ok().filter(|addr: &SocketAddr| addr.port() != 0)
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn finds_the_address_in_a_log_line() {
        let line = "\u{1b}[2m2026\u{1b}[0m INFO octave: listening on http://127.0.0.1:34567/ (SQLite)";
        assert_eq!(address_in(line).unwrap().port(), 34567);
        assert_eq!(address_in("--listen 127.0.0.1:0"), None);
    }
}
