//! What the server holds, looked at every few seconds.

use std::fs;
use std::net::SocketAddr;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::octave::Metrics;
use crate::probe;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sample {
    /// Since the first one.
    pub at: Duration,
    pub resident: u64,
    pub descriptors: u64,
    /// Of the server's runtime.
    pub tasks: u64,
    /// `WebSocket`s.
    pub sockets: u64,
    /// Stages that run.
    pub(super) stages: u64,
}

/// One look.
pub(super) fn take(addr: SocketAddr, pid: u32, at: Duration) -> Result<Sample> {
    let metrics = Metrics::of(addr)?;
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).context("the server has gone")?.count();
    Ok(Sample {
        at,
        resident: probe::resident(pid)?,
        descriptors: descriptors as u64,
        tasks: metrics.gauge("octave_runtime_tasks")?,
        sockets: metrics.gauge("octave_sockets")?,
        stages: metrics.gauge("octave_stage_running")?,
    })
}

/// Looks on its own thread until it is stopped.
#[derive(Debug)]
pub(super) struct Sampler {
    stop: Sender<()>,
    looking: JoinHandle<Result<Vec<Sample>>>,
}

impl Sampler {
    pub(super) fn start(addr: SocketAddr, pid: u32, every: Duration) -> Self {
        let (stop, stopped) = mpsc::channel();
        let began = Instant::now();
        let looking = thread::spawn(move || {
            let mut all = Vec::new();
            while matches!(stopped.recv_timeout(every), Err(RecvTimeoutError::Timeout)) {
                all.push(take(addr, pid, began.elapsed())?);
            }
            Ok(all)
        });
        Self { stop, looking }
    }

    pub(super) fn stop(self) -> Result<Vec<Sample>> {
        drop(self.stop);
        self.looking.join().map_err(|_| anyhow!("whoever takes samples panicked"))?
    }
}

/// By how many bytes memory grows in `over`: the straight line with the least squares.
pub(super) fn slope(samples: &[Sample], over: Duration) -> f64 {
    let points: Vec<(f64, f64)> = samples.iter().map(|s| (s.at.as_secs_f64(), s.resident as f64)).collect();
    let many = points.len().max(1) as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / many;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let along: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    if spread > 0.0 { along / spread * over.as_secs_f64() } else { 0.0 }
}
