//! `octave cluster`: the nodes of a database, as they tell of themselves.

use std::io::Write;

use anyhow::{Result, ensure};

use crate::cluster::Figures;
use crate::config::Config;
use crate::server;
use crate::store::nodes;

pub(super) async fn run(config: &Config) -> Result<()> {
    let db = server::open_database(config).await?;
    ensure!(!db.is_sqlite(), "a cluster shares a PostgreSQL database: name it by --database postgres://…");
    let (nodes, stages) = (nodes::list(&db).await?, nodes::stages(&db).await?);
    db.close().await;
    let mut out = std::io::stdout().lock();
    if nodes.is_empty() {
        return Ok(writeln!(out, "no node lives on this database")?);
    }
    let head =
        ["NODE", "NAME", "VERSION", "UP", "LEASE", "STAGES", "LISTENERS", "SOCKETS", "NATS", "LAG", "CLOCK", "LOST"];
    let mut rows = vec![head.map(str::to_owned)];
    for node in nodes {
        let says: Figures = serde_json::from_str(&node.says).unwrap_or_default();
        rows.push([
            node.id.to_string(),
            node.name,
            node.version,
            lasting(node.age),
            if node.left_ms > 0 { format!("{} ms", node.left_ms) } else { "over".to_owned() },
            stages.get(&node.id).copied().unwrap_or_default().to_string(),
            says.listeners.to_string(),
            says.connections.to_string(),
            if says.nats { "up" } else { "away" }.to_owned(),
            format!("{} µs", says.bus_lag_us),
            says.clock_bound_us.map_or_else(|| "?".to_owned(), |us| format!("± {us} µs")),
            says.packets_lost.to_string(),
        ]);
    }
    let widths: Vec<usize> =
        (0..head.len()).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn lasting(seconds: i64) -> String {
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
