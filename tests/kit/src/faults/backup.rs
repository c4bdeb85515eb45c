//! Backups that are made while people talk hold all that was acknowledged before they began.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use serde_json::json;

use super::{Figure, octave, says, text};
use crate::api::Api;
use crate::kill::history;
use crate::server::{Options, Server};
use crate::socket::Socket;

const BACKUPS: usize = 5;

pub async fn run(options: Options, within: &Path) -> Result<Vec<Figure>> {
    let server = Server::start(options.clone().arg("--limits").arg("off")).await?;
    let ana = Api::register(server.addr(), "ana").await?;
    let stage = ana.api.open_stage(&json!({ "name": "Backup" })).await?;
    let (mut socket, _) = Socket::connect(server.addr(), &ana.token).await?;
    socket.join(stage, None).await?;
    let (said, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let talking = tokio::spawn({
        let (said, enough) = (said.clone(), enough.clone());
        async move {
            while !enough.load(Ordering::Relaxed) {
                let n = said.load(Ordering::Relaxed);
                ensure!(says(&mut socket, stage, &format!("line {n}")).await?, "a line was refused");
                socket.forget();
                said.store(n + 1, Ordering::Relaxed);
            }
            Ok(())
        }
    });
    let mut promised = Vec::new();
    for n in 0..BACKUPS {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let file = within.join(format!("backup-{n}.db"));
        promised.push((said.load(Ordering::Relaxed), file.clone()));
        octave(&options.binary, &options.data, &["backup", text(&file)?]).await?;
    }
    enough.store(true, Ordering::Relaxed);
    talking.await??;
    server.stop().await?;

    let mut missing = 0;
    for (n, (lines, file)) in promised.iter().enumerate() {
        let data = within.join(format!("restored-{n}"));
        octave(&options.binary, &data, &["restore", text(file)?]).await?;
        let server = Server::start(Options { data, ..options.clone() }).await?;
        let api = Api::signed_in(server.addr(), &ana.token);
        let there: HashSet<String> = history(&api, stage).await?.into_iter().map(|(text, _)| text).collect();
        missing += (0..*lines).filter(|n| !there.contains(&format!("line {n}"))).count();
        server.stop().await?;
    }
    let lines = promised.last().map_or(0, |(lines, _)| *lines);
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    Ok(vec![
        Figure::said(format!("lines acknowledged before the last of {BACKUPS} backups"), lines as f64, ""),
        Figure::exactly("acknowledged before a backup and missing in it", missing, 0),
    ])
}
