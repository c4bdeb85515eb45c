//! The queue as the stage itself puts it in order, and how many songs of one person may wait in it.

use octave_protocol::UserId;
use octave_protocol::model::{QueueMode, QueueOrder, Role};

use super::{Arrangement, Decided, Durable, QueueEvent, Refusal, Stage};

impl Stage {
    /// Whether nobody puts the queue in order by hand.
    pub fn is_arranged(&self) -> bool {
        self.about.turns.order != QueueOrder::Added
    }

    pub(super) fn by_hand(&self) -> Result<(), Refusal> {
        if self.is_arranged() { Err(Refusal::OrderFixed) } else { Ok(()) }
    }

    /// Whether what waits stands otherwise than the stage wants it, since something out of turn has begun to play, or all
    /// begins anew.
    pub fn is_out_of_order(&self) -> bool {
        self.arrangement().is_some()
    }

    fn arrangement(&self) -> Option<Arrangement> {
        self.queue.arrangement(self.about.turns.order, self.timeline.entry(), self.timeline.cursor)
    }

    /// What was decided, and what puts the queue in order after it. Costs a copy of the queue where the stage orders it.
    pub(super) fn in_order(&self, decided: Decided) -> Decided {
        let Decided::Durable(mut events) = decided else { return decided };
        let told = events.iter().find_map(told_order);
        let order = told.map_or(self.about.turns.order, |(order, _)| order);
        if order == QueueOrder::Added || !self.queue.is_whole() {
            return Decided::Durable(events);
        }
        let mode = self.queue.mode;
        if let Some((_, by)) = told.filter(|_| mode.shuffle) {
            // What is drawn has no order.
            events.push(Durable::Queue(QueueEvent::ModeSet { mode: QueueMode { shuffle: false, ..mode }, by }));
        }
        let arrangement = if events.is_empty() {
            self.arrangement()
        } else if events.iter().any(concerns_order) {
            let mut after = self.clone();
            for event in &events {
                after.evolve(event);
            }
            after.arrangement()
        } else {
            None
        };
        events.extend(arrangement.map(|arrangement| Durable::Queue(QueueEvent::Arranged(arrangement))));
        Decided::Durable(events)
    }

    /// Whether so many more songs of somebody may wait. Who moderates is not held to it.
    pub(super) fn allow_waiting(&self, who: UserId, more: usize) -> Result<(), Refusal> {
        let turns = self.about.turns;
        let Some(most) = turns.max_waiting.filter(|_| self.role(who).rank() < Role::Moderator.rank()) else {
            return Ok(());
        };
        let waiting = self.queue.waiting_of(who, turns.order, self.timeline.entry(), self.timeline.cursor);
        let fits = waiting + more <= usize::try_from(most).unwrap_or(usize::MAX);
        if fits { Ok(()) } else { Err(Refusal::TooManyWaiting { most, waiting }) }
    }
}

/// The order that an event gives the stage, if it does, and who wanted it.
fn told_order(event: &Durable) -> Option<(QueueOrder, UserId)> {
    match event {
        Durable::Updated { change, by } => Some((change.turns.order?, *by)),
        _ => None,
    }
}

fn concerns_order(event: &Durable) -> bool {
    match event {
        Durable::Queue(event) => !matches!(event, QueueEvent::Corrected { .. }),
        other => told_order(other).is_some(),
    }
}
