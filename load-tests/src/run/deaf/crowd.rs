//! Those who are to be deaf: they enter as anybody does, stop reading, and at the end read what they find.

use std::collections::BTreeMap;

use anyhow::Result;
use octave_protocol::CloseCode;

use crate::dialect::{Dialect, Heard, Seat};
use crate::hub::Venue;
use crate::net::{Frames, Handler, Io, Slot, Swarm};

/// Bytes that the kernel may take for one of them.
const WINDOW: usize = 4 * 1024;

pub(super) struct DeafCrowd<'d> {
    dialect: &'d dyn Dialect,
    members: BTreeMap<Slot, Member>,
}

#[derive(Debug, Default)]
struct Member {
    seat: Seat,
    inside: bool,
    /// Bytes of the messages that it has read since it was deaf.
    taken: u64,
    closed_with: Option<u16>,
}

impl<'d> DeafCrowd<'d> {
    pub(super) fn new(dialect: &'d dyn Dialect) -> Self {
        Self { dialect, members: BTreeMap::new() }
    }

    pub(super) fn connect(&mut self, swarm: &mut Swarm, venue: &Venue) -> Result<()> {
        let seat = Seat { room: 0, number: self.members.len() };
        let slot = swarm.connect_taking(venue.server.addr, self.dialect.upgrade(&seat), Some(WINDOW))?;
        self.members.insert(slot, Member { seat, ..Member::default() });
        Ok(())
    }

    pub(super) fn has(&self, slot: Slot) -> bool {
        self.members.contains_key(&slot)
    }

    pub(super) fn asked(&self) -> usize {
        self.members.len()
    }

    pub(super) fn inside(&self) -> usize {
        self.members.values().filter(|m| m.inside).count()
    }

    /// They say a last word, so that it is not their silence that ends them.
    pub(super) fn stop_reading(&mut self, swarm: &mut Swarm) -> Result<()> {
        let mut word = Frames::default();
        word.pong(b"");
        for (slot, member) in &mut self.members {
            swarm.io().send(*slot, &word);
            swarm.stop_reading(*slot)?;
            member.taken = 0;
        }
        Ok(())
    }

    pub(super) fn read_again(&self, swarm: &mut Swarm) -> Result<()> {
        self.members.keys().try_for_each(|slot| swarm.read_again(*slot))
    }

    pub(super) fn leave(&self, swarm: &mut Swarm) {
        for (slot, _) in self.members.iter().filter(|(_, m)| m.inside) {
            swarm.io().drop_connection(*slot);
        }
    }

    /// Bytes that each has read since it was deaf.
    pub(super) fn taken(&self) -> Vec<u64> {
        self.members.values().map(|m| m.taken).collect()
    }

    /// How many were closed with the code that lets them come back.
    pub(super) fn told(&self) -> usize {
        let told = Some(CloseCode::TooSlow.as_u16());
        self.members.values().filter(|m| m.closed_with == told).count()
    }
}

impl Handler for DeafCrowd<'_> {
    fn opened(&mut self, io: &mut Io, slot: Slot) {
        let Some(member) = self.members.get(&slot) else { return };
        let mut frames = Frames::default();
        self.dialect.enter(&member.seat, &mut frames);
        io.send(slot, &frames);
    }

    fn message(&mut self, _: &mut Io, slot: Slot, payload: &[u8]) {
        let Some(member) = self.members.get_mut(&slot) else { return };
        member.taken += payload.len() as u64;
        if !member.inside {
            self.dialect.read(&mut Vec::new(), payload, &mut |heard| {
                member.inside |= matches!(heard, Heard::Entered { .. });
            });
        }
    }

    fn closed(&mut self, _: &mut Io, slot: Slot, code: u16) {
        let Some(member) = self.members.get_mut(&slot) else { return };
        member.inside = false;
        member.closed_with = Some(code);
    }
}
