//! After a run: did everybody hear the same, and is it what the hub says happened?

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use octave_protocol::client::Join;
use octave_protocol::{ClientFrame, ServerFrame, StageId};

use super::StageLayout;
use crate::hub::Venue;
use crate::net::Swarm;
use crate::stats::Measured;
use octave_client::Socket;
use octave_client::mirror::Mirror;

/// How long the last coalesced presence may take to reach a mirror.
const PATIENCE: Duration = Duration::from_secs(5);

impl StageLayout<'_> {
    /// How many members heard another order, or another number of lines, than the first member of their room.
    pub fn disordered(&self) -> usize {
        let differs = |room: &super::Room| {
            let inside: Vec<_> = self.members[room.members.clone()].iter().filter(|m| m.entered).collect();
            let first = inside.first().map(|m| (m.digest, m.lines));
            inside.iter().filter(|m| Some((m.digest, m.lines)) != first).count()
        };
        self.rooms.iter().map(differs).sum()
    }

    /// Fails unless every mirror equals a snapshot that a newcomer gets, and nothing went wrong on the way.
    /// Notes how many mirrors were compared, if there are any.
    pub fn verify(&mut self, swarm: &mut Swarm, venue: &Venue, into: &mut Measured) -> Result<()> {
        self.complain()?;
        ensure!(self.faults.closed.is_empty(), "connections were closed (code: how many): {:?}", self.faults.closed);
        ensure!(self.faults.mirror.is_empty(), "a mirror could not follow: {}", self.faults.mirror.join("; "));
        let mirrors: Vec<usize> = (0..self.members.len()).filter(|n| self.members[*n].mirrors).collect();
        for number in &mirrors {
            let mirror = self.members[*number].mirror.as_ref().context("a mirror without a snapshot")?;
            self.compare(swarm, venue, *number, mirror.stage.id)?;
        }
        if !mirrors.is_empty() {
            into.insert("mirrors_equal".into(), mirrors.len() as f64);
        }
        Ok(())
    }

    fn compare(&mut self, swarm: &mut Swarm, venue: &Venue, number: usize, stage: StageId) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let token = &venue.tokens[number % venue.tokens.len()];
        let mut socket = Socket::connect(venue.server.addr, token)?;
        socket.send(&ClientFrame::Join(Join { id: 1, stage, resume: None, invite: None, remote: false }))?;
        let mut fresh = loop {
            match socket.next(PATIENCE)? {
                Some(ServerFrame::Joined { epoch, seq, snapshot, .. }) => break Mirror::new(epoch, seq, *snapshot),
                Some(_) => {}
                None => bail!("no snapshot of stage {stage}"),
            }
        };
        loop {
            swarm.turn(self, Duration::from_millis(20))?;
            // The newcomer hears what is coalesced as well; both must come to the same.
            while let Some(frame) = socket.next(Duration::from_millis(1))? {
                fresh.apply(frame).map_err(|fault| anyhow::anyhow!("the newcomer of stage {stage}: {fault:?}"))?;
            }
            let found = self.members[number].mirror.as_ref().map(|m| m.differences(&fresh)).unwrap_or_default();
            if found.is_empty() {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "stage {stage} is not what its events told: {}", found.join("; "));
        }
    }
}
