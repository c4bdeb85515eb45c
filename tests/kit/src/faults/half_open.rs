//! A listener whose line carries nothing any more, though nobody has closed it: noticed, and back with what was missed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{Figure, says};
use crate::api::Api;
use crate::server::{Options, Server};
use crate::socket::Socket;
use crate::wire::{self, Carries};

/// Lines that are said while the line is dead.
const MISSED: usize = 50;

pub async fn run(options: Options) -> Result<Vec<Figure>> {
    let server = Server::start(options.arg("--limits").arg("off")).await?;
    let ana = Api::register(server.addr(), "ana").await?;
    let ben = Api::register(server.addr(), "ben").await?;
    let stage = ana.api.open_stage(&json!({ "name": "Half open" })).await?;
    let (mut speaks, _) = Socket::connect(server.addr(), &ana.token).await?;
    speaks.join(stage, None).await?;
    let (port, silent) = wire::lay(server.addr().to_string()).await?;
    let (mut hears, _) = Socket::connect(([127, 0, 0, 1], port).into(), &ben.token).await?;
    hears.join(stage, None).await?;
    hears.settle().await?;

    silent.send_replace(Carries::Nothing);
    let began = Instant::now();
    for n in 0..MISSED {
        ensure!(says(&mut speaks, stage, &format!("missed {n}")).await?, "a line was refused");
    }
    let left = loop {
        let presence = speaks.event("presence").await?;
        if presence["left"].as_array().is_some_and(|left| left.contains(&json!(ben.id))) {
            break began.elapsed();
        }
        ensure!(began.elapsed() < Duration::from_mins(1), "the server still takes the line for open");
    };

    let position = hears.position(stage).context("never entered")?;
    let (mut back, _) = Socket::connect(server.addr(), &ben.token).await?;
    let resumed = back.join(stage, Some(position)).await?["resumed"] == true;
    back.settle().await?;
    let heard = back.unheard().filter(|frame| frame["type"] == "chat").count();
    server.stop().await?;
    Ok(vec![
        Figure::at_most("noticed by the server after", left.as_secs_f64(), "s", 20.0),
        Figure::exactly("resumed where it was", usize::from(resumed), 1),
        Figure::exactly("lines that were missed and came", heard, MISSED),
    ])
}
