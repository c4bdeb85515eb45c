//! Opus for symphonia, which has no decoder of its own: an adapter of a pure Rust one, so that neither building Octave
//! nor reading a stranger's file needs C code.

use opus_decoder::OpusDecoder;
use symphonia::core::audio::{
    AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, GenericAudioBufferRef, layouts,
};
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

/// Where the pre-skip stands in the identification header (RFC 7845, section 5.1), little-endian.
const PRE_SKIP: std::ops::Range<usize> = 10..12;

pub(super) struct Opus {
    params: AudioCodecParameters,
    decoder: OpusDecoder,
    channels: usize,
    /// One packet, interleaved.
    pcm: Vec<f32>,
    sound: AudioBuffer<f32>,
    /// Frames at the start that only bring the decoder into tune.
    pre_skip: usize,
}

impl Opus {
    fn new(params: &AudioCodecParameters) -> Result<Self> {
        let (channels, layout) = match params.channels.as_ref().map(symphonia::core::audio::Channels::count) {
            Some(1) => (1, layouts::CHANNEL_LAYOUT_MONO),
            Some(2) => (2, layouts::CHANNEL_LAYOUT_STEREO),
            _ => return unsupported_error("opus: only mono and stereo"),
        };
        let decoder = OpusDecoder::new(RATE, channels).map_err(|_| Error::Unsupported("opus: no decoder"))?;
        let head = params.extra_data.as_deref().and_then(|head| head.get(PRE_SKIP));
        let pre_skip = head.map_or(0, |le| usize::from(u16::from_le_bytes([le[0], le[1]])));
        Ok(Self {
            params: params.clone(),
            decoder,
            channels,
            pcm: vec![0.0; LONGEST_PACKET * channels],
            sound: AudioBuffer::new(AudioSpec::new(RATE, layout), LONGEST_PACKET),
            pre_skip,
        })
    }
}

impl AudioDecoder for Opus {
    fn reset(&mut self) {
        self.decoder.reset();
    }

    fn codec_info(&self) -> &CodecInfo {
        &Self::supported_codecs()[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.sound.clear();
        let Ok(frames) = self.decoder.decode_float(packet.data, &mut self.pcm, false) else {
            return decode_error("opus: broken packet");
        };
        self.sound.render_uninit(Some(frames));
        self.sound.copy_from_slice_interleaved(&&self.pcm[..frames * self.channels]);
        let skip = std::mem::take(&mut self.pre_skip);
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
