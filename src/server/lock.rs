//! One server per folder.
//!
//! The lock is the kernel's: it ends with the process, however that ends. It stands on a file of its own in the data
//! folder, and on one beside a SQLite database, which another folder's server may be told to open. `restore` asks for it
//! too, since it replaces what a server has open; the other commands work beside one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::files::sqlite_file;
use crate::config::Config;

/// How long who asks waits for a server that is just ending.
const STARTS_WITHIN: Duration = Duration::from_secs(2);
const TRIES_EVERY: Duration = Duration::from_millis(50);

/// Held as long as it lives.
#[derive(Debug)]
pub struct FolderLock {
    _files: Vec<File>,
}

/// Why a second server does not start, and nothing is restored. The program ends with a code of its own.
#[derive(Debug, thiserror::Error)]
pub enum AlreadyRuns {
    #[error("another server runs on {folder}{process}; stop it first")]
    OnFolder { folder: String, process: String },
    #[error("another server runs on this PostgreSQL database; stop it first")]
    OnDatabase,
}

/// Takes the folder, which must be there, and the SQLite database for this process alone.
///
/// # Errors
/// [`AlreadyRuns`] when another process has one of them.
pub async fn lock(config: &Config) -> Result<FolderLock> {
    // The nodes of a cluster may share a folder, and no server that is alone may have it with them.
    let sharing = if config.nats.is_some() { Sharing::AmongNodes } else { Sharing::Alone };
    let mut files = vec![lock_file(&config.data, &config.data.join("octave.lock"), sharing).await?];
    if let Some(database) = sqlite_file(config)? {
        let mut beside = database.clone().into_os_string();
        beside.push(".lock");
        files.push(lock_file(&database, &PathBuf::from(beside), Sharing::Alone).await?);
    }
    Ok(FolderLock { _files: files })
}

/// Who else may hold a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Alone,
    AmongNodes,
}

async fn lock_file(what: &Path, file: &Path, sharing: Sharing) -> Result<File> {
    let shown = file.display();
    let opened = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(file);
    let mut opened = opened.with_context(|| format!("{shown} can't be opened"))?;
    let mut waited = Duration::ZERO;
    loop {
        let tried = match sharing {
            Sharing::Alone => opened.try_lock(),
            Sharing::AmongNodes => opened.try_lock_shared(),
        };
        match tried {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if waited < STARTS_WITHIN => {
                tokio::time::sleep(TRIES_EVERY).await;
                waited += TRIES_EVERY;
            }
            Err(TryLockError::WouldBlock) => return Err(already_runs(what, &mut opened).into()),
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, file = %shown, "this file system has no locks: see to it that one server runs here");
                return Ok(opened);
            }
        }
    }
    // For whoever finds it locked.
    opened.set_len(0).and_then(|()| writeln!(opened, "{}", std::process::id())).with_context(|| shown.to_string())?;
    Ok(opened)
}

fn already_runs(what: &Path, locked: &mut File) -> AlreadyRuns {
    let mut pid = String::new();
    let read = locked.rewind().and_then(|()| locked.read_to_string(&mut pid));
    let pid: Option<u32> = read.ok().and_then(|_| pid.trim().parse().ok());
    let process = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
    AlreadyRuns::OnFolder { folder: what.display().to_string(), process }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_is_locked_once_and_free_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("octave.lock");
        let first = lock_file(dir.path(), &file, Sharing::Alone).await.unwrap();
        let refused = lock_file(dir.path(), &file, Sharing::Alone).await.unwrap_err().to_string();
        let pid = std::process::id();
        assert_eq!(refused, format!("another server runs on {} (process {pid}); stop it first", dir.path().display()));
        drop(first);
        let nodes = [(); 2].map(|()| lock_file(dir.path(), &file, Sharing::AmongNodes));
        let nodes = futures_util::future::try_join_all(nodes).await.unwrap();
        lock_file(dir.path(), &file, Sharing::Alone).await.unwrap_err();
        drop(nodes);
        lock_file(dir.path(), &file, Sharing::Alone).await.unwrap();
    }
}
