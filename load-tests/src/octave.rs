//! Setting the scene on an Octave server: people, stages, a song.

use std::net::SocketAddr;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use octave_protocol::StageId;
use serde_json::{Value, json};

use crate::net::http;

/// Registers `count` people and answers their tokens. Argon2 makes each cost some 30 ms of the server's CPU, so load
/// scenarios share people among sockets where who speaks does not matter.
pub fn register(addr: SocketAddr, count: usize) -> Result<Vec<String>> {
    const AT_ONCE: usize = 4;
    // A database that outlives the server knows the people of earlier runs.
    let series = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let one = |number: usize| -> Result<String> {
        let name = format!("load{series:x}n{number}");
        let body =
            json!({ "username": name, "email": format!("{name}@example.test"), "password": "correct horse battery" });
        let reply = http::json(addr, "POST", "/api/v1/auth/register", None, &body)?;
        Ok(reply["token"].as_str().context("no token in the reply")?.to_owned())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|w| {
                scope.spawn(move || (w..count).step_by(AT_ONCE).map(|n| Ok((n, one(n)?))).collect::<Result<Vec<_>>>())
            })
            .collect();
        let mut tokens = vec![String::new(); count];
        for worker in workers {
            let made = worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
            for (number, token) in made {
                tokens[number] = token;
            }
        }
        Ok(tokens)
    })
}

/// Opens `count` public stages.
pub fn open_stages(addr: SocketAddr, token: &str, count: usize) -> Result<Vec<i64>> {
    (0..count)
        .map(|number| {
            let body = json!({ "name": format!("Load {number}"), "control": "everyone" });
            let stage = http::json(addr, "POST", "/api/v1/stages", Some(token), &body)?;
            stage["id"].as_i64().context("a stage without an id")
        })
        .collect()
}

/// Has stages run where they are asked for first.
pub fn begin(addr: SocketAddr, token: &str, stages: &[i64]) -> Result<()> {
    for stage in stages {
        http::json(addr, "GET", &format!("/api/v1/stages/{stage}/participants"), Some(token), &Value::Null)?;
    }
    Ok(())
}

/// Uploads `seconds` of a quiet tone and answers the song's id.
pub fn upload_tone(addr: SocketAddr, token: &str, seconds: u32) -> Result<i64> {
    let (kind, body) = upload_of("Tone", &tone(seconds));
    let response = http::send(addr, "POST", "/api/v1/songs", Some(token), &kind, &body)?;
    http::expect_json("POST", "/api/v1/songs", &response)?["id"].as_i64().context("a song without an id")
}

/// The content type and the body of an upload.
pub fn upload_of(title: &str, wav: &[u8]) -> (String, Vec<u8>) {
    const BORDER: &str = "octave-load-border";
    let mut body = format!(
        "--{BORDER}\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\n{title}\r\n\
         --{BORDER}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"tone.wav\"\r\ncontent-type: audio/wav\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(wav);
    body.extend_from_slice(format!("\r\n--{BORDER}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BORDER}"), body)
}

/// A 440 Hz square wave at 8 kHz, 16 bit, mono, as a WAV file.
fn tone(seconds: u32) -> Vec<u8> {
    wav((0..seconds * RATE).map(|n| if (n * 880 / RATE).is_multiple_of(2) { 1_000 } else { -1_000 }))
}

/// Frames per second of the songs made here.
pub const RATE: u32 = 8_000;

/// A mono WAV file of 16 bit at [`RATE`].
pub fn wav(samples: impl ExactSizeIterator<Item = i16>) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut wav = Vec::with_capacity(44 + bytes as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + bytes).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(&(RATE * 2).to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    for level in samples {
        wav.extend_from_slice(&level.to_le_bytes());
    }
    wav
}

/// How the server describes a stage over HTTP.
pub fn describe(addr: SocketAddr, token: &str, stage: StageId) -> Result<Value> {
    http::json(addr, "GET", &format!("/api/v1/stages/{stage}"), Some(token), &Value::Null)
}

/// What the server tells of itself under `/metrics`, at one moment.
#[derive(Debug)]
pub struct Metrics(String);

impl Metrics {
    pub fn of(addr: SocketAddr) -> Result<Self> {
        let answer = http::send(addr, "GET", "/metrics", None, "text/plain", b"")?;
        ensure!(answer.status == 200, "/metrics: {}", answer.status);
        Ok(Self(String::from_utf8_lossy(&answer.body).into_owned()))
    }

    /// The value of a gauge without labels.
    pub fn gauge(&self, name: &str) -> Result<u64> {
        let value = self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value: f64 = value.with_context(|| format!("no {name} in /metrics"))?.trim().parse()?;
        Ok(value as u64)
    }
}
