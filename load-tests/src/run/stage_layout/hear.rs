//! What arrives at a member.

use std::time::Instant;

use octave_protocol::ServerFrame;

use super::{Pace, StageLayout};
use crate::dialect::Heard;
use crate::net::{Handler, Io, Slot};
use crate::run::body::Stamp;
use octave_client::mirror::{Fault, Mirror};

impl Handler for StageLayout<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        let Some(&number) = self.by_slot.get(slot) else { return };
        let member = &mut self.members[number];
        self.frames.clear();
        self.dialect.enter(&member.seat, &mut self.frames);
        if !self.frames.as_bytes().is_empty() {
            io.send(slot, &self.frames);
        }
        if self.dialect.enters_by_opening() {
            member.entered = true;
            self.entered += 1;
        }
    }

    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]) {
        // Connections of others may share the swarm: here and below.
        let Some(&number) = self.by_slot.get(slot) else { return };
        self.messages += 1;
        self.members[number].bytes += payload.len() as u64;
        // The carry goes out and in again, so that what is heard may change the layout.
        let mut carry = std::mem::take(&mut self.members[number].carry);
        let dialect = self.dialect;
        dialect.read(&mut carry, payload, &mut |heard| self.hear(io, slot, number, &heard));
        self.members[number].carry = carry;
        if self.members[number].mirrors {
            self.reflect(number, payload);
        }
    }

    fn closed(&mut self, _: &mut Io, slot: Slot, code: u16) {
        let Some(&number) = self.by_slot.get(slot) else { return };
        let member = &mut self.members[number];
        member.slot = None;
        if std::mem::take(&mut member.entered) {
            self.entered -= 1;
        }
        if !self.leaving {
            *self.faults.closed.entry(code).or_default() += 1;
        }
    }
}

impl StageLayout<'_> {
    fn hear(&mut self, io: &mut Io, slot: Slot, number: usize, heard: &Heard<'_>) {
        match *heard {
            Heard::Line { seq, body } => {
                if let Some(seq) = seq {
                    self.follow(number, seq);
                }
                if let Some(stamp) = Stamp::find(body) {
                    self.hear_line(io, number, stamp);
                }
            }
            Heard::Event { seq } => self.follow(number, seq),
            Heard::Entered { seq } => {
                let member = &mut self.members[number];
                member.seq = seq;
                if !std::mem::replace(&mut member.entered, true) {
                    self.entered += 1;
                }
            }
            Heard::Confirmed => self.hear_confirmation(io, number),
            Heard::Refused(why) => {
                self.faults.refused += 1;
                self.faults.last_refusal = String::from_utf8_lossy(why).into_owned();
            }
            Heard::Answer(bytes) => {
                self.frames.clear();
                self.frames.text(bytes);
                io.send(slot, &self.frames);
            }
        }
    }

    /// Numbers rise by exactly one.
    fn follow(&mut self, number: usize, seq: i64) {
        let member = &mut self.members[number];
        if seq != member.seq + 1 {
            self.faults.gaps += 1;
        }
        member.seq = seq;
    }

    fn hear_line(&mut self, io: &mut Io, number: usize, stamp: Stamp) {
        let now_us = self.now_us();
        self.tally.deliveries += 1;
        // Values beyond a minute count as a minute.
        self.tally.latency.saturating_record(now_us.saturating_sub(stamp.at_us));
        let member = &mut self.members[number];
        member.lines += 1;
        member.digest = (member.digest.rotate_left(5) ^ (stamp.number << 16) ^ u64::from(stamp.lane))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (room, lane) = (stamp.room as usize, stamp.lane as usize);
        let Some(state) = self.rooms.get_mut(room).and_then(|r| r.lanes.get_mut(lane)) else { return };
        state.missing = state.missing.saturating_sub(1);
        if state.missing == 0 {
            self.last_line = Instant::now();
            if self.speaking && self.pace == Pace::Delivered {
                self.say(io, room, lane, now_us);
            }
        }
    }

    fn hear_confirmation(&mut self, io: &mut Io, number: usize) {
        self.tally.confirmed += 1;
        if self.pace != Pace::Confirmed {
            return;
        }
        let now_us = self.now_us();
        let said_us = self.members[number].unconfirmed.pop_front().unwrap_or(now_us);
        self.tally.confirmation.saturating_record(now_us.saturating_sub(said_us));
        self.last_line = Instant::now();
        if self.speaking {
            // Every member is a speaker here, and its lane is its place in the room.
            let room = number / self.rooms[0].members.len();
            let lane = number - self.rooms[room].members.start;
            self.say(io, room, lane, now_us);
        }
    }

    fn reflect(&mut self, number: usize, payload: &[u8]) {
        let member = &mut self.members[number];
        match serde_json::from_slice(payload) {
            Ok(ServerFrame::Joined { epoch, seq, snapshot, .. }) => {
                member.mirror = Some(Box::new(Mirror::new(epoch, seq, *snapshot)));
            }
            Ok(frame) => {
                if let Some(Err(fault)) = member.mirror.as_mut().map(|m| m.apply(frame)) {
                    self.faults.mirror.push(match fault {
                        Fault::Gap { after, got } => format!("{got} came after {after}"),
                        Fault::Impossible(what) => what,
                    });
                }
            }
            Err(e) => self.faults.mirror.push(format!("{e}: {}", String::from_utf8_lossy(payload))),
        }
    }
}
