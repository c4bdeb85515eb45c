//! What is to sound when: the server's statements as a short list of cues.
//!
//! A cue holds from its instant until the next one's. A statement whose instant lies ahead leaves what sounds now in
//! force until then; the announced next song is a cue of its own, so that it begins without a further word.

use octave_protocol::EntryId;
use octave_protocol::model::{self, Timeline};

/// A song that ends this near to the announced start of the next one is followed on the very frame.
pub const GAPLESS_US: f64 = 30_000.0;
/// Two statements of one line of play differ by less.
const SAME_LINE_US: f64 = 1_000.0;

/// From server time `at` on the song of `entry` sounds from `position` on, or nothing does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cue {
    pub at: f64,
    pub entry: Option<EntryId>,
    pub position: f64,
    pub duration: f64,
    pub playing: bool,
    /// What goes on under its beginning, fading out.
    pub ending: Option<Box<Ending>>,
}

/// A cue that has been taken over from, and sounds until then all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    pub cue: Cue,
    pub until: f64,
}

impl Cue {
    /// Whether a song sounds at a server time.
    pub fn sounds_at(&self, server: f64) -> bool {
        self.playing && self.line_at(server) < self.duration
    }

    /// The position that a playing cue asks for at a server time, were the song endless.
    pub fn line_at(&self, server: f64) -> f64 {
        self.position + (server - self.at)
    }

    /// Whether the song ends where `next` begins, so that it is followed without a gap or an overlap.
    pub fn joins(&self, next: &Self) -> bool {
        let end = self.at + self.duration - self.position;
        self.playing && next.playing && next.position == 0.0 && (next.at - end).abs() < GAPLESS_US
    }

    /// What fades out under it at a server time.
    pub fn ending_at(&self, server: f64) -> Option<&Ending> {
        self.ending.as_deref().filter(|ending| server < ending.until)
    }

    /// Levels of this song and of the one that ends under it, of equal power: the squares of both make one.
    pub fn levels_at(&self, server: f64) -> (f64, f64) {
        let Some(Ending { until, .. }) = self.ending.as_deref() else { return (1.0, 0.0) };
        let share = ((server - self.at) / (until - self.at)).clamp(0.0, 1.0);
        (share * std::f64::consts::FRAC_PI_2).sin_cos()
    }

    /// Whether both are one stretch of play.
    pub fn is_line_of(&self, other: &Self) -> bool {
        self.playing
            && other.playing
            && self.entry == other.entry
            && (self.line_at(other.at) - other.position).abs() < SAME_LINE_US
    }
}

#[derive(Debug, Default)]
pub struct Score {
    /// In the order of time.
    cues: Vec<Cue>,
    rev: i64,
}

impl Score {
    /// The number of the statement in force.
    pub fn rev(&self) -> i64 {
        self.rev
    }

    /// Takes a statement; one that is older than what is known, or the same again, changes nothing.
    pub fn state(&mut self, timeline: &Timeline) {
        if timeline.rev.0 <= self.rev {
            return;
        }
        self.rev = timeline.rev.0;
        let song = timeline.song.as_ref();
        let stated = Cue {
            at: timeline.at_us.0 as f64,
            entry: timeline.entry,
            position: timeline.position_us.0 as f64,
            duration: song.map_or(0.0, |s| s.duration_us.0 as f64),
            playing: timeline.playing && song.is_some(),
            ending: timeline.ending.as_ref().map(|ending| Box::new(ending_in(timeline.at_us.0 as f64, ending))),
        };
        self.cues.retain(|cue| cue.at < stated.at);
        if !self.cues.last().is_some_and(|last| last.is_line_of(&stated)) {
            self.cues.push(stated);
        }
        if let Some((next, at)) = timeline.next.as_ref().and_then(|n| Some((n, n.at_us?))).filter(|_| timeline.playing)
        {
            let ending = next.crossfade_us.zip(self.cues.last()).map(|(crossfade, now)| {
                let cue = Cue { ending: None, ..now.clone() };
                Box::new(Ending { cue, until: (at + crossfade).0 as f64 })
            });
            self.cues.push(Cue {
                at: at.0 as f64,
                entry: Some(next.entry),
                position: 0.0,
                duration: next.song.duration_us.0 as f64,
                playing: true,
                ending,
            });
        }
    }

    /// The cue in force at a server time.
    pub fn at(&self, server: f64) -> Option<&Cue> {
        self.cues.iter().rfind(|cue| cue.at <= server)
    }

    /// The one that takes over next.
    pub fn after(&self, server: f64) -> Option<&Cue> {
        self.cues.iter().find(|cue| cue.at > server)
    }

    /// Drops what is over, all but the cue in force.
    pub fn prune(&mut self, server: f64) {
        let over = self.cues.iter().filter(|cue| cue.at <= server).count().saturating_sub(1);
        self.cues.drain(..over);
    }
}

fn ending_in(at: f64, ending: &model::Ending) -> Ending {
    let cue = Cue {
        at,
        entry: Some(ending.entry),
        position: ending.position_us.0 as f64,
        duration: ending.song.duration_us.0 as f64,
        playing: true,
        ending: None,
    };
    Ending { cue, until: at + ending.crossfade_us.0 as f64 }
}
