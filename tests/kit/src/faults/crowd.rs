//! Ten thousand listeners are cut off at once and come back at once, to the server that runs and to one that was killed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Figure, says};
use crate::api::{Account, Api};
use crate::figures::{peak_from_now, peak_resident, resident};
use crate::server::{Options, Server};
use crate::socket::{Position, Socket};

/// How many there are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub listeners: usize,
    pub stages: usize,
}

/// Connections that are being opened at one time: the client's sockets wait in the server's queue otherwise.
const AT_ONCE: usize = 256;

/// People among whom the connections are shared.
const PEOPLE: usize = 50;

/// Lines that each stage says while nobody hears them.
const MISSED: usize = 20;

/// A listener's seat, kept while the line is cut.
#[derive(Debug, Clone)]
struct Seat {
    token: String,
    stage: i64,
    position: Option<Position>,
}

pub async fn run(options: Options, size: Size) -> Result<Vec<Figure>> {
    let server = Server::start(options.arg("--limits").arg("off")).await?;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(Api::register(server.addr(), &format!("person{n}")).await?);
    }
    let host = people[0].clone();
    let mut stages = Vec::new();
    for n in 0..size.stages {
        stages.push(host.api.open_stage(&json!({ "name": format!("Stage {n}") })).await?);
    }
    let seats = (0..size.listeners).map(|n| Seat {
        token: people[n % PEOPLE].token.clone(),
        stage: stages[n % stages.len()],
        position: None,
    });
    let crowd = Crowd::enters(&server, seats.collect(), 0).await?;
    ensure!(crowd.sockets.len() == size.listeners, "not all could enter");
    let before = resident(server.pid())?;
    peak_from_now(server.pid())?;

    let seats = crowd.cut();
    speak(&server, &host, &stages, "cut").await?;
    let began = Instant::now();
    let crowd = Crowd::enters(&server, seats, MISSED).await?;
    let (back, peak) = (began.elapsed(), peak_resident(server.pid())?);
    let mut figures = crowd.figures("cut off", size, back);
    #[expect(clippy::cast_precision_loss, reason = "bytes of a process")]
    figures.push(Figure::at_most("cut off: resident memory, peak by before", peak as f64 / before as f64, "", 1.3));

    speak(&server, &host, &stages, "last words").await?;
    let seats = crowd.cut();
    let server = Server::start(server.kill().await?).await?;
    let began = Instant::now();
    let crowd = Crowd::enters(&server, seats, MISSED).await?;
    figures.extend(crowd.figures("`kill -9`", size, began.elapsed()));
    server.stop().await?;
    Ok(figures)
}

/// Lines in every stage, said by its host.
async fn speak(server: &Server, host: &Account, stages: &[i64], what: &str) -> Result<()> {
    let (mut socket, _) = Socket::connect(server.addr(), &host.token).await?;
    for stage in stages {
        socket.join(*stage, None).await?;
        for n in 0..MISSED {
            ensure!(says(&mut socket, *stage, &format!("{what} {n}")).await?, "a line was refused");
        }
        socket.forget();
    }
    socket.close().await
}

struct Crowd {
    sockets: Vec<(Seat, Socket)>,
    resumed: usize,
    /// Listeners who got exactly the lines that they had missed.
    complete: usize,
}

impl Crowd {
    /// All enter; who was there before says where it stood, and should hear `missed` lines.
    async fn enters(server: &Server, seats: Vec<Seat>, missed: usize) -> Result<Self> {
        let gate = Arc::new(Semaphore::new(AT_ONCE));
        let mut entering = JoinSet::new();
        for seat in seats {
            let (gate, addr) = (gate.clone(), server.addr());
            entering.spawn(async move {
                let _turn = gate.acquire().await?;
                let (mut socket, _) = Socket::connect(addr, &seat.token).await?;
                let joined = socket.join(seat.stage, seat.position).await?;
                socket.settle().await?;
                let heard = socket.unheard().filter(|frame| frame["type"] == "chat").count();
                socket.forget();
                anyhow::Ok((seat, socket, joined["resumed"] == true, heard))
            });
        }
        let mut crowd = Self { sockets: Vec::new(), resumed: 0, complete: 0 };
        while let Some(entered) = entering.join_next().await {
            let (seat, socket, resumed, heard) = entered?.context("a listener can't enter")?;
            crowd.resumed += usize::from(resumed);
            crowd.complete += usize::from(heard == missed);
            crowd.sockets.push((seat, socket));
        }
        Ok(crowd)
    }

    /// Every line is cut at once.
    fn cut(self) -> Vec<Seat> {
        let cut = |(seat, socket): (Seat, Socket)| Seat { position: socket.position(seat.stage), ..seat };
        self.sockets.into_iter().map(cut).collect()
    }

    fn figures(&self, fault: &str, size: Size, back: Duration) -> Vec<Figure> {
        let row = |what: &str| format!("{fault}: {what}");
        vec![
            Figure::at_most(row(&format!("all {} back after", size.listeners)), back.as_secs_f64(), "s", 10.0),
            Figure::exactly(row("resumed"), self.resumed, size.listeners),
            Figure::exactly(row("heard exactly what they had missed"), self.complete, size.listeners),
        ]
    }
}
