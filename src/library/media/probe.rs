//! Measures a song by decoding all of it: headers lie, and every listener's clock trusts the length found here.
//!
//! The length is the number of frames that a browser plays over the sample rate. An encoder pads: an MP3 begins with
//! 1,105 frames of delay and ends with some of padding, AAC begins with 1,024 or 2,112, Opus with its pre-skip.
//! `decodeAudioData` and `<audio>` leave out what the file declares to be such (LAME's tag, an MP4 edit list, an Ogg
//! granule position), so these frames are left out here as well: counted in, each song would end in 20 to 50 ms of
//! silence, and positions would be late by the delay. What is not declared is played, and is counted. So the decoder
//! runs without its own trimming, which relies on estimated lengths and cuts a VBR MP3 without a Xing header short.

use std::fs::File;
use std::path::Path;
use std::sync::LazyLock;

use ebur128::{EbuR128, Mode};
use octave_protocol::Duration;
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known as codec};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::common::Limit;
use symphonia::core::errors::Error as DecodeError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::Format;
use super::gapless::Padding;
use super::refusal::{AudioError, MAX_DURATION};
use super::sniff::Container;
use super::waveform::Waveform;

/// Shortest song.
pub const MIN_DURATION: Duration = Duration::from_secs(1);

/// A stream with this many packets in a row that can't be decoded is not what it claims to be.
const MAX_BAD_IN_A_ROW: u32 = 50;

const MAX_CHANNELS: usize = 8;
const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=384_000;

/// What a song's sound was measured to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub format: Format,
    pub duration: Duration,
    /// In hertz.
    pub sample_rate: u32,
    pub channels: u32,
    /// Integrated loudness after EBU R 128 in thousandths of a LUFS; absent for silence.
    pub loudness_mlufs: Option<i64>,
    /// Highest true peak of all channels in thousandths of a dBTP; absent for silence.
    pub true_peak_mdb: Option<i64>,
    /// Peaks for drawing, evenly spaced, 255 is full scale.
    pub waveform: Vec<u8>,
}

/// Decodes the whole file; about a second for five minutes of music. Memory is bounded whatever the file says.
pub fn measure(path: &Path, container: Container) -> Result<Measured, AudioError> {
    let source =
        MediaSourceStream::new(Box::new(File::open(path)?), symphonia::core::io::MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(container.hint());
    let meta =
        MetadataOptions::default().limit_tag_bytes(Limit::Maximum(64 * 1024)).limit_visual_bytes(Limit::Maximum(0));
    let mut reader = symphonia::default::get_probe()
        .probe(&hint, source, FormatOptions::default(), meta)
        .map_err(|_| AudioError::Broken)?;
    let track = reader.default_track(TrackType::Audio).ok_or(AudioError::NoAudio)?;
    let params = track.codec_params.as_ref().and_then(|p| p.audio()).ok_or(AudioError::NoAudio)?;
    let format = format_of(container, params)?;
    let mut decoder = CODECS
        .make_audio_decoder(params, &AudioDecoderOptions::default().gapless(Padding::is_left_out_by_decoder(format)))
        .map_err(|e| AudioError::undecodable(format, &e))?;
    let padding = Padding::declared(path, format, track);
    let id = track.id;
    let mut meter = Meter::new();
    decode(reader.as_mut(), id, decoder.as_mut(), &mut meter)?;
    meter.finish(format, padding)
}

static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<super::opus::Opus>();
    codecs
});

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

fn decode(
    reader: &mut dyn FormatReader,
    track: u32,
    decoder: &mut dyn AudioDecoder,
    meter: &mut Meter,
) -> Result<(), AudioError> {
    let mut bad_in_a_row = 0;
    // A file that breaks off, or is followed by a second stream, is as long as what came before.
    while let Ok(Some(packet)) = reader.next_packet() {
        if packet.track_id != track {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(sound) => {
                bad_in_a_row = 0;
                meter.add(&sound)?;
            }
            Err(DecodeError::DecodeError(_)) if bad_in_a_row < MAX_BAD_IN_A_ROW => bad_in_a_row += 1,
            Err(_) => break,
        }
    }
    Ok(())
}

/// Adds up what is decoded.
struct Meter {
    frames: u64,
    rate: u32,
    channels: usize,
    loudness: Option<EbuR128>,
    waveform: Waveform,
    samples: Vec<f32>,
}

impl Meter {
    fn new() -> Self {
        Self { frames: 0, rate: 0, channels: 0, loudness: None, waveform: Waveform::new(), samples: Vec::new() }
    }

    fn add(&mut self, sound: &GenericAudioBufferRef<'_>) -> Result<(), AudioError> {
        let (rate, channels) = (sound.spec().rate(), sound.spec().channels().count());
        if self.rate == 0 {
            self.begin(rate, channels)?;
        }
        if rate != self.rate {
            return Ok(()); // a foreign frame among the song's: players skip it too
        }
        self.frames += sound.frames() as u64;
        if self.duration(self.frames) > MAX_DURATION {
            return Err(AudioError::TooLong);
        }
        if channels == self.channels {
            sound.copy_to_vec_interleaved(&mut self.samples);
            self.waveform.add(&self.samples, channels);
            if let Some(loudness) = &mut self.loudness {
                loudness.add_frames_f32(&self.samples).map_err(|_| AudioError::Broken)?;
            }
        }
        Ok(())
    }

    fn begin(&mut self, rate: u32, channels: usize) -> Result<(), AudioError> {
        if !SAMPLE_RATES.contains(&rate) || !(1..=MAX_CHANNELS).contains(&channels) {
            return Err(AudioError::Codec);
        }
        // The histogram keeps the memory of integrated loudness constant over a song's length.
        let mode = Mode::I | Mode::TRUE_PEAK | Mode::HISTOGRAM;
        let meter = EbuR128::new(u32::try_from(channels).unwrap_or(0), rate, mode);
        self.loudness = Some(meter.map_err(|_| AudioError::Codec)?);
        (self.rate, self.channels) = (rate, channels);
        Ok(())
    }

    /// Rounded to the nearest microsecond.
    fn duration(&self, frames: u64) -> Duration {
        let rate = u128::from(self.rate.max(1));
        let us = (u128::from(frames) * 1_000_000 + rate / 2) / rate;
        Duration(i64::try_from(us).unwrap_or(i64::MAX))
    }

    fn finish(self, format: Format, padding: Padding) -> Result<Measured, AudioError> {
        let duration = self.duration(padding.played(self.frames));
        if duration < MIN_DURATION {
            return Err(AudioError::TooShort);
        }
        let meter = self.loudness.ok_or(AudioError::NoAudio)?;
        let peak = (0..meter.channels()).filter_map(|c| meter.true_peak(c).ok()).fold(0.0, f64::max);
        Ok(Measured {
            format,
            duration,
            sample_rate: self.rate,
            channels: meter.channels(),
            loudness_mlufs: thousandths(meter.loudness_global().ok()),
            true_peak_mdb: thousandths((peak > 0.0).then(|| 20.0 * peak.log10())),
            waveform: self.waveform.finish(),
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "decibels are small numbers")]
fn thousandths(value: Option<f64>) -> Option<i64> {
    value.filter(|v| v.is_finite()).map(|v| (v * 1000.0).round() as i64)
}
