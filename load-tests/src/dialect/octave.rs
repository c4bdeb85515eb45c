//! Octave's frames, looked at only as far as a load client must: type, seq and body are found without parsing JSON.

use std::net::SocketAddr;

use memchr::memmem;
use octave_client::socket::headers;

use super::{Dialect, Heard, Seat, upgrade};
use crate::net::Frames;

#[derive(Debug)]
pub struct Octave {
    pub addr: SocketAddr,
    /// Sessions that the members share in turn.
    pub tokens: Vec<String>,
    /// The stage of each room.
    pub stages: Vec<i64>,
}

/// The `id` of every line said: only the number of answers counts. The request to join has 1.
const SAY: i64 = 2;

impl Octave {
    pub fn token(&self, number: usize) -> &str {
        &self.tokens[number % self.tokens.len()]
    }
}

impl Dialect for Octave {
    fn upgrade(&self, seat: &Seat) -> String {
        upgrade(self.addr, "/ws", &headers(self.token(seat.number)))
    }

    fn enter(&self, seat: &Seat, out: &mut Frames) {
        out.text(format!(r#"{{"type":"join","id":1,"stage":{}}}"#, self.stages[seat.room]).as_bytes());
    }

    fn enters_by_opening(&self) -> bool {
        false
    }

    fn read(&self, _: &mut Vec<u8>, payload: &[u8], heard: &mut dyn FnMut(Heard<'_>)) {
        match kind(payload) {
            b"chat" => {
                let body = memmem::find(payload, b"\"text\":\"").map_or(&[][..], |at| &payload[at + 8..]);
                heard(Heard::Line { seq: number(payload, b"\"seq\":"), body });
            }
            b"ack" => heard(Heard::Confirmed),
            b"joined" => heard(Heard::Entered { seq: number(payload, b"\"seq\":").unwrap_or(0) }),
            b"error" => heard(Heard::Refused(payload)),
            b"timeline" | b"queue" | b"chat_edited" | b"chat_deleted" | b"stage_updated" | b"role" | b"removed" => {
                // A timeline may come early, without a number.
                if let Some(seq) = number(payload, b"\"seq\":") {
                    heard(Heard::Event { seq });
                }
            }
            _ => {}
        }
    }

    fn say(&self, seat: &Seat, body: &[u8], out: &mut Frames) {
        let mut frame = Vec::with_capacity(body.len() + 64);
        frame.extend_from_slice(
            format!(r#"{{"type":"chat","id":{SAY},"stage":{},"text":""#, self.stages[seat.room]).as_bytes(),
        );
        frame.extend_from_slice(body);
        frame.extend_from_slice(b"\"}");
        out.text(&frame);
    }
}

/// The frame's `type`, empty when there is none.
pub fn kind(payload: &[u8]) -> &[u8] {
    const KEY: &[u8] = b"\"type\":\"";
    // Where Octave writes it; other orders are found too, but slower.
    let at = if payload.get(1..1 + KEY.len()) == Some(KEY) { Some(1) } else { memmem::find(payload, KEY) };
    let Some(at) = at else { return &[] };
    let rest = &payload[at + KEY.len()..];
    memchr::memchr(b'"', rest).map_or(&[], |end| &rest[..end])
}

/// The integer after the first `key`.
pub fn number(payload: &[u8], key: &[u8]) -> Option<i64> {
    let at = memmem::find(payload, key)?;
    let digits = payload[at + key.len()..].iter().take_while(|b| b.is_ascii_digit());
    digits.fold(None, |sum, digit| Some(sum.unwrap_or(0) * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_protocol_examples() {
        let examples: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../protocol/examples/server.json")).unwrap();
        let octave = Octave { addr: "127.0.0.1:1".parse().unwrap(), tokens: vec![], stages: vec![] };
        for example in examples {
            let text = serde_json::to_vec(&example).unwrap();
            assert_eq!(kind(&text), example["type"].as_str().unwrap().as_bytes());
            octave.read(&mut Vec::new(), &text, &mut |heard| match heard {
                Heard::Line { seq, body } => {
                    assert_eq!(seq, example["seq"].as_i64());
                    assert!(body.starts_with(example["text"].as_str().unwrap().as_bytes()));
                }
                Heard::Event { seq } => assert_eq!(Some(seq), example["seq"].as_i64()),
                Heard::Entered { seq } => assert_ne!(seq, 0),
                Heard::Confirmed => assert_eq!(example["type"], "ack"),
                Heard::Refused(_) => assert_eq!(example["type"], "error"),
                Heard::Answer(_) => panic!("nothing to answer"),
            });
        }
    }
}
