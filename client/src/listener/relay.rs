//! A path with delay: an ordered TCP relay in front of the server.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How long bytes are on their way.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path {
    /// To the server, and back.
    pub up: Duration,
    pub down: Duration,
    /// Up to this much more, evenly spread, each way.
    pub jitter: Duration,
}

/// Opens a port that leads to `server` over `path`; it serves one connection.
pub fn open(server: SocketAddr, path: Path) -> Result<SocketAddr> {
    let door = TcpListener::bind("127.0.0.1:0")?;
    let addr = door.local_addr()?;
    thread::spawn(move || {
        let Ok((near, _)) = door.accept() else { return };
        let Ok(far) = TcpStream::connect(server) else { return };
        let ways = [(&near, &far, path.up), (&far, &near, path.down)];
        for (number, (from, to, delay)) in (1..).zip(ways) {
            let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else { return };
            carry(from, to, delay, path.jitter, number);
        }
    });
    Ok(addr)
}

/// One way: a thread that reads and stamps, and one that lets go in time.
fn carry(mut from: TcpStream, mut to: TcpStream, delay: Duration, jitter: Duration, seed: u64) {
    let (tell, told) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut chance = Chance(seed);
        let mut some = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut some) {
            let due = Instant::now() + delay + jitter.mul_f64(chance.share());
            if tell.send((due, some[..read].to_vec())).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        let _ = to.set_nodelay(true);
        for (due, bytes) in told {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}

/// A linear congruential generator (Knuth's constants): chance enough for delays, and the same in every run.
#[derive(Debug)]
pub(crate) struct Chance(pub u64);

impl Chance {
    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
}
