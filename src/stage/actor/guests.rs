//! Guests who have gone, and what they suggested: after a while it goes as well.

use std::collections::HashMap;

use octave_protocol::{Instant, UserId};

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::stage::core::Command;
use crate::stage::limits::GUEST_AWAY_AT_MOST;

/// Guests whose suggestions wait and who are not here, and since when.
#[derive(Debug, Default)]
pub(super) struct GuestsAway(HashMap<UserId, Instant>);

impl GuestsAway {
    pub(super) fn due(&self) -> Option<Instant> {
        self.0.values().min().map(|since| *since + GUEST_AWAY_AT_MOST)
    }
}

impl Actor {
    pub(super) fn look_for_guests(&mut self, now: Instant) {
        let mut away = HashMap::new();
        let mut long_gone = Vec::new();
        for guest in self.stage.guests_missed() {
            let since = self.guests_away.0.get(&guest).copied().unwrap_or(now);
            let is_over = since + GUEST_AWAY_AT_MOST <= now;
            // If it does not become durable, it is tried again.
            let since = if is_over { now } else { since };
            if away.insert(guest, since).is_none() && is_over {
                long_gone.push(guest);
            }
        }
        self.guests_away.0 = away;
        let host = self.stage.about().host.id;
        for guest in long_gone {
            self.submit(PendingCommand::new(host, Asker::Nobody, Command::Withdraw { guest }));
        }
    }
}
