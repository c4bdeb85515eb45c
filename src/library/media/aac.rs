//! AAC for symphonia, whose own decoder knows LC of one and two channels: an adapter of one that knows up to 7.1, SBR and
//! parametric stereo as well. `docs/adr/0014` says which, and what it costs.

use rusty_aac::config::{StreamConfig, aot, parse};
use rusty_aac::decode::Decoder;
use symphonia::core::audio::{
    AsGenericAudioBufferRef, Audio as _, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

/// Frames of a packet: 1,024, and twice as many with SBR.
const LONGEST_PACKET: usize = 2_048;

/// What a packet of ADTS is when its header tells no more.
const CHANNELS: [u8; 9] = [0, 1, 2, 3, 4, 5, 6, 0, 7];

pub(super) struct Aac {
    params: AudioCodecParameters,
    config: StreamConfig,
    decoder: Decoder,
    sound: AudioBuffer<f32>,
}

impl Aac {
    fn new(params: &AudioCodecParameters) -> Result<Self> {
        let config = match &params.extra_data {
            Some(asc) => parse(asc).ok(),
            // ADTS: each packet's header said the same of all.
            None => params.sample_rate.map(|rate| {
                let count = params.channels.as_ref().map_or(0, Channels::count);
                StreamConfig::lc(aot::AAC_LC, rate, CHANNELS.get(count).copied().unwrap_or(0))
            }),
        };
        // Of the other kinds browsers play none, or not all of them do.
        let Some(config) = config.filter(|config| config.object_type == aot::AAC_LC) else {
            return unsupported_error("aac: another kind than LC and HE");
        };
        let Ok(decoder) = Decoder::with_stream_config(config.clone()) else {
            return unsupported_error("aac: unusual configuration");
        };
        let sound = AudioBuffer::new(AudioSpec::new(config.sample_rate, Channels::Discrete(2)), LONGEST_PACKET);
        Ok(Self { params: params.clone(), config, decoder, sound })
    }
}

impl AudioDecoder for Aac {
    fn reset(&mut self) {
        if let Ok(decoder) = Decoder::with_stream_config(self.config.clone()) {
            self.decoder = decoder;
        }
    }

    fn codec_info(&self) -> &CodecInfo {
        &Self::supported_codecs()[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.sound.clear();
        let Ok(decoded) = self.decoder.decode(packet.data, None) else {
            return decode_error("aac: broken packet");
        };
        // Rate and channels are known by the sound alone: SBR doubles the one, parametric stereo the other.
        let spec = AudioSpec::new(decoded.sample_rate, Channels::Discrete(decoded.channels));
        if *self.sound.spec() != spec || self.sound.capacity() < decoded.frames() {
            self.sound = AudioBuffer::new(spec, decoded.frames().max(LONGEST_PACKET));
        }
        self.sound.render_uninit(Some(decoded.frames()));
        let channels = usize::from(decoded.channels);
        for plane in 0..channels {
            let samples = decoded.samples.iter().skip(plane).step_by(channels);
            for (out, sample) in self.sound.plane_mut(plane).into_iter().flatten().zip(samples) {
                *out = *sample;
            }
        }
        Ok(self.sound.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.sound.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for Aac {
    fn try_registry_new(params: &AudioCodecParameters, _: &AudioDecoderOptions) -> Result<Box<dyn AudioDecoder>> {
        Ok(Box::new(Self::new(params)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        const INFO: CodecInfo = CodecInfo { short_name: "aac", long_name: "Advanced Audio Coding", profiles: &[] };
        &[SupportedAudioCodec { id: CODEC_ID_AAC, info: INFO }]
    }
}
