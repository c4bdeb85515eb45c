//! The shell around a [`Player`]: a socket, a clock, and a device without sound.
//!
//! [`device`] stands in for a loudspeaker, [`relay`] for a network.

pub mod device;
pub mod relay;

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use octave_protocol::client::{Join, Leave};
use octave_protocol::{ClientFrame, ServerFrame, StageId};

use crate::player::{Measure, Player};
use crate::socket::Socket;
use device::{Heard, NullDevice, RATE};

/// The device is looked after this often; well below its latency.
const TICK: Duration = Duration::from_millis(5);
/// How often the device tells where it is.
const STAMP_EVERY_US: f64 = 50e3;
/// Opened at once, the sound goes through this much of buffers.
const LATENCY_US: f64 = 80e3;

/// Who listens where, and what is wrong with their clocks.
#[derive(Debug, Clone)]
pub struct Seat {
    pub addr: SocketAddr,
    pub token: String,
    pub stage: StageId,
    /// How fast the machine's and the device's clocks run, in parts per million.
    pub local_ppm: f64,
    pub device_ppm: f64,
}

/// A listener that can be looked at from outside while it runs.
#[derive(Debug)]
pub struct Listener {
    seat: Seat,
    /// True time begins here, for all listeners of the process.
    base: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    player: Player,
    device: NullDevice,
}

impl Listener {
    pub fn new(seat: Seat, base: Instant) -> Self {
        let device = NullDevice::open(since(base), seat.device_ppm, LATENCY_US);
        let inner = Mutex::new(Inner { player: Player::new(seat.stage, RATE), device });
        Self { seat, base, inner }
    }

    /// Joins and plays until `go_on` says no.
    pub fn run(&self, go_on: impl Fn() -> bool) -> Result<()> {
        let stage = self.seat.stage;
        let mut socket = Socket::connect(self.seat.addr, &self.seat.token)?;
        socket.send(&ClientFrame::Join(Join { id: 1, stage, resume: None, invite: None, remote: false }))?;
        let mut stamped = 0.0;
        while go_on() {
            let due = self.with(|inner, now| {
                let Inner { player, device } = inner;
                device.run(now, |from, frames| player.fill(from, frames));
                if now - stamped >= STAMP_EVERY_US {
                    stamped = now;
                    player.stamp(device.frame_at(now), self.local(now));
                }
                // Last, so that a probe leaves at the instant that is noted for it.
                player.due(self.local(since(self.base)))
            });
            for frame in &due {
                socket.send(frame)?;
            }
            if let Some(frame) = socket.next(TICK)? {
                if let ServerFrame::Error { code, detail, .. } = &frame {
                    bail!("{code:?}: {detail}");
                }
                let read = since(self.base);
                self.with(|inner, _| inner.player.hear(&frame, self.local(read)));
            }
        }
        socket.send(&ClientFrame::Leave(Leave { id: 2, stage }))
    }

    /// How well it does, by its own account.
    pub fn measure(&self) -> Measure {
        self.with(|inner, now| inner.player.measure(self.local(now)))
    }

    /// What left the device at a true time.
    pub fn heard_at(&self, at: f64) -> Option<Heard> {
        self.with(|inner, _| inner.device.heard_at(at))
    }

    /// Microseconds since the listeners' common beginning.
    pub fn now(&self) -> f64 {
        since(self.base)
    }

    fn local(&self, now: f64) -> f64 {
        now * (1.0 + self.seat.local_ppm * 1e-6)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner, f64) -> T) -> T {
        let mut inner = self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        act(&mut inner, since(self.base))
    }
}

fn since(base: Instant) -> f64 {
    base.elapsed().as_nanos() as f64 / 1e3
}
