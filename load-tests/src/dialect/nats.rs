//! The NATS protocol in binary frames. A frame may hold many messages, and a message may go on in the next frame.

use std::net::SocketAddr;

use super::{Dialect, Heard, Seat, upgrade};
use crate::net::Frames;

#[derive(Debug)]
pub struct Nats {
    pub addr: SocketAddr,
}

impl Dialect for Nats {
    fn upgrade(&self, _: &Seat) -> String {
        upgrade(self.addr, "/", "")
    }

    fn enter(&self, seat: &Seat, out: &mut Frames) {
        // The answer to the ping says that the subscription stands.
        let words = format!("CONNECT {{\"verbose\":false}}\r\nSUB room.{} 1\r\nPING\r\n", seat.room);
        out.binary(words.as_bytes());
    }

    fn enters_by_opening(&self) -> bool {
        false
    }

    fn read(&self, carried: &mut Vec<u8>, payload: &[u8], heard: &mut dyn FnMut(Heard<'_>)) {
        if carried.is_empty() {
            let used = read_all(payload, heard);
            carried.extend_from_slice(&payload[used..]);
        } else {
            let mut carry = std::mem::take(carried);
            carry.extend_from_slice(payload);
            let used = read_all(&carry, heard);
            carry.drain(..used);
            *carried = carry;
        }
    }

    fn say(&self, seat: &Seat, body: &[u8], out: &mut Frames) {
        let mut packet = format!("PUB room.{} {}\r\n", seat.room, body.len()).into_bytes();
        packet.extend_from_slice(body);
        packet.extend_from_slice(b"\r\n");
        out.binary(&packet);
    }
}

/// Reads whole messages and answers how many bytes they took.
fn read_all(bytes: &[u8], heard: &mut dyn FnMut(Heard<'_>)) -> usize {
    let mut used = 0;
    while let Some(line) = memchr::memmem::find(&bytes[used..], b"\r\n") {
        let words = &bytes[used..used + line];
        let after = used + line + 2;
        if words.starts_with(b"MSG ") {
            let size = words.rsplit(|b| *b == b' ').next().and_then(|n| std::str::from_utf8(n).ok()?.parse().ok());
            let Some(size) = size.filter(|size: &usize| bytes.len() >= after + size + 2) else { break };
            heard(Heard::Line { seq: None, body: &bytes[after..after + size] });
            used = after + size + 2;
            continue;
        }
        match words {
            b"PING" => heard(Heard::Answer(b"PONG\r\n")),
            b"PONG" => heard(Heard::Entered { seq: 0 }),
            words if words.starts_with(b"-ERR") => heard(Heard::Refused(words)),
            _ => {}
        }
        used = after;
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_messages_over_the_borders_of_frames() {
        let nats = Nats { addr: "127.0.0.1:1".parse().unwrap() };
        let wire = b"INFO {}\r\nPONG\r\nMSG room.0 1 5\r\nhello\r\nMSG room.0 1 3\r\nyou\r\nPING\r\n";
        for cut in 0..wire.len() {
            let mut carry = Vec::new();
            let mut said = Vec::new();
            let mut note = |heard: Heard<'_>| {
                said.push(match heard {
                    Heard::Line { body, .. } => String::from_utf8_lossy(body).into_owned(),
                    other => format!("{other:?}").chars().take(6).collect(),
                });
            };
            nats.read(&mut carry, &wire[..cut], &mut note);
            nats.read(&mut carry, &wire[cut..], &mut note);
            assert_eq!(said, ["Entere", "hello", "you", "Answer"], "cut at {cut}");
            assert!(carry.is_empty());
        }
    }
}
