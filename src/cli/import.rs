//! `octave import DIR --user NAME`.

use std::path::Path;

use anyhow::{Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};

use crate::base::clock::Clock;
use crate::config::Config;
use crate::library::import;
use crate::server;

pub(super) async fn run(config: &Config, dir: &Path, user: &str) -> Result<()> {
    ensure!(dir.is_dir(), "{} is no folder", dir.display());
    server::ensure_data_dir(config)?;
    let db = server::open_database(config).await?;
    db.migrate().await?;
    let media = server::open_media(config)?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len}  {elapsed}, {eta} left")?;
    let progress = ProgressBar::no_length().with_style(style);
    let done = import::run(&db, &media, Clock::start(), dir, user, &progress).await;
    progress.finish_and_clear();
    db.close().await;
    let report = done?;
    for (file, why) in &report.failed {
        eprintln!("{}: {why}", file.display());
    }
    println!("{} songs added, {} known already, {} failed", report.added, report.known, report.failed.len());
    ensure!(report.failed.is_empty() || report.added + report.known > 0, "nothing could be imported");
    Ok(())
}
