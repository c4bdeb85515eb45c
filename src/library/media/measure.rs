//! Measures a song's sound by decoding all of it.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use ebur128::{EbuR128, Mode};
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::errors::Error as DecodeError;

use super::effort::Effort;
use super::probe::{Next, Packets};
use super::refusal::AudioError;
use super::sniff::Found;
use super::waveform::Waveform;

/// What a song sounds like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Integrated loudness after EBU R 128 in thousandths of a LUFS; absent for silence.
    pub loudness_mlufs: Option<i64>,
    /// Highest true peak of all channels in thousandths of a dBTP; absent for silence.
    pub true_peak_mdb: Option<i64>,
    /// Peaks for drawing, evenly spaced, 255 is full scale.
    pub waveform: Vec<u8>,
}

/// Decodes the whole file; about a second for five minutes of music.
///
/// Ends early when nobody waits for it any more.
pub(super) fn measure(
    path: &Path,
    found: &Found,
    effort: &Effort,
    is_dropped: &AtomicBool,
) -> Result<Sound, AudioError> {
    let mut packets = Packets::open(path, found, effort)?;
    let mut decoder = packets.link().decoder()?;
    let mut meter: Option<Meter> = None;
    while let Some(next) = packets.next() {
        if is_dropped.load(Ordering::Relaxed) {
            return Err(AudioError::Io(io::ErrorKind::Interrupted.into()));
        }
        effort.check()?;
        let Next::Packet(packet) = next else {
            decoder = packets.link().decoder()?;
            continue;
        };
        match decoder.decode(&packet) {
            Ok(sound) if sound.frames() > 0 => {
                effort.heard(sound.frames(), sound.spec().rate());
                if meter.is_none() {
                    meter = Some(Meter::of(&sound)?);
                }
                if let Some(meter) = &mut meter {
                    meter.add(&sound)?;
                }
            }
            // What can't be decoded players leave out too.
            Ok(_) | Err(DecodeError::DecodeError(_)) => {}
            Err(_) => break,
        }
    }
    effort.check()?;
    Ok(meter.ok_or(AudioError::NoAudio)?.finish())
}

struct Meter {
    rate: u32,
    channels: usize,
    loudness: EbuR128,
    waveform: Waveform,
    samples: Vec<f32>,
}

impl Meter {
    fn of(sound: &GenericAudioBufferRef<'_>) -> Result<Self, AudioError> {
        let (rate, channels) = (sound.spec().rate(), sound.spec().channels().count());
        // Each block's energy is kept (3.5 MB for twelve hours): a histogram rounds the gate, and a block at its edge
        // changes a sound that fades away by more than a LU.
        let mode = Mode::I | Mode::TRUE_PEAK;
        let loudness = EbuR128::new(u32::try_from(channels).unwrap_or(0), rate, mode).map_err(|_| AudioError::Codec)?;
        Ok(Self { rate, channels, loudness, waveform: Waveform::new(), samples: Vec::new() })
    }

    /// A foreign frame among the song's is passed over: players skip it too.
    fn add(&mut self, sound: &GenericAudioBufferRef<'_>) -> Result<(), AudioError> {
        if sound.spec().rate() == self.rate && sound.spec().channels().count() == self.channels {
            sound.copy_to_vec_interleaved(&mut self.samples);
            self.waveform.add(&self.samples, self.channels);
            self.loudness.add_frames_f32(&self.samples).map_err(|_| AudioError::Broken)?;
        }
        Ok(())
    }

    fn finish(self) -> Sound {
        let meter = self.loudness;
        let peak = (0..meter.channels()).filter_map(|c| meter.true_peak(c).ok()).fold(0.0, f64::max);
        Sound {
            loudness_mlufs: thousandths(meter.loudness_global().ok()),
            true_peak_mdb: thousandths((peak > 0.0).then(|| 20.0 * peak.log10())),
            waveform: self.waveform.finish(),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "decibels are small numbers")]
fn thousandths(value: Option<f64>) -> Option<i64> {
    value.filter(|v| v.is_finite()).map(|v| (v * 1000.0).round() as i64)
}
