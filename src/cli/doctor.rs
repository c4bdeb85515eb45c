//! `octave doctor`: looks at everything a server needs and says what to do.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::app;
use crate::config::Config;
use crate::media::{AudioName, Media};
use crate::store::upkeep::{self, SongFile};
use crate::store::{Db, StoreError};

/// 2024-01-01: a clock before that was never set.
const PLAUSIBLE_SINCE_S: u64 = 1_704_067_200;

/// Songs looked at in one go.
const PAGE: u32 = 1_000;

/// What was found, as lines.
#[derive(Default)]
struct Findings {
    problems: usize,
}

impl Findings {
    #[expect(clippy::unused_self, reason = "reads like its counterpart")]
    fn fine(&self, what: &str) {
        println!("ok       {what}");
    }

    fn problem(&mut self, what: &str, advice: &str) {
        self.problems += 1;
        println!("problem  {what}\n         {advice}");
    }
}

/// Exits with 1 if something is wrong. Changes nothing.
pub(super) async fn run(config: &Config) -> Result<ExitCode> {
    let mut found = Findings::default();
    found.fine("the configuration is valid");
    clock(&mut found);
    if let Some(file) = app::sqlite_file(config).filter(|file| !file.exists()) {
        found.fine(&format!("{} does not exist yet; the first start makes it", file.display()));
        return Ok(found.verdict());
    }
    match app::open_database(config).await {
        Err(error) => found.problem(&format!("{error:#}"), "Check --database, and that the database runs."),
        Ok(db) => {
            database(&db, &mut found).await;
            files(config, &db, &mut found).await;
            db.close().await;
        }
    }
    Ok(found.verdict())
}

impl Findings {
    fn verdict(&self) -> ExitCode {
        if self.problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn clock(found: &mut Findings) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if now >= PLAUSIBLE_SINCE_S {
        found.fine("the clock is set");
    } else {
        found.problem("the clock is years behind", "Set it (timedatectl set-ntp true) before the server starts.");
    }
}

async fn database(db: &Db, found: &mut Findings) {
    match upkeep::damage(db).await {
        Ok(None) => found.fine("the database is sound"),
        Ok(Some(damage)) => found.problem(&format!("the database is damaged: {damage}"), "Restore a backup."),
        Err(error) => found.problem(&format!("the database does not answer: {error}"), "See its own log."),
    }
    match upkeep::pending_migrations(db).await {
        Ok(0) => found.fine("the schema is up to date"),
        Ok(n) => found.problem(&format!("{n} migrations are missing"), "Run `octave migrate`, or start the server."),
        Err(error) => found.problem(&format!("the migrations can't be read: {error}"), "Restore a backup."),
    }
}

async fn files(config: &Config, db: &Db, found: &mut Findings) {
    match missing(&Media::at(&config.data), db).await {
        Ok(0) => found.fine("every song has its file"),
        Ok(n) => found.problem(&format!("{n} songs have no file"), "Copy the folder audio from a backup."),
        Err(error) => found.problem(&format!("the songs can't be listed: {error}"), "Run `octave migrate` first."),
    }
}

/// How many songs have no file of the size that their row says.
async fn missing(media: &Media, db: &Db) -> Result<usize, StoreError> {
    let (mut missing, mut after) = (0, 0);
    loop {
        let page = upkeep::song_files(db, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(missing) };
        after = last.id;
        missing += page.iter().filter(|file| !is_there(media, file)).count();
    }
}

fn is_there(media: &Media, file: &SongFile) -> bool {
    let path = AudioName::parse(&file.file_hash, &file.mime).map(|name| media.audio_path(&name));
    let size = path.and_then(|path| std::fs::metadata(path).ok()).map(|metadata| metadata.len());
    size.is_some() && size == u64::try_from(file.file_size).ok()
}
