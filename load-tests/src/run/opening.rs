//! How long newcomers wait for a stage, by what has gathered in it: nothing, a short queue, a long one, many lines, or the
//! nonces of many commands.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use octave_client::median;
use octave_protocol::client::{Control, ControlAction, Queue, QueueAction};
use octave_protocol::{ClientFrame, PlaylistId, StageId};
use serde::Deserialize;
use serde_json::json;

use super::stage_layout::{Pace, StageLayout};
use crate::dialect::octave::{Octave, kind};
use crate::dialect::{Dialect, Seat};
use crate::hub::Venue;
use crate::net::{Frames, Handler, Io, Slot, Swarm, http};
use crate::octave;
use crate::stats::Measured;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Entries of the long queue; a multiple of [`PLAYLIST`].
    pub entries: usize,
    /// Lines of the talkative stage.
    pub lines: u64,
    /// Commands under nonces of the stage that was steered; the server knows the last 1,024.
    pub commands: usize,
    /// Joins of each running stage, one after another.
    pub joins: usize,
    /// Restarts of the server, after each of which every stage is opened once.
    pub restarts: usize,
}

/// The rooms. The last one takes what the first connection after a restart costs.
const ROOMS: [&str; 5] = ["empty", "short", "queue", "chats", "commands"];
const SHORT: usize = 1;
const LONG: usize = 2;
const CHATS: usize = 3;
const COMMANDS: usize = 4;
const WARM: usize = ROOMS.len();

/// Entries that one request adds; the short queue has so many.
const PLAYLIST: usize = 1_000;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl Opening {
    pub fn run(&self, venue: &mut Venue) -> Result<Measured> {
        let host = venue.tokens.first().context("nobody is registered")?.clone();
        let stages = octave::open_stages(venue.server.addr, &host, ROOMS.len() + 1)?;
        self.fill_queue(venue, &stages)?;
        self.fill_chat(venue, &stages)?;
        self.fill_commands(venue, &stages)?;

        let mut running = vec![Vec::new(); ROOMS.len()];
        let mut swarm = Swarm::new()?;
        for _ in 0..self.joins {
            for (room, times) in running.iter_mut().enumerate() {
                times.push(visit(&mut swarm, venue, &stages, room, &[])?);
            }
        }
        let mut opened = vec![Vec::new(); ROOMS.len()];
        for _ in 0..self.restarts {
            venue.server.restart()?;
            visit(&mut swarm, venue, &stages, WARM, &[])?;
            for (room, times) in opened.iter_mut().enumerate() {
                times.push(visit(&mut swarm, venue, &stages, room, &[])?);
            }
        }
        let mut measured = Measured::new();
        for (what, times) in [("joined", running), ("opened", opened)] {
            let medians: Vec<f64> = times.into_iter().map(median).collect();
            for (name, took) in ROOMS.iter().zip(&medians) {
                measured.insert(format!("{what}_{name}_ms"), *took);
                measured.insert(format!("{what}_{name}_ratio"), took / medians[0]);
            }
        }
        Ok(measured)
    }

    fn fill_queue(&self, venue: &Venue, stages: &[i64]) -> Result<()> {
        let (addr, host) = (venue.server.addr, &venue.tokens[0]);
        octave::upload_tone(addr, host, 60)?;
        let tracks = vec![json!({ "title": "Tone" }); PLAYLIST];
        let list = json!({ "playlist": { "title": "Long", "track": tracks } });
        let imported = http::json(addr, "POST", "/api/v1/playlists/import", Some(host), &list)?;
        ensure!(imported["matched"] == PLAYLIST, "not all songs were found: {}", imported["matched"]);
        let playlist = imported["playlist"]["id"].as_i64().context("a playlist without an id")?;
        let add = |stage| {
            let playlist = Some(PlaylistId(playlist));
            ClientFrame::Queue(Queue { playlist, ..Queue::new(2, StageId(stage), QueueAction::Add) })
        };
        for (room, entries) in [(SHORT, PLAYLIST), (LONG, self.entries)] {
            visit(&mut Swarm::new()?, venue, stages, room, &vec![add(stages[room]); entries / PLAYLIST])?;
        }
        Ok(())
    }

    fn fill_commands(&self, venue: &Venue, stages: &[i64]) -> Result<()> {
        let command = |n: usize| {
            let nonce = Some(format!("command {n}"));
            ClientFrame::Control(Control { nonce, ..Control::new(2, StageId(stages[COMMANDS]), ControlAction::Pause) })
        };
        let commands: Vec<_> = (0..self.commands).map(command).collect();
        visit(&mut Swarm::new()?, venue, stages, COMMANDS, &commands)?;
        Ok(())
    }

    fn fill_chat(&self, venue: &Venue, stages: &[i64]) -> Result<()> {
        const SENDERS: usize = 2;
        const IN_FLIGHT: usize = 64;
        let dialect = Octave { addr: venue.server.addr, tokens: venue.tokens.clone(), stages: vec![stages[CHATS]] };
        let mut swarm = Swarm::new()?;
        let mut layout = StageLayout::new(&dialect, 1, SENDERS, Pace::Confirmed);
        layout.enter(&mut swarm, venue)?;
        layout.speak_all(swarm.io(), IN_FLIGHT);
        while layout.tally.confirmed < self.lines {
            layout.listen(&mut swarm, Duration::from_millis(100))?;
        }
        layout.drain(&mut swarm)?;
        layout.leave(&mut swarm)
    }
}

/// Opens a connection, joins the room, makes the requests one after another, and goes. Milliseconds until the snapshot.
fn visit(swarm: &mut Swarm, venue: &Venue, stages: &[i64], room: usize, requests: &[ClientFrame]) -> Result<f64> {
    let dialect = Octave { addr: venue.server.addr, tokens: venue.tokens.clone(), stages: stages.to_vec() };
    let seat = Seat { room, number: 0 };
    let requests = requests.iter().map(serde_json::to_vec).collect::<Result<Vec<_>, _>>()?;
    let mut guest = Guest { dialect: &dialect, seat, requests, joined: None, answered: None, left: false };
    let began = Instant::now();
    let slot = swarm.connect(dialect.addr, dialect.upgrade(&seat))?;
    while guest.answered.is_none() || !guest.requests.is_empty() {
        swarm.turn(&mut guest, Duration::from_millis(50))?;
        ensure!(!guest.left, "the server closed the connection");
        ensure!(guest.answered.unwrap_or(began).elapsed() < PATIENCE, "no answer for {PATIENCE:?}");
    }
    swarm.io().drop_connection(slot);
    swarm.turn(&mut guest, Duration::ZERO)?;
    match guest.joined {
        Some(joined) => Ok(joined.duration_since(began).as_secs_f64() * 1e3),
        None => bail!("refused"),
    }
}

struct Guest<'d> {
    dialect: &'d Octave,
    seat: Seat,
    /// The one that is under way is the last.
    requests: Vec<Vec<u8>>,
    joined: Option<Instant>,
    answered: Option<Instant>,
    left: bool,
}

impl Guest<'_> {
    fn ask(&self, io: &mut Io, slot: Slot) {
        let Some(request) = self.requests.last() else { return };
        let mut frames = Frames::default();
        frames.text(request);
        io.send(slot, &frames);
    }
}

impl Handler for Guest<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        let mut frames = Frames::default();
        self.dialect.enter(&self.seat, &mut frames);
        io.send(slot, &frames);
    }

    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]) {
        match kind(payload) {
            b"joined" => self.joined = Some(Instant::now()),
            b"ok" => drop(self.requests.pop()),
            b"error" => self.left = true,
            _ => return,
        }
        self.answered = Some(Instant::now());
        self.ask(io, slot);
    }

    fn closed(&mut self, _: &mut Io, _: Slot, _: u16) {
        self.left = true;
    }
}
