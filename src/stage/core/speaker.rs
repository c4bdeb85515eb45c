//! One speaker: the host may say whose device alone sounds, of all that are in the stage.

use octave_protocol::UserId;

use super::rules::Decision;
use super::{Decided, Durable, Immediate, Refusal, Stage, StageChange};

impl Stage {
    /// Whether somebody's devices may sound, those that are no remotes.
    pub fn may_sound(&self, user: UserId) -> bool {
        self.about.speaker.as_ref().is_none_or(|speaker| speaker.id == user)
    }

    /// What a device tells of its sound counts where it sounds.
    pub(super) fn of_sound(&self, who: UserId, event: Immediate) -> Decision {
        if !self.people.contains(who) {
            return Err(Refusal::NotJoined);
        }
        Ok(Decided::Immediate(if self.may_sound(who) { vec![event] } else { Vec::new() }))
    }

    pub(super) fn allow_speaker(&self, change: &StageChange) -> Result<(), Refusal> {
        let wanted = change.speaker.as_ref().and_then(Option::as_ref);
        if wanted.is_none_or(|speaker| self.people.contains(speaker.id)) {
            Ok(())
        } else {
            Err(Refusal::Invalid("`speaker` is somebody who is in the stage"))
        }
    }

    /// What was decided; and where it turns out who alone sounds, everybody does again.
    pub(super) fn without_speaker(&self, decided: Decided) -> Decided {
        let Some(speaker) = &self.about.speaker else { return decided };
        let Decided::Durable(mut events) = decided else { return decided };
        let turned_out = events.iter().find_map(|event| match event {
            Durable::Kicked { user, by } | Durable::Banned { user, by } if user.id == speaker.id => Some(*by),
            Durable::ShutOut { user } if user.id == speaker.id => Some(self.about.host.id),
            _ => None,
        });
        if let Some(by) = turned_out {
            let change = StageChange { speaker: Some(None), ..StageChange::default() };
            events.push(Durable::Updated { change, by });
        }
        Decided::Durable(events)
    }
}
