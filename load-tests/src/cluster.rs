//! What a listener costs at a node that does not have the stage, beside one at the node that has it.
//!
//! Three nodes over one database and one NATS. The stage runs at the first one; its members are all there, or all at the second one.
//! Whatever a node does for the others is in its own CPU time, so what the way over NATS costs
//! the owner, and an edge its node, can be read from either.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::hub::Venue;
use crate::octave::{self, Metrics};
use crate::run::fanout::{Closed, Paced};
use crate::server::Server;
use crate::stats::{Figure, Measured, figures};

/// Accounts, which the members share.
const PEOPLE: usize = 20;
/// How long nodes may take to know one another.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Cluster {
    pub server: String,
    pub postgres: String,
    pub nats: String,
    pub members: usize,
    pub seconds: f64,
    pub runs: usize,
}

/// Where the members of a stretch are.
#[derive(Debug, Clone, Copy)]
struct Case {
    name: &'static str,
    at: usize,
}

const CASES: [Case; 2] = [Case { name: "at the owner", at: 0 }, Case { name: "at another node", at: 1 }];

impl Cluster {
    /// A table in Markdown: medians of the runs, by turns at both places.
    pub fn run(&self) -> Result<String> {
        let node = || Server::node(&self.server, &self.postgres, &self.nats);
        let servers = [node()?, node()?, node()?];
        let owner = servers[0].addr;
        know_each_other(&servers)?;
        let tokens = octave::register(owner, PEOPLE)?;
        let venues: Vec<Venue> = servers.into_iter().map(|server| Venue::node(server, tokens.clone(), owner)).collect();
        let mut measured: [Vec<Measured>; 2] = [Vec::new(), Vec::new()];
        for _ in 0..self.runs {
            for (case, into) in CASES.iter().zip(&mut measured) {
                into.push(self.stretch(&venues, *case)?);
            }
        }
        Ok(table(&measured.map(|runs| figures(&runs))))
    }

    fn stretch(&self, venues: &[Venue], case: Case) -> Result<Measured> {
        let (rooms, members) = (1, self.members);
        let closed = Closed { rooms, members, in_flight: 4, warm_s: 1.0, seconds: self.seconds };
        let (before, owners) = (venues[0].server.cpu()?, case.at == 0);
        let mut measured = closed.run(&venues[case.at])?;
        if !owners {
            let cpu = venues[0].server.cpu()?.saturating_sub(before);
            measured.insert("owner_cpu_share".into(), cpu.as_secs_f64() / (self.seconds + 1.0));
        }
        let paced = Paced { rooms, members, per_second: 20.0, warm_s: 1.0, seconds: self.seconds };
        for (name, value) in paced.run(&venues[case.at])? {
            measured.insert(format!("paced_{name}"), value);
        }
        let lost = measured["disordered"] + measured["paced_disordered"];
        ensure!(lost < 1.0, "{}: listeners have heard different things", case.name);
        Ok(measured)
    }
}

fn know_each_other(servers: &[Server]) -> Result<()> {
    let until = std::time::Instant::now() + PATIENCE;
    for server in servers {
        while Metrics::of(server.addr)?.gauge("octave_cluster_nodes")? < servers.len() as u64 {
            ensure!(std::time::Instant::now() < until, "the nodes don't find one another");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(())
}

type Figures = std::collections::BTreeMap<String, Figure>;

fn table([local, remote]: &[Figures; 2]) -> String {
    let mut out = String::from("| | at the owner | at another node | ratio |\n| --- | ---: | ---: | ---: |\n");
    let rows = [
        ("deliveries_per_cpu_s", "deliveries per CPU-second of the node that they are at"),
        ("deliveries_per_s", "deliveries per second, closed loop"),
        ("server_cpu_share", "share of a core of that node"),
        ("owner_cpu_share", "share of a core of the owner, when they are elsewhere"),
        ("paced_p50_ms", "20 lines a second: p50, ms"),
        ("paced_p99_ms", "p99, ms"),
        ("paced_deliveries_per_cpu_s", "deliveries per CPU-second"),
    ];
    for (name, what) in rows {
        let shown = |of: &Figures| of.get(name).map_or_else(String::new, |figure| format!("{:.2}", figure.median));
        let ratio = || Some(remote.get(name)?.median / local.get(name)?.median);
        let ratio = ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        // Writing to a String can't fail.
        let _ = writeln!(out, "| {what} | {} | {} | {ratio} |", shown(local), shown(remote));
    }
    out
}
