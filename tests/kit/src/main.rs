//! Measures what `docs/RELIABILITY.md` shows: see `scripts/figures`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use octave_testkit::faults::crowd::{self, Size};
use octave_testkit::faults::power::{Disk, Format};
use octave_testkit::faults::{Figure, backup, clock, disk, half_open};
use octave_testkit::figures::{memory_at_rest, quantile, starts};
use octave_testkit::kill::{self, Blow, Plan};
use octave_testkit::server::Options;

#[derive(Parser)]
struct Args {
    /// The server's program.
    #[arg(long)]
    binary: PathBuf,
    /// A part of the table; all of them, without any.
    parts: Vec<Part>,
    /// How often the server is killed, and the power cut.
    #[arg(long, default_value_t = 50)]
    blows: u32,
    /// Listeners who are cut off at once.
    #[arg(long, default_value_t = 10_000)]
    listeners: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Part {
    /// Start time
    Start,
    /// Memory at rest
    Rest,
    /// `kill -9` during chat
    Kill,
    /// Power loss during chat, ext4 and xfs (root)
    Power,
    /// A full, a failing and a slow disk (root)
    Disk,
    /// A line that carries nothing any more
    HalfOpen,
    /// Ten thousand cut off at once
    Crowd,
    /// A process that stands still
    Frozen,
    /// A wall clock that is set
    Clock,
    /// SIGTERM during chat, twenty in a row
    Deploy,
    /// Backups during chat
    Backup,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let parts = if args.parts.is_empty() { Part::value_variants() } else { &args.parts };
    let mut met = true;
    println!("| figure | measured | to reach |\n| --- | ---: | ---: |");
    for part in parts {
        let data = tempfile::tempdir()?;
        let figures = measured(*part, &args, data.path()).await.with_context(|| format!("{part:?}"))?;
        for figure in figures {
            met &= figure.met();
            println!("{figure}");
        }
    }
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measured(part: Part, args: &Args, within: &Path) -> Result<Vec<Figure>> {
    let options = Options::new(&args.binary, within.join("data"));
    match part {
        Part::Start => start(options).await,
        Part::Rest => {
            #[expect(clippy::cast_precision_loss, reason = "bytes of a process")]
            let mib = memory_at_rest(options).await? as f64 / f64::from(1 << 20);
            Ok(vec![Figure::at_most("resident memory at rest", mib, "MiB", 25.0)])
        }
        Part::Kill => blows("`kill -9`", options, args.blows, Blow::Kill).await,
        Part::Power => {
            let mut figures = Vec::new();
            for format in [Format::Ext4, Format::Xfs] {
                let disk = Disk::new(format, 512, within).await?;
                let options = Options { data: disk.path().join("data"), ..options.clone() };
                let name = format!("power loss on {}", format.name());
                figures.extend(blows(&name, options, args.blows / 2, Blow::PowerCut(disk)).await?);
            }
            Ok(figures)
        }
        Part::Disk => {
            let mut figures = disk::full(options.clone(), within).await?;
            figures.extend(disk::failing(Options { data: within.join("failing"), ..options.clone() }).await?);
            figures.extend(disk::slow(Options { data: within.join("slow"), ..options }).await?);
            Ok(figures)
        }
        Part::HalfOpen => half_open::run(options).await,
        Part::Crowd => crowd::run(options, Size { listeners: args.listeners, stages: 10 }).await,
        Part::Frozen => clock::frozen(options).await,
        Part::Clock => clock::set(options, within).await,
        Part::Deploy => blows("deploy", options, 20, Blow::Stop).await,
        Part::Backup => backup::run(options, within).await,
    }
}

async fn start(options: Options) -> Result<Vec<Figure>> {
    let times = starts(options, 30).await?;
    let millis = |time: Option<Duration>| time.unwrap_or_default().as_secs_f64() * 1_000.0;
    Ok(vec![
        Figure::at_most("start to the first healthy answer, median of 30", millis(quantile(&times, 0.5)), "ms", 200.0),
        Figure::said("the slowest of them", millis(times.last().copied()), "ms"),
    ])
}

/// A lively conversation that is ended so many times.
async fn blows(name: &str, options: Options, times: u32, blow: Blow) -> Result<Vec<Figure>> {
    const FIRST_ACK_MS: f64 = 1_000.0;
    const DRAINED_MS: f64 = 5_000.0;
    let plan = Plan { rounds: times, writers: 16, lines_per_round: 2_000 };
    let report = kill::run(options, plan, &blow).await?;
    let row = |what: &str| format!("{name}: {what}");
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of minutes")]
    let millis = |sorted: &[u64], share| quantile(sorted, share).unwrap_or_default() as f64;
    #[expect(clippy::cast_precision_loss, reason = "lines of a test")]
    let mut figures = vec![
        Figure::said(row("times"), f64::from(report.blows), ""),
        Figure::said(row("lines acknowledged"), report.acknowledged as f64, ""),
        Figure::exactly(row("acknowledged and lost"), report.lost, 0),
        Figure::exactly(row("doubled"), report.doubled, 0),
        Figure::exactly(row("out of order"), report.disordered, 0),
        Figure::said(
            row("from the start to the first new acknowledgement, median"),
            millis(&report.first_ack_ms, 0.5),
            "ms",
        ),
        Figure::at_most(row("the same, p99"), millis(&report.first_ack_ms, 0.99), "ms", FIRST_ACK_MS),
    ];
    if matches!(blow, Blow::Stop) {
        figures.push(Figure::at_most(row("drained, the slowest"), millis(&report.ended_ms, 1.0), "ms", DRAINED_MS));
        figures.push(Figure::exactly(row("told to come back (1012)"), report.told, report.sent_away));
    }
    Ok(figures)
}
