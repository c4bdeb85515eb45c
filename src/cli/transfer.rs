//! `octave transfer`: from SQLite to PostgreSQL.

use anyhow::{Context, Result, ensure};

use super::backup::sqlite_file;
use crate::config::Config;
use crate::server;
use crate::store::{Db, transfer};

pub(super) async fn run(config: &Config, to: &str) -> Result<()> {
    let file = sqlite_file(config).context("nothing was copied")?;
    ensure!(file.exists(), "there is no database at {}", file.display());
    // Held to the end: nothing is written meanwhile.
    let _lock = server::lock(config).await.context("nothing was copied")?;
    let from = server::open_database(config).await?;
    from.migrate().await.context("the SQLite database can't be brought up to date")?;
    from.close().await;
    // The URL is not shown: it may hold a password.
    let to = Db::open(to).await.context("the PostgreSQL database can't be opened")?;
    to.migrate().await.context("the PostgreSQL database can't be brought up to date")?;
    let done = transfer::transfer(&file, &to).await;
    to.close().await;
    let done = done.context("nothing was copied")?;
    println!(
        "{} rows of {} tables copied; start the server with --database and the new address now",
        done.rows, done.tables
    );
    println!("the folders audio and covers stay where they are, and {} as it was", file.display());
    Ok(())
}
