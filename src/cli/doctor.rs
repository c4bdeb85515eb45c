//! `octave doctor`: looks at everything a server needs and says what to do.

mod files;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use files::Files;

use crate::base::clock::Clock;
use crate::config::Config;
use crate::library::media::Media;
use crate::server;
use crate::server::upkeep::Upkeep;
use crate::store::Db;
use crate::store::upkeep as rows;

/// 2024-01-01: a clock before that was never set.
const PLAUSIBLE_SINCE_S: u64 = 1_704_067_200;

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

    /// A problem with some of many: the first of them are named.
    fn problem_with(&mut self, which: &[String], what: &str, advice: &str) {
        const NAMED: usize = 20;
        self.problem(&format!("{} {what}", which.len()), advice);
        for one in which.iter().take(NAMED) {
            println!("         - {one}");
        }
        if which.len() > NAMED {
            println!("         - and {} more", which.len() - NAMED);
        }
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

/// How far files are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Whether they are there.
    Names,
    /// Whether each byte is what it was.
    Bytes,
}

/// Exits with 1 if something is wrong.
pub(super) async fn run(config: &Config, care: Care, depth: Depth, copy: Option<&Path>) -> Result<ExitCode> {
    let mut found = Findings::default();
    found.fine("the configuration is valid");
    clock(&mut found);
    if let Some(file) = server::sqlite_file(config)?.filter(|file| !file.exists()) {
        found.fine(&format!("{} does not exist yet; the first start makes it", file.display()));
        return Ok(found.verdict());
    }
    match server::open_database(config).await {
        Err(error) => found.problem(&super::story(&error), "Check --database, and that the database runs."),
        Ok(db) => {
            let media = media(config, &mut found).await;
            if care == Care::Fix {
                fix(media.clone(), &db, &mut found).await;
            }
            database(&db, &mut found).await;
            if let Some(media) = media {
                Files { media, db: &db, care, depth, copy }.check(&mut found).await;
            }
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

/// The files, if they can be reached.
async fn media(config: &Config, found: &mut Findings) -> Option<Arc<Media>> {
    let (media, reached) = match server::look_at_media(config) {
        Ok(media) => {
            let reached = media.probe().await.map_err(anyhow::Error::from);
            (Some(Arc::new(media)), reached)
        }
        Err(error) => (None, Err(error)),
    };
    match reached {
        Ok(()) => media,
        Err(error) => {
            found.problem(&format!("the files can't be reached: {}", super::story(&error)), "They were not looked at.");
            None
        }
    }
}

async fn fix(media: Option<Arc<Media>>, db: &Db, found: &mut Findings) {
    if let Err(error) = db.migrate().await {
        found.problem(&format!("the schema can't be brought up to date: {error}"), "Restore a backup.");
        return;
    }
    let Some(media) = media else { return };
    let keeper = Upkeep { db: db.clone(), media, clock: Clock::start() };
    match keeper.pass().await {
        Ok(done) => {
            let said =
                format!("{} expired logins and {} files that nothing needs are removed", done.logins, done.files);
            found.fine(&said);
        }
        Err(error) => found.problem(&format!("what nothing needs can't be removed: {error}"), "See its cause."),
    }
}
