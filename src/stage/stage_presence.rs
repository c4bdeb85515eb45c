//! Who is in which stages of this process, for friends who ask.

use std::collections::HashSet;
use std::sync::Arc;

use dashmap::DashMap;
use octave_protocol::{StageId, UserId};

use crate::presence::Changes;

#[derive(Debug, Default)]
pub(super) struct StagePresence {
    /// The stage that was entered last stands last.
    stages: DashMap<UserId, Vec<StageId>>,
    /// Who entered a stage or left one.
    changes: Changes,
}

impl StagePresence {
    pub(super) fn of(&self, user: UserId) -> Vec<StageId> {
        self.stages.get(&user).map(|stages| stages.clone()).unwrap_or_default()
    }

    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }
}

/// The people of one running stage; they are in it no more when it stops.
#[derive(Debug)]
pub(super) struct Attendance {
    stage: StageId,
    people: HashSet<UserId>,
    presence: Arc<StagePresence>,
}

impl Attendance {
    pub(super) fn new(stage: StageId, presence: Arc<StagePresence>) -> Self {
        Self { stage, people: HashSet::new(), presence }
    }

    pub(super) fn enters(&mut self, user: UserId) {
        if self.people.insert(user) {
            self.presence.stages.entry(user).or_default().push(self.stage);
            self.presence.changes.note(user);
        }
    }

    pub(super) fn leaves(&mut self, user: UserId) {
        if self.people.remove(&user) {
            self.forget(user);
        }
    }

    fn forget(&self, user: UserId) {
        self.presence.stages.remove_if_mut(&user, |_, stages| {
            stages.retain(|stage| *stage != self.stage);
            stages.is_empty()
        });
        self.presence.changes.note(user);
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        for user in &self.people {
            self.forget(*user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_where_they_went_last_until_they_leave_or_the_stage_stops() {
        let presence = Arc::new(StagePresence::default());
        let [ana, ben] = [UserId(1), UserId(2)];
        let mut attic = Attendance::new(StageId(7), presence.clone());
        let mut cellar = Attendance::new(StageId(8), presence.clone());
        attic.enters(ana);
        attic.enters(ana);
        cellar.enters(ana);
        cellar.enters(ben);
        assert_eq!(presence.of(ana), [StageId(7), StageId(8)]);
        attic.leaves(ana);
        attic.leaves(ben);
        assert_eq!((presence.of(ana), presence.of(ben)), (vec![StageId(8)], vec![StageId(8)]));
        drop(cellar);
        assert_eq!((presence.of(ana), presence.of(ben)), (vec![], vec![]));
        assert!(presence.stages.is_empty());
        assert_eq!(presence.changes().take(), [ana, ben].into());
    }
}
