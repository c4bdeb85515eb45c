//! A first look at a song: whether it can be decoded, and how long it is.
//!
//! The length is the number of frames that a browser plays over the sample rate, counted packet by packet to the end:
//! headers lie, and every listener's clock trusts the length found here. An encoder pads: an MP3 begins with
//! 1,105 frames of delay and ends with some of padding, AAC begins with 1,024 or 2,112, Opus with its pre-skip.
//! `decodeAudioData` and `<audio>` leave out what the file declares to be such (LAME's tag, an MP4 edit list, an Ogg
//! granule position), so these frames are left out here as well: counted in, each song would end in 20 to 50 ms of
//! silence, and positions would be late by the delay. What is not declared is played, and is counted.
//!
//! Nothing is decoded but the first second, so that a look costs little more than reading the file.

use std::path::Path;

use octave_protocol::Duration;
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::packet::Packet;

use super::Format;
use super::effort::Effort;
use super::gapless::Padding;
use super::mpeg::Mp3;
use super::opus::Head;
use super::probe::{Link, Next, Packets};
use super::refusal::{AudioError, MAX_DURATION};
use super::sniff::Found;

/// Shortest song.
pub(super) const MIN_DURATION: Duration = Duration::from_secs(1);

/// A stream with this many packets in a row that can't be decoded is not what it claims to be.
const MAX_BAD_IN_A_ROW: u32 = 50;

const MAX_CHANNELS: u32 = 8;
const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=384_000;

/// What is known of a song before all of it was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub format: Format,
    pub duration: Duration,
    /// In hertz.
    pub sample_rate: u32,
    pub channels: u32,
}

/// Reads the whole file, and decodes a second of it.
pub(super) fn look(path: &Path, found: &Found, effort: &Effort) -> Result<Looked, AudioError> {
    let mut packets = Packets::open(path, found, effort)?;
    let format = packets.link().format;
    let mut trial = Trial::of(packets.link())?;
    let mut length = Length::of(packets.link());
    while let Some(next) = packets.next() {
        match next {
            Next::Packet(packet) => {
                length.add(&packet);
                trial.add(&packet)?;
            }
            Next::Link => {
                length.next(packets.link());
                trial.next(packets.link());
            }
        }
        effort.check()?;
        if length.so_far() > MAX_DURATION {
            return Err(AudioError::TooLong);
        }
    }
    // What could not be read for want of it is no end of the file.
    effort.check()?;
    let (sample_rate, channels) = trial.finish()?;
    let duration = match format {
        Format::M4a => length.so_far().min(trial.lasting(length.packets)),
        _ => length.so_far(),
    };
    if duration < MIN_DURATION {
        return Err(AudioError::TooShort);
    }
    Ok(Looked { format, duration, sample_rate, channels })
}

/// Adds up the frames that are played.
struct Length {
    format: Format,
    done: Duration,
    scale: (u64, u64),
    padding: Padding,
    /// Frames of this stream, without those that the container says to leave out packet by packet.
    frames: u64,
    packets: u64,
    longest: u64,
    pre_skip: u64,
}

impl Length {
    fn of(link: &Link) -> Self {
        let head = link.params.extra_data.as_deref().filter(|_| link.format == Format::Opus).and_then(Head::read);
        Self {
            format: link.format,
            done: Duration(0),
            scale: link.scale,
            padding: link.padding,
            frames: 0,
            packets: 0,
            longest: 0,
            pre_skip: head.map_or(0, |head| head.pre_skip.into()),
        }
    }

    fn add(&mut self, packet: &Packet) {
        let frames = match self.format {
            Format::Mp3 => Mp3::of(&packet.data).map_or(0, |header| header.samples),
            // What an index says of the last one may be less than is decoded.
            Format::M4a => {
                self.longest = self.longest.max(packet.dur.get());
                self.longest
            }
            _ => packet.dur.get(),
        };
        self.frames = self.frames.saturating_add(frames);
        self.packets += 1;
    }

    fn next(&mut self, link: &Link) {
        *self = Self { done: self.so_far(), ..Self::of(link) };
    }

    /// Rounded to the nearest microsecond.
    fn so_far(&self) -> Duration {
        let frames = self.padding.played(self.frames.saturating_sub(self.pre_skip));
        let (units, over) = (u128::from(self.scale.0.max(1)), u128::from(self.scale.1));
        let us = (u128::from(frames) * over * 1_000_000 + units / 2) / units;
        Duration(self.done.0.saturating_add(i64::try_from(us).unwrap_or(i64::MAX)))
    }
}

/// Decodes until it is clear that the rest can be.
struct Trial {
    decoder: Box<dyn AudioDecoder>,
    rate: u32,
    channels: u32,
    frames: u64,
    longest: u64,
    bad_in_a_row: u32,
}

impl Trial {
    fn of(link: &Link) -> Result<Self, AudioError> {
        Ok(Self { decoder: link.decoder()?, rate: 0, channels: 0, frames: 0, longest: 0, bad_in_a_row: 0 })
    }

    fn begin(&mut self, rate: u32, channels: u32) -> Result<(), AudioError> {
        if !SAMPLE_RATES.contains(&rate) || !(1..=MAX_CHANNELS).contains(&channels) {
            return Err(AudioError::Codec);
        }
        (self.rate, self.channels) = (rate, channels);
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.bad_in_a_row > MAX_BAD_IN_A_ROW || (self.rate > 0 && self.frames >= self.rate.into())
    }

    fn add(&mut self, packet: &Packet) -> Result<(), AudioError> {
        if self.is_over() {
            return Ok(());
        }
        let Ok(sound) = self.decoder.decode(packet) else {
            self.bad_in_a_row += 1;
            return Ok(());
        };
        let (rate, channels) = (sound.spec().rate(), u32::try_from(sound.spec().channels().count()).unwrap_or(0));
        self.bad_in_a_row = 0;
        self.frames += sound.frames() as u64;
        self.longest = self.longest.max(sound.frames() as u64);
        if self.rate == 0 { self.begin(rate, channels) } else { Ok(()) }
    }

    fn next(&mut self, link: &Link) {
        if !self.is_over()
            && let Ok(decoder) = link.decoder()
        {
            self.decoder = decoder;
        }
    }

    /// How long so many packets are heard, all as long as the longest: an index may say that they last for hours.
    fn lasting(&self, packets: u64) -> Duration {
        let us = u128::from(packets) * u128::from(self.longest) * 1_000_000 / u128::from(self.rate.max(1));
        Duration(i64::try_from(us).unwrap_or(i64::MAX))
    }

    fn finish(&self) -> Result<(u32, u32), AudioError> {
        let is_enough = self.frames >= u64::from(self.rate);
        match self.rate {
            0 if self.bad_in_a_row > MAX_BAD_IN_A_ROW => Err(AudioError::Broken),
            rate if rate > 0 && is_enough => Ok((rate, self.channels)),
            _ => Err(AudioError::TooShort),
        }
    }
}
