//! From received bytes to a song that can be played: recognised, measured, its tags read, kept.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use octave_protocol::UserId;

use super::effort::Effort;
use super::image::Shaped;
use super::look::{Looked, look};
use super::measure::{Sound, measure};
use super::refusal::AudioError;
use super::sniff::sniff;
use super::tags::{self, Tags};
use super::{AudioName, FileName, ImageName, Media, Received};

/// What is said of a file that was taken though not all of it could be.
pub type Note = &'static str;

const HUGE_PICTURE: Note = "the picture in the file is too large and was left out";
const BROKEN_PICTURE: Note = "the picture in the file can't be read and was left out";

/// A song's file in its place, with all that is known of it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub name: AudioName,
    /// In bytes.
    pub size: u64,
    pub looked: Looked,
    /// Absent as long as nobody has listened.
    pub sound: Option<Sound>,
    pub tags: Tags,
    pub cover: Option<ImageName>,
    pub notes: Vec<Note>,
    /// Those of its files that were not there before.
    pub fresh: Vec<FileName>,
}

static NEVER: AtomicBool = AtomicBool::new(false);

/// Tells a thread that nobody waits for it any more: a server that stops does not listen to the end.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How much is done with a file before it is answered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Look,
    Listen,
}

impl Media {
    /// Recognises a received file, reads its tags and finds its length. Refused, it leaves nothing behind.
    ///
    /// The file is under `tmp/` still; [`Examined::ready`] and [`Ready::keep`] move it to its place.
    pub async fn look(&self, received: Received, uploader: UserId) -> Result<Examined, AudioError> {
        self.take(received, Depth::Look, Some(uploader)).await
    }

    /// The same, and listens to all of it.
    pub async fn examine(&self, received: Received) -> Result<Examined, AudioError> {
        self.take(received, Depth::Listen, None).await
    }

    async fn take(&self, received: Received, depth: Depth, uploader: Option<UserId>) -> Result<Examined, AudioError> {
        let (look_allowance, listen_allowance) = (self.look_allowance, self.listen_allowance);
        let separators = self.artist_separators.clone();
        let job = move || {
            let found = sniff(&mut File::open(&received.path)?)?.ok_or(AudioError::Unrecognised)?;
            let looked = look(&received.path, &found, &Effort::begin(look_allowance))?;
            let listen = || measure(&received.path, &found, &Effort::begin(listen_allowance), &NEVER);
            let sound = (depth == Depth::Listen).then(listen).transpose()?;
            let tags = tags::read(&received.path, &found, &separators);
            Ok((received, looked, sound, tags))
        };
        let done = self.work_for(uploader, job).await;
        let (received, looked, sound, mut tags) = done.unwrap_or_else(|| {
            tracing::warn!("a decoder gave up on an uploaded file; it was refused");
            Err(AudioError::Broken)
        })?;
        let cover = tags.cover.take().map(Bytes::from);
        let notes = if tags.has_huge_picture { vec![HUGE_PICTURE] } else { Vec::new() };
        Ok(Examined { received, looked, sound, tags, cover, notes })
    }

    /// Listens to a kept file. Uploads don't wait for it: it takes none of their places.
    pub async fn listen(&self, name: &AudioName) -> Result<Sound, AudioError> {
        let file = self.local(&name.into()).await?;
        let guard = Dropped(Arc::default());
        let (is_dropped, allowance) = (guard.0.clone(), self.listen_allowance);
        let job = move || {
            let found = sniff(&mut File::open(file.path())?)?.ok_or(AudioError::Unrecognised)?;
            measure(file.path(), &found, &Effort::begin(allowance), &is_dropped)
        };
        let span = tracing::Span::current();
        tokio::task::spawn_blocking(move || span.in_scope(job)).await.unwrap_or(Err(AudioError::Broken))
    }
}

/// A song under `tmp/`, known but not kept yet.
#[derive(Debug)]
pub struct Examined {
    received: Received,
    pub looked: Looked,
    /// Absent as long as nobody has listened.
    pub sound: Option<Sound>,
    pub tags: Tags,
    cover: Option<Bytes>,
    notes: Vec<Note>,
}

impl Examined {
    pub fn name(&self) -> AudioName {
        AudioName { hash: self.received.hash.clone(), format: self.looked.format }
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
        let mut notes = self.notes;
        let cover = match self.cover {
            Some(bytes) => media.shape_cover(bytes).await.inspect_err(|_| notes.push(BROKEN_PICTURE)).ok(),
            None => None,
        };
        Ready { name, received: self.received, looked: self.looked, sound: self.sound, tags: self.tags, cover, notes }
    }
}

/// A song that has only to be moved to its place.
#[derive(Debug)]
pub struct Ready {
    name: AudioName,
    received: Received,
    looked: Looked,
    sound: Option<Sound>,
    tags: Tags,
    cover: Option<Shaped>,
    notes: Vec<Note>,
}

impl Ready {
    /// What its files will be called.
    pub fn files(&self) -> Vec<FileName> {
        let cover = self.cover.as_ref().map(|cover| FileName::from(cover.name()));
        cover.into_iter().chain([FileName::from(&self.name)]).collect()
    }

    /// Moves the file to its place and its cover too. [`Media::naming`] is held for it.
    pub async fn keep(self, media: &Media) -> io::Result<Kept> {
        let Self { name, received, looked, sound, tags, cover, notes } = self;
        let mut fresh = Vec::new();
        let cover = match cover {
            Some(shaped) => {
                let (name, is_fresh) = media.keep_image(shaped).await?;
                fresh.extend(is_fresh.then(|| FileName::from(&name)));
                Some(name)
            }
            None => None,
        };
        let file = FileName::from(&name);
        let is_fresh = media.files.keep(received.path, &file).await?;
        fresh.extend(is_fresh.then_some(file));
        Ok(Kept { name, size: received.size, looked, sound, tags, cover, notes, fresh })
    }
}

#[cfg(test)]
mod tests;
