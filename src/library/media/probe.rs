//! What symphonia is told about a file, and what it is asked.

use std::fs::File;
use std::path::Path;
use std::sync::LazyLock;

use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known as codec};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::common::Limit;
use symphonia::core::errors::Error as DecodeError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource as _, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::effort::Effort;
use super::gapless::Padding;
use super::refusal::AudioError;
use super::sniff::{Container, Found};
use super::stretch::Stretch;
use super::{Format, flac, wav};

static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<super::opus::Opus>();
    // In the place of the one that knows two channels of LC.
    codecs.register_audio_decoder::<super::aac::Aac>();
    codecs
});

/// More packets than twelve hours of the shortest that Opus has: an index may name as many as it likes.
const MAX_PACKETS: u32 = 20_000_000;

/// A song's packets. Ogg chains streams: what follows in the same format is more of the song.
pub(super) struct Packets {
    reader: Box<dyn FormatReader>,
    container: Container,
    link: Link,
    /// Bytes that can still come, unless some are read again and again.
    bytes_left: u64,
    number_left: u32,
}

/// One stream of a song; nearly always all of it.
pub(super) struct Link {
    track: u32,
    pub params: AudioCodecParameters,
    pub format: Format,
    pub padding: Padding,
    /// Units in which packets count a second: so many, over so many.
    pub scale: (u64, u64),
}

/// What comes next in a file.
pub(super) enum Next {
    Packet(Packet),
    /// Another stream begins: [`Packets::link`] tells of it.
    Link,
}

impl Packets {
    /// Opens a file. Memory is bounded whatever it says; when `effort` is spent, it ends.
    pub(super) fn open(path: &Path, found: &Found, effort: &Effort) -> Result<Self, AudioError> {
        let container = found.container;
        let file = File::open(path)?;
        let plain = match container {
            Container::Wav => Some(wav::header(path)?),
            Container::Flac => flac::header(path, &found.sound)?,
            _ => None,
        };
        let sound = match plain {
            Some((header, sound)) => Stretch::new(file, sound).behind(header),
            None => Stretch::new(file, found.sound.clone()),
        };
        let bytes_left = sound.byte_len().unwrap_or(u64::MAX);
        let source = MediaSourceStream::new(Box::new(sound.under(effort)), MediaSourceStreamOptions::default());
        let mut hint = Hint::new();
        hint.with_extension(container.hint());
        let meta =
            MetadataOptions::default().limit_tag_bytes(Limit::Maximum(64 * 1024)).limit_visual_bytes(Limit::Maximum(0));
        let reader = symphonia::default::get_probe()
            .probe(&hint, source, FormatOptions::default(), meta)
            .map_err(|_| effort.check().err().unwrap_or(AudioError::Broken))?;
        let mut link = Link::of(reader.as_ref(), container)?;
        link.padding = Padding::declared(path, link.format, reader.default_track(TrackType::Audio));
        Ok(Self { reader, container, link, bytes_left, number_left: MAX_PACKETS })
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// A file that breaks off is as long as what came before, and so is one that leads back to what was read already.
    pub(super) fn next(&mut self) -> Option<Next> {
        loop {
            match self.reader.next_packet() {
                Ok(Some(packet)) => {
                    self.bytes_left = self.bytes_left.checked_sub(packet.data.len() as u64)?;
                    self.number_left = self.number_left.checked_sub(1)?;
                    if packet.track_id == self.link.track {
                        return Some(Next::Packet(packet));
                    }
                }
                Err(DecodeError::ResetRequired) => {
                    let next = Link::of(self.reader.as_ref(), self.container).ok()?;
                    let is_more = next.format == self.link.format;
                    self.link = next;
                    return is_more.then_some(Next::Link);
                }
                Ok(None) | Err(_) => return None,
            }
        }
    }
}

impl Link {
    fn of(reader: &dyn FormatReader, container: Container) -> Result<Self, AudioError> {
        let track = reader.default_track(TrackType::Audio).ok_or(AudioError::NoAudio)?;
        let params = track.codec_params.as_ref().and_then(|p| p.audio()).ok_or(AudioError::NoAudio)?;
        let rate = u64::from(params.sample_rate.unwrap_or(0));
        let scale = track.time_base.map_or((rate, 1), |base| (base.denom.get().into(), base.numer.get().into()));
        let format = format_of(container, params)?;
        Ok(Self { track: track.id, params: params.clone(), format, padding: Padding::default(), scale })
    }

    pub(super) fn decoder(&self) -> Result<Box<dyn AudioDecoder>, AudioError> {
        let options = AudioDecoderOptions::default().gapless(Padding::is_left_out_by_decoder(self.format));
        CODECS.make_audio_decoder(&self.params, &options).map_err(|e| AudioError::undecodable(self.format, &e))
    }
}

fn format_of(container: Container, params: &AudioCodecParameters) -> Result<Format, AudioError> {
    let id = params.codec;
    match container {
        Container::Mpeg if id == codec::CODEC_ID_MP3 => Ok(Format::Mp3),
        Container::Adts if id == codec::CODEC_ID_AAC => Ok(Format::Aac),
        Container::Flac if id == codec::CODEC_ID_FLAC => Ok(Format::Flac),
        Container::Ogg if id == codec::CODEC_ID_VORBIS => Ok(Format::Vorbis),
        Container::Ogg if id == codec::CODEC_ID_OPUS => Ok(Format::Opus),
        Container::Mp4 if id == codec::CODEC_ID_AAC => Ok(Format::M4a),
        Container::Mp4 if id == codec::CODEC_ID_ALAC => Err(AudioError::Alac),
        Container::Wav => Ok(Format::Wav),
        _ => Err(AudioError::Codec),
    }
}
