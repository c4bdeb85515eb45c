//! When storage fails.

use octave_protocol::{ErrorCode, Instant};

use super::{Actor, Asker, InFlight, Load, Unsaved};
use crate::stage::core::Durable;
use crate::stage::limits::STORAGE_RETRY;
use crate::stage::storage::Fault;

/// What this stage knows of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::stage::actor) enum StorageHealth {
    Good,
    /// The last job was not done. Requests try at once, what is saved behind tries again at this instant.
    Failed {
        retry_at: Instant,
    },
    /// Nobody knows whether the last job was done. Its numbers can neither be used nor given to others, so until
    /// storage answers nothing is numbered: the timeline goes on without, chat is refused.
    Unsure {
        ask_at: Instant,
    },
    /// The question is on its way.
    Asking,
    /// Storage answers again: the stage has to start anew, with an epoch that owes nothing to the lost job. Or somebody
    /// else has done so.
    Resolved,
}

impl StorageHealth {
    pub(in crate::stage::actor) const fn is_good(self) -> bool {
        matches!(self, Self::Good)
    }

    pub(super) const fn is_unsure(self) -> bool {
        matches!(self, Self::Unsure { .. } | Self::Asking | Self::Resolved)
    }

    pub(super) fn may_retry(self, now: Instant) -> bool {
        match self {
            Self::Good => true,
            Self::Failed { retry_at } => retry_at <= now,
            Self::Unsure { .. } | Self::Asking | Self::Resolved => false,
        }
    }
}

impl Actor {
    /// Nothing was shown: the makers are told, and the numbers go to what was held.
    pub(super) fn failed(&mut self, job: InFlight, fault: &Fault) {
        let now = self.now();
        let lines = job.load.chats.len();
        tracing::warn!(stage = %self.id, %fault, lines, "what was asked of the stage is not durable");
        match fault {
            Fault::Unknown(_) => self.storage = StorageHealth::Unsure { ask_at: now + STORAGE_RETRY },
            Fault::Full(_) | Fault::Unavailable(_) => {
                self.storage = StorageHealth::Failed { retry_at: now + STORAGE_RETRY };
                self.feed.release();
            }
            Fault::Rejected(_) => {
                self.storage = StorageHealth::Good;
                self.feed.release();
            }
            // Its numbers are the other's now. The members come back, and find whoever has it.
            Fault::Superseded => {
                self.storage = StorageHealth::Resolved;
                self.over = true;
            }
        }
        let mut load = job.load;
        if let Fault::Rejected(_) = fault {
            match load.halves() {
                Ok([first, second]) => {
                    self.next_job.apart.push_front(second);
                    return self.next_job.apart.push_front(first);
                }
                // The culprit. A row that the database refuses would be refused for ever.
                Err(mut alone) => {
                    let owed = alone.unsaved.take_owed();
                    load = Load { unsaved: Unsaved::of_owed(owed), ..*alone };
                }
            }
        }
        let shut_out = load.commands.iter().flat_map(|d| &d.events).any(|e| matches!(e, Durable::ShutOut { .. }));
        self.next_job.shuts_out |= shut_out && !matches!(fault, Fault::Rejected(_));
        self.next_job.arranges |= self.stage.is_out_of_order() && !matches!(fault, Fault::Rejected(_));
        for asker in load.give_up(&mut self.unsaved) {
            self.refuse_for_fault(asker, fault);
        }
        // Whoever has waited behind a database that does not answer would wait as long once more.
        if let Fault::Unavailable(_) = fault {
            for asker in self.give_up_waiting() {
                self.refuse_for_fault(asker, fault);
            }
        }
    }

    pub(in crate::stage::actor) fn refuse_for_fault(&mut self, asker: Asker, fault: &Fault) {
        let (code, detail) = match fault {
            Fault::Full(_) => (ErrorCode::StorageFull, "the server's disk is full; nothing was done"),
            Fault::Unavailable(_) => (ErrorCode::StorageUnavailable, "storage does not answer; nothing was done"),
            Fault::Unknown(_) => (ErrorCode::StorageUnavailable, "storage does not answer; nothing was acknowledged"),
            Fault::Superseded => (ErrorCode::StorageUnavailable, "the stage has moved; nothing was done"),
            Fault::Rejected(_) => {
                return self.refuse_with(asker, ErrorCode::Internal, "it could not be stored", None);
            }
        };
        self.refuse_with(asker, code, detail, Some(STORAGE_RETRY));
    }

    /// Tells all that nobody has begun to commit, and those who wait for what they did to be saved.
    pub(in crate::stage::actor) fn refuse_what_waits(&mut self, fault: &Fault) {
        let owed = self.unsaved.take_owed().into_iter().map(|owed| owed.asker);
        for asker in self.give_up_waiting().into_iter().chain(owed) {
            self.refuse_for_fault(asker, fault);
        }
    }

    /// Refuses what waits, and asks now and then whether storage is back.
    pub(super) fn look_after_storage(&mut self, now: Instant) {
        self.refuse_what_waits(&Fault::Unknown(String::new()));
        if let StorageHealth::Unsure { ask_at } = self.storage
            && ask_at <= now
        {
            self.storage = StorageHealth::Asking;
            self.look_for_storage();
        }
    }

    pub(in crate::stage::actor) fn storage_looked_for(&mut self, found: bool) {
        if found {
            tracing::info!(stage = %self.id, "storage answers again; the stage starts anew");
            self.storage = StorageHealth::Resolved;
            self.over = true;
        } else {
            self.storage = StorageHealth::Unsure { ask_at: self.now() + STORAGE_RETRY };
        }
    }
}
