//! A small language for rooms. A line is a command (`ana queues A 3:00`) or time that passes (`+1:00`); lines that begin
//! with `>` say what must have happened since the command above. Times count from the script's start.

mod verbs;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use octave_protocol::client::ControlAction;
use octave_protocol::model::{Adding, Control, Repeat, Song, StartBarrier, Succession, User, Visibility};
use octave_protocol::{Duration, EntryId, GuestRights, Instant, Rev, SongId, StageId, UserId};

use crate::stage::core::{
    About, Admission, Cause, Command, Durable, Entry, Event, Immediate, Motion, QueueEvent, Reach, Refusal, Stage,
    Steer,
};
use verbs::{about_somebody, change};

const START: Instant = Instant(1_700_000_000_000_000);

/// Guests have a star behind their name.
pub(super) fn user(name: &str) -> Arc<User> {
    let guest = name.ends_with('*');
    let id = name.bytes().fold(0, |id, b| id * 131 + i64::from(b)) % 100_003 + 2;
    Arc::new(User { id: UserId(if name == "ana" { 1 } else { id }), username: name.into(), avatar_url: None, guest })
}

pub(super) fn song(title: &str, length: Duration) -> Arc<Song> {
    let id = SongId(title.bytes().fold(0, |id, b| id * 131 + i64::from(b)));
    Arc::new(Song {
        id,
        title: title.into(),
        artist: "somebody".into(),
        artist_id: None,
        album: None,
        album_id: None,
        duration_us: length,
        cover_url: None,
        audio_url: format!("/api/v1/songs/{id}/audio"),
        mime: "audio/flac".into(),
        loudness_lufs: None,
    })
}

/// A public stage of ana's that everybody may steer.
pub(super) fn stage() -> Stage {
    Stage::new(About {
        id: StageId(7),
        name: "Attic".into(),
        host: user("ana"),
        genres: Vec::new(),
        cover: None,
        visibility: Visibility::Public,
        control: Control::Everyone,
        adding: Adding::default(),
        start: StartBarrier::default(),
        slow_mode: octave_protocol::Duration::ZERO,
        guests: GuestRights::ALL,
        succession: Succession::People,
        sound: crate::stage::core::Sound::default(),
        turns: crate::stage::core::Turns::default(),
        speaker: None,
        playlists: Vec::new(),
        created: START,
    })
}

/// Runs the script and compares what it says with what happens.
pub(super) fn check(script: &str) -> Stage {
    let wanted: String =
        script.lines().map(str::trim).filter(|l| !l.is_empty()).fold(String::new(), |s, l| s + l + "\n");
    let play = Play::of(&wanted);
    assert_eq!(play.said, wanted, "\nwhat happened:\n{}\n", play.said);
    play.stage
}

/// Runs a script that says nothing of what happens.
pub(super) fn after(script: &str) -> Stage {
    Play::of(script).stage
}

struct Play {
    stage: Stage,
    now: Instant,
    said: String,
}

impl Play {
    fn of(script: &str) -> Self {
        let mut play = Self { stage: stage(), now: START, said: String::new() };
        for line in script.lines().filter(|l| !l.starts_with('>')) {
            play.said.push_str(line);
            play.said.push('\n');
            play.line(line);
        }
        play
    }

    fn line(&mut self, line: &str) {
        if let Some(length) = line.strip_prefix('+') {
            return self.pass(time(length));
        }
        let mut words = line.split_whitespace();
        let (who, verb) = (words.next().unwrap(), words.next().unwrap());
        let rest: Vec<&str> = words.collect();
        let who = user(who);
        if verb == "shuns" {
            self.happens(&Immediate::Shuns { users: rest.iter().map(|name| user(name).id).collect() });
        }
        if verb == "says" {
            return self.says(&who, &rest.join(" "));
        }
        for command in self.commands(&who, verb, &rest) {
            self.does(who.id, command);
        }
        self.settle();
    }

    fn does(&mut self, who: UserId, command: Command) {
        match self.stage.decide(who, command, self.now) {
            Ok(decided) => decided.events().for_each(|event| self.happens(event)),
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn says(&mut self, who: &User, text: &str) {
        match self.stage.line(who.id, text.into(), None, None, self.now) {
            Ok(line) => writeln!(self.said, "> {}: {}", line.from.username, line.text).unwrap(),
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn pass(&mut self, length: Duration) {
        let until = self.now + length;
        while let Some(due) = self.stage.next_due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.settle();
        }
        self.now = until;
    }

    fn settle(&mut self) {
        loop {
            let events = self.stage.settle(self.now);
            if events.is_empty() && self.stage.is_out_of_order() {
                self.does(self.stage.about().host.id, Command::Arrange);
                continue;
            }
            if events.is_empty() {
                return;
            }
            for event in &events {
                self.happens(event);
            }
        }
    }

    fn commands(&self, who: &Arc<User>, verb: &str, rest: &[&str]) -> Vec<Command> {
        let entry = |i: usize| self.entry(rest[i]);
        vec![match verb {
            "joins" => {
                let admission = match rest.first() {
                    Some(&"invited") => Admission::Invited,
                    Some(&"befriended") => Admission::Friend,
                    Some(&"as-guest") => Admission::Guest(GuestRights::of_words(rest[1])),
                    _ => Admission::Stranger,
                };
                Command::Join { user: who.clone(), admission }
            }
            "leaves" => Command::Leave,
            "queues" => {
                let songs = rest.chunks(2).map(|s| song(s[0], time(s[1]))).collect();
                Command::Add { songs, position: None }
            }
            "inserts" => Command::Add { songs: vec![song(rest[0], time(rest[1]))], position: rest[2].parse().ok() },
            "retitles" => {
                let old = song(rest[0], time("1:00"));
                Command::Correct { songs: vec![Arc::new(Song { title: rest[1].into(), ..Song::clone(&old) })] }
            }
            "removes" => Command::Remove { entry: entry(0) },
            "moves" => Command::Move { entry: entry(0), position: rest[1].parse().unwrap() },
            "clears" => Command::Clear,
            "shuffles" => Command::Shuffle { seed: 1 },
            "shuffles-rest" => Command::ShuffleRest { seed: 1 },
            "votes" => Command::Vote { entry: entry(0) },
            "suggests" => Command::Suggest { songs: vec![song(rest[0], time("1:00"))] },
            "accepts" => Command::Accept { entry: entry(0) },
            "declines" => Command::Decline { entry: entry(0) },
            "has-gone" => Command::Withdraw { guest: who.id },
            "repeats" => Command::SetMode {
                repeat: Some(match rest[0] {
                    "one" => Repeat::One,
                    "all" => Repeat::All,
                    _ => Repeat::Off,
                }),
                shuffle: None,
            },
            "mixes" => Command::SetMode { repeat: None, shuffle: Some(true) },
            "plays" | "pauses" | "seeks" | "skips" | "double-clicks" | "returns" => return self.steers(verb, rest),
            "dislikes" => Command::SkipVote,
            "loads" => Command::Buffering,
            "steers-by" => Command::Remotes { seats: rest[0].parse().unwrap() },
            "is-ready" => Command::Ready { rev: self.stage.timeline().rev() },
            "was-ready" => Command::Ready { rev: Rev(0) },
            "measures" => Command::Stat { error: None, reach: reach(rest) },
            "names" | "kicks" | "bans" | "pardons" => about_somebody(verb, user(rest[0]), rest.get(1)),
            "waits" | "lets" | "lets-add" | "opens-to" | "goes-on" | "fades" | "lets-guests" | "orders" | "limits"
            | "lets-sound" => Command::Update(change(verb, rest)),
            "mutes" => Command::Mute { user: user(rest[0]), until: rest.get(1).map(|length| self.now + time(length)) },
            "unmutes" => Command::Unmute { user: user(rest[0]).id },
            "sends-guests-home" => Command::SendGuestsHome,
            "is-missed" => Command::Succeed,
            "reacts" => Command::React { emoji: "🎉".into() },
            "shuns" => Command::ShutOut,
            "ends" => Command::End,
            other => panic!("unknown verb {other}"),
        }]
    }

    fn entry(&self, title: &str) -> EntryId {
        let entries = self.stage.queue().entries().map(|(_, entry)| entry).chain(&self.stage.suggestions);
        entries.into_iter().find(|entry| entry.song.title == title).map_or(EntryId(999), |entry| entry.id)
    }

    fn steers(&self, verb: &str, rest: &[&str]) -> Vec<Command> {
        let action = match verb {
            "plays" => ControlAction::Play,
            "pauses" => ControlAction::Pause,
            "seeks" => ControlAction::Seek,
            "returns" => ControlAction::Previous,
            _ => ControlAction::Skip,
        };
        let plain = Steer { action, position: None, entry: None, expect_rev: None };
        let steers = match verb {
            "seeks" => vec![Steer { position: Some(time(rest[0])), ..plain }],
            "double-clicks" => vec![Steer { expect_rev: Some(self.stage.timeline().rev()), ..plain }; 2],
            _ => vec![Steer { entry: rest.first().map(|title| self.entry(title)), ..plain }],
        };
        steers.into_iter().map(Command::Control).collect()
    }

    fn refuse(&mut self, refusal: Refusal) {
        let code = serde_json::to_value(refusal.code()).unwrap();
        writeln!(self.said, "> {}", code.as_str().unwrap()).unwrap();
    }

    /// Applies the fact, then tells it.
    fn happens<'a>(&mut self, event: impl Into<Event<'a>>) {
        let event = event.into();
        self.stage.evolve(event);
        let told = match event {
            Event::Durable(event) => self.durable(event),
            Event::Immediate(event) => self.immediate(event),
        };
        if let Some(told) = told {
            writeln!(self.said, "> {told}").unwrap();
        }
    }

    fn durable(&self, event: &Durable) -> Option<String> {
        Some(match event {
            Durable::Queue(QueueEvent::Voted { entry, .. }) => format!("{} votes", self.stage.queue().votes(*entry)),
            Durable::Queue(QueueEvent::ModeSet { .. }) => return None,
            Durable::Queue(_) => self.queue(),
            Durable::Suggested { .. } | Durable::Settled { .. } => self.wishes(),
            Durable::RoleSet { user, role, .. } => format!("{} is {role:?}", user.username).to_lowercase(),
            Durable::Kicked { user, .. } => format!("{} is kicked", user.username),
            Durable::Banned { user, .. } => format!("{} is banned", user.username),
            Durable::Muted { user, .. } => format!("{} is muted", user.username),
            Durable::Unmuted { .. } => "somebody may speak again".into(),
            Durable::ShutOut { user } => format!("{} is shut out", user.username),
            Durable::Ended { .. } => "the end".into(),
            _ => return None,
        })
    }

    fn immediate(&self, event: &Immediate) -> Option<String> {
        match event {
            Immediate::Timeline { cause, .. } => Some(self.timeline(*cause)),
            Immediate::SkipVoted { .. } => {
                let (votes, needed) = self.stage.skip_votes();
                Some(format!("{votes} of {needed}"))
            }
            _ => None,
        }
    }

    fn queue(&self) -> String {
        let titles: Vec<&str> = self.stage.queue().entries().map(|(_, e)| e.song.title.as_str()).collect();
        format!("queue {}", titles.join(" ")).trim_end().into()
    }

    fn wishes(&self) -> String {
        let told = |entry: &Arc<Entry>| format!("{} of {}", entry.song.title, entry.added_by.username);
        let wishes: Vec<String> = self.stage.suggestions.iter().map(told).collect();
        if wishes.is_empty() { "no wishes".into() } else { format!("wishes {}", wishes.join(", ")) }
    }

    fn timeline(&self, cause: Cause) -> String {
        let said = self.stage.timeline().said();
        let title = said.track.as_ref().map_or("", |t| t.song.title.as_str());
        let (position, at) = (show(said.position), show(said.at - START));
        let mut told = match said.motion {
            Motion::Stopped if said.track.is_none() => "silence".into(),
            Motion::Stopped => format!("{title} stops in {position} at {at}"),
            Motion::Waiting { .. } => format!("{title} waits in {position}"),
            Motion::Dry => format!("dry at {at}"),
            Motion::Playing => format!("{title} from {position} at {at}"),
        };
        if cause == Cause::Announced {
            told = "as before".into();
        }
        if let Some(ending) = &said.ending {
            let (position, lasts) = (show(ending.position), show(ending.lasts));
            write!(told, " over {} from {position} for {lasts}", ending.track.song.title).unwrap();
        }
        if let Some(next) = self.stage.statement().next {
            write!(told, ", then {}", next.song.title).unwrap();
            if let Some(at) = next.at_us {
                write!(told, " at {}", show(at - START)).unwrap();
            }
        }
        told
    }
}

/// `m:ss`, `m:ss.mmm`.
fn time(text: &str) -> Duration {
    let (minutes, seconds) = text.split_once(':').unwrap();
    let seconds: f64 = seconds.parse().unwrap();
    #[expect(clippy::cast_possible_truncation, reason = "scripts speak of minutes")]
    let us = (seconds * 1e6).round() as i64;
    Duration(minutes.parse::<i64>().unwrap() * 60_000_000 + us)
}

fn show(d: Duration) -> String {
    let ms = d.0 / 1_000;
    let (minutes, seconds, millis) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
    if millis == 0 { format!("{minutes}:{seconds:02}") } else { format!("{minutes}:{seconds:02}.{millis:03}") }
}

fn reach(told: &[&str]) -> Reach {
    Reach {
        rtt: time(told[0]),
        output_latency: told.get(1).map_or(Duration::ZERO, |t| time(t)),
        offset: told.get(2).map_or(Duration::ZERO, |t| time(t)),
    }
}

/// The same titles in the same order have the same ids in every run.
pub(super) fn titles(stage: &Stage) -> HashMap<EntryId, String> {
    stage.queue().entries().map(|(_, e)| (e.id, e.song.title.clone())).collect()
}
