//! Who is in which stages of this process, for friends who ask.

use std::collections::HashSet;
use std::sync::Arc;

use dashmap::DashMap;
use octave_protocol::{StageId, UserId};

use crate::bus::NodeId;
use crate::presence::Changes;

#[derive(Debug, Default)]
pub(super) struct StagePresence {
    /// The stage that was entered last stands last.
    stages: DashMap<UserId, Vec<StageId>>,
    /// The same at other nodes, as they say.
    elsewhere: DashMap<UserId, Vec<(NodeId, StageId)>>,
    /// Who entered a stage or left one.
    changes: Changes,
    /// The same, of this node's stages alone, where other nodes are told.
    here: Option<Changes>,
}

impl StagePresence {
    /// Where other nodes are told.
    pub(super) fn of_a_node() -> Self {
        Self { here: Some(Changes::default()), ..Self::default() }
    }

    pub(super) fn of(&self, user: UserId) -> Vec<StageId> {
        let mut all: Vec<StageId> = match self.elsewhere.get(&user) {
            Some(stages) => stages.iter().map(|(_, stage)| *stage).collect(),
            None => Vec::new(),
        };
        all.extend(self.here_of(user));
        all
    }

    /// In stages of this node.
    pub(super) fn here_of(&self, user: UserId) -> Vec<StageId> {
        self.stages.get(&user).map(|stages| stages.clone()).unwrap_or_default()
    }

    pub(super) fn here(&self) -> Vec<(UserId, Vec<StageId>)> {
        self.stages.iter().map(|entry| (*entry.key(), entry.value().clone())).collect()
    }

    pub(super) fn is_at(&self, node: NodeId, user: UserId, stages: Vec<StageId>) {
        let mut at = self.elsewhere.entry(user).or_default();
        at.retain(|(other, _)| *other != node);
        at.extend(stages.into_iter().map(|stage| (node, stage)));
        drop(at);
        self.elsewhere.remove_if(&user, |_, at| at.is_empty());
        self.changes.note(user);
    }

    /// Of those for whom `which` says so.
    pub(super) fn forget_node(&self, node: NodeId, which: impl Fn(UserId) -> bool) {
        self.elsewhere.retain(|user, at| {
            if !which(*user) {
                return true;
            }
            let before = at.len();
            at.retain(|(other, _)| *other != node);
            if at.len() < before {
                self.changes.note(*user);
            }
            !at.is_empty()
        });
    }

    /// Who entered a stage of this node or left one.
    pub(super) fn take_here(&self) -> HashSet<UserId> {
        self.here.as_ref().map(Changes::take).unwrap_or_default()
    }

    fn note(&self, user: UserId) {
        self.changes.note(user);
        if let Some(here) = &self.here {
            here.note(user);
        }
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
            self.presence.note(user);
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
        self.presence.note(user);
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
