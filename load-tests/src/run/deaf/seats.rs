//! How many connections are in stages, as the server counts them: one that it has let go of is none, though its last word
//! still waits. Asked by a thread of its own, since an answer takes as long as a run of lines to thousands.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Result;

use crate::octave::Metrics;

const EVERY: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct Seats {
    latest: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    asking: Option<JoinHandle<()>>,
}

impl Seats {
    pub(super) fn of(addr: SocketAddr) -> Result<Self> {
        let latest = Arc::new(AtomicUsize::new(ask(addr)?));
        let over = Arc::new(AtomicBool::new(false));
        let (newer, end) = (latest.clone(), over.clone());
        let asking = thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                // A question that fails is asked again; what the server is to do is judged by its answers alone.
                if let Ok(seats) = ask(addr) {
                    newer.store(seats, Ordering::Relaxed);
                }
                thread::sleep(EVERY);
            }
        });
        Ok(Self { latest, over, asking: Some(asking) })
    }

    pub(super) fn taken(&self) -> usize {
        self.latest.load(Ordering::Relaxed)
    }
}

impl Drop for Seats {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(asking) = self.asking.take() {
            // Panics in it would have been printed.
            let _ = asking.join();
        }
    }
}

fn ask(addr: SocketAddr) -> Result<usize> {
    Ok(Metrics::of(addr)?.gauge("octave_stage_seats")? as usize)
}
