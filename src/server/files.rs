//! The data directory, the database and the library's files, as commands and the server open them.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::config::Config;
use crate::library::media::{Media, Place, Refusal};
use crate::store::{Db, file};

/// Makes the data directory, for its owner alone.
pub fn ensure_data_dir(config: &Config) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let shown = config.data.display();
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&config.data);
    made.with_context(|| format!("the data directory {shown} can't be made"))
}

pub async fn open_database(config: &Config) -> Result<Db> {
    if let Some(file) = sqlite_file(config)? {
        // SQLite would make it for everybody to read who may enter the folder, and its log likewise.
        use std::os::unix::fs::OpenOptionsExt;
        drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file));
    }
    // The URL is not shown: it may hold a password.
    let url = if config.nats.is_some() { bounded(&config.database) } else { config.database.clone() };
    let db = Db::open(&url).await;
    db.context("the database can't be opened; `octave doctor` may know more")
}

/// A node that stands still in the middle of a transaction must not keep the others from its stages' rows.
fn bounded(url: &str) -> String {
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}options[idle_in_transaction_session_timeout]=1500")
}

pub fn open_media(config: &Config) -> Result<Media> {
    let media = Media::keeping(&config.data, &config.files, config.cache_bytes);
    let media = media.with_context(|| match &config.files {
        Place::Data => format!("the files in {}", config.data.display()),
        Place::Folder(folder) => format!("the files in {}", folder.display()),
        Place::Bucket(at) => format!("the files in the bucket {}", at.name),
    })?;
    Ok(media.with_max_audio_bytes(config.max_upload_bytes).with_artist_separators(&config.artist_separators))
}

/// The same for who only looks: nothing is made in a folder. A bucket's files pass through the data folder.
pub fn look_at_media(config: &Config) -> Result<Media> {
    match &config.files {
        Place::Data => Ok(Media::at(&config.data)),
        Place::Folder(folder) => Ok(Media::at(folder)),
        Place::Bucket(_) => {
            ensure_data_dir(config)?;
            open_media(config)
        }
    }
}

/// Ends a start whose bucket refuses what it is asked. One that does not answer now may later: what is in the cache plays.
pub(super) async fn see_that_they_are_there(media: &Media) -> Result<()> {
    match media.probe().await {
        Err(error) if Refusal::may_come_back(&error) => {
            tracing::warn!(%error, "the place of the files is out of reach; what is here already can be heard");
            Ok(())
        }
        done => done.context("the files can't be reached"),
    }
}

/// The database's file, as it is opened; none if it is PostgreSQL.
pub fn sqlite_file(config: &Config) -> Result<Option<PathBuf>> {
    file::of(&config.database).context("--database names no file")
}
