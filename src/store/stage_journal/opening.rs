//! A stage as it is opened: taken over, then read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use octave_protocol::model::{QueueMode, Repeat, Role, User};
use octave_protocol::{Duration, EntryId, Epoch, Instant, Rev, Seq, SongId, StageId, UserId};

use super::{Db, Opened, Result, doors, on, sql};
use crate::stage::core::{About, Entry, Saved, SavedEntry, SavedTimeline};
use crate::stage::limits::SNAPSHOT_CHATS;
use crate::store::{chats, stages, users};

/// The journal's side of a row of `stages`.
#[derive(sqlx::FromRow)]
struct State {
    epoch: i64,
    seq_limit: i64,
    queue_rev: i64,
    next_entry: i64,
    repeat_mode: String,
    shuffle: bool,
    timeline_rev: i64,
    playing: bool,
    current_entry: Option<i64>,
    position_us: i64,
    at_us: i64,
    round_us: i64,
}

pub(super) async fn open(db: &Db, id: StageId, block: i64) -> Result<Option<Opened>> {
    let Some(stage) = stages::at_rest(db, id).await? else { return Ok(None) };
    // From here on nobody else's numbers can be in these: whatever an earlier epoch showed lies below the old limit.
    let state: State = on!(db, write, c => sqlx::query_as(sql!(
            "UPDATE stages SET epoch = epoch + 1, seq_limit = seq_limit + $2 WHERE id = $1 \
             RETURNING epoch, seq_limit, queue_rev, next_entry, repeat_mode, shuffle, timeline_rev, playing, \
             current_entry, position_us, at_us, round_us"))
        .bind(id.0).bind(block).fetch_one(c).await)?;
    let people = people(db, id).await?;
    let last = u32::try_from(SNAPSHOT_CHATS).unwrap_or(u32::MAX);
    let chats = chats::history(db, id, chats::Span::Before(Seq(i64::MAX)), None, last).await?;
    // Where nothing was ever queued there is nothing to read: most stages that open are new.
    let entries = if state.next_entry == 1 { Vec::new() } else { entries(db, id).await? };
    let saved = Saved {
        about: About {
            id,
            name: stage.name,
            host: Arc::new(stage.host),
            genres: stage.genres,
            cover: stage.cover,
            visibility: stage.visibility,
            control: stage.control,
            start: stage.start,
            playlists: stage.playlists,
            created: stage.created,
        },
        roles: people.roles,
        banned: people.banned,
        invited: people.invited,
        queue_rev: Rev(state.queue_rev),
        mode: QueueMode { repeat: repeat(&state.repeat_mode), shuffle: state.shuffle },
        next_entry: EntryId(state.next_entry),
        entries,
        timeline: SavedTimeline {
            rev: Rev(state.timeline_rev),
            playing: state.playing,
            entry: state.current_entry.map(EntryId),
            position: Duration(state.position_us),
            at: Instant(state.at_us),
            round: Instant(state.round_us),
        },
    };
    let limit = Seq(state.seq_limit);
    Ok(Some(Opened { saved, epoch: Epoch(state.epoch), first: Seq(limit.0 - block), limit, chats }))
}

struct People {
    roles: HashMap<UserId, Role>,
    banned: HashSet<UserId>,
    invited: HashSet<UserId>,
}

async fn people(db: &Db, id: StageId) -> Result<People> {
    let rows: Vec<(i64, String, bool, bool)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT user_id, role, invited, banned FROM stage_participants \
             WHERE stage_id = $1 AND (role <> 'listener' OR invited OR banned)"))
        .bind(id.0).fetch_all(c).await)?;
    let mut people = People { roles: HashMap::new(), banned: HashSet::new(), invited: HashSet::new() };
    for (user, role, invited, banned) in rows {
        let (user, role) = (UserId(user), stages::role(&role));
        if matches!(role, Role::Moderator | Role::Dj) {
            people.roles.insert(user, role);
        }
        if banned {
            people.banned.insert(user);
        }
        if invited {
            people.invited.insert(user);
        }
    }
    Ok(people)
}

#[derive(sqlx::FromRow)]
struct Row {
    entry_id: i64,
    ord: i64,
    song_id: i64,
    added_by: i64,
    added_us: i64,
    played_us: Option<i64>,
    username: String,
    avatar: Option<String>,
}

async fn entries(db: &Db, id: StageId) -> Result<Vec<SavedEntry>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT q.entry_id, q.ord, q.song_id, q.added_by, q.added_us, q.played_us, u.username, u.avatar \
             FROM stage_queue q JOIN users u ON u.id = q.added_by WHERE q.stage_id = $1 ORDER BY q.ord, q.entry_id"))
        .bind(id.0).fetch_all(c).await)?;
    let votes: Vec<(i64, i64)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT entry_id, user_id FROM stage_queue_votes WHERE stage_id = $1"))
        .bind(id.0).fetch_all(c).await)?;
    let mut voters: HashMap<i64, Vec<UserId>> = HashMap::new();
    for (entry, user) in votes {
        voters.entry(entry).or_default().push(UserId(user));
    }
    let ids: Vec<SongId> = rows.iter().map(|r| SongId(r.song_id)).collect();
    let songs = doors::by_id(db, &ids).await?;
    // Whoever added a thousand songs is held once.
    let mut people: HashMap<i64, Arc<User>> = HashMap::new();
    let entries = rows.into_iter().filter_map(|row| {
        let Row { entry_id, ord, song_id, added_by, added_us, played_us, username, avatar } = row;
        let user = || Arc::new(users::user(UserId(added_by), &username, avatar.as_deref()));
        let entry = Entry {
            id: EntryId(entry_id),
            song: songs.get(&SongId(song_id))?.clone(),
            added_by: people.entry(added_by).or_insert_with(user).clone(),
            added: Instant(added_us),
        };
        let voters = voters.remove(&entry_id).unwrap_or_default();
        Some(SavedEntry { ord, entry, played: played_us.map(Instant), voters })
    });
    Ok(entries.collect())
}

fn repeat(word: &str) -> Repeat {
    match word {
        "one" => Repeat::One,
        "all" => Repeat::All,
        _ => Repeat::Off,
    }
}
