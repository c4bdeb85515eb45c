//! From received bytes to a song that can be played: recognised, measured, its tags read, kept.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;

use super::image::{COVER_PX, Shaped};
use super::probe::{Measured, measure};
use super::refusal::AudioError;
use super::sniff::sniff;
use super::tags::{self, Tags};
use super::{AudioName, ImageName, Media, Received, settle};

/// A song's file in its place, with all that is known of it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub name: AudioName,
    /// In bytes.
    pub size: u64,
    pub measured: Measured,
    pub tags: Tags,
    pub cover: Option<ImageName>,
    /// Those of its files that were not there before.
    pub fresh: Vec<PathBuf>,
}

impl Media {
    /// Examines a received file and keeps it. Refused, it leaves nothing behind.
    ///
    /// The file is under `tmp/` still; [`Examined::ready`] and [`Ready::keep`] move it to its place.
    pub async fn examine(&self, received: Received) -> Result<Examined, AudioError> {
        let job = move || {
            let container = sniff(&mut File::open(&received.path)?)?.ok_or(AudioError::Unrecognised)?;
            let measured = measure(&received.path, container)?;
            let tags = tags::read(&received.path, container);
            Ok((received, measured, tags))
        };
        let done = self.work(job).await;
        let (received, measured, mut tags) = done.unwrap_or_else(|| {
            tracing::warn!("a decoder gave up on an uploaded file; it was refused");
            Err(AudioError::Broken)
        })?;
        let cover = tags.cover.take().map(Bytes::from);
        Ok(Examined { received, measured, tags, cover })
    }
}

/// A song under `tmp/`, known but not kept yet.
#[derive(Debug)]
pub struct Examined {
    received: Received,
    pub measured: Measured,
    pub tags: Tags,
    cover: Option<Bytes>,
}

impl Examined {
    pub fn name(&self) -> AudioName {
        AudioName { hash: self.received.hash.clone(), format: self.measured.format }
    }

    /// A picture from elsewhere, for a file that has none.
    pub fn cover_or(&mut self, picture: impl FnOnce() -> Option<Bytes>) {
        if self.cover.is_none() {
            self.cover = picture();
        }
    }

    /// Shapes the cover. One that is no picture is left out: the song plays without.
    pub async fn ready(self, media: &Media) -> Ready {
        let name = self.name();
        let cover = match self.cover {
            Some(bytes) => media.shape(bytes, COVER_PX).await.ok(),
            None => None,
        };
        Ready { name, received: self.received, measured: self.measured, tags: self.tags, cover }
    }
}

/// A song that has only to be moved to its place.
#[derive(Debug)]
pub struct Ready {
    name: AudioName,
    received: Received,
    measured: Measured,
    tags: Tags,
    cover: Option<Shaped>,
}

impl Ready {
    /// Moves the file to its place and its cover too. [`Media::naming`] is held for it.
    pub async fn keep(self, media: &Media) -> io::Result<Kept> {
        let Self { name, received, measured, tags, cover } = self;
        let mut fresh = Vec::new();
        let cover = match cover {
            Some(shaped) => {
                let (name, is_fresh) = media.keep_image(shaped).await?;
                fresh.extend(is_fresh.then(|| media.image_path(&name)));
                Some(name)
            }
            None => None,
        };
        let to = media.audio_path(&name);
        let (from, place) = (received.path, to.clone());
        let is_fresh = tokio::task::spawn_blocking(move || settle(from, &place)).await.map_err(io::Error::other)??;
        fresh.extend(is_fresh.then_some(to));
        Ok(Kept { name, size: received.size, measured, tags, cover, fresh })
    }
}

#[cfg(test)]
mod tests;
