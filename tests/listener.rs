//! Native listeners on the real program, behind paths with delay and on clocks that run off: each plays the sample that
//! the server's line asks for, within what it says of itself.

#![expect(clippy::disallowed_methods, reason = "a real process, in real time")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use octave_client::listener::relay::{self, Path};
use octave_client::listener::{Listener, Seat};
use octave_protocol::StageId;
use octave_testkit::PATIENCE;
use octave_testkit::api::{Account, Api};
use octave_testkit::audio;
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};

/// Delay of one way and clocks' skew of each listener.
const SEATS: [(u64, f64); 3] = [(0, 0.0), (20, 100.0), (40, -100.0)];
/// What the machine adds between looking at a clock and acting on it; listeners can't know of it.
const MACHINE_US: f64 = 3_000.0;
/// Comparisons, of which the middle one counts: a thread that is held up for a moment proves nothing.
const LOOKS: usize = 41;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn native_listeners_play_the_sample_that_the_line_asks_for() -> Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(Options::new(env!("CARGO_BIN_EXE_octave"), data.path())).await?;
    let ana = Api::register(server.addr(), "ana").await?;
    let stage = ana.api.open_stage(&json!({ "name": "Attic" })).await?;
    let song = ana.api.upload("Tone", &audio::wav(440, 120_000)).await?;
    let (mut socket, _) = Socket::connect(server.addr(), &ana.token).await?;
    socket.join(stage, None).await?;
    socket.request(json!({ "type": "queue", "stage": stage, "action": "add", "song": song["id"] })).await?;
    socket.request(json!({ "type": "control", "stage": stage, "action": "play" })).await?;
    let line = socket.find(|frame| frame["type"] == "timeline" && frame["playing"] == true).await?;

    let base = Instant::now();
    let listeners = SEATS.map(|(delay, ppm)| seat(&server, &ana, stage, delay, ppm));
    let listeners: Vec<Listener> = listeners.into_iter().map(|s| Ok(Listener::new(s?, base))).collect::<Result<_>>()?;
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let runs: Vec<_> = listeners.iter().map(|l| scope.spawn(|| l.run(|| !over.load(Ordering::Relaxed)))).collect();
        let handle = tokio::runtime::Handle::current();
        let found = tokio::task::block_in_place(|| handle.block_on(look(&listeners, &mut socket, &line)));
        over.store(true, Ordering::Relaxed);
        runs.into_iter().try_for_each(|run| run.join().expect("a listener that does not panic"))?;
        found
    })
}

fn seat(server: &Server, who: &Account, stage: i64, delay: u64, ppm: f64) -> Result<Seat> {
    let way = Duration::from_millis(delay);
    let path = Path { up: way, down: way, jitter: way / 4 };
    let addr = relay::open(server.addr(), path)?;
    Ok(Seat { addr, token: who.token.clone(), stage: StageId(stage), local_ppm: ppm, device_ppm: -ppm })
}

/// Compares what leaves the devices with the line, and with each other.
async fn look(listeners: &[Listener], socket: &mut Socket, line: &Value) -> Result<()> {
    let sounding = |l: &Listener| l.heard_at(l.now()).is_some() && l.measure().error_us.is_some_and(|e| e.abs() < 1e3);
    let until = Instant::now() + PATIENCE;
    while !listeners.iter().all(sounding) {
        ensure!(Instant::now() < until, "not all of them play: {:?}", measures(listeners));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut excess: Vec<Vec<f64>> = vec![Vec::new(); listeners.len()];
    for _ in 0..LOOKS {
        // Below the pace at which a socket is held up.
        tokio::time::sleep(Duration::from_millis(50)).await;
        for (listener, excess) in listeners.iter().zip(&mut excess) {
            let before = listener.now();
            let pong = socket.request(json!({ "type": "ping" })).await?;
            let after = listener.now();
            let read = us(&pong["t1_us"])? - us(&line["at_us"])? + us(&line["position_us"])?;
            let bound = listener.measure().bound_us + (after - before) / 2.0 + MACHINE_US;
            if let Some(heard) = listener.heard_at(f64::midpoint(before, after)) {
                excess.push((heard.position_us - read).abs() - bound);
            }
        }
    }
    for (excess, (listener, (delay, _))) in excess.iter_mut().zip(listeners.iter().zip(SEATS)) {
        excess.sort_by(f64::total_cmp);
        let middle = excess.get(excess.len() / 2).context("it has fallen silent")?;
        let m = listener.measure();
        ensure!(*middle <= 0.0, "{middle} µs beyond its own bound: {m:?}");
        #[expect(clippy::cast_precision_loss, reason = "some ten milliseconds")]
        let path = (2 * delay * 1_000) as f64;
        ensure!(m.rtt_us >= path, "a round trip of {} µs over a path of {path}", m.rtt_us);
    }
    Ok(())
}

fn us(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("no instant: {value}"))
}

fn measures(listeners: &[Listener]) -> Vec<octave_client::player::Measure> {
    listeners.iter().map(Listener::measure).collect()
}
