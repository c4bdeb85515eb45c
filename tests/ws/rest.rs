//! After every scenario the server comes to rest: it uses no processor, and keeps no descriptor and no task more than
//! before.

#![expect(clippy::disallowed_methods, reason = "a real process, in real time")]

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use octave_testkit::PATIENCE;
use octave_testkit::server::Server;

/// How long nobody asks the server anything, to see what it does by itself.
const SILENCE: Duration = Duration::from_millis(250);
/// Switches of all its threads within that time. A timer that is set in the past wakes a task a thousand times a second.
const SWITCHES: u64 = 50;
/// Hundredths of a second of processor.
const TICKS: u64 = 8;

/// Watches a server from its start; when this is dropped, the server must come to rest.
#[derive(Debug)]
pub(crate) struct Rest {
    pid: u32,
    addr: SocketAddr,
    base: Held,
    watching: bool,
}

/// What a server holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    /// But those to the database, which keeps as many connections as were ever of use.
    sockets: usize,
    /// But those of the database.
    files: usize,
    /// But the stages that run: they stay for a while after the last one has left.
    tasks: i64,
}

impl Rest {
    /// What a server holds that has just been started.
    pub(crate) fn of(server: &Server) -> Self {
        let (pid, addr) = (server.pid(), server.addr());
        Self { pid, addr, base: Held::when_settled(pid, addr), watching: true }
    }

    /// The server is about to end.
    pub(crate) fn no_more(&mut self) {
        self.watching = false;
    }

    fn look(&self) -> Result<(), String> {
        let held = Held::by(self.pid, self.addr);
        if held.sockets > self.base.sockets || held.files > self.base.files || held.tasks > self.base.tasks {
            return Err(format!("it holds {held:?}, and held {:?} at its start", self.base));
        }
        let before = Used::by(self.pid);
        std::thread::sleep(SILENCE);
        let after = Used::by(self.pid);
        let (switches, ticks) = (after.switches.saturating_sub(before.switches), after.ticks - before.ticks);
        if switches > SWITCHES || ticks > TICKS {
            return Err(format!("it does not sleep: {switches} switches and {ticks} ticks in {SILENCE:?}"));
        }
        Ok(())
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        if !self.watching || std::thread::panicking() {
            return;
        }
        let until = Instant::now() + PATIENCE;
        while let Err(why) = self.look() {
            assert!(Instant::now() < until, "the server does not come to rest: {why}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Held {
    /// As it stays: what a start sets going has ended by then.
    fn when_settled(pid: u32, addr: SocketAddr) -> Self {
        let (mut held, mut looks_alike) = (Self::by(pid, addr), 0);
        while looks_alike < 3 {
            std::thread::sleep(SILENCE / 5);
            let now = Self::by(pid, addr);
            looks_alike = if now == held { looks_alike + 1 } else { 0 };
            held = now;
        }
        held
    }

    fn by(pid: u32, addr: SocketAddr) -> Self {
        let metrics = ask_metrics(addr);
        let figure = |name: &str| -> i64 {
            let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.unwrap_or_else(|| panic!("no {name} in {metrics}")).parse().unwrap()
        };
        let (mut sockets, mut files) = (0, 0);
        for fd in fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten() {
            // One that is gone by now is not held.
            let Ok(target) = fs::read_link(fd.path()) else { continue };
            let target = target.to_string_lossy().into_owned();
            sockets += usize::from(target.starts_with("socket:"));
            files += usize::from(!target.starts_with("socket:") && !target.contains("octave.db"));
        }
        let to_database: usize = if on_postgres() { connections(&metrics) } else { 0 };
        let sockets = sockets.saturating_sub(to_database);
        Self { sockets, files, tasks: figure("octave_runtime_tasks") - figure("octave_stage_running") }
    }
}

fn on_postgres() -> bool {
    std::env::var("OCTAVE_TEST_ON").is_ok_and(|on| on == "postgres")
}

/// How many connections to the database the server tells of.
fn connections(metrics: &str) -> usize {
    let figures = metrics.lines().filter(|line| line.starts_with("octave_database_connections{"));
    figures.map(|line| line.rsplit_once(' ').unwrap().1.parse::<usize>().unwrap()).sum()
}

fn ask_metrics(addr: SocketAddr) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// What a process has used since its start.
struct Used {
    /// How often one of its threads was given a processor.
    switches: u64,
    ticks: u64,
}

impl Used {
    fn by(pid: u32) -> Self {
        let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten();
        let switches =
            threads.filter_map(|thread| fs::read_to_string(thread.path().join("status")).ok()).map(|status| {
                let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
                counts.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum::<u64>()
            });
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // Behind the name, which may hold blanks: the state is field 3, user and system time are 14 and 15.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap());
        Self { switches: switches.sum(), ticks: ticks.sum() }
    }
}
