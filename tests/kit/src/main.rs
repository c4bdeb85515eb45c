//! Measures the figures of `docs/RELIABILITY.md` on a release build: see `scripts/figures`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use octave_testkit::figures::{memory_at_rest, quantile, starts};
use octave_testkit::kill::{self, Plan};
use octave_testkit::server::Options;

#[derive(Parser)]
struct Args {
    /// The server's program.
    #[arg(long)]
    binary: PathBuf,
    /// How often the server is killed.
    #[arg(long, default_value_t = 50)]
    kills: u32,
    /// Starts that are timed.
    #[arg(long, default_value_t = 30)]
    starts: u32,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let args = Args::parse();
    let data = tempfile::tempdir()?;
    let fresh = |name: &str| Options::new(&args.binary, data.path().join(name));

    println!("| figure | measured |\n| --- | --- |");
    let times = starts(fresh("start"), args.starts).await.context("timing starts")?;
    println!(
        "| start to the first healthy answer, existing database, {} starts: median / worst | {} / {} |",
        times.len(),
        millis(quantile(&times, 0.5)),
        millis(times.last().copied())
    );
    let bytes = memory_at_rest(fresh("rest")).await.context("measuring memory")?;
    println!("| resident memory at rest | {}.{} MiB |", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20);

    let plan = Plan { rounds: args.kills, writers: 16, lines_per_round: 2_000 };
    let report = kill::run(fresh("kill"), plan).await.context("killing the server")?;
    println!("| `kill -9` during chat: kills / lines acknowledged | {} / {} |", report.kills, report.acknowledged);
    println!(
        "| acknowledged and lost / doubled / out of order | {} / {} / {} |",
        report.lost, report.doubled, report.disordered
    );
    let first = &report.first_ack_ms;
    println!(
        "| from the start after a kill to the first new ack: median / worst | {} ms / {} ms |",
        quantile(first, 0.5).unwrap_or_default(),
        first.last().copied().unwrap_or_default()
    );
    Ok(())
}

fn millis(time: Option<Duration>) -> String {
    format!("{} ms", time.unwrap_or_default().as_millis())
}
