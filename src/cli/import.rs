//! `octave import DIR --user NAME`.

use std::path::Path;

use anyhow::{Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};

use crate::base::clock::Clock;
use crate::config::Config;
use crate::library::import::{ImportError, Importer, Report, Watch};
use crate::server;
use crate::store::{Db, users};

/// What happens when all was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    End,
    Watch,
}

impl From<bool> for After {
    fn from(watch: bool) -> Self {
        if watch { Self::Watch } else { Self::End }
    }
}

pub(super) async fn run(config: &Config, dir: &Path, user: &str, after: After) -> Result<()> {
    ensure!(dir.is_dir(), "{} is no folder", dir.display());
    let db = open(config, user).await?;
    let done = import(config, &db, dir, user, after).await;
    db.close().await;
    let report = done?;
    println!("{report}");
    ensure!(report.failed == 0 || report.added + report.known > 0, "nothing could be imported");
    Ok(())
}

/// The database, if the user is in it; without, nothing is made.
async fn open(config: &Config, user: &str) -> Result<Db> {
    let nobody = || ImportError::NoUser(user.to_owned());
    if let Some(file) = server::sqlite_file(config)? {
        ensure!(file.exists(), nobody());
    }
    let db = server::open_database(config).await?;
    db.migrate().await?;
    ensure!(users::by_username(&db, user).await?.is_some(), nobody());
    Ok(db)
}

async fn import(config: &Config, db: &Db, dir: &Path, user: &str, after: After) -> Result<Report> {
    server::ensure_data_dir(config)?;
    let media = server::open_media(config)?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len}  {elapsed}, {eta} left")?;
    let progress = ProgressBar::no_length().with_style(style);
    let tell = |path: &Path, what: &str| progress.suspend(|| eprintln!("{}: {what}", path.display()));
    let importer = Importer::new(db, &media, Clock::start(), user, &tell).await?;
    // Followed from before it is read, so that nothing comes in between.
    let watch = match after {
        After::End => None,
        After::Watch => Some(Watch::new(dir).map_err(|e| ImportError::Watch(dir.to_owned(), e))?),
    };
    let report = importer.folder(dir, &progress).await;
    progress.finish_and_clear();
    let report = report?;
    let Some(mut watch) = watch else { return Ok(report) };
    println!("{report}; now what comes into {} follows", dir.display());
    loop {
        tokio::select! {
            changed = watch.next() => {
                let Some(changed) = changed else { return Ok(report) };
                let more = importer.changed(dir, changed).await?;
                if more.added > 0 {
                    println!("{more}");
                }
            }
            _ = tokio::signal::ctrl_c() => return Ok(report),
        }
    }
}
