//! Listeners that play into devices without sound, and print how well they do:
//!
//! ```text
//! cargo run -p octave-client --example listener -- --stage 7 --token …
//! cargo run -p octave-client --example listener -- --stage 7 --token … --listeners 3 --delay-ms 0,20,40
//! ```
//!
//! Each has clocks of its own that run off, and may sit behind a path with delay. A token opens as many connections as
//! the server lets one user have (32).

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Parser;
use octave_client::listener::relay::{self, Path};
use octave_client::listener::{Listener, Seat};
use octave_protocol::StageId;

#[derive(Debug, Parser)]
struct Arguments {
    /// Where the server listens
    #[arg(long, default_value = "127.0.0.1:8080")]
    server: SocketAddr,
    /// A session's token: what `POST /api/v1/auth/login` answers
    #[arg(long, env = "OCTAVE_TOKEN")]
    token: String,
    #[arg(long)]
    stage: i64,
    #[arg(long, default_value_t = 1)]
    listeners: usize,
    #[arg(long, default_value_t = 30.0)]
    seconds: f64,
    /// How fast clocks run: the first listener's as they are, the second's this much fast, the third's slow, …
    #[arg(long, default_value_t = 100.0)]
    ppm: f64,
    /// One way, for each listener in turn
    #[arg(long, value_delimiter = ',', default_value = "0")]
    delay_ms: Vec<f64>,
    /// At most this much more each way
    #[arg(long, default_value_t = 0.0)]
    jitter_ms: f64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let base = Instant::now();
    let listeners: Vec<Listener> =
        (0..arguments.listeners).map(|n| Ok(Listener::new(seat(&arguments, n)?, base))).collect::<Result<_>>()?;
    let until = base + Duration::from_secs_f64(arguments.seconds);
    thread::scope(|scope| {
        let runs: Vec<_> = listeners.iter().map(|l| scope.spawn(|| l.run(|| Instant::now() < until))).collect();
        while Instant::now() < until && runs.iter().all(|run| !run.is_finished()) {
            thread::sleep(Duration::from_secs(1));
            tell(&listeners);
        }
        runs.into_iter().try_for_each(|run| run.join().unwrap_or_else(|_| anyhow::bail!("a listener panicked")))
    })
}

fn seat(arguments: &Arguments, number: usize) -> Result<Seat> {
    let Arguments { server, ref token, stage, ppm, ref delay_ms, jitter_ms, .. } = *arguments;
    let ms = |ms: f64| Duration::from_secs_f64(ms / 1e3);
    let delay = ms(delay_ms.get(number % delay_ms.len().max(1)).copied().unwrap_or(0.0));
    let addr = if delay.is_zero() && jitter_ms == 0.0 {
        server
    } else {
        relay::open(server, Path { up: delay, down: delay, jitter: ms(jitter_ms) })?
    };
    let fast = [0.0, ppm, -ppm][number % 3];
    Ok(Seat { addr, token: token.clone(), stage: StageId(stage), local_ppm: fast, device_ppm: -fast })
}

/// A line per listener, and how far the devices are from the first one, as only this process can know.
fn tell(listeners: &[Listener]) {
    let Some(first) = listeners.first() else { return };
    let at = first.now();
    let reference = first.heard_at(at);
    for (number, listener) in (1..).zip(listeners) {
        let m = listener.measure();
        let heard = listener.heard_at(at);
        let ms = |us: f64| us / 1e3;
        let sounds = heard.map_or("silent".into(), |h| format!("entry {} at {:9.3} s", h.entry, h.position_us / 1e6));
        let apart = reference.zip(heard).filter(|(a, b)| a.entry == b.entry);
        let apart = apart.map_or("–".into(), |(a, b)| format!("{:+.2}", ms(b.position_us - a.position_us)));
        println!(
            "{number}: {sounds}, {apart} ms from 1 | offset {:.2} ms, round trip {:.2} ms, skew {:+.1} ppm, device {:+.1} ppm, \
             error {:+.2} ms, in sync ± {:.2} ms, {} jumps",
            ms(m.offset_us),
            ms(m.rtt_us),
            m.drift_ppm,
            m.device_ppm,
            ms(m.error_us.unwrap_or(0.0)),
            ms(m.bound_us),
            m.jumps,
        );
    }
}
