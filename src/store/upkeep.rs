//! What an operator's tools ask of the database: copies, soundness, files.

mod files;
mod turn;

use std::path::Path;
use std::time::Duration;

use octave_protocol::Instant;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

pub(super) use files::song_is_heard;
pub use files::{
    SongFile, about_to_name, begin_removal, forget, images, note, song_files, unnamed_since, unneeded_audio,
    unneeded_images,
};
pub use turn::{Chore, Turn, turn};

use super::{Db, Result, StoreError, on, sql};

/// How often [`fold`] tries, and how long it waits between: half a second for others to let go. SQLite's own busy time
/// doesn't count for a change of the journal mode. A connection that was just closed may hold its lock for some
/// milliseconds more, until its thread has ended.
const FOLD_TRIES: u32 = 26;
const FOLD_PAUSE: Duration = Duration::from_millis(20);

/// Writes a consistent copy to `file`, which must not exist or be empty, while others read and write. SQLite alone: with PostgreSQL
/// nothing is written.
pub async fn backup(db: &Db, file: &Path) -> Result<()> {
    if let Db::Sqlite { write, .. } = db {
        // Not through the readers: they may only query.
        let mut connection = write.patient().await?;
        sqlx::query(sql!(sqlite: "VACUUM INTO $1")).bind(shown(file)).execute(&mut connection).await?;
    }
    Ok(())
}

/// Whether `file` is a sound database of Octave's; an error says why not. It is not written to.
pub async fn check_backup(file: &Path) -> Result<()> {
    let mut copy = SqliteConnectOptions::new().filename(file).read_only(true).connect().await?;
    let sound = sqlx::query_scalar::<_, String>(sql!(sqlite: "PRAGMA quick_check(1)")).fetch_one(&mut copy).await?;
    if sound != "ok" {
        return Err(StoreError::Other(sqlx::Error::Protocol(sound)));
    }
    sqlx::query(sql!("SELECT count(*) AS n FROM users")).execute(&mut copy).await?;
    copy.close().await?;
    Ok(())
}

/// Copies a backup into `to`, which must be empty; with what stands in a log beside it.
pub async fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut backup = SqliteConnectOptions::new().filename(from).read_only(true).connect().await?;
    sqlx::query(sql!(sqlite: "VACUUM INTO $1")).bind(shown(to)).execute(&mut backup).await?;
    backup.close().await?;
    Ok(())
}

/// Folds the write-ahead log into `file`, which needs that nobody else has it open: else the error is `Unavailable`.
pub async fn fold(file: &Path) -> Result<()> {
    let mut tries = 0;
    loop {
        tries += 1;
        match fold_once(file).await {
            Err(StoreError::Unavailable(_)) if tries < FOLD_TRIES => tokio::time::sleep(FOLD_PAUSE).await,
            done => return done,
        }
    }
}

async fn fold_once(file: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(FOLD_PAUSE);
    let alone: SqliteConnection = options.journal_mode(SqliteJournalMode::Delete).connect().await?;
    alone.close().await?;
    Ok(())
}

/// Forgets commands that were done under a nonce before `until`, `at_once` by a statement, so that others get their turn
/// between.
pub async fn forget_nonces(db: &Db, until: Instant, at_once: u32) -> Result<()> {
    loop {
        let gone = on!(db, write, c => sqlx::query(sql!(
                "DELETE FROM stage_nonces WHERE (stage_id, user_id, nonce) IN \
                 (SELECT stage_id, user_id, nonce FROM stage_nonces WHERE at_us < $1 LIMIT $2)"))
            .bind(until.0).bind(i64::from(at_once)).execute(c).await?.rows_affected());
        if gone < u64::from(at_once) {
            return Ok(());
        }
    }
}

/// The first damage found, if any. PostgreSQL looks after that itself, so only its answer is asked for.
pub async fn damage(db: &Db) -> Result<Option<String>> {
    let Db::Sqlite { read, .. } = db else { return db.ping().await.map(|()| None) };
    let found = sqlx::query_scalar::<_, String>(sql!(sqlite: "PRAGMA quick_check(1)")).fetch_one(read).await?;
    Ok(Some(found).filter(|found| found != "ok"))
}

/// How many migrations the database lacks.
pub async fn pending_migrations(db: &Db) -> Result<usize> {
    let known = super::migrate::steps(db);
    let done: i64 = on!(db, read, c => sqlx::query_scalar(sql!("SELECT count(*) FROM _sqlx_migrations WHERE success"))
        .fetch_one(c).await?);
    Ok(known.iter().count().saturating_sub(usize::try_from(done).unwrap_or_default()))
}

/// SQLite takes paths as text.
fn shown(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[tokio::test]
    async fn a_copy_is_sound_and_has_the_same_schema() {
        let (dir, db) = testing::sqlite().await;
        let copy = dir.path().join("copy.db");
        backup(&db, &copy).await.unwrap();
        check_backup(&copy).await.unwrap();
        assert!(backup(&db, &copy).await.is_err(), "an existing file is never overwritten");
        let url = format!("sqlite://{}", copy.display());
        assert_eq!(pending_migrations(&Db::open(&url).await.unwrap()).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn what_is_no_database_is_no_backup() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("notes.txt");
        std::fs::write(&file, "not a database, but long enough to look at").unwrap();
        assert!(check_backup(&file).await.is_err());
        assert!(check_backup(&dir.path().join("missing.db")).await.is_err());
    }

    #[tokio::test]
    async fn a_database_in_use_is_not_folded() {
        let (dir, db) = testing::sqlite().await;
        let file = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
        let file = file.into_iter().find(|path| path.extension().is_some_and(|e| e == "db")).unwrap();
        db.ping().await.unwrap();
        assert!(fold(&file).await.is_err());
        db.close().await;
        fold(&file).await.unwrap();
    }

    #[tokio::test]
    async fn a_fresh_database_is_sound_and_up_to_date() {
        testing::both(async |db| {
            assert_eq!(damage(&db).await.unwrap(), None);
            assert_eq!(pending_migrations(&db).await.unwrap(), 0);
            assert_eq!(song_files(&db, 0, 10).await.unwrap(), []);
        })
        .await;
    }
}
