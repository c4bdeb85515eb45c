//! One member: where it is, and whether what it hears follows on what it heard.

use memchr::memmem;

use crate::dialect::octave::{kind, number};

/// Where somebody was who will be back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) person: usize,
    pub(super) stage: i64,
    epoch: i64,
    seq: i64,
}

/// What a frame was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Line,
    Acknowledged,
    Joined,
    Resumed,
    /// Asked to resume and got a new beginning.
    BegunAnew,
    /// An event that does not follow on the one before.
    OutOfTurn,
    /// The stage can't be joined.
    Refused,
    /// The stage has ended.
    Ended,
}

#[derive(Debug)]
pub(super) struct Member {
    /// Places are taken again; visits are not.
    pub(super) visit: u64,
    person: usize,
    pub(super) stage: i64,
    back: Option<Position>,
    epoch: i64,
    seq: i64,
    /// Has joined and may speak.
    pub(super) inside: bool,
    /// Reads no more.
    pub(super) deaf: bool,
    /// Has said goodbye or broken off.
    pub(super) going: bool,
}

impl Member {
    pub(super) fn new(visit: u64, person: usize, stage: i64, back: Option<Position>) -> Self {
        Self { visit, person, stage, back, epoch: 0, seq: 0, inside: false, deaf: false, going: false }
    }

    pub(super) fn position(&self) -> Position {
        Position { person: self.person, stage: self.stage, epoch: self.epoch, seq: self.seq }
    }

    /// Wants to be in another stage from now on.
    pub(super) fn enters(&mut self, stage: i64) {
        (self.stage, self.back, self.inside) = (stage, None, false);
    }

    /// The frame that asks for a place.
    pub(super) fn request(&self) -> String {
        let stage = self.stage;
        match self.back {
            None => format!(r#"{{"type":"join","id":1,"stage":{stage}}}"#),
            Some(Position { epoch, seq, .. }) => {
                format!(r#"{{"type":"join","id":1,"stage":{stage},"resume":{{"epoch":{epoch},"seq":{seq}}}}}"#)
            }
        }
    }

    pub(super) fn hears(&mut self, payload: &[u8]) -> Told {
        match kind(payload) {
            b"joined" => self.joined(payload),
            b"error" if !self.inside => Told::Refused,
            b"ack" => Told::Acknowledged,
            kind @ (b"chat" | b"timeline" | b"queue" | b"chat_edited" | b"chat_deleted" | b"stage_updated"
            | b"role" | b"removed") => self.event(kind, payload),
            _ => Told::Nothing,
        }
    }

    fn joined(&mut self, payload: &[u8]) -> Told {
        self.inside = true;
        self.epoch = number(payload, b"\"epoch\":").unwrap_or_default();
        self.seq = number(payload, b"\"seq\":").unwrap_or_default();
        let Some(back) = self.back.take() else { return Told::Joined };
        if memmem::find(payload, b"\"resumed\":true").is_none() {
            return Told::BegunAnew;
        }
        self.seq = back.seq;
        Told::Resumed
    }

    fn event(&mut self, kind: &[u8], payload: &[u8]) -> Told {
        // A timeline may come early, without a number.
        let Some(seq) = number(payload, b"\"seq\":") else { return Told::Nothing };
        if !self.inside || number(payload, b"\"stage\":") != Some(self.stage) {
            return Told::Nothing;
        }
        if seq != self.seq + 1 {
            self.seq = seq;
            return Told::OutOfTurn;
        }
        self.seq = seq;
        match kind {
            b"chat" => Told::Line,
            b"removed" if memmem::find(payload, b"\"stage_ended\"").is_some() => Told::Ended,
            _ => Told::Nothing,
        }
    }
}
