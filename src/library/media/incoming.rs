//! An upload on its way to the disk.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;

use super::Media;
use super::name::Hash;

/// A file that is being received. Dropped before it is kept, it leaves nothing behind.
#[derive(Debug)]
pub struct Incoming {
    file: tokio::fs::File,
    path: TempPath,
    hash: Sha256,
    size: u64,
    limit: u64,
}

/// A whole file under `tmp/`; it goes with this value unless it is kept.
#[derive(Debug)]
pub struct Received {
    pub path: TempPath,
    pub hash: Hash,
    pub size: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error("the file is larger than {} MiB", limit / 1024 / 1024)]
    TooLarge { limit: u64 },
    #[error("the file could not be written")]
    Io(#[from] std::io::Error),
}

impl Media {
    /// Begins to receive an audio file of at most [`Media::max_audio_bytes`].
    pub async fn receive(&self) -> Result<Incoming, ReceiveError> {
        self.receive_at_most(self.max_audio_bytes).await
    }

    /// Begins to receive a file of at most so many bytes.
    pub(super) async fn receive_at_most(&self, limit: u64) -> Result<Incoming, ReceiveError> {
        let tmp = self.tmp();
        let made = tokio::task::spawn_blocking(move || tempfile::NamedTempFile::new_in(tmp));
        let (file, path) = made.await.map_err(std::io::Error::other)??.into_parts();
        let file = tokio::fs::File::from_std(file);
        Ok(Incoming { file, path, hash: Sha256::new(), size: 0, limit })
    }
}

impl Incoming {
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ReceiveError> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(ReceiveError::TooLarge { limit: self.limit });
        }
        self.hash.update(bytes);
        Ok(self.file.write_all(bytes).await?)
    }

    /// Of what has come so far.
    pub(super) fn hash(&self) -> Hash {
        Hash::of(&self.hash.clone().finalize())
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Syncs the file: what is kept later only has to be renamed.
    pub async fn finish(mut self) -> Result<Received, ReceiveError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        Ok(Received { path: self.path, hash: Hash::of(&self.hash.finalize()), size: self.size })
    }
}
