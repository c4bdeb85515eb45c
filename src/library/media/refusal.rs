//! Why a file is not a song.

use std::io;

use octave_protocol::Duration;

use super::Format;

/// Longest song; a file of silence packs days into a few megabytes.
pub(super) const MAX_DURATION: Duration = Duration::from_secs(12 * 3600);

/// Why a file is not a song. The text tells its owner what to do.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    #[error("this is not an audio file Octave knows; upload mp3, flac, ogg (vorbis or opus), m4a (AAC) or wav")]
    Unrecognised,
    #[error("there is no sound in this file")]
    NoAudio,
    #[error("browsers can't play ALAC; convert the file to FLAC, which is lossless too, and upload that")]
    Alac,
    #[error("the file's codec can't be played in browsers; convert it to mp3, AAC-LC, FLAC, Vorbis or Opus")]
    Codec,
    #[error("this kind of {0} can't be decoded; convert it to mp3, AAC-LC or FLAC and upload that")]
    Undecodable(&'static str),
    #[error("browsers can't play WAV of 64-bit floats; save it as FLAC, or as WAV of 24 bits or 32-bit floats")]
    DoubleFloat,
    #[error("the file is damaged or can't be decoded; get it anew, or export it as mp3, FLAC or AAC-LC")]
    Broken,
    #[error("less than a second of sound could be decoded: the file is damaged or too short")]
    TooShort,
    #[error("the song is longer than {} hours; cut it into parts", MAX_DURATION.0 / 3_600_000_000)]
    TooLong,
    #[error("the file takes too long to decode; export it anew as mp3, FLAC or AAC-LC")]
    TooCostly,
    #[error("the file could not be kept")]
    Io(#[source] io::Error),
}

impl From<io::Error> for AudioError {
    /// A file that ends too early is its own fault, and not the disk's.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Broken } else { Self::Io(error) }
    }
}

impl AudioError {
    pub(super) fn undecodable(format: Format, error: &symphonia::core::errors::Error) -> Self {
        match error {
            symphonia::core::errors::Error::Unsupported(_) => Self::Undecodable(format.extension()),
            _ => Self::Broken,
        }
    }
}
