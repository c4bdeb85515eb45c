//! `octave migrate`, `octave backup`, `octave restore`.
//!
//! A backup holds the database. Audio and covers are files named by their content that never change, so any tool copies
//! them, after the database: then every file that a row names is there.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::app;
use crate::config::Config;
use crate::store::upkeep;

pub(super) async fn migrate(config: &Config) -> Result<()> {
    app::ensure_data_dir(config)?;
    let db = app::open_database(config).await?;
    db.migrate().await.context("the database can't be brought up to date")?;
    db.close().await;
    println!("the database is up to date");
    Ok(())
}

pub(super) async fn backup(config: &Config, file: &Path) -> Result<()> {
    let source = sqlite_file(config)?;
    ensure!(source.exists(), "there is no database at {}", source.display());
    ensure!(!file.exists(), "{} exists already", file.display());
    let db = app::open_database(config).await?;
    upkeep::backup(&db, file).await.with_context(|| format!("the backup to {} failed", file.display()))?;
    db.close().await;
    println!("{} holds all that was acknowledged; copy the folders audio and covers after it", file.display());
    Ok(())
}

pub(super) async fn restore(config: &Config, file: &Path) -> Result<()> {
    let target = sqlite_file(config)?;
    upkeep::check_backup(file).await.with_context(|| format!("{} is no backup of Octave", file.display()))?;
    app::ensure_data_dir(config)?;
    if target.exists() {
        upkeep::fold(&target).await.context("the database can't be had alone: stop the server first")?;
    }
    // Beside the target, so that the last step is a rename: a crash leaves the old database or the new one.
    let copy = beside(&target, "restoring");
    std::fs::copy(file, &copy).with_context(|| format!("{} can't be written", copy.display()))?;
    std::fs::File::open(&copy)?.sync_all()?;
    for log in [beside(&target, "wal"), beside(&target, "shm")] {
        if log.exists() {
            std::fs::remove_file(&log)?;
        }
    }
    if target.exists() {
        std::fs::rename(&target, beside(&target, "before-restore"))?;
    }
    std::fs::rename(&copy, &target)?;
    let before = beside(&target, "before-restore");
    println!("restored; if there was a database before, it is {}", before.display());
    Ok(())
}

fn sqlite_file(config: &Config) -> Result<PathBuf> {
    app::sqlite_file(config).context("this is for SQLite; use pg_dump and pg_restore with PostgreSQL")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!("-{ending}"));
    name.into()
}
