//! What must never wait for a disk: reactions, timeline changes and pings, while senders chat as fast as they can or nobody
//! says a word. And what does wait for it: the answer to a control, which leaves with its commit.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use octave_protocol::client::{Control, Join, Ping, Queue, React};
use octave_protocol::client::{ControlAction, QueueAction};
use octave_protocol::{ClientFrame, SongId, StageId};
use serde::Deserialize;

use super::chat::Database;
use super::stage_layout::{Pace, StageLayout};
use crate::dialect::octave::{Octave, kind, number};
use crate::dialect::{Dialect, Seat};
use crate::hub::Venue;
use crate::net::{Frames, Handler, Io, Slot, Swarm};
use crate::octave;
use crate::stats::{self, Measured, note_latency};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Urgent {
    pub rooms: usize,
    pub senders: usize,
    /// Lines that one sender has said and not seen acknowledged; none: nobody chats.
    pub in_flight: usize,
    pub database: Database,
    pub warm_s: f64,
    pub seconds: f64,
}

/// The `id` of a control.
const CONTROL: i64 = 3;

/// Between two urgent messages of one kind into one stage: longer than what is coalesced, so that each leaves alone.
const STEP: Duration = Duration::from_millis(400);

impl Urgent {
    pub fn run(&self, venue: &Venue) -> Result<Measured> {
        let addr = venue.server.addr;
        let host = venue.tokens.first().context("nobody is registered")?;
        let song = SongId(octave::upload_tone(addr, host, 600)?);
        let stages = octave::open_stages(addr, host, self.rooms)?;
        let dialect = Octave { addr, tokens: venue.tokens.clone(), stages: stages.clone() };
        let mut swarm = Swarm::new()?;
        let layout = StageLayout::new(&dialect, self.rooms, self.senders, Pace::Confirmed).with_mirrors(venue);
        let mut scene = Scene { layout, probe: Probe::new(stages.into_iter().map(StageId).collect(), song) };
        scene.layout.enter(&mut swarm, venue)?;
        for _ in 0..self.rooms {
            scene.probe.slots.push(swarm.connect(addr, dialect.upgrade(&Seat::default()))?);
        }
        scene.turn(&mut swarm, Duration::from_millis(500))?;
        ensure!(scene.probe.refused.is_empty(), "refused: {}", scene.probe.refused.join("; "));

        scene.layout.speak_all(swarm.io(), self.in_flight);
        scene.turn(&mut swarm, Duration::from_secs_f64(self.warm_s))?;
        scene.layout.begin();
        scene.probe.begin(scene.layout.now_us());
        scene.turn(&mut swarm, Duration::from_secs_f64(self.seconds))?;
        let mut measured = Measured::new();
        if self.in_flight > 0 {
            measured.insert("acked_per_s".into(), scene.layout.tally.confirmed as f64 / self.seconds);
            note_latency(&mut measured, "chat_ack_", &scene.layout.tally.confirmation);
        }
        scene.probe.note(&mut measured);
        ensure!(scene.probe.refused.is_empty(), "refused: {}", scene.probe.refused.join("; "));
        scene.probe.active = false;
        scene.layout.drain(&mut swarm)?;
        scene.layout.verify(&mut swarm, venue, &mut measured)?;
        scene.layout.leave(&mut swarm)?;
        Ok(measured)
    }
}

/// The talking crowd and, on one more connection in each of their stages, who sends what is urgent.
struct Scene<'d> {
    layout: StageLayout<'d>,
    probe: Probe,
}

impl Scene<'_> {
    fn turn(&mut self, swarm: &mut Swarm, stretch: Duration) -> Result<()> {
        let until = Instant::now() + stretch;
        while Instant::now() < until {
            let now_us = self.layout.now_us();
            self.probe.send_due(swarm.io(), now_us);
            swarm.turn(self, Duration::from_millis(2))?;
        }
        Ok(())
    }
}

impl Handler for Scene<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        match self.probe.place_of(slot) {
            Some(at) => self.probe.enter(io, at),
            None => self.layout.opened(io, slot),
        }
    }

    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]) {
        match self.probe.place_of(slot) {
            Some(at) => self.probe.hear(at, payload, self.layout.now_us()),
            None => self.layout.message(io, slot, payload),
        }
    }

    fn closed(&mut self, io: &mut Io, slot: Slot, code: u16) {
        if self.probe.place_of(slot).is_some() {
            self.probe.refused.push(format!("closed with {code}"));
        } else {
            self.layout.closed(io, slot, code);
        }
    }
}

struct Probe {
    /// Its connection in each stage.
    slots: Vec<Slot>,
    stages: Vec<StageId>,
    song: SongId,
    active: bool,
    next_us: u64,
    turn: usize,
    /// When the latest one was sent, by stage; zero when it came back.
    reacted_us: Vec<u64>,
    sought_us: Vec<u64>,
    /// The same for the answer to the request.
    asked_us: Vec<u64>,
    pinged_us: u64,
    reactions: Histogram<u64>,
    timelines: Histogram<u64>,
    oks: Histogram<u64>,
    pings: Histogram<u64>,
    refused: Vec<String>,
    frames: Frames,
}

impl Probe {
    fn new(stages: Vec<StageId>, song: SongId) -> Self {
        let count = stages.len();
        Self {
            slots: Vec::new(),
            stages,
            song,
            active: false,
            next_us: 0,
            turn: 0,
            reacted_us: vec![0; count],
            sought_us: vec![0; count],
            asked_us: vec![0; count],
            pinged_us: 0,
            reactions: stats::latencies(),
            timelines: stats::latencies(),
            oks: stats::latencies(),
            pings: stats::latencies(),
            refused: Vec::new(),
            frames: Frames::default(),
        }
    }

    fn begin(&mut self, now_us: u64) {
        self.active = true;
        self.next_us = now_us;
    }

    fn note(&self, into: &mut Measured) {
        note_latency(into, "reaction_", &self.reactions);
        note_latency(into, "timeline_", &self.timelines);
        note_latency(into, "ok_", &self.oks);
        into.insert("ok_p90_ms".into(), self.oks.value_at_quantile(0.9) as f64 / 1_000.0);
        note_latency(into, "ping_", &self.pings);
        into.insert("probes".into(), self.oks.len() as f64);
    }

    fn place_of(&self, slot: Slot) -> Option<usize> {
        self.slots.iter().position(|s| *s == slot)
    }

    fn say(&mut self, io: &mut Io, at: usize, frame: &ClientFrame) {
        let Ok(json) = serde_json::to_vec(frame) else { return };
        self.frames.clear();
        self.frames.text(&json);
        io.send(self.slots[at], &self.frames);
    }

    /// Joins the stage and lets a song play in it, so that there is a timeline to change.
    fn enter(&mut self, io: &mut Io, at: usize) {
        let (stage, song) = (self.stages[at], Some(self.song));
        self.say(io, at, &ClientFrame::Join(Join { id: 1, stage, resume: None, invite: None, remote: false }));
        let add = Queue { song, ..Queue::new(2, stage, QueueAction::Add) };
        self.say(io, at, &ClientFrame::Queue(add));
        self.control(io, at, ControlAction::Play, None);
    }

    fn control(&mut self, io: &mut Io, at: usize, action: ControlAction, position_us: Option<i64>) {
        let position_us = position_us.map(octave_protocol::Duration);
        let stage = self.stages[at];
        // As the web client asks, so that it may ask again.
        let nonce = Some(format!("control {}", self.turn));
        let control = Control { position_us, nonce, ..Control::new(CONTROL, stage, action) };
        self.say(io, at, &ClientFrame::Control(control));
    }

    /// One reaction, one seek and one ping to each stage within every [`STEP`], evenly spread.
    fn send_due(&mut self, io: &mut Io, now_us: u64) {
        if !self.active || now_us < self.next_us {
            return;
        }
        let moves = self.stages.len() * 2;
        self.next_us += STEP.as_micros() as u64 / moves as u64;
        let (at, stage) = (self.turn % self.stages.len(), self.stages[self.turn % self.stages.len()]);
        if self.turn % moves < self.stages.len() {
            self.reacted_us[at] = now_us;
            self.say(io, at, &ClientFrame::React(React { stage, emoji: "🔥".into() }));
            self.pinged_us = now_us;
            self.say(io, at, &ClientFrame::Ping(Ping { id: 4, t0: serde_json::Value::Null }));
        } else {
            self.sought_us[at] = now_us;
            self.asked_us[at] = now_us;
            self.control(io, at, ControlAction::Seek, Some((self.turn as i64 % 60) * 1_000_000));
        }
        self.turn += 1;
    }

    fn hear(&mut self, at: usize, payload: &[u8], now_us: u64) {
        let took = |sent: &mut u64, into: &mut Histogram<u64>| {
            let sent = std::mem::take(sent);
            if sent != 0 {
                into.saturating_record(now_us - sent);
            }
        };
        match kind(payload) {
            b"pong" => took(&mut self.pinged_us, &mut self.pings),
            b"error" => self.refused.push(String::from_utf8_lossy(payload).into_owned()),
            b"reaction" => took(&mut self.reacted_us[at], &mut self.reactions),
            b"ok" if number(payload, b"\"re\":") == Some(CONTROL) => took(&mut self.asked_us[at], &mut self.oks),
            b"timeline" => took(&mut self.sought_us[at], &mut self.timelines),
            _ => {}
        }
    }
}
