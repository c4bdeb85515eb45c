//! `octave-load`: see load-tests/README.md.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use octave_load::hub::{Framing, How, Hub};
use octave_load::scenario::Scenario;
use octave_load::series::Report;
use octave_load::server::CLIENT_CORE;
use octave_load::{cluster, compare, listen, lists, probe, report, series, soak};
use octave_protocol::StageId;
use serde::Deserialize;

#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios on Octave and, if asked, on peers; exit code 1 when an objective or a floor is missed
    Run(Run),
    /// Tell noise from change between two results; exit code 1 when something became worse, failed or is missing
    Compare {
        before: PathBuf,
        now: PathBuf,
        /// Only scenarios whose name contains this
        #[arg(long)]
        only: Option<String>,
        /// Only this hub (may be given more than once)
        #[arg(long)]
        hub: Vec<String>,
    },
    /// Fill a large library and time every list and every search over HTTP; exit code 1 when one is too slow
    Lists(Lists),
    /// Compare listeners at a stage's own node with those at another one
    Cluster(Cluster),
    /// Let members come and go for an hour; exit code 1 when memory grows, anything is left behind or a line was missed
    Soak(Soak),
    /// Join a stage, follow it, and check the mirror at the end
    Listen {
        /// Where the server listens
        #[arg(long, default_value = "127.0.0.1:8080")]
        server: SocketAddr,
        /// A session's token
        #[arg(long, env = "OCTAVE_TOKEN")]
        token: String,
        #[arg(long)]
        stage: i64,
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
        /// Say a line every so many seconds
        #[arg(long)]
        chat_every: Option<f64>,
        /// Print nothing of what is heard
        #[arg(long)]
        quiet: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Run {
    /// Scenario files or folders of them
    #[arg(default_value = "load-tests/scenarios")]
    scenarios: Vec<PathBuf>,
    /// Octave's program; `none` to measure peers alone
    #[arg(long, default_value = "target/dist/octave")]
    server: String,
    /// Another build of Octave that takes turns with the first one, as NAME=PROGRAM (may be given more than once)
    #[arg(long, value_name = "NAME=PROGRAM")]
    beside: Vec<String>,
    /// Put data directories here: on a real disk, where commits cost what they cost
    #[arg(long)]
    data_in: Option<String>,
    /// For scenarios on `PostgreSQL`: a database that may be filled
    #[arg(long, env = "OCTAVE_LOAD_POSTGRES")]
    postgres: Option<String>,
    /// A TOML file that names peers and their commands
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Take the median of so many runs instead of the scenario's number
    #[arg(long)]
    runs: Option<usize>,
    /// Only scenarios whose name contains this (may be given more than once)
    #[arg(long)]
    only: Vec<String>,
    /// Make each scenario so small that it takes seconds: whether all of them work, not how fast
    #[arg(long)]
    smoke: bool,
    /// What to call the server's revision; the repository's when absent
    #[arg(long)]
    revision: Option<String>,
    /// Write result.json, report.md and plots here
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Lists {
    /// Octave's program
    #[arg(long, default_value = "target/release/octave")]
    server: String,
    /// A folder for the data, which is filled once and stays
    #[arg(long)]
    data: PathBuf,
    /// A database for the same; `SQLite` in the folder when absent
    #[arg(long, env = "OCTAVE_LOAD_POSTGRES")]
    postgres: Option<String>,
    #[arg(long, default_value_t = 100_000)]
    songs: usize,
    #[arg(long, default_value_t = 10_000)]
    users: usize,
    #[arg(long, default_value_t = 1_000_000)]
    chats: usize,
    /// Entries of the longest playlist
    #[arg(long, default_value_t = 10_000)]
    entries: usize,
    /// Requests of each case
    #[arg(long, default_value_t = 40)]
    times: usize,
    /// Fail when a request fails, however long it takes: for a debug build
    #[arg(long)]
    at_any_speed: bool,
}

#[derive(Debug, clap::Args)]
struct Cluster {
    /// Octave's program
    #[arg(long, default_value = "target/dist/octave")]
    server: String,
    /// An empty database
    #[arg(long, env = "OCTAVE_LOAD_POSTGRES")]
    postgres: String,
    #[arg(long, env = "OCTAVE_LOAD_NATS", default_value = "nats://127.0.0.1:4222")]
    nats: String,
    #[arg(long, default_value_t = 1_000)]
    members: usize,
    /// Seconds of each stretch
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[derive(Debug, clap::Args)]
struct Soak {
    /// Octave's program
    #[arg(long, default_value = "target/release/octave")]
    server: String,
    /// Put the data directory here
    #[arg(long)]
    data_in: Option<String>,
    /// An empty database instead of `SQLite`
    #[arg(long, env = "OCTAVE_LOAD_POSTGRES")]
    postgres: Option<String>,
    #[arg(long, default_value_t = 60.0)]
    minutes: f64,
    /// Minutes before memory is looked at
    #[arg(long, default_value_t = 10.0)]
    warm_up: f64,
    /// Seconds between two looks
    #[arg(long, default_value_t = 5.0)]
    every: f64,
    #[arg(long, default_value_t = 2_000)]
    members: usize,
    #[arg(long, default_value_t = 40)]
    stages: usize,
    /// Accounts, which the members share
    #[arg(long, default_value_t = 200)]
    people: usize,
    /// Seconds that a member stays on average
    #[arg(long, default_value_t = 120.0)]
    stay: f64,
    #[arg(long, default_value_t = 4.0)]
    lines_per_s: f64,
    #[arg(long, default_value_t = 12.0)]
    uploads_per_min: f64,
    #[arg(long, default_value_t = 30.0)]
    downloads_per_min: f64,
    /// Stages that end and are followed by others
    #[arg(long, default_value_t = 6.0)]
    ends_per_min: f64,
    /// Write soak.md, soak.svg and soak.csv here
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let good = match Arguments::parse().command {
        Command::Run(run) => start(&run)?,
        Command::Compare { before, now, only, hub } => {
            let choice = compare::Choice { only, hubs: hub };
            let (text, good) = compare::compare(&read(&before)?, &read(&now)?, &choice);
            print!("{text}");
            good
        }
        Command::Lists(of) => {
            probe::pin(std::process::id(), CLIENT_CORE)?;
            let size = lists::Size { songs: of.songs, users: of.users, chats: of.chats, entries: of.entries };
            let (server, data, postgres) = (&*of.server, &*of.data, of.postgres.as_deref());
            let (table, good) = lists::run(&lists::Lists { server, data, postgres, size, times: of.times })?;
            println!("Revision {}; {}.\n\n{table}", probe::revision(), probe::machine());
            good || of.at_any_speed
        }
        Command::Cluster(of) => {
            probe::pin(std::process::id(), CLIENT_CORE)?;
            let Cluster { server, postgres, nats, members, seconds, runs } = of;
            let table = cluster::Cluster { server, postgres, nats, members, seconds, runs }.run()?;
            println!("Revision {}; {}.\n\n{table}", probe::revision(), probe::machine());
            true
        }
        Command::Soak(of) => soak(&of)?,
        Command::Listen { server, token, stage, seconds, chat_every, quiet } => {
            let heard = listen::Listener {
                addr: server,
                token,
                stage: StageId(stage),
                stretch: Duration::from_secs_f64(seconds),
                chat_every: chat_every.map(Duration::from_secs_f64),
                quiet,
            }
            .run()?;
            println!(
                "heard {} events, {} of them lines; {} own lines acknowledged; the mirror is equal",
                heard.events, heard.lines, heard.acked
            );
            true
        }
    };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn soak(of: &Soak) -> Result<bool> {
    let minutes = |n: f64| Duration::from_secs_f64(n * 60.0);
    let pace = soak::Pace {
        people: of.people,
        members: of.members,
        stages: of.stages,
        stay: Duration::from_secs_f64(of.stay),
        lines_per_s: of.lines_per_s,
        uploads_per_min: of.uploads_per_min,
        downloads_per_min: of.downloads_per_min,
        ends_per_min: of.ends_per_min,
    };
    let found = soak::Soak {
        server: &of.server,
        data_in: of.data_in.as_deref(),
        postgres: of.postgres.as_deref(),
        pace,
        warm_up: minutes(of.warm_up),
        length: minutes(of.minutes),
        every: Duration::from_secs_f64(of.every),
    }
    .run()?;
    if let Some(folder) = &of.out {
        found.write(folder)?;
    }
    print!("{}", found.table());
    Ok(found.faults().is_empty())
}

fn start(run: &Run) -> Result<bool> {
    probe::pin(std::process::id(), CLIENT_CORE)?;
    let mut hubs = Vec::new();
    let octave = |name: &str, program: &str| {
        let (program, data_in, postgres) = (program.to_owned(), run.data_in.clone(), run.postgres.clone());
        Hub { name: name.to_owned(), how: How::Octave { program, data_in, postgres } }
    };
    if run.server != "none" {
        hubs.push(octave("octave", &run.server));
    }
    for build in &run.beside {
        let (name, program) = build.split_once('=').context("--beside wants NAME=PROGRAM")?;
        hubs.push(octave(name, program));
    }
    if let Some(file) = &run.peers {
        hubs.extend(peers(file)?);
    }
    let mut scenarios = Vec::new();
    for path in &run.scenarios {
        if path.is_dir() {
            scenarios.extend(Scenario::read_all(path)?);
        } else {
            scenarios.push(Scenario::read(path)?);
        }
    }
    if !run.only.is_empty() {
        scenarios.retain(|s| run.only.iter().any(|part| s.name.contains(part)));
    }
    ensure!(!scenarios.is_empty(), "no such scenario");
    if run.smoke {
        scenarios = scenarios.into_iter().map(Scenario::tiny).collect();
    }
    let revision = run.revision.clone().unwrap_or_else(probe::revision);
    let found = series::run(&hubs, &scenarios, run.runs, revision)?;
    match &run.out {
        Some(folder) => report::write(&found, folder)?,
        None => print!("{}", report::markdown(&found, &[])),
    }
    if hubs.len() > 1 {
        print!("{}", report::side_by_side(&found));
    }
    Ok(found.is_good())
}

fn read(path: &Path) -> Result<Report> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&bytes).with_context(|| path.display().to_string())
}

fn peers(file: &Path) -> Result<Vec<Hub>> {
    #[derive(Deserialize)]
    struct Peer {
        name: String,
        framing: Framing,
        command: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Peers {
        peer: Vec<Peer>,
    }
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let peers: Peers = toml::from_str(&text).with_context(|| file.display().to_string())?;
    let hub = |p: Peer| Hub { name: p.name, how: How::Peer { framing: p.framing, command: p.command } };
    Ok(peers.peer.into_iter().map(hub).collect())
}
