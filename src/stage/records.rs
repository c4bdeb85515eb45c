//! Events as rows: what of a fact is to be stored, and what the log says of it.

use octave_protocol::{EntryId, Instant};
use serde_json::{Value, json};

use super::core::{Cause, Event, Ords, Room};
use super::storage::{Change, LogRow, QueueRow};

/// The rows that a durable event changes. `room` is as it was when the event was decided. A chat line is no change of
/// rows: its number comes with it.
pub(super) fn changes(room: &Room, event: &Event, now: Instant) -> Vec<Change> {
    let rev = room.queue().rev().next();
    match event {
        Event::ChatEdited { chat, text, at, .. } => {
            vec![Change::EditChat { chat: *chat, text: text.clone(), at: *at }]
        }
        Event::ChatDeleted { chat, at, .. } => vec![Change::DeleteChat { chat: *chat, at: *at }],
        Event::Added { entries, ords, .. } => {
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
            let mut changes = vec![Change::Enqueue { rows: rows.collect(), rev }];
            if let Ords::Renumber { .. } = ords {
                changes.push(Change::Reorder { ords: order_after(room, event), rev });
            }
            changes
        }
        Event::Removed { entry, .. } => vec![Change::Dequeue { entry: *entry, rev }],
        Event::Moved { entry, ords, .. } => {
            let ords = match ords {
                Ords::Spaced { first, .. } => vec![(*entry, *first)],
                Ords::Renumber { .. } => order_after(room, event),
            };
            vec![Change::Reorder { ords, rev }]
        }
        Event::Shuffled { .. } => vec![Change::Reorder { ords: order_after(room, event), rev }],
        Event::Corrected { .. } => vec![Change::QueueRev { rev }],
        Event::Cleared { keep, .. } => {
            vec![Change::ClearQueue { keep: *keep, entries: room.queue().len(), rev }]
        }
        Event::ModeSet { mode, .. } => vec![Change::Mode { mode: *mode, rev }],
        Event::Voted { entry, by } => vec![Change::Vote { entry: *entry, user: *by, rev }],
        Event::Updated { change, .. } => vec![Change::About(change.clone())],
        Event::RoleSet { user, role, .. } => vec![Change::Role { user: user.id, role: *role, at: now }],
        Event::Banned { user, by } => vec![Change::Ban { user: user.id, by: *by, at: now }],
        Event::Unbanned { user, .. } => vec![Change::Unban { user: *user }],
        Event::Ended { .. } => vec![Change::End { at: now }],
        _ => Vec::new(),
    }
}

/// Where all sort keys are new: what they are. Costs a copy of the queue, and is rare.
fn order_after(room: &Room, event: &Event) -> Vec<(EntryId, i64)> {
    let mut after = room.clone();
    after.evolve(event);
    after.queue().entries().map(|(ord, e)| (e.id, ord)).collect()
}

/// What the stage's log says of an event; nothing of chat and of what passes.
pub(super) fn log(room: &Room, event: &Event, at: Instant) -> Option<LogRow> {
    let song_of = |entry: EntryId| room.queue().get(entry).map(|e| e.song.id);
    let (user, kind, data) = match event {
        Event::Added { entries, by, .. } => {
            let rows: Vec<Value> =
                entries.iter().take(LOGGED_ENTRIES).map(|e| json!({"entry": e.id, "song": e.song.id})).collect();
            (Some(*by), "queued", json!({"count": entries.len(), "entries": rows}))
        }
        Event::Removed { entry, by } => (Some(*by), "removed", json!({"entry": entry, "song": song_of(*entry)})),
        Event::Moved { entry, index, by, .. } => {
            let from = room.queue().index_of(*entry);
            (Some(*by), "moved", json!({"entry": entry, "song": song_of(*entry), "from": from, "to": index}))
        }
        Event::Cleared { keep, by } => (Some(*by), "cleared", json!({"keep": keep, "count": room.queue().len()})),
        Event::Shuffled { by, .. } => (Some(*by), "shuffled", json!({})),
        Event::ModeSet { mode, by } => (Some(*by), "mode", json!(mode)),
        Event::Updated { change, by } => {
            (Some(*by), "updated", json!({"name": change.name, "control": change.control, "adding": change.adding}))
        }
        Event::RoleSet { user, role, by } => (Some(*by), "role", json!({"user": user.id, "role": role})),
        Event::Kicked { user, by } => (Some(*by), "kicked", json!({"user": user.id})),
        Event::Banned { user, by } => (Some(*by), "banned", json!({"user": user.id})),
        Event::Unbanned { user, by } => (Some(*by), "unbanned", json!({"user": user})),
        Event::ChatDeleted { chat, by, .. } => (Some(*by), "chat_deleted", json!({"chat": chat})),
        Event::Ended { by } => (Some(*by), "ended", json!({})),
        Event::Timeline { statement, cause, .. } => {
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
                "from": room.timeline().entry(),
                "entry": track.map(|t| t.entry),
                "song": track.map(|t| t.song.id),
                "position_us": statement.position,
            });
            (cause.by(), kind, data)
        }
        _ => return None,
    };
    Some(LogRow { user, kind, data, at })
}

/// Entries that one line of the log lists, of those that were added together.
const LOGGED_ENTRIES: usize = 100;
