//! Hubs where the path names the room and a frame is the body: Bun, ws, axum, nchan.

use std::net::SocketAddr;

use super::{Dialect, Heard, Seat, upgrade};
use crate::net::Frames;

#[derive(Debug)]
pub struct Plain {
    pub addr: SocketAddr,
}

impl Dialect for Plain {
    fn upgrade(&self, seat: &Seat) -> String {
        upgrade(self.addr, &format!("/room/{}", seat.room), "")
    }

    fn enter(&self, _: &Seat, _: &mut Frames) {}

    fn enters_by_opening(&self) -> bool {
        true
    }

    fn read(&self, _: &mut Vec<u8>, payload: &[u8], heard: &mut dyn FnMut(Heard<'_>)) {
        heard(Heard::Line { seq: None, body: payload });
    }

    fn say(&self, _: &Seat, body: &[u8], out: &mut Frames) {
        out.text(body);
    }
}
