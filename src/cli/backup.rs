//! `octave migrate`, `octave backup`.
//!
//! A backup holds the database. Audio and covers are files named by their content that never change, so any tool copies
//! them, after the database: files come under new names and go only days after the last row that named them, so every
//! file that the copy's rows name is there to be copied.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::config::Config;
use crate::library::media::Place;
use crate::server;
use crate::store::upkeep;

pub(super) async fn migrate(config: &Config) -> Result<()> {
    if server::sqlite_file(config)?.is_some() {
        server::ensure_data_dir(config)?;
    }
    let db = server::open_database(config).await?;
    db.migrate().await.context("the database can't be brought up to date")?;
    db.close().await;
    println!("the database is up to date");
    Ok(())
}

pub(super) async fn backup(config: &Config, file: &Path) -> Result<()> {
    let source = sqlite_file(config)?;
    ensure!(source.exists(), "there is no database at {}", source.display());
    ensure!(!file.exists(), "{} exists already", file.display());
    // Under its own name only when it is whole, so that a copy that broke off is never taken for one.
    let partial = beside(file, "partial");
    make_private(&partial).with_context(|| format!("{} can't be written", partial.display()))?;
    let db = server::open_database(config).await?;
    let done = upkeep::backup(&db, &partial).await;
    db.close().await;
    done.with_context(|| format!("the backup to {} failed", file.display()))?;
    settle(&partial, file).with_context(|| format!("{} can't be written", file.display()))?;
    let files = match &config.files {
        Place::Data => "copy the folders audio and covers after it".to_owned(),
        Place::Folder(folder) => format!("copy the folders audio and covers of {} after it", folder.display()),
        Place::Bucket(at) => {
            format!("the files in the bucket {} are not in it: copy them, or keep versions there", at.name)
        }
    };
    println!("{} holds all that was acknowledged; {files}", file.display());
    Ok(())
}

pub(super) fn sqlite_file(config: &Config) -> Result<PathBuf> {
    server::sqlite_file(config)?.context("this is for an SQLite file; use pg_dump and pg_restore with PostgreSQL")
}

/// The name of a file that belongs to `file` and stands beside it.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!("-{ending}"));
    name.into()
}

/// Makes an empty file for its owner alone: a database holds addresses and password hashes. What a run before left
/// there goes.
pub(super) fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    Ok(())
}

/// Gives a finished file its name, which nobody may have; both are durable then.
fn settle(partial: &Path, file: &Path) -> std::io::Result<()> {
    std::fs::File::open(partial)?.sync_all()?;
    if std::fs::hard_link(partial, file).is_ok() {
        std::fs::remove_file(partial)?;
    } else if file.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    } else {
        // A file system without links.
        std::fs::rename(partial, file)?;
    }
    sync_folder(file)
}

/// Makes the names in a file's folder durable.
pub(super) fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}
