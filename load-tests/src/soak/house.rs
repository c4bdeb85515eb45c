//! Whoever keeps the house: opens and ends stages, uploads songs and plays them, fetches them and deletes them.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use octave_client::Socket;
use octave_protocol::client::{Control, ControlAction, Join, Queue, QueueAction};
use octave_protocol::{ClientFrame, ServerFrame, SongId, StageId};
use serde_json::{Value, json};

use super::Pace;
use super::dice::Dice;
use crate::net::http;
use crate::octave::{self, RATE};

/// Songs that are there at a time; the oldest goes when another one comes.
const SONGS: usize = 40;
/// What a stage may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a request is sent again that the server has no time for, and how long after.
const TRIES: u32 = 10;
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What was done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Chores {
    pub opened: u64,
    pub ended: u64,
    pub uploaded: u64,
    /// Uploads that broke off, and files that were no music.
    pub spoiled: u64,
    pub played: u64,
    pub deleted: u64,
    pub downloaded: u64,
    /// Requests that were answered 503 and sent again.
    pub asked_again: u64,
    pub in_part: u64,
    pub broken_off: u64,
}

impl Chores {
    pub(super) fn faults(&self) -> Vec<String> {
        let idle =
            [("stage ended", self.ended), ("song was uploaded", self.uploaded), ("song was fetched", self.downloaded)];
        idle.iter().filter(|(_, n)| *n == 0).map(|(what, _)| format!("no {what}: nothing was tried")).collect()
    }
}

#[derive(Debug)]
pub(super) struct House<'a> {
    addr: SocketAddr,
    tokens: &'a [String],
    stages: Arc<Mutex<Vec<i64>>>,
    pace: Pace,
    /// With who uploaded them.
    songs: VecDeque<(i64, &'a str)>,
    dice: Dice,
    done: Chores,
}

/// What is done now and then.
type Chore<'a> = fn(&mut House<'a>) -> Result<()>;

impl<'a> House<'a> {
    pub(super) fn open(addr: SocketAddr, tokens: &'a [String], pace: Pace) -> Result<Self> {
        let stages = Arc::default();
        let mut house =
            Self { addr, tokens, stages, pace, songs: VecDeque::new(), dice: Dice::new(11), done: Chores::default() };
        for place in 0..pace.stages {
            let stage = house.open_stage(place)?;
            house.stages().lock().unwrap_or_else(PoisonError::into_inner).push(stage);
        }
        Ok(house)
    }

    /// The stages that are open.
    pub(super) fn stages(&self) -> Arc<Mutex<Vec<i64>>> {
        self.stages.clone()
    }

    /// Does all chores in their turn, and at last clears up.
    pub(super) fn keep(mut self, until: Instant) -> Result<Chores> {
        let chores: [(f64, Chore<'a>); 3] = [
            (self.pace.ends_per_min, Self::end_one),
            (self.pace.uploads_per_min, Self::bring_one),
            (self.pace.downloads_per_min, Self::fetch_one),
        ];
        let mut due = chores.map(|(per_min, chore)| (Instant::now(), Duration::from_secs_f64(60.0 / per_min), chore));
        while let Some((at, every, chore)) = due.iter_mut().min_by_key(|d| d.0)
            && *at < until
        {
            thread::sleep(at.saturating_duration_since(Instant::now()));
            *at += *every;
            chore(&mut self)?;
        }
        thread::sleep(until.saturating_duration_since(Instant::now()));
        self.clear_up()
    }

    fn clear_up(mut self) -> Result<Chores> {
        let stages = std::mem::take(&mut *self.stages().lock().unwrap_or_else(PoisonError::into_inner));
        for (place, stage) in stages.into_iter().enumerate() {
            self.end(place, stage)?;
        }
        while !self.songs.is_empty() {
            self.delete_oldest()?;
        }
        Ok(self.done)
    }

    /// Who is the host of all stages at this place.
    fn host(&self, place: usize) -> &'a str {
        &self.tokens[place % self.tokens.len()]
    }

    /// Sends a request, again if there is no time for it.
    fn send(&mut self, method: &str, path: &str, token: &str, kind: &str, body: &[u8]) -> Result<http::Response> {
        let mut tries = 0;
        loop {
            let answer = http::send(self.addr, method, path, Some(token), kind, body)?;
            tries += 1;
            if answer.status != 503 || tries == TRIES {
                return Ok(answer);
            }
            self.done.asked_again += 1;
            thread::sleep(AGAIN_AFTER);
        }
    }

    fn json(&mut self, method: &str, path: &str, token: &str, body: &Value) -> Result<Value> {
        let answer = self.send(method, path, token, "application/json", &http::body_of(body)?)?;
        http::expect_json(method, path, &answer)
    }

    fn open_stage(&mut self, place: usize) -> Result<i64> {
        self.done.opened += 1;
        let name = format!("Evening {}", self.done.opened);
        // Whoever hosts it ends it, however long they are away.
        let body = json!({ "name": name, "control": "everyone", "succession": "alone" });
        let stage = self.json("POST", "/api/v1/stages", self.host(place), &body)?;
        stage["id"].as_i64().context("a stage without an id")
    }

    fn end(&mut self, place: usize, stage: i64) -> Result<()> {
        self.done.ended += 1;
        self.json("DELETE", &format!("/api/v1/stages/{stage}"), self.host(place), &Value::Null)?;
        Ok(())
    }

    fn end_one(&mut self) -> Result<()> {
        let place = self.dice.roll(self.pace.stages);
        let next = self.open_stage(place)?;
        let last = std::mem::replace(&mut self.stages().lock().unwrap_or_else(PoisonError::into_inner)[place], next);
        self.end(place, last)
    }

    /// Brings a song and plays it somewhere; some uploads come to nothing.
    fn bring_one(&mut self) -> Result<()> {
        let token = &*self.tokens[self.dice.roll(self.tokens.len())];
        let length = RATE * (2 + self.dice.roll(6) as u32);
        let noise: Vec<i16> = (0..length).map(|_| self.dice.roll(4_000) as i16 - 2_000).collect();
        let song = octave::wav(noise.into_iter());
        match self.dice.roll(6) {
            0 => self.break_off_upload(token, &song),
            1 => self.offer_nonsense(token),
            _ => {
                let id = self.upload(token, &song)?;
                self.songs.push_back((id, token));
                if self.songs.len() > SONGS {
                    self.delete_oldest()?;
                }
                self.play(id)
            }
        }
    }

    fn upload(&mut self, token: &str, song: &[u8]) -> Result<i64> {
        self.done.uploaded += 1;
        let (kind, body) = octave::upload_of("Noise", song);
        let answer = self.send("POST", "/api/v1/songs", token, &kind, &body)?;
        http::expect_json("POST", "/api/v1/songs", &answer)?["id"].as_i64().context("a song without an id")
    }

    fn break_off_upload(&mut self, token: &str, song: &[u8]) -> Result<()> {
        self.done.spoiled += 1;
        let (kind, body) = octave::upload_of("Broken", song);
        let head = format!(
            "POST /api/v1/songs HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            self.addr,
            body.len()
        );
        let mut stream = TcpStream::connect(self.addr)?;
        stream.write_all(head.as_bytes())?;
        Ok(stream.write_all(&body[..body.len() / 2])?)
    }

    fn offer_nonsense(&mut self, token: &str) -> Result<()> {
        self.done.spoiled += 1;
        let (kind, body) = octave::upload_of("Nonsense", &[7; 10_000]);
        let answer = self.send("POST", "/api/v1/songs", token, &kind, &body)?;
        if answer.status == 415 { Ok(()) } else { bail!("nonsense was answered {}", answer.status) }
    }

    fn delete_oldest(&mut self) -> Result<()> {
        let Some((song, token)) = self.songs.pop_front() else { return Ok(()) };
        self.done.deleted += 1;
        self.json("DELETE", &format!("/api/v1/songs/{song}"), token, &Value::Null)?;
        Ok(())
    }

    /// The host of some stage comes in, adds the song, sets it going and hangs up.
    fn play(&mut self, song: i64) -> Result<()> {
        self.done.played += 1;
        let place = self.dice.roll(self.pace.stages);
        let stage = StageId(self.stages().lock().unwrap_or_else(PoisonError::into_inner)[place]);
        let mut socket = Socket::connect(self.addr, self.host(place))?;
        let asked = [
            ClientFrame::Join(Join { id: 1, stage, resume: None, invite: None, remote: false }),
            ClientFrame::Queue(Queue { song: Some(SongId(song)), ..Queue::new(2, stage, QueueAction::Add) }),
            ClientFrame::Control(Control::new(3, stage, ControlAction::Play)),
        ];
        for (frame, id) in asked.iter().zip(1..) {
            socket.send(frame)?;
            answered(&mut socket, id)?;
        }
        Ok(())
    }

    fn fetch_one(&mut self) -> Result<()> {
        if self.songs.is_empty() {
            return Ok(());
        }
        let (song, token) = self.songs[self.dice.roll(self.songs.len())];
        let path = format!("/api/v1/songs/{song}/audio");
        match self.dice.roll(3) {
            0 => {
                let answer = self.send("GET", &path, token, "text/plain", b"")?;
                anyhow::ensure!(answer.status == 200 && answer.body.len() > 44, "{path}: {}", answer.status);
                self.done.downloaded += 1;
            }
            1 => {
                let (status, got) = self.read_some(&path, token, "range: bytes=100-8099\r\n", usize::MAX)?;
                anyhow::ensure!(status == "206" && got > 8_000, "{path}: {status}, {got} bytes");
                self.done.in_part += 1;
            }
            _ => {
                self.read_some(&path, token, "", 5_000)?;
                self.done.broken_off += 1;
            }
        }
        Ok(())
    }

    /// Reads at most so many bytes and hangs up; answers the status and how many there were, the head included.
    fn read_some(&self, path: &str, token: &str, more: &str, most: usize) -> Result<(String, usize)> {
        let mut stream = TcpStream::connect(self.addr)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n{more}\r\n",
            self.addr
        );
        stream.write_all(head.as_bytes())?;
        let mut got = Vec::new();
        stream.take(most as u64).read_to_end(&mut got)?;
        let status = got.get(9..12).map(|s| String::from_utf8_lossy(s).into_owned());
        Ok((status.context("no status")?, got.len()))
    }
}

fn answered(socket: &mut Socket, id: i64) -> Result<()> {
    loop {
        match socket.next(PATIENCE)?.context("no answer")? {
            ServerFrame::Joined { re, .. } | ServerFrame::Ok { re, .. } if re == id => return Ok(()),
            ServerFrame::Error { re: Some(re), code, detail, .. } if re == id => bail!("{code:?}: {detail}"),
            _ => {}
        }
    }
}
