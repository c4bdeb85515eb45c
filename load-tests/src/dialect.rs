//! What a hub's messages look like, so that one client drives them all.
//!
//! Every hub is asked for the same thing: a room whose members receive every message that one of them says, the
//! speaker included. What differs is how a member enters, and how a body is wrapped.

pub mod nats;
pub mod octave;
pub mod plain;
pub mod socketio;

pub(crate) use octave_client::frame::upgrade;

use crate::net::Frames;

/// One member: who it is and where it sits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seat {
    pub room: usize,
    /// Its number among all members of all rooms.
    pub number: usize,
}

/// What a message turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard<'p> {
    /// The member is in its room; in Octave, at this position.
    Entered { seq: i64 },
    /// A line that was said in the room.
    Line { seq: Option<i64>, body: &'p [u8] },
    /// Another event that takes a number.
    Event { seq: i64 },
    /// The hub confirmed what this member said.
    Confirmed,
    /// The hub refused what this member asked for.
    Refused(&'p [u8]),
    /// The hub wants this answered.
    Answer(&'static [u8]),
}

pub trait Dialect {
    /// The HTTP request that opens the connection.
    fn upgrade(&self, seat: &Seat) -> String;
    /// What to send once it is open.
    fn enter(&self, seat: &Seat, out: &mut Frames);
    /// Whether the open connection is in its room already, without a word.
    fn enters_by_opening(&self) -> bool;
    /// Reads one message. `carry` is what the connection must remember: bytes of a line that goes on in the next one.
    fn read(&self, carry: &mut Vec<u8>, payload: &[u8], heard: &mut dyn FnMut(Heard<'_>));
    fn say(&self, seat: &Seat, body: &[u8], out: &mut Frames);
}
