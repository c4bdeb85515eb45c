//! socket.io: packets of Engine.IO 4 around events of socket.io 5.

use std::net::SocketAddr;

use super::{Dialect, Heard, Seat, upgrade};
use crate::net::Frames;

#[derive(Debug)]
pub struct SocketIo {
    pub addr: SocketAddr,
}

impl Dialect for SocketIo {
    fn upgrade(&self, seat: &Seat) -> String {
        upgrade(self.addr, &format!("/socket.io/?EIO=4&transport=websocket&room={}", seat.room), "")
    }

    fn enter(&self, _: &Seat, out: &mut Frames) {
        out.text(b"40");
    }

    fn enters_by_opening(&self) -> bool {
        false
    }

    fn read(&self, _: &mut Vec<u8>, payload: &[u8], heard: &mut dyn FnMut(Heard<'_>)) {
        match payload {
            [b'2', ..] => heard(Heard::Answer(b"3")),
            [b'4', b'0', ..] => heard(Heard::Entered { seq: 0 }),
            [b'4', b'2', body @ ..] => heard(Heard::Line { seq: None, body }),
            _ => {}
        }
    }

    fn say(&self, _: &Seat, body: &[u8], out: &mut Frames) {
        let mut packet = Vec::with_capacity(body.len() + 16);
        packet.extend_from_slice(b"42[\"m\",\"");
        packet.extend_from_slice(body);
        packet.extend_from_slice(b"\"]");
        out.text(&packet);
    }
}
