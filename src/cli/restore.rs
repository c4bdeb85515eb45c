//! `octave restore`: a backup in the database's place.
//!
//! At every instant a whole database stands under the name that the server opens: the old one until the one rename that
//! puts the new one there. What stood there before stays under a name of its own, which no later restore takes. While a
//! server runs there, or another restore, nothing is touched.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::backup::{beside, make_private, sqlite_file, sync_folder};
use crate::config::Config;
use crate::server;
use crate::store::{StoreError, upkeep};

/// What SQLite keeps beside a database that was not closed, and would take for its own beside another one.
const LOGS: [&str; 3] = ["wal", "shm", "journal"];

pub(super) async fn restore(config: &Config, file: &Path) -> Result<()> {
    let target = sqlite_file(config)?;
    server::ensure_data_dir(config)?;
    // Held to the end: no server starts on what is being replaced.
    let _lock = server::lock(config).await.context("nothing was restored")?;
    let mut restore = Restore::of(file, &target);
    for step in STEPS {
        restore.take(step).await.context("nothing was restored")?;
    }
    match restore.kept {
        Some(kept) => println!("restored; the database that was there before is {}", kept.display()),
        None => println!("restored; there was no database before"),
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The backup becomes a file beside the database, whole and durable.
    Copy,
    /// What the old database has in its log goes into its file, so that the file is all of it. Needs it alone.
    Fold,
    /// The old database gets its second name.
    Keep,
    /// The old one's logs go, if it was too broken to be folded.
    Clear,
    /// The new one takes the name.
    Swap,
}

const STEPS: [Step; 5] = [Step::Copy, Step::Fold, Step::Keep, Step::Clear, Step::Swap];

struct Restore {
    backup: PathBuf,
    target: PathBuf,
    fresh: PathBuf,
    /// Where the old one is, from [`Step::Keep`] on.
    kept: Option<PathBuf>,
}

impl Restore {
    fn of(backup: &Path, target: &Path) -> Self {
        let fresh = beside(target, "restoring");
        Self { backup: backup.to_owned(), target: target.to_owned(), fresh, kept: None }
    }

    async fn take(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Copy => self.copy().await,
            Step::Fold => self.fold().await,
            Step::Keep => self.keep().with_context(|| format!("{} can't be kept", self.target.display())),
            Step::Clear => self.clear().context("the old database's log can't be removed"),
            Step::Swap => self.swap().with_context(|| format!("{} can't be replaced", self.target.display())),
        }
    }

    async fn copy(&self) -> Result<()> {
        let (backup, fresh) = (self.backup.display(), self.fresh.display());
        upkeep::check_backup(&self.backup).await.with_context(|| format!("{backup} is no backup of Octave"))?;
        make_private(&self.fresh).with_context(|| format!("{fresh} can't be written"))?;
        upkeep::copy(&self.backup, &self.fresh).await.with_context(|| format!("{fresh} can't be written"))?;
        std::fs::File::open(&self.fresh)?.sync_all()?;
        Ok(())
    }

    async fn fold(&self) -> Result<()> {
        if !self.target.exists() {
            return Ok(());
        }
        match upkeep::fold(&self.target).await {
            Err(error @ StoreError::Unavailable(_)) => {
                Err(error).context("the database can't be had alone: stop the server first")
            }
            Err(error) => {
                tracing::warn!(%error, "the old database is damaged; it is kept as it is");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    fn keep(&mut self) -> io::Result<()> {
        if !self.target.exists() {
            return Ok(());
        }
        let mut number = 1;
        let kept = loop {
            let kept = beside(&self.target, &format!("before-restore-{number}"));
            match second_name(&self.target, &kept) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                done => break done.map(|()| kept)?,
            }
        };
        std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o600))?;
        for log in LOGS {
            let log_file = beside(&self.target, log);
            if log_file.exists() {
                second_name(&log_file, &beside(&kept, log))?;
            }
        }
        sync_folder(&self.target)?;
        self.kept = Some(kept);
        Ok(())
    }

    fn clear(&self) -> io::Result<()> {
        for log in LOGS {
            match std::fs::remove_file(beside(&self.target, log)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        sync_folder(&self.target)
    }

    fn swap(&self) -> io::Result<()> {
        std::fs::rename(&self.fresh, &self.target)?;
        sync_folder(&self.target)
    }
}

/// Another name for a file, or a copy of it where the file system knows no links. Nobody may have the name.
fn second_name(file: &Path, name: &Path) -> io::Result<()> {
    match std::fs::hard_link(file, name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            let mut to = std::fs::OpenOptions::new().write(true).create_new(true).open(name)?;
            io::copy(&mut std::fs::File::open(file)?, &mut to)?;
            to.sync_all()
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use octave_protocol::Instant;

    use super::*;
    use crate::store::Db;
    use crate::store::users::{self, NewAccount};

    async fn open(file: &Path) -> Db {
        let db = Db::open(&format!("sqlite://{}", file.display())).await.unwrap();
        db.migrate().await.unwrap();
        db
    }

    async fn account(db: &Db, username: &str) {
        let email = format!("{username}@example.org");
        let new = NewAccount { username, email: &email, password_hash: "", is_admin: false };
        users::create(db, new, Instant(1)).await.unwrap();
    }

    /// Whose account is in a database.
    async fn whose(file: &Path) -> String {
        assert!(file.exists(), "there is no database");
        let db = open(file).await;
        let all = users::list(&db, "", 9).await.unwrap();
        db.close().await;
        all.into_iter().map(|account| account.username).collect::<Vec<_>>().join(" ")
    }

    /// A database of `old` as a server that was killed left it, with all it said in its log; and a backup of `new`.
    async fn scene(dir: &Path) -> (PathBuf, PathBuf) {
        let (live, target, backup) = (dir.join("live.db"), dir.join("octave.db"), dir.join("backup.db"));
        let db = open(&live).await;
        account(&db, "old").await;
        for ending in ["", "-wal"] {
            let from = format!("{}{ending}", live.display());
            std::fs::copy(from, format!("{}{ending}", target.display())).unwrap();
        }
        db.close().await;
        let db = open(&dir.join("other.db")).await;
        account(&db, "new").await;
        make_private(&backup).unwrap();
        upkeep::backup(&db, &backup).await.unwrap();
        db.close().await;
        (target, backup)
    }

    #[tokio::test]
    async fn wherever_it_is_killed_a_database_is_there() {
        for taken in 0..=STEPS.len() {
            let dir = tempfile::tempdir().unwrap();
            let (target, backup) = scene(dir.path()).await;
            let mut restore = Restore::of(&backup, &target);
            for step in &STEPS[..taken] {
                restore.take(*step).await.unwrap();
            }
            let now = if taken == STEPS.len() { "new" } else { "old" };
            assert_eq!(whose(&target).await, now, "after {taken} steps");
            // Begun anew it gets to its end, and keeps what it found.
            let mut again = Restore::of(&backup, &target);
            for step in STEPS {
                again.take(step).await.unwrap();
            }
            assert_eq!(whose(&target).await, "new", "after {taken} steps");
            assert_eq!(whose(&again.kept.unwrap()).await, now, "after {taken} steps");
            if let Some(kept) = restore.kept {
                assert_eq!(whose(&kept).await, "old", "after {taken} steps");
            }
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_for_its_owner_and_damage_is_no_hindrance() {
        let dir = tempfile::tempdir().unwrap();
        let (target, backup) = scene(dir.path()).await;
        std::fs::set_permissions(&backup, std::fs::Permissions::from_mode(0o644)).unwrap();
        for file in [target.clone(), beside(&target, "wal")] {
            std::fs::write(file, "no database any more, whatever it was before").unwrap();
        }
        let mut restore = Restore::of(&backup, &target);
        for step in STEPS {
            restore.take(step).await.unwrap();
        }
        let kept = restore.kept.unwrap();
        assert!(std::fs::read(&kept).unwrap().starts_with(b"no database"));
        assert!(!beside(&target, "wal").exists());
        for file in [&kept, &target] {
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
        assert_eq!(whose(&target).await, "new");
    }

    #[tokio::test]
    async fn a_database_in_use_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (target, backup) = scene(dir.path()).await;
        let db = open(&target).await;
        let mut restore = Restore::of(&backup, &target);
        restore.take(Step::Copy).await.unwrap();
        let refused = restore.take(Step::Fold).await.unwrap_err();
        assert!(refused.to_string().contains("stop the server"), "{refused}");
        db.close().await;
        assert_eq!(whose(&target).await, "old");
        let mut restore = Restore::of(Path::new("Cargo.toml"), &target);
        assert!(restore.take(Step::Copy).await.is_err());
    }
}
