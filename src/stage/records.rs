//! Events as rows: what of a fact is to be stored, and what the log says of it.

use octave_protocol::{EntryId, Instant, UserId};
use serde_json::{Value, json};

use super::core::{Cause, Durable, Ords, QueueEvent, Stage, Statement};
use super::storage::{Change, LogRow, QueueRow};

/// The rows that a durable event changes. `stage` is as it was when the event was decided. Of a kick or a block only the
/// log tells, if anything.
pub(super) fn changes(stage: &Stage, event: &Durable, now: Instant) -> Vec<Change> {
    vec![match event {
        Durable::Queue(event) => return queue_changes(stage, event),
        Durable::ChatEdited { chat, text, at, .. } => Change::EditChat { chat: *chat, text: text.clone(), at: *at },
        Durable::ChatDeleted { chat, at, .. } => Change::DeleteChat { chat: *chat, at: *at },
        Durable::Updated { change, .. } => Change::About(change.clone()),
        Durable::RoleSet { user, role, .. } => Change::Role { user: user.id, role: *role, at: now },
        Durable::Banned { user, by } => Change::Ban { user: user.id, by: *by, at: now },
        Durable::Unbanned { user, .. } => Change::Unban { user: *user },
        Durable::Ended { .. } => Change::End { at: now },
        Durable::Kicked { .. } | Durable::ShutOut { .. } => return Vec::new(),
    }]
}

fn queue_changes(stage: &Stage, event: &QueueEvent) -> Vec<Change> {
    let rev = stage.queue().rev().next();
    vec![match event {
        QueueEvent::Added { entries, ords, .. } => {
            let (first, step) = match ords {
                Ords::Spaced { first, step } => (*first, *step),
                Ords::Renumber { .. } => (0, 0),
            };
            let rows = entries.iter().zip(0..).map(|(e, n)| QueueRow {
                entry: e.id,
                ord: first + step * n,
                song: e.song.id,
                added_by: e.added_by.id,
                added: e.added,
            });
            let added = Change::Enqueue { rows: rows.collect(), rev };
            if let Ords::Renumber { .. } = ords {
                return vec![added, Change::Reorder { ords: order_after(stage, event), rev }];
            }
            added
        }
        QueueEvent::Removed { entry, .. } => Change::Dequeue { entry: *entry, rev },
        QueueEvent::Moved { entry, ords, .. } => {
            let ords = match ords {
                Ords::Spaced { first, .. } => vec![(*entry, *first)],
                Ords::Renumber { .. } => order_after(stage, event),
            };
            Change::Reorder { ords, rev }
        }
        QueueEvent::Shuffled { .. } => Change::Reorder { ords: order_after(stage, event), rev },
        QueueEvent::Corrected { .. } => Change::QueueRev { rev },
        QueueEvent::Cleared { keep, .. } => Change::ClearQueue { keep: *keep, entries: stage.queue().len(), rev },
        QueueEvent::ModeSet { mode, .. } => Change::Mode { mode: *mode, rev },
        QueueEvent::Voted { entry, by } => Change::Vote { entry: *entry, user: *by, rev },
    }]
}

/// Where all sort keys are new: what they are. Costs a copy of the queue, and is rare.
fn order_after(stage: &Stage, event: &QueueEvent) -> Vec<(EntryId, i64)> {
    let mut after = stage.clone();
    after.evolve(&Durable::Queue(event.clone()));
    after.queue().entries().map(|(ord, e)| (e.id, ord)).collect()
}

/// What the stage's log says of a durable event.
pub(super) fn log(stage: &Stage, event: &Durable, at: Instant) -> Option<LogRow> {
    let (by, kind, data) = match event {
        Durable::Queue(event) => queue_log(stage, event)?,
        Durable::Updated { change, by } => {
            (by, "updated", json!({"name": change.name, "control": change.control, "adding": change.adding}))
        }
        Durable::RoleSet { user, role, by } => (by, "role", json!({"user": user.id, "role": role})),
        Durable::Kicked { user, by } => (by, "kicked", json!({"user": user.id})),
        Durable::Banned { user, by } => (by, "banned", json!({"user": user.id})),
        Durable::Unbanned { user, by } => (by, "unbanned", json!({"user": user})),
        Durable::ChatDeleted { chat, by, .. } => (by, "chat_deleted", json!({"chat": chat})),
        Durable::Ended { by } => (by, "ended", json!({})),
        Durable::ChatEdited { .. } | Durable::ShutOut { .. } => return None,
    };
    Some(LogRow { user: Some(*by), kind, data, at })
}

fn queue_log<'a>(stage: &Stage, event: &'a QueueEvent) -> Option<(&'a UserId, &'static str, Value)> {
    let song_of = |entry: EntryId| stage.queue().get(entry).map(|e| e.song.id);
    Some(match event {
        QueueEvent::Added { entries, by, .. } => {
            let rows: Vec<Value> =
                entries.iter().take(LOGGED_ENTRIES).map(|e| json!({"entry": e.id, "song": e.song.id})).collect();
            (by, "queued", json!({"count": entries.len(), "entries": rows}))
        }
        QueueEvent::Removed { entry, by } => (by, "removed", json!({"entry": entry, "song": song_of(*entry)})),
        QueueEvent::Moved { entry, index, by, .. } => {
            let from = stage.queue().index_of(*entry);
            (by, "moved", json!({"entry": entry, "song": song_of(*entry), "from": from, "to": index}))
        }
        QueueEvent::Cleared { keep, by } => (by, "cleared", json!({"keep": keep, "count": stage.queue().len()})),
        QueueEvent::Shuffled { by, .. } => (by, "shuffled", json!({})),
        QueueEvent::ModeSet { mode, by } => (by, "mode", json!(mode)),
        QueueEvent::Corrected { .. } | QueueEvent::Voted { .. } => return None,
    })
}

/// What the log says of a statement of the timeline; nothing of one that only goes into detail.
pub(super) fn timeline_log(stage: &Stage, statement: &Statement, cause: Cause, at: Instant) -> Option<LogRow> {
    let kind = match cause {
        Cause::Played(_) => "played",
        Cause::Paused(_) => "paused",
        Cause::Sought(_) => "sought",
        Cause::Skipped(_) => "skipped",
        Cause::WentBack(_) => "went_back",
        Cause::VotedOff => "voted_off",
        Cause::Advanced => "advanced",
        Cause::Started | Cause::Announced => return None,
    };
    let track = statement.track.as_ref();
    let data = json!({
        "from": stage.timeline().entry(),
        "entry": track.map(|t| t.entry),
        "song": track.map(|t| t.song.id),
        "position_us": statement.position,
    });
    Some(LogRow { user: cause.by(), kind, data, at })
}

/// Entries that one line of the log lists, of those that were added together.
const LOGGED_ENTRIES: usize = 100;
