//! Opus for symphonia, which has no decoder of its own: an adapter of a pure Rust one, so that neither building Octave
//! nor reading a stranger's file needs C code. `docs/adr/0011` says which, and what it costs.

use opus_pure::{ChannelLayout, OpusDecoder, OpusMSDecoder};
use symphonia::core::audio::{AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, GenericAudioBufferRef};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Error, Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

/// Opus in Ogg always counts in this rate (RFC 7845, section 4), in frames per second.
const RATE: u32 = 48_000;

/// The longest packet, 120 ms (RFC 6716, section 3.1), in frames.
const LONGEST_PACKET: usize = 5_760;

/// The identification header (RFC 7845, section 5.1).
pub(super) struct Head {
    /// Frames at the start that only bring the decoder into tune.
    pub pre_skip: u16,
    /// What samples are multiplied by.
    gain: f32,
    channels: usize,
    family: u8,
    /// How many streams, how many of them are of two channels, and which of theirs each channel is.
    streams: Vec<u8>,
}

impl Head {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [_, channels, skip_low, skip_high, _, _, _, _, gain_low, gain_high, family, streams @ ..] =
            bytes.get(8..)?
        else {
            return None;
        };
        // In 256ths of a decibel.
        let gain = f32::from(i16::from_le_bytes([*gain_low, *gain_high])) / 256.0;
        Some(Self {
            pre_skip: u16::from_le_bytes([*skip_low, *skip_high]),
            gain: 10f32.powf(gain / 20.0),
            channels: usize::from(*channels),
            family: *family,
            streams: streams.to_vec(),
        })
    }

    /// Whether the streams are those that the family means, which is all that is decoded.
    fn is_as_usual(&self, layout: &ChannelLayout) -> bool {
        let usual = [layout.nb_streams, layout.nb_coupled_streams].map(|n| u8::try_from(n).unwrap_or(u8::MAX));
        self.family == 0 || self.streams.starts_with(&[&usual[..], &layout.mapping].concat())
    }
}

/// Of each channel in symphonia's order (left, right, centre, bass, then what is behind and beside) the place in that of
/// Vorbis, in which Opus tells them (RFC 7845, section 5.1.1.2).
const PLACES: [&[usize]; 8] = [
    &[0],
    &[0, 1],
    &[0, 2, 1],
    &[0, 1, 2, 3],
    &[0, 2, 1, 3, 4],
    &[0, 2, 1, 5, 3, 4],
    &[0, 2, 1, 6, 5, 3, 4],
    &[0, 2, 1, 7, 5, 6, 3, 4],
];

enum Streams {
    One(Box<OpusDecoder>),
    Several(Box<OpusMSDecoder>),
}

pub(super) struct Opus {
    params: AudioCodecParameters,
    streams: Streams,
    places: &'static [usize],
    /// One packet, interleaved.
    pcm: Vec<f32>,
    sound: AudioBuffer<f32>,
    gain: f32,
    skip: usize,
}

impl Opus {
    fn new(params: &AudioCodecParameters) -> Result<Self> {
        let head = params.extra_data.as_deref().and_then(Head::read);
        let (Some(head), Some(layout)) = (head, &params.channels) else { return unsupported_error("opus: no header") };
        let unsupported = |_| Error::Unsupported("opus: unusual channels");
        let streams = if head.channels <= 2 {
            Streams::One(Box::new(OpusDecoder::new(RATE.cast_signed(), head.channels).map_err(unsupported)?))
        } else {
            let several = OpusMSDecoder::new(RATE.cast_signed(), head.channels, head.family).map_err(unsupported)?;
            if !head.is_as_usual(several.layout()) {
                return unsupported_error("opus: unusual streams");
            }
            Streams::Several(Box::new(several))
        };
        let places = head.channels.checked_sub(1).and_then(|n| PLACES.get(n));
        let places = *places.ok_or(Error::Unsupported("opus: too many channels"))?;
        Ok(Self {
            params: params.clone(),
            streams,
            places,
            pcm: vec![0.0; LONGEST_PACKET * head.channels],
            sound: AudioBuffer::new(AudioSpec::new(RATE, layout.clone()), LONGEST_PACKET),
            gain: head.gain,
            skip: head.pre_skip.into(),
        })
    }

    /// Decodes a packet into `sound`: its frames.
    fn decode(&mut self, packet: &[u8]) -> Option<usize> {
        let channels = self.places.len();
        let frames = match &mut self.streams {
            Streams::One(one) => one.decode(packet, LONGEST_PACKET, &mut self.pcm),
            Streams::Several(several) => several.decode(packet, LONGEST_PACKET, &mut self.pcm),
        };
        let frames = frames.ok()?;
        let pcm = self.pcm.get(..frames * channels)?;
        self.sound.render_uninit(Some(frames));
        for (plane, place) in self.places.iter().enumerate() {
            let samples = pcm.iter().skip(*place).step_by(channels);
            for (out, sample) in self.sound.plane_mut(plane)?.iter_mut().zip(samples) {
                *out = sample * self.gain;
            }
        }
        Some(frames)
    }
}

impl AudioDecoder for Opus {
    fn reset(&mut self) {
        let _ = match &mut self.streams {
            Streams::One(one) => one.reset_state(),
            Streams::Several(several) => several.reset_state(),
        };
    }

    fn codec_info(&self) -> &CodecInfo {
        &Self::supported_codecs()[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.sound.clear();
        // An empty packet is one that was lost on the way, which no file has.
        if packet.data.is_empty() {
            return decode_error("opus: empty packet");
        }
        let Some(frames) = self.decode(packet.data) else {
            self.sound.clear();
            return decode_error("opus: broken packet");
        };
        let skip = self.skip.min(frames);
        self.skip -= skip;
        let frames_of = |trim: u64| usize::try_from(trim).unwrap_or(usize::MAX);
        let start = frames_of(packet.trim_start.get()).saturating_add(skip);
        self.sound.trim(start, frames_of(packet.trim_end.get()));
        Ok(self.sound.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.sound.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for Opus {
    fn try_registry_new(params: &AudioCodecParameters, _: &AudioDecoderOptions) -> Result<Box<dyn AudioDecoder>> {
        Ok(Box::new(Self::new(params)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        const INFO: CodecInfo = CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] };
        &[SupportedAudioCodec { id: CODEC_ID_OPUS, info: INFO }]
    }
}
