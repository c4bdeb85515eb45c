//! A native player: which sample leaves the loudspeaker when.
//!
//! [`Player`] does no I/O and reads no clock. It is given the local time, the server's frames, and pairs of device frame
//! and the instant at which that frame is heard; it says when to ping and what the device is to play. Two clocks are
//! related to the local one: the server's by [`octave_protocol::clock`], the device's by [`bridge`]. [`score`] holds
//! what sounds when, [`steer`] puts small errors right by speed.
//!
//! All times are microseconds in `f64`. Local times come from one monotonic clock of any origin.
//!
//! [`crate::listener`] is the shell around it.

pub mod bridge;
mod pace;
pub mod prober;
pub mod score;
pub mod steer;
#[cfg(test)]
mod tests;

use octave_protocol::client::Stat;
use octave_protocol::{ClientFrame, Duration, EntryId, ServerFrame, StageId};

use bridge::Bridge;
use prober::Prober;
use score::{Cue, GAPLESS_US, Score};
use steer::{Move, Steer};

/// In a crossfade levels are straight for so many parts of a second at most.
const FADED_PER_SECOND: f64 = 100.0;
/// How often the listener tells the stage how well it does.
const STAT_EVERY_US: f64 = 5e6;

/// What the device plays for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Device frames.
    pub frames: u32,
    /// Silence when absent.
    pub sound: Option<Sound>,
    /// The end of the song before, under the beginning of this one.
    pub ending: Option<Sound>,
}

/// A run of a song.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sound {
    pub entry: EntryId,
    /// Position in the song at the stretch's first frame.
    pub position_us: f64,
    /// How far the song moves on with each device frame; a player resamples by this over its song's own frame.
    pub step_us: f64,
    /// It does not go on where the one before stopped: cross-fade over some 8 ms.
    pub jumps: bool,
    /// Level of the first frame, and of the one after the last: straight from one to the other. 1 but in a crossfade.
    pub levels: (f64, f64),
}

/// How well a listener does.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measure {
    /// Server clock less local clock.
    pub offset_us: f64,
    /// Least round trip of the last minutes.
    pub rtt_us: f64,
    /// How much faster the server's clock runs than the local one.
    pub drift_ppm: f64,
    /// How much faster the device's clock runs than the local one.
    pub device_ppm: f64,
    /// How far the sound is ahead of the line; absent in silence.
    pub error_us: Option<f64>,
    /// The most that this listener can be off: half the round trip, one standard deviation, and the error.
    pub bound_us: f64,
    /// Starts anew in the middle of a song.
    pub jumps: u32,
}

/// One run of a song, as it is being played.
#[derive(Debug)]
struct Voice {
    cue: Cue,
    /// Of the next frame.
    position: f64,
    steer: Steer,
    fresh: bool,
}

impl Voice {
    /// As it should be at `server`.
    fn begin(cue: &Cue, server: f64) -> Self {
        let position = cue.line_at(server);
        Self { cue: cue.clone(), position, steer: Steer::new(server), fresh: position > 0.0 }
    }

    fn is_over(&self) -> bool {
        self.position >= self.cue.duration
    }

    /// Puts right what is off at `server`; whether that took a jump.
    fn correct(&mut self, server: f64) -> bool {
        let wanted = self.cue.line_at(server);
        let jumps = self.steer.decide(self.position - wanted, server) == Move::Jump;
        if jumps {
            (self.position, self.fresh) = (wanted, true);
        }
        jumps
    }

    /// What it plays in `frames` frames, each of which takes `step`; it moves on by them.
    fn play(&mut self, entry: EntryId, step: f64, frames: u32, levels: (f64, f64)) -> Sound {
        let (position_us, step_us) = (self.position, step * self.steer.speed());
        self.position += step_us * f64::from(frames);
        Sound { entry, position_us, step_us, jumps: std::mem::take(&mut self.fresh), levels }
    }
}

#[derive(Debug)]
pub struct Player {
    stage: StageId,
    rate: f64,
    prober: Prober,
    bridge: Bridge,
    score: Score,
    voice: Option<Voice>,
    /// The one before, while it fades out.
    ending: Option<Voice>,
    /// "My sound is this late", by hand.
    offset: f64,
    error: Option<f64>,
    jumps: u32,
    told_ready: i64,
    next_stat: f64,
}

impl Player {
    /// A listener in `stage` whose device plays `rate` frames per second.
    pub fn new(stage: StageId, rate: u32) -> Self {
        Self {
            stage,
            rate: f64::from(rate),
            prober: Prober::default(),
            bridge: Bridge::new(f64::from(rate)),
            score: Score::default(),
            voice: None,
            ending: None,
            offset: 0.0,
            error: None,
            jumps: 0,
            told_ready: -1,
            next_stat: f64::NEG_INFINITY,
        }
    }

    /// Plays earlier by `us`, for a loudspeaker that lags or a path that is known to be lopsided.
    pub fn set_offset(&mut self, us: f64) {
        self.offset = us;
    }

    /// What is to be sent now; call again at [`Player::wake`] and after every frame.
    pub fn due(&mut self, now: f64) -> Vec<ClientFrame> {
        let mut frames: Vec<ClientFrame> = self.prober.ping(now).into_iter().collect();
        let rev = self.score.rev();
        if self.prober.clock().is_ready() && self.bridge.is_ready() && rev > self.told_ready {
            // A player that loads songs says `buffering` until this one could sound at once.
            self.told_ready = rev;
            let timeline_rev = octave_protocol::Rev(rev);
            frames.push(ClientFrame::Ready(octave_protocol::client::Ready { stage: self.stage, timeline_rev }));
        }
        if let Some(error) = self.error.filter(|_| now >= self.next_stat) {
            self.next_stat = now + STAT_EVERY_US;
            frames.push(ClientFrame::Stat(self.stat(error, now)));
        }
        frames
    }

    /// When [`Player::due`] has something to send.
    pub fn wake(&self) -> f64 {
        self.prober.wake()
    }

    /// Takes what the server sent, read at `now`.
    pub fn hear(&mut self, frame: &ServerFrame, now: f64) {
        match frame {
            ServerFrame::Pong { re, t1_us, t2_us, .. } => {
                self.prober.pong(*re, t1_us.0 as f64, t2_us.0 as f64, now);
            }
            ServerFrame::Joined { stage, snapshot, .. } if *stage == self.stage => self.score.state(&snapshot.timeline),
            ServerFrame::Timeline { stage, timeline, .. } if *stage == self.stage => self.score.state(timeline),
            _ => {}
        }
    }

    /// Takes a time stamp of the device: `frame` is heard at `at`. Audio interfaces tell it with each block.
    pub fn stamp(&mut self, frame: f64, at: f64) {
        self.bridge.read(frame, at);
    }

    /// What the device is to play in `frames` frames from `from` on.
    pub fn fill(&mut self, from: u64, frames: u32) -> Vec<Stretch> {
        let (mut at, mut left) = (from as f64, frames);
        let mut stretches = Vec::new();
        while left > 0 {
            let stretch = self.next_stretch(at, left);
            at += f64::from(stretch.frames);
            left -= stretch.frames;
            stretches.push(stretch);
        }
        if let Some(now) = self.server_at(from as f64) {
            self.score.prune(now - GAPLESS_US);
        }
        stretches
    }

    pub fn measure(&self, now: f64) -> Measure {
        let clock = self.prober.clock();
        Measure {
            offset_us: clock.to_server(now) - now,
            rtt_us: clock.rtt_min(),
            drift_ppm: clock.drift_ppm(),
            device_ppm: self.bridge.ppm(),
            error_us: self.error,
            bound_us: clock.bound_us(now) + self.error.unwrap_or(0.0).abs(),
            jumps: self.jumps,
        }
    }

    fn stat(&self, error: f64, now: f64) -> Stat {
        let us = |x: f64| Duration(x.round() as i64);
        let clock = self.prober.clock();
        Stat {
            stage: self.stage,
            error_us: Some(us(error)),
            offset_sd_us: us(clock.sd_us(now)),
            rtt_us: us(clock.rtt_min()),
            rtt_p95_us: None,
            output_latency_us: None,
            offset_us: Some(us(self.offset)),
        }
    }

    /// Server time at which a device frame is heard.
    fn server_at(&self, frame: f64) -> Option<f64> {
        let clock = self.prober.clock();
        let local = self.bridge.to_local(frame).filter(|_| clock.is_ready())?;
        Some(clock.to_server(local) + self.offset)
    }

    fn frame_at(&self, server: f64) -> Option<f64> {
        self.bridge.to_frame(self.prober.clock().to_local(server - self.offset))
    }

    /// Up to `most` frames from `at` on in which one thing sounds.
    fn next_stretch(&mut self, at: f64, most: u32) -> Stretch {
        let silence = |frames| Stretch { frames, sound: None, ending: None };
        let Some(server) = self.server_at(at) else { return silence(most) };
        let sounding = self.cue_for(server).and_then(|cue| Some((cue.entry?, cue)));
        let Some((entry, cue)) = sounding else {
            (self.voice, self.ending, self.error) = (None, None, None);
            return silence(self.frames_until(self.score.after(server), at, most));
        };
        let step = self.server_at(at + self.rate).map_or(1e6 / self.rate, |later| (later - server) / self.rate);
        let next = self.score.after(server);
        // A song that the next one follows is played to its own end, not to the announced instant.
        let most = if next.is_some_and(|n| cue.joins(n)) { most } else { self.frames_until(next, at, most) };
        let most = if cue.ending_at(server).is_some() { most.min((self.rate / FADED_PER_SECOND) as u32) } else { most };
        let (voice, error) = self.held(&cue, server);
        let to_end = ((cue.duration - voice.position) / (step * voice.steer.speed())).ceil().max(1.0);
        let frames = most.min(to_end as u32);
        let (first, last) = (cue.levels_at(server), cue.levels_at(server + step * f64::from(frames)));
        let sound = voice.play(entry, step, frames, (first.0, last.0));
        self.error = Some(error);
        let ending =
            self.ending_under(&cue, server).map(|(entry, ending)| ending.play(entry, step, frames, (first.1, last.1)));
        Stretch { frames, sound: Some(sound), ending }
    }

    /// The voice that fades out under the beginning of `cue`, if one does.
    fn ending_under(&mut self, cue: &Cue, server: f64) -> Option<(EntryId, &mut Voice)> {
        let Some(ending) = cue.ending_at(server) else {
            self.ending = None;
            return None;
        };
        let voice = self.ending.get_or_insert_with(|| Voice::begin(&ending.cue, server));
        self.jumps += u32::from(voice.correct(server));
        Some((voice.cue.entry.filter(|_| !voice.is_over())?, voice))
    }

    /// What is to sound at `server`. Where one song joins the next, the voice's own end decides, not the instant.
    fn cue_for(&self, server: f64) -> Option<Cue> {
        let (now, next) = (self.score.at(server), self.score.after(server));
        let cue = match &self.voice {
            Some(voice) if voice.is_over() => next.filter(|n| voice.cue.joins(n) && n.at - server < GAPLESS_US),
            Some(voice) => now.filter(|n| voice.cue.joins(n) && server - n.at < GAPLESS_US).map(|_| &voice.cue),
            None => None,
        };
        let over = self.voice.as_ref().is_some_and(Voice::is_over);
        let in_force = now.filter(|n| n.sounds_at(server) && !(over && self.is_held(n)));
        cue.or(in_force).cloned()
    }

    fn is_held(&self, cue: &Cue) -> bool {
        self.voice.as_ref().is_some_and(|voice| voice.cue.is_line_of(cue))
    }

    /// The voice for a cue, and how far it is ahead. A cue that does not sound yet begins where it should be now.
    fn held(&mut self, cue: &Cue, server: f64) -> (&mut Voice, f64) {
        let wanted = cue.line_at(server);
        match &mut self.voice {
            Some(voice) if voice.cue.is_line_of(cue) => self.jumps += u32::from(voice.correct(server)),
            // On the very frame on which the song before ended.
            Some(voice) if voice.is_over() && voice.cue.joins(cue) => {
                voice.position -= voice.cue.duration;
                voice.cue = cue.clone();
            }
            Some(voice) if cue.ending_at(server).is_some_and(|ending| voice.cue.is_line_of(&ending.cue)) => {
                self.ending = self.voice.take();
            }
            _ => self.voice = None,
        }
        let voice = self.voice.get_or_insert_with(|| Voice::begin(cue, server));
        let error = voice.position - wanted;
        (voice, error)
    }

    fn frames_until(&self, next: Option<&Cue>, at: f64, most: u32) -> u32 {
        let Some(frame) = next.and_then(|n| self.frame_at(n.at)) else { return most };
        ((frame - at).ceil().max(1.0)).min(f64::from(most)) as u32
    }
}
