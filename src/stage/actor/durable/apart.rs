//! What one job carries, and how it is taken apart.
//!
//! A job is one transaction of many people's requests. If the database refuses it, one of them is to blame, and nobody
//! knows which: it is tried again by halves, until the culprit stands alone and fails alone. Storage that is full or does
//! not answer blames nobody.

use super::{Asker, Prepared, Spoken, Unsaved};
use crate::stage::core::{Durable, Stage};
use crate::stage::storage::{LineChanged, Work};

#[derive(Debug, Default)]
pub(super) struct Load {
    pub(super) chats: Vec<Spoken>,
    pub(super) commands: Vec<Prepared>,
    pub(super) unsaved: Unsaved,
}

impl Load {
    pub(super) fn put_into(&self, work: &mut Work, stage: &Stage) {
        work.chats.extend(self.chats.iter().map(|c| c.line.clone()));
        work.changes.extend(self.commands.iter().flat_map(|d| d.changes.iter().cloned()));
        let mut behind = 0;
        for event in self.commands.iter().flat_map(|d| &d.events) {
            if let Durable::ChatEdited { chat, by, .. } | Durable::ChatDeleted { chat, by, .. } = event {
                work.lines.push(LineChanged { chat: *chat, by: *by, behind });
            }
            behind += usize::from(event.is_sequenced());
        }
        work.answered.extend(self.commands.iter().filter_map(|d| d.answered.clone()));
        work.log.extend(self.commands.iter().flat_map(|d| d.log.iter().cloned()));
        self.unsaved.put_into(work, stage);
    }

    /// How many numbers it needs at most.
    pub(super) fn numbers(&self) -> usize {
        self.chats.len() + self.commands.iter().flat_map(|d| &d.events).filter(|e| e.is_sequenced()).count()
    }

    /// How many bytes it was counted for while it waited.
    pub(super) fn weight(&self) -> usize {
        let lines: usize = self.chats.iter().map(|c| c.line.text.len()).sum();
        lines + self.commands.iter().map(|d| d.weight).sum::<usize>()
    }

    /// Two halves, in the order in which they were asked for; none if it is a single request or row.
    pub(super) fn halves(self) -> Result<[Self; 2], Box<Self>> {
        let Self { mut chats, mut commands, unsaved } = self;
        let of_chats = |chats| Self { chats, ..Self::default() };
        let of_commands = |commands| Self { commands, ..Self::default() };
        if !(chats.is_empty() || commands.is_empty() && unsaved.is_empty()) {
            return Ok([of_chats(chats), Self { commands, unsaved, ..Self::default() }]);
        }
        if !commands.is_empty() && !unsaved.is_empty() {
            return Ok([of_commands(commands), Self { unsaved, ..Self::default() }]);
        }
        if chats.len() > 1 {
            let later = chats.split_off(chats.len() / 2);
            return Ok([of_chats(chats), of_chats(later)]);
        }
        if commands.len() > 1 {
            let later = commands.split_off(commands.len() / 2);
            return Ok([of_commands(commands), of_commands(later)]);
        }
        match unsaved.halves() {
            Ok(halves) => Ok(halves.map(|unsaved| Self { unsaved, ..Self::default() })),
            Err(unsaved) => Err(Box::new(Self { chats, commands, unsaved: *unsaved })),
        }
    }

    /// Those whose requests will not be done. What nobody asked for is kept for the next time.
    pub(super) fn give_up(self, kept: &mut Unsaved) -> impl Iterator<Item = Asker> + use<> {
        let Self { chats, commands, mut unsaved } = self;
        let owed = unsaved.take_owed();
        kept.put_back(unsaved);
        let asked = chats.into_iter().map(Spoken::asker).chain(commands.into_iter().map(|d| d.asker));
        asked.chain(owed.into_iter().map(|owed| owed.asker))
    }
}
