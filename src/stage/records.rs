//! Events as rows: what of a fact is to be stored, and what the log says of it.

use octave_protocol::model::QueueMode;
use octave_protocol::{EntryId, Instant, UserId};
use serde_json::{Value, json};

use super::core::{About, Cause, Durable, Ords, QueueEvent, Settlement, Stage, StageChange, Statement};
use super::storage::{Change, LogRow, QueueRow, SuggestionRow};

/// The rows that a durable event changes. `stage` is as it was before the event. Of a kick or a block only the
/// log tells, if anything.
pub(super) fn changes(stage: &Stage, event: &Durable, now: Instant) -> Vec<Change> {
    vec![match event {
        Durable::Queue(event) => return queue_changes(stage, event),
        Durable::ChatEdited { chat, text, at, .. } => Change::EditChat { chat: *chat, text: text.clone(), at: *at },
        Durable::ChatDeleted { chat, at, .. } => Change::DeleteChat { chat: *chat, at: *at },
        Durable::Updated { change, .. } => Change::About(change.clone()),
        Durable::RoleSet { user, role, .. } => Change::Role { user: user.id, role: *role, at: now },
        Durable::Banned { user, by } => {
            let ban = Change::Ban { user: user.id, by: *by, at: now };
            return std::iter::once(ban).chain(forgotten(stage, user.id)).collect();
        }
        Durable::Unbanned { user, .. } => Change::Unban { user: *user },
        Durable::Muted { user, until, .. } => Change::Mute { user: user.id, until: *until, at: now },
        Durable::Unmuted { user, .. } => Change::Unmute { user: *user },
        Durable::Ended { .. } => Change::End { at: now },
        Durable::Suggested { entry } => Change::Suggest(SuggestionRow {
            entry: entry.id,
            song: entry.song.id,
            by: entry.added_by.id,
            at: entry.added,
        }),
        Durable::Settled { entries, .. } => Change::Settle { entries: entries.clone() },
        Durable::Kicked { user, .. } | Durable::ShutOut { user } => return forgotten(stage, user.id).collect(),
    }]
}

/// What somebody has suggested goes with them.
fn forgotten(stage: &Stage, user: UserId) -> impl Iterator<Item = Change> + use<> {
    let entries = stage.suggestions_of(user);
    (!entries.is_empty()).then_some(Change::Settle { entries }).into_iter()
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
        QueueEvent::Arranged(arrangement) => Change::Reorder { ords: arrangement.ords.clone(), rev },
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
        Durable::RoleSet { user, role, by } => {
            let data = json!({"user": user.id, "role": role, "was": stage.role(user.id)});
            return Some(LogRow { user: *by, kind: "role", data, at });
        }
        Durable::Queue(event) => queue_log(stage, event)?,
        // A hand on the host's slider is no event of an evening.
        Durable::Updated { change, .. } if change.is_loudness_alone() => return None,
        Durable::Updated { change: StageChange { speaker: Some(speaker), .. }, by } => {
            (by, "speaker", json!({"user": speaker.as_ref().map(|user| user.id)}))
        }
        Durable::Updated { change, by } => (by, "updated", updated(stage.about(), change)),
        Durable::Kicked { user, by } => (by, "kicked", json!({"user": user.id})),
        Durable::Banned { user, by } => (by, "banned", json!({"user": user.id})),
        Durable::Muted { user, until, by } => (by, "muted", json!({"user": user.id, "until_us": until})),
        Durable::Unmuted { user, by } => (by, "unmuted", json!({"user": user})),
        Durable::Unbanned { user, by } => (by, "unbanned", json!({"user": user})),
        Durable::ChatDeleted { chat, by, .. } => (by, "chat_deleted", json!({"chat": chat})),
        Durable::Ended { by } => (by, "ended", json!({})),
        Durable::Settled { entries, how: Settlement::Accepted(by) } => (by, "accepted", settled(stage, entries, *by)?),
        Durable::Settled { entries, how: Settlement::Declined(by) } => (by, "declined", settled(stage, entries, *by)?),
        Durable::Settled { how: Settlement::Forgotten, .. }
        | Durable::Suggested { .. }
        | Durable::ChatEdited { .. }
        | Durable::ShutOut { .. } => return None,
    };
    Some(LogRow { user: Some(*by), kind, data, at })
}

/// Which song was decided about, and whose wish it was. What one takes back oneself is nobody's business.
fn settled(stage: &Stage, entries: &[EntryId], by: UserId) -> Option<Value> {
    let entry = stage.suggestion(*entries.first()?).filter(|entry| entry.added_by.id != by)?;
    Some(json!({"entry": entry.id, "song": entry.song.id, "user": entry.added_by.id}))
}

/// What has changed of the stage, and what it was before; of the cover and the playlists only that they did.
fn updated(about: &About, change: &StageChange) -> Value {
    let mut after = about.clone();
    after.apply(change);
    let fields = [
        ("name", change.name.is_some(), json!(about.name), json!(after.name)),
        ("genres", change.genres.is_some(), json!(about.genres), json!(after.genres)),
        ("visibility", change.visibility.is_some(), json!(about.visibility), json!(after.visibility)),
        ("control", change.control.is_some(), json!(about.control), json!(after.control)),
        ("adding", change.adding.is_some(), json!(about.adding), json!(after.adding)),
        ("order", change.turns.order.is_some(), json!(about.turns.order), json!(after.turns.order)),
        (
            "max_waiting",
            change.turns.max_waiting.is_some(),
            json!(about.turns.max_waiting),
            json!(after.turns.max_waiting),
        ),
        ("slow_mode_us", change.slow_mode.is_some(), json!(about.slow_mode), json!(after.slow_mode)),
        ("volume", change.sound.changes_volume(), json!(about.sound.volume), json!(after.sound.volume)),
        ("crossfade_us", change.sound.crossfade.is_some(), json!(about.sound.crossfade), json!(after.sound.crossfade)),
        ("guests", change.guests.is_some(), json!(about.guests.list()), json!(after.guests.list())),
        ("succession", change.succession.is_some(), json!(about.succession), json!(after.succession)),
    ];
    let (mut told, mut was) = (serde_json::Map::new(), serde_json::Map::new());
    for (name, _, before, now) in fields.into_iter().filter(|(_, changed, ..)| *changed) {
        was.insert(name.into(), before);
        told.insert(name.into(), now);
    }
    told.insert("was".into(), Value::Object(was));
    Value::Object(told)
}

fn queue_log<'a>(stage: &Stage, event: &'a QueueEvent) -> Option<(&'a UserId, &'static str, Value)> {
    let song_of = |entry: EntryId| stage.queue().get(entry).map(|e| e.song.id);
    Some(match event {
        QueueEvent::Added { entries, by, .. } => {
            let rows: Vec<Value> =
                entries.iter().take(LOGGED_ENTRIES).map(|e| json!({"entry": e.id, "song": e.song.id})).collect();
            (by, "queued", json!({"count": entries.len(), "entries": rows}))
        }
        QueueEvent::Removed { entry, by } => {
            let index = stage.queue().index_of(*entry);
            (by, "removed", json!({"entry": entry, "song": song_of(*entry), "index": index}))
        }
        QueueEvent::Moved { entry, index, by, .. } => {
            let from = stage.queue().index_of(*entry);
            (by, "moved", json!({"entry": entry, "song": song_of(*entry), "from": from, "to": index}))
        }
        QueueEvent::Cleared { keep, by } => (by, "cleared", json!({"keep": keep, "count": stage.queue().len()})),
        QueueEvent::Shuffled { by, .. } => (by, "shuffled", json!({})),
        QueueEvent::ModeSet { mode, by } => {
            let QueueMode { repeat, shuffle } = mode;
            (by, "mode", json!({"repeat": repeat, "shuffle": shuffle, "was": stage.queue().mode()}))
        }
        QueueEvent::Corrected { .. } | QueueEvent::Voted { .. } | QueueEvent::Arranged(_) => return None,
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
