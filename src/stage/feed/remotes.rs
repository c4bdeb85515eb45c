//! Seats that steer without sound.

use octave_protocol::UserId;

use super::Feed;
use crate::stage::conn::ConnId;

impl Feed {
    pub(in crate::stage) fn is_remote(&self, conn: ConnId) -> bool {
        self.by_conn.get(&conn).is_some_and(|index| self.seats[*index].is_remote)
    }

    /// Whether it was otherwise before.
    pub(in crate::stage) fn set_remote(&mut self, conn: ConnId, is_remote: bool) -> bool {
        let Some(index) = self.by_conn.get(&conn) else { return false };
        std::mem::replace(&mut self.seats[*index].is_remote, is_remote) != is_remote
    }

    /// How many of somebody's seats are so. Costs a pass over all.
    pub(in crate::stage) fn remotes_of(&self, user: UserId) -> u32 {
        let remotes = self.seats.iter().filter(|seat| seat.user == user && seat.is_remote).count();
        u32::try_from(remotes).unwrap_or(u32::MAX)
    }
}
