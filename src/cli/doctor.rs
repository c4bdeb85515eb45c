//! `octave doctor`: looks at everything a server needs and says what to do.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::base::clock::Clock;
use crate::config::Config;
use crate::library::media::{AudioName, ImageName, Media, Part};
use crate::server;
use crate::server::upkeep::{Upkeep, UpkeepError, unneeded};
use crate::store::upkeep::{self as rows, SongFile};
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

/// What is done about what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// Nothing is changed.
    Look,
    /// What the server does by itself is done now; beside a running one too.
    Fix,
}

impl From<bool> for Care {
    fn from(fix: bool) -> Self {
        if fix { Self::Fix } else { Self::Look }
    }
}

/// Exits with 1 if something is wrong.
pub(super) async fn run(config: &Config, care: Care) -> Result<ExitCode> {
    let mut found = Findings::default();
    found.fine("the configuration is valid");
    clock(&mut found);
    if let Some(file) = server::sqlite_file(config)?.filter(|file| !file.exists()) {
        found.fine(&format!("{} does not exist yet; the first start makes it", file.display()));
        return Ok(found.verdict());
    }
    match server::open_database(config).await {
        Err(error) => found.problem(&format!("{error:#}"), "Check --database, and that the database runs."),
        Ok(db) => {
            if care == Care::Fix {
                fix(config, &db, &mut found).await;
            }
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

#[expect(clippy::disallowed_methods, reason = "it is the wall clock that is examined")]
fn clock(found: &mut Findings) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if now >= PLAUSIBLE_SINCE_S {
        found.fine("the clock is set");
    } else {
        found.problem("the clock is years behind", "Set it (timedatectl set-ntp true) before the server starts.");
    }
}

async fn database(db: &Db, found: &mut Findings) {
    match rows::damage(db).await {
        Ok(None) => found.fine("the database is sound"),
        Ok(Some(damage)) => found.problem(&format!("the database is damaged: {damage}"), "Restore a backup."),
        Err(error) => found.problem(&format!("the database does not answer: {error}"), "See its own log."),
    }
    match rows::pending_migrations(db).await {
        Ok(0) => found.fine("the schema is up to date"),
        Ok(n) => found.problem(&format!("{n} migrations are missing"), "Run `octave migrate`, or start the server."),
        Err(error) => found.problem(&format!("the migrations can't be read: {error}"), "Restore a backup."),
    }
}

async fn fix(config: &Config, db: &Db, found: &mut Findings) {
    if let Err(error) = db.migrate().await {
        found.problem(&format!("the schema can't be brought up to date: {error}"), "Restore a backup.");
        return;
    }
    let keeper = Upkeep { db: db.clone(), media: Arc::new(Media::at(&config.data)), clock: Clock::start() };
    match keeper.pass().await {
        Ok(done) => {
            let said =
                format!("{} expired logins and {} files that nothing needs are removed", done.logins, done.files);
            found.fine(&said);
        }
        Err(error) => found.problem(&format!("what nothing needs can't be removed: {error}"), "See its cause."),
    }
}

async fn files(config: &Config, db: &Db, found: &mut Findings) {
    let media = Media::at(&config.data);
    let unread = |error| format!("the files' rows can't be read: {error}");
    match missing(&media, db).await {
        Ok(0) => found.fine("every song has its file"),
        Ok(n) => found.problem(&format!("{n} songs have no file"), "Copy the folder audio from a backup."),
        Err(error) => found.problem(&unread(error), "Run `octave migrate` first."),
    }
    match missing_images(&media, db).await {
        Ok(0) => found.fine("every cover and avatar has its file"),
        Ok(n) => {
            found.problem(&format!("{n} covers and avatars have no file"), "Copy the folder covers from a backup.");
        }
        Err(error) => found.problem(&unread(error), "Run `octave migrate` first."),
    }
    match strays(&media, db).await {
        Ok(0) => found.fine("every file is needed"),
        Ok(n) => found.fine(&format!("{n} files are needed no more; the server removes them two days after")),
        Err(error) => found.problem(&format!("the files can't be listed: {error}"), "See its cause."),
    }
}

/// How many files no row names.
async fn strays(media: &Media, db: &Db) -> Result<usize, UpkeepError> {
    let mut strays = 0;
    for part in Part::ALL {
        for shard in 0..=u8::MAX {
            for some in media.files_in(part, shard).await?.chunks(PAGE as usize) {
                strays += unneeded(db, part, some).await?.len();
            }
        }
    }
    Ok(strays)
}

async fn missing_images(media: &Media, db: &Db) -> Result<usize, StoreError> {
    let (mut missing, mut after) = (0, String::new());
    loop {
        let page = rows::images(db, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(missing) };
        after.clone_from(last);
        missing +=
            page.iter().filter(|name| !ImageName::parse(name).is_some_and(|n| media.image_path(&n).exists())).count();
    }
}

/// How many songs have no file of the size that their row says.
async fn missing(media: &Media, db: &Db) -> Result<usize, StoreError> {
    let (mut missing, mut after) = (0, 0);
    loop {
        let page = rows::song_files(db, after, PAGE).await?;
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
