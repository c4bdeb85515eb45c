//! A stage as it is opened: taken over, then read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use octave_protocol::model::{Mute, QueueMode, Role, Song, User};
use octave_protocol::{Duration, EntryId, Epoch, Instant, Rev, Seq, SongId, StageId, UserId};

use super::{Db, Opened, Result, StoreError, doors, on, sql, steps};
use crate::bus::NodeId;
use crate::stage::core::{About, Entry, LeftOut, Saved, SavedEntry, SavedTimeline, window_start};
use crate::stage::limits::{NONCES, QUEUE_ENTRIES, QUEUE_WINDOW, SNAPSHOT_CHATS};
use crate::stage::storage::{Answered, ChangedLine, Missed};
use crate::store::word::word;
use crate::store::{chats, stages, users};

/// The journal's side of a row of `stages`.
#[derive(sqlx_macros::FromRow)]
struct State {
    epoch: i64,
    seq_limit: i64,
    queue_rev: i64,
    queue_len: i64,
    next_entry: i64,
    repeat_mode: String,
    shuffle: bool,
    timeline_rev: i64,
    playing: bool,
    current_entry: Option<i64>,
    current_song: Option<i64>,
    position_us: i64,
    at_us: i64,
    round_us: i64,
    cursor_ord: Option<i64>,
    /// A long change of the queue was under way when the process ended.
    half_done: bool,
}

impl State {
    fn timeline(&self) -> SavedTimeline {
        SavedTimeline {
            rev: Rev(self.timeline_rev),
            playing: self.playing,
            entry: self.current_entry.map(EntryId),
            song: self.current_song.map(SongId),
            position: Duration(self.position_us),
            at: Instant(self.at_us),
            round: Instant(self.round_us),
            cursor: self.cursor_ord,
        }
    }
}

fn about(stage: stages::Stage) -> About {
    About {
        id: stage.id,
        name: stage.name,
        host: Arc::new(stage.host),
        genres: stage.genres,
        cover: stage.cover,
        visibility: stage.visibility,
        control: stage.control,
        adding: stage.adding,
        start: stage.start,
        slow_mode: stage.slow_mode,
        succession: stage.succession,
        sound: stage.sound,
        turns: stage.turns,
        speaker: stage.speaker.map(Arc::new),
        guests: stage.guests,
        playlists: stage.playlists,
        created: stage.created,
    }
}

/// `node` is whose it has to be, where there are several.
pub(super) async fn open(db: &Db, node: Option<NodeId>, id: StageId, block: i64) -> Result<Option<Opened>> {
    let Some(stage) = stages::at_rest(db, id).await? else { return Ok(None) };
    // From here on nobody else's numbers can be in these: whatever an earlier epoch showed lies below the old limit.
    let state: Option<State> = on!(db, write, c => sqlx::query_as(sql!(
            "UPDATE stages SET epoch = epoch + 1, seq_limit = seq_limit + $2 \
             WHERE id = $1 AND (CAST($3 AS BIGINT) IS NULL OR owner = CAST($3 AS BIGINT)) \
             RETURNING epoch, seq_limit, queue_rev, queue_len, next_entry, repeat_mode, shuffle, timeline_rev, playing, \
             current_entry, current_song, position_us, at_us, round_us, cursor_ord, \
             EXISTS (SELECT 1 FROM stage_queue_steps t WHERE t.stage_id = stages.id) AS half_done"))
        .bind(id.0).bind(block).bind(node.map(|node| node.0)).fetch_optional(c).await)?;
    // Another node has it since it was claimed for this one.
    let Some(state) = state else { return Err(StoreError::silent()) };
    if state.half_done {
        steps::finish(db, id).await?;
    }
    let people = people(db, id).await?;
    let shunned = doors::blocked(db, stage.host.id).await?;
    let last = u32::try_from(SNAPSHOT_CHATS).unwrap_or(u32::MAX);
    let chats = chats::history(db, id, chats::Span::Before(Seq(i64::MAX)), None, last).await?;
    let total = usize::try_from(state.queue_len).unwrap_or(0);
    let answered = answered(db, id).await?;
    let (above, entries) = match total {
        // Most stages that open are new.
        0 => (0, Vec::new()),
        // The next entry of a shuffled queue is drawn from all of it.
        _ if total <= QUEUE_WINDOW || state.shuffle => (0, queue(db, id).await?),
        _ => window(db, id, &state, total).await?,
    };
    let taken_out = taken_out(db, &state, &entries).await?;
    let left_out = LeftOut { above, below: total.saturating_sub(above + entries.len()) };
    let saved = Saved {
        about: about(stage),
        roles: people.roles,
        banned: people.banned,
        muted: people.muted,
        invited: people.invited,
        shunned,
        queue_rev: Rev(state.queue_rev),
        mode: QueueMode { repeat: word("repeat_mode", &state.repeat_mode)?, shuffle: state.shuffle },
        next_entry: EntryId(state.next_entry),
        entries,
        left_out,
        suggestions: suggestions(db, id).await?,
        taken_out,
        timeline: state.timeline(),
    };
    let limit = Seq(state.seq_limit);
    Ok(Some(Opened { saved, epoch: Epoch(state.epoch), first: Seq(limit.0 - block), limit, chats, answered }))
}

#[derive(sqlx_macros::FromRow)]
struct Changed {
    seq: i64,
    chat: i64,
    user_id: i64,
    message: String,
    edited_us: Option<i64>,
    deleted_us: Option<i64>,
}

/// What was said below a number, and which lines were changed.
pub(super) async fn missed(db: &Db, id: StageId, before: Seq, limit: usize) -> Result<Missed> {
    let count = u32::try_from(limit).unwrap_or(u32::MAX);
    let lines = chats::history(db, id, chats::Span::Before(before), None, count).await?;
    let rows: Vec<Changed> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT x.seq, x.chat, x.user_id, c.message, c.edited_us, c.deleted_us FROM chat_changes x \
             JOIN chats c ON c.stage_id = x.stage_id AND c.seq = x.chat \
             WHERE x.stage_id = $1 AND x.seq < $2 ORDER BY x.seq DESC LIMIT $3"))
        .bind(id.0).bind(before.0).bind(i64::from(count)).fetch_all(c).await)?;
    let changes = rows.into_iter().rev().map(|row| ChangedLine {
        seq: Seq(row.seq),
        chat: Seq(row.chat),
        by: UserId(row.user_id),
        text: row.deleted_us.is_none().then(|| row.message.into()),
        at: Instant(row.deleted_us.or(row.edited_us).unwrap_or(0)),
    });
    Ok(Missed { lines, changes: changes.collect(), limit })
}

/// The last commands under a nonce, newest last.
async fn answered(db: &Db, id: StageId) -> Result<Vec<Answered>> {
    let rows: Vec<(i64, String, Option<i64>, i64)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT user_id, nonce, queue_rev, at_us FROM stage_nonces WHERE stage_id = $1 ORDER BY at_us DESC LIMIT $2"))
        .bind(id.0).bind(i64::try_from(NONCES).unwrap_or(i64::MAX)).fetch_all(c).await)?;
    let answered = rows.into_iter().rev().map(|(user, nonce, queue_rev, at)| Answered {
        user: UserId(user),
        nonce: nonce.into(),
        queue_rev: queue_rev.map(Rev),
        at: Instant(at),
    });
    Ok(answered.collect())
}

/// The song that is current though its entry is in the queue no more.
async fn taken_out(db: &Db, state: &State, entries: &[SavedEntry]) -> Result<Option<Arc<Song>>> {
    let (Some(entry), Some(song)) = (state.current_entry, state.current_song) else { return Ok(None) };
    if entries.iter().any(|e| e.entry.id.0 == entry) {
        return Ok(None);
    }
    Ok(doors::by_id(db, &[SongId(song)]).await?.remove(&SongId(song)))
}

#[derive(sqlx_macros::FromRow)]
struct Suggested {
    entry_id: i64,
    song_id: i64,
    user_id: i64,
    at_us: i64,
    username: String,
    avatar: Option<String>,
    guest: bool,
}

/// Songs that wait to be accepted, the oldest first.
async fn suggestions(db: &Db, id: StageId) -> Result<Vec<Entry>> {
    let rows: Vec<Suggested> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT w.entry_id, w.song_id, w.user_id, w.at_us, u.username, u.avatar, u.guest_stage_id IS NOT NULL AS guest \
             FROM stage_suggestions w JOIN users u ON u.id = w.user_id WHERE w.stage_id = $1 ORDER BY w.entry_id"))
        .bind(id.0).fetch_all(c).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<SongId> = rows.iter().map(|row| SongId(row.song_id)).collect();
    let songs = doors::by_id(db, &ids).await?;
    let entries = rows.into_iter().filter_map(|row| {
        let user = users::user(UserId(row.user_id), &row.username, row.avatar.as_deref());
        Some(Entry {
            id: EntryId(row.entry_id),
            song: songs.get(&SongId(row.song_id))?.clone(),
            added_by: Arc::new(User { guest: row.guest, ..user }),
            added: Instant(row.at_us),
        })
    });
    Ok(entries.collect())
}

#[derive(Default)]
struct People {
    roles: HashMap<UserId, Role>,
    banned: HashSet<UserId>,
    muted: HashMap<UserId, Mute>,
    invited: HashSet<UserId>,
}

async fn people(db: &Db, id: StageId) -> Result<People> {
    let rows: Vec<(i64, String, bool, bool, bool, Option<i64>)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT user_id, role, invited, banned, muted, muted_until_us FROM stage_participants \
             WHERE stage_id = $1 AND (role <> 'listener' OR invited OR banned OR muted)"))
        .bind(id.0).fetch_all(c).await)?;
    let mut people = People::default();
    for (user, role, invited, banned, muted, until) in rows {
        let (user, role) = (UserId(user), word("role", &role)?);
        if matches!(role, Role::Moderator | Role::Dj) {
            people.roles.insert(user, role);
        }
        if banned {
            people.banned.insert(user);
        }
        if muted {
            people.muted.insert(user, Mute { until_us: until.map(Instant) });
        }
        if invited {
            people.invited.insert(user);
        }
    }
    Ok(people)
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    entry_id: i64,
    ord: i64,
    song_id: i64,
    added_by: i64,
    added_us: i64,
    played_us: Option<i64>,
    username: String,
    avatar: Option<String>,
    guest: bool,
}

pub(super) async fn queue(db: &Db, id: StageId) -> Result<Vec<SavedEntry>> {
    entries(db, id, i64::MIN, QUEUE_ENTRIES).await
}

/// The entries that a snapshot shows, and how many stand above them. Of those no more than the index is read, so a queue
/// that is played from the top opens as fast as a short one.
async fn window(db: &Db, id: StageId, state: &State, total: usize) -> Result<(usize, Vec<SavedEntry>)> {
    let current: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT ord FROM stage_queue WHERE stage_id = $1 AND entry_id = $2"))
        .bind(id.0).bind(state.current_entry).fetch_optional(c).await)?;
    let current = match current.or(state.cursor_ord) {
        Some(ord) => Some(ord),
        None => on!(db, read, c => sqlx::query_scalar(sql!(
                "SELECT ord FROM stage_queue WHERE stage_id = $1 AND played_us >= $2 ORDER BY played_us DESC LIMIT 1"))
            .bind(id.0).bind(state.round_us).fetch_optional(c).await)?,
    };
    let Some(current) = current else { return Ok((0, entries(db, id, i64::MIN, QUEUE_WINDOW).await?)) };
    let before: i64 = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT COUNT(*) FROM stage_queue WHERE stage_id = $1 AND ord < $2"))
        .bind(id.0).bind(current).fetch_one(c).await)?;
    let above = window_start(usize::try_from(before).unwrap_or(0), total);
    let first: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT ord FROM stage_queue WHERE stage_id = $1 ORDER BY ord, entry_id LIMIT 1 OFFSET $2"))
        .bind(id.0).bind(i64::try_from(above).unwrap_or(0)).fetch_optional(c).await)?;
    Ok((above, entries(db, id, first.unwrap_or(i64::MIN), QUEUE_WINDOW).await?))
}

/// At most `limit` entries, from the sort key `from` on.
async fn entries(db: &Db, id: StageId, from: i64, limit: usize) -> Result<Vec<SavedEntry>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT q.entry_id, q.ord, q.song_id, q.added_by, q.added_us, q.played_us, u.username, u.avatar, u.guest_stage_id IS NOT NULL AS guest \
             FROM stage_queue q JOIN users u ON u.id = q.added_by WHERE q.stage_id = $1 AND q.ord >= $2 \
             ORDER BY q.ord, q.entry_id LIMIT $3"))
        .bind(id.0).bind(from).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(c).await)?;
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
        let Row { entry_id, ord, song_id, added_by, added_us, played_us, username, avatar, guest } = row;
        let user = || Arc::new(User { guest, ..users::user(UserId(added_by), &username, avatar.as_deref()) });
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
